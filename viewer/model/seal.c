/*
 * Ends the building of a model: settles where time 0 is, closes what is open,
 * gives spare memory back, and flags the findings in the rows concerned.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/feed.h"
#include "viewer/model/internal.h"
#include "viewer/model/large.h"

/* realloc to what is used; when that fails the old array is still good. */
static void trim(void *items, size_t n, size_t *room, size_t size)
{
	void *old, *moved;

	if (n == 0 || n == *room)
		return;
	memcpy(&old, items, sizeof old);
	moved = realloc(old, n * size);
	if (!moved)
		return;
	memcpy(items, &moved, sizeof moved);
	*room = n;
}

#define TRIM(vec) trim(&(vec)->items, (vec)->n, &(vec)->room, sizeof *(vec)->items)

static void shift_extra(struct tl_row_extra *extra, int64_t by_ns)
{
	for (size_t i = 0; i < extra->marks.n; i++)
		extra->marks.items[i].time_ns += by_ns;
	for (int lane = 0; lane < TL_REGION_LANES; lane++) {
		for (size_t i = 0; i < extra->lanes[lane].n; i++) {
			struct tl_region *region = &extra->lanes[lane].items[i];

			region->begin_ns += by_ns;
			if (region->end_ns != TL_REGION_OPEN)
				region->end_ns += by_ns;
		}
	}
}

/* Moves every time by `by_ns`, which is within TL_MODEL_FAR. */
static void shift(struct tl_model *model, int64_t by_ns)
{
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		row->last_ns += by_ns;
		for (size_t i = 0; i < row->spans.n; i++)
			row->spans.words[tl_span_word(i)] += tl_span_pack(by_ns, 0);
		for (size_t i = 0; i < tl_row_blocks(row); i++)
			row->block_begins[i] += by_ns;
		for (size_t i = 0; i < row->edges.n; i++) {
			row->edges.items[i].from_ns += by_ns;
			row->edges.items[i].to_ns += by_ns;
		}
		if (row->extra)
			shift_extra(row->extra, by_ns);
	}
	for (size_t i = 0; i < model->holes.n; i++) {
		model->holes.items[i].begin_ns += by_ns;
		model->holes.items[i].end_ns += by_ns;
	}
	model->end_ns += by_ns;
}

static void settle_zero(struct tl_model *model, int64_t start_ns)
{
	int64_t by_ns;

	if (!model->begun)
		model->epoch_ns = start_ns == INT64_MIN ? 0 : start_ns;
	if (start_ns == INT64_MIN || start_ns == model->epoch_ns)
		return;
	by_ns = -tl_model_time(model, start_ns);
	/* A start this far off is nonsense: keep the first event's time. */
	if (by_ns > TL_MODEL_FAR / 2 || by_ns < -TL_MODEL_FAR / 2)
		return;
	shift(model, by_ns);
	model->epoch_ns = start_ns;
}

/* A task of which nothing more was heard after a loss ends unknown. */
static int settle_unknown(struct tl_model *model, struct tl_row *row, const struct tl_task *task)
{
	struct tl_span span = {.look = TL_LOOK_GAP};

	if (task->state != TL_TASK_UNKNOWN || tl_row_look(row, row->spans.n - 1) == TL_LOOK_GAP)
		return 0;
	span.begin_ns = tl_model_time(model, task->since_ns);
	return tl_row_push(row, span);
}

/* No task outlives its process, whether it said its exit or not. */
static int settle_process(struct tl_model *model, struct tl_row *row, const struct tl_task *task)
{
	struct tl_span span = {.look = TL_LOOK_EXITED};
	size_t last = row->spans.n - 1;

	if (!(task->process->ended || task->process->replaced) || tl_row_look(row, last) == TL_LOOK_EXITED)
		return 0;
	span.begin_ns = tl_model_time(model, task->process->end_ns);
	/* What a thread still did while its process ended came after. */
	if (span.begin_ns <= tl_row_begin(row, last))
		return 0;
	return tl_row_push(row, span);
}

static int settle_ends(struct tl_model *model, const struct tl_state *state)
{
	for (size_t r = 0; state && r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];
		const struct tl_task *task = tl_state_task_at(state, (uint32_t)r);

		if (!task || row->spans.n == 0)
			continue;
		if (settle_unknown(model, row, task) != 0 || settle_process(model, row, task) != 0)
			return -1;
	}
	return 0;
}

static void settle_regions(struct tl_model *model)
{
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row_extra *extra = model->rows.items[r].extra;

		for (int lane = 0; extra && lane < TL_REGION_LANES; lane++)
			for (size_t i = 0; i < extra->lanes[lane].n; i++)
				if (extra->lanes[lane].items[i].end_ns == TL_REGION_OPEN)
					extra->lanes[lane].items[i].end_ns = model->end_ns;
	}
}

static void settle_holes(struct tl_model *model)
{
	for (size_t i = 0; i < model->holes.n; i++) {
		struct tl_hole *hole = &model->holes.items[i];

		if (hole->begin_ns < 0)
			hole->begin_ns = 0;
		if (hole->end_ns > model->end_ns)
			hole->end_ns = model->end_ns;
		if (hole->end_ns < hole->begin_ns)
			hole->end_ns = hole->begin_ns;
	}
}

/*
 * Where a finding shows in a row: at the last of its events there; for a row of
 * which no event is shown, at the wait that it is still in, else at the
 * finding's own time.
 */
static int64_t flag_time(const struct tl_model *model, const struct tl_finding *finding, const struct tl_row *row)
{
	size_t last = tl_row_last_wait(row);
	int64_t time_ns = INT64_MIN;

	for (size_t i = 0; i < finding->n_proofs && i < TL_FINDING_PROOFS; i++)
		if (finding->proofs[i].task == row->task)
			time_ns = tl_model_time(model, finding->proofs[i].time_ns);
	if (time_ns != INT64_MIN)
		return time_ns;
	if (last != TL_NO_SPAN)
		return tl_row_begin(row, last);
	return tl_model_time(model, finding->time_ns);
}

static int compare_flags(const void *a, const void *b)
{
	const struct tl_flag *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->finding < y->finding ? -1 : x->finding > y->finding;
}

int tl_row_index_flags(struct tl_row_extra *extra)
{
	size_t blocks;

	if (!extra || extra->flags.n == 0)
		return 0;
	qsort(extra->flags.items, extra->flags.n, sizeof *extra->flags.items, compare_flags);
	blocks = (extra->flags.n + TL_FLAG_BLOCK - 1) / TL_FLAG_BLOCK;
	extra->flag_worst = calloc(blocks, 1);
	if (!extra->flag_worst)
		return -1;
	for (size_t i = 0; i < extra->flags.n; i++) {
		uint8_t *worst = &extra->flag_worst[i / TL_FLAG_BLOCK];
		uint8_t level = (uint8_t)(extra->flags.items[i].severity + 1);

		*worst = level > *worst ? level : *worst;
	}
	return 0;
}

int tl_model_flag(struct tl_model *model, const struct tl_state *state, const struct tl_findings *findings)
{
	for (size_t f = 0; findings && state && f < findings->list.n && f < UINT32_MAX; f++) {
		const struct tl_finding *finding = &findings->list.items[f];

		for (size_t i = 0; i < finding->n_tasks; i++) {
			const struct tl_task *task = tl_state_find_task(state, finding->tasks[i]);
			struct tl_row *row = task && task->index < model->rows.n ? &model->rows.items[task->index]
										 : NULL;
			struct tl_row_extra *extra = row ? tl_model_extra(row) : NULL;
			struct tl_flag flag = {.finding = (uint32_t)f, .severity = (uint8_t)finding->severity};

			if (!row)
				continue;
			flag.time_ns = flag_time(model, finding, row);
			if (!extra || tl_vec_push(&extra->flags, flag) != 0)
				return -1;
		}
	}
	for (size_t r = 0; r < model->rows.n; r++)
		if (tl_row_index_flags(model->rows.items[r].extra) != 0)
			return -1;
	return 0;
}

#define TRIM_LARGE(items, n, room) ((items) = tl_large_trim(items, n, room, sizeof *(items)))

static void trim_all(struct tl_model *model)
{
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		TRIM_LARGE(row->spans.words, tl_span_words(row->spans.n), &row->spans.room);
		TRIM_LARGE(row->more.items, row->more.n, &row->more.room);
		TRIM_LARGE(row->edges.items, row->edges.n, &row->edges.room);
		TRIM_LARGE(row->block_begins, tl_row_blocks(row), &row->begins_room);
		TRIM_LARGE(row->outs, row->n_outs, &row->outs_room);
	}
	TRIM(&model->rows);
	TRIM(&model->objects);
}

int tl_model_seal(struct tl_model *model, const struct tl_state *state, const struct tl_findings *findings,
		  int64_t start_ns, struct tl_error *error)
{
	if (tl_feed_drain(model) != 0)
		goto nomem;
	tl_feed_end(model);
	tl_vec_finish(&model->ends);
	settle_zero(model, start_ns);
	if (model->end_ns < 1)
		model->end_ns = 1;
	settle_regions(model);
	settle_holes(model);
	if (settle_ends(model, state) != 0)
		goto nomem;
	if (tl_model_place(model, state) != 0 || tl_model_flag(model, state, findings) != 0 ||
	    tl_model_index(model, false) != 0)
		goto nomem;
	trim_all(model);
	model->sealed = true;
	return 0;
nomem:
	return tl_error_set(error, TL_ENOMEM, "out of memory for the levels of detail of %llu events",
			    (unsigned long long)model->events);
}
