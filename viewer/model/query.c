/* What is visible: searches in a sealed model's rows; see model.h. */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"

/* The last span that begins at or before `t`, searched from `from` on by doubling steps. */
static size_t gallop(const struct tl_row *row, size_t from, int64_t t)
{
	const struct tl_span *spans = row->spans.items;
	size_t low = from, step = 1, high;

	while (low + step < row->spans.n && spans[low + step].begin_ns <= t) {
		low += step;
		step *= 2;
	}
	high = low + step < row->spans.n ? low + step : row->spans.n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (spans[middle].begin_ns <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const struct tl_span *tl_row_last_wait(const struct tl_row *row)
{
	const struct tl_span *last = row->spans.n ? &row->spans.items[row->spans.n - 1] : NULL;

	/* Whoever exits by itself runs: a wait right before an exit was cut by the end of the process. */
	if (last && last->look == TL_LOOK_EXITED && row->spans.n > 1)
		last--;
	return last && tl_look_state(last->look) == TL_TASK_BLOCKED ? last : NULL;
}

size_t tl_model_span_at(const struct tl_row *row, int64_t time_ns)
{
	if (row->spans.n == 0 || row->spans.items[0].begin_ns > time_ns)
		return TL_NO_SPAN;
	return gallop(row, 0, time_ns);
}

int64_t tl_model_span_end(const struct tl_model *model, const struct tl_row *row, size_t i)
{
	if (i + 1 < row->spans.n)
		return row->spans.items[i + 1].begin_ns;
	return row->spans.items[i].begin_ns > model->end_ns ? row->spans.items[i].begin_ns : model->end_ns;
}

static void judge(struct tl_column *column, const int64_t sum[TL_N_LOOKS])
{
	int64_t most = 0;

	for (unsigned look = 0; look < TL_N_LOOKS; look++) {
		if (sum[look] <= 0)
			continue;
		column->looks |= (uint16_t)(1u << look);
		if (sum[look] >= most) {
			most = sum[look];
			column->look = (uint8_t)look;
		}
	}
}

static struct tl_column empty_column(void)
{
	return (struct tl_column){.span = UINT32_MAX, .look = TL_LOOK_NONE};
}

/* A place on the way through a row: the span that covers a time, and how long each look lasted before it. */
struct walk {
	size_t span; /* TL_NO_SPAN: before the first */
	int64_t sums[TL_N_LOOKS];
};

/* The last block that begins at or before `t`, from `from` on, which does. */
static size_t gallop_blocks(const struct tl_row *row, size_t from, int64_t t)
{
	size_t n = (row->spans.n + TL_SPAN_BLOCK - 1) / TL_SPAN_BLOCK, low = from, step = 1, high;

	while (low + step < n && row->blocks[low + step].begin_ns <= t) {
		low += step;
		step *= 2;
	}
	high = low + step < n ? low + step : n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (row->blocks[middle].begin_ns <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * Goes on to time `t`, which is not before the walk's last one. Looks first at
 * the spans that follow, and only then at the blocks: close steps, as in a deep
 * zoom, touch nothing else.
 */
static void walk_to(const struct tl_model *model, const struct tl_row *row, struct walk *walk, int64_t t)
{
	const struct tl_span *spans = row->spans.items;
	size_t n = row->spans.n, i = walk->span, block;

	if (n == 0 || spans[0].begin_ns > t)
		return;
	if (i == TL_NO_SPAN)
		i = 0;
	block = gallop_blocks(row, i / TL_SPAN_BLOCK, t);
	if (block != i / TL_SPAN_BLOCK || walk->span == TL_NO_SPAN) {
		memcpy(walk->sums, row->blocks[block].sums, sizeof walk->sums);
		i = block * TL_SPAN_BLOCK;
	}
	for (; i + 1 < n && spans[i + 1].begin_ns <= t; i++)
		walk->sums[spans[i].look] += tl_model_span_end(model, row, i) - spans[i].begin_ns;
	walk->span = i;
}

/* Time in each look from the row's begin to `t`, at which the walk stands. */
static void walk_sums(const struct tl_model *model, const struct tl_row *row, const struct walk *walk, int64_t t,
		      int64_t sums[TL_N_LOOKS])
{
	int64_t end;

	memcpy(sums, walk->sums, sizeof walk->sums);
	if (walk->span == TL_NO_SPAN)
		return;
	end = tl_model_span_end(model, row, walk->span);
	end = end < t ? end : t;
	sums[row->spans.items[walk->span].look] += end - row->spans.items[walk->span].begin_ns;
}

/* One column [t0, t1); the walk goes from t0 to t1. */
static void fill(const struct tl_model *model, const struct tl_row *row, struct walk *walk, int64_t t0, int64_t t1,
		 struct tl_column *column)
{
	int64_t before[TL_N_LOOKS], after[TL_N_LOOKS];
	size_t first = walk->span, last, changes;

	walk_sums(model, row, walk, t0, before);
	walk_to(model, row, walk, t1);
	if (walk->span == TL_NO_SPAN)
		return;
	walk_sums(model, row, walk, t1, after);
	for (unsigned look = 0; look < TL_N_LOOKS; look++)
		after[look] -= before[look];
	judge(column, after);
	/* A span that begins at t1 belongs to the next column. */
	last = walk->span;
	while (last > 0 && (first == TL_NO_SPAN || last > first) && row->spans.items[last].begin_ns >= t1)
		last--;
	if (row->spans.items[last].begin_ns >= t1)
		return;
	column->span = (uint32_t)(first == TL_NO_SPAN ? 0 : first);
	changes = first == TL_NO_SPAN ? last + 1 : last - first + (row->spans.items[first].begin_ns >= t0);
	column->changes = (uint8_t)(changes > 255 ? 255 : changes);
}

void tl_model_columns(const struct tl_model *model, const struct tl_row *row, const int64_t *bounds, size_t n,
		      struct tl_column *columns)
{
	struct walk walk = {.span = TL_NO_SPAN};
	bool flagged = row->extra && row->extra->flags.n > 0;

	if (n > 0)
		walk_to(model, row, &walk, bounds[0]);
	for (size_t i = 0; i < n; i++) {
		int64_t t0 = bounds[i], t1 = bounds[i + 1];
		struct walk ahead;

		columns[i] = empty_column();
		if (flagged)
			columns[i].severity = (uint8_t)tl_model_flag_worst(row, t0, t1 > t0 ? t1 : t0 + 1);
		if (t0 >= model->end_ns)
			continue;
		if (t1 > t0) {
			fill(model, row, &walk, t0, t1, &columns[i]);
			continue;
		}
		/* The same nanosecond again in the next column: the walk stays. */
		ahead = walk;
		fill(model, row, &ahead, t0, t0 + 1, &columns[i]);
	}
}

size_t tl_model_edge_from(const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->edges.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row->edges.items[middle].to_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct tl_edge *tl_model_edge(const struct tl_model *model, struct tl_edge_ref ref)
{
	return &model->rows.items[ref.row].edges.items[ref.edge];
}

size_t tl_model_out_from(const struct tl_model *model, const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->n_outs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tl_model_edge(model, row->outs[middle])->from_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct tl_edge *tl_model_cause(const struct tl_row *row, size_t i)
{
	int64_t begin_ns = row->spans.items[i].begin_ns;
	size_t e = tl_model_edge_from(row, begin_ns);

	if (row->spans.items[i].look != TL_LOOK_RUNNING || e >= row->edges.n || row->edges.items[e].to_ns != begin_ns)
		return NULL;
	return &row->edges.items[e];
}

size_t tl_model_mark_from(const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->extra ? row->extra->marks.n : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row->extra->marks.items[middle].time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t tl_model_flag_from(const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->extra ? row->extra->flags.n : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row->extra->flags.items[middle].time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

unsigned tl_model_flag_worst(const struct tl_row *row, int64_t t0_ns, int64_t t1_ns)
{
	size_t i = tl_model_flag_from(row, t0_ns), end = tl_model_flag_from(row, t1_ns);
	unsigned worst = 0;

	while (i < end) {
		unsigned level;

		if (i % TL_FLAG_BLOCK == 0 && i + TL_FLAG_BLOCK <= end) {
			level = row->extra->flag_worst[i / TL_FLAG_BLOCK];
			i += TL_FLAG_BLOCK;
		} else {
			level = row->extra->flags.items[i++].severity + 1u;
		}
		worst = level > worst ? level : worst;
	}
	return worst;
}
