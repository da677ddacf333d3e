/* The small part of a cache, taken: the other half of keep.c, which does not trust it. */
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/cache/layout.h"
#include "viewer/state/kept.h"

static bool is_time(int64_t t)
{
	return t >= -TL_CACHE_FAR && t <= TL_CACHE_FAR;
}

static void take_info(struct tl_taker *taker, struct tl_check *check)
{
	struct tl_source_info *info = &check->info;
	uint64_t *numbers[] = {&info->events,      &info->kernel_events, &info->foreign_events, &info->malformed,
			       &info->lost_events, &info->lost_packets,  &info->read_bytes,     &info->all_bytes,
			       &info->tail_bytes,  &check->lost,         &check->again};
	uint8_t flags;

	snprintf(info->host, sizeof info->host, "%s", tl_take_text(taker, &check->findings.arena));
	info->start_ns = tl_take_s64(taker);
	info->end_ns = tl_take_s64(taker);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i] = tl_take_u64(taker);
	flags = tl_take_u8(taker);
	check->incomplete = flags & 1;
	check->truncated = flags >> 1 & 1;
}

/* Findings' texts are safe to print; what is not has not been written by us. */
static const char *take_safe_text(struct tl_taker *taker, struct tl_arena *arena)
{
	const char *text = tl_take_text(taker, arena);
	size_t room = 4 * strlen(text) + 1;
	char *safe;

	if (tl_text_is_safe(text))
		return text;
	safe = tl_arena_alloc(arena, room);
	taker->failed |= !safe;
	if (safe)
		tl_text_escape_to(safe, room, text);
	return safe ? safe : "";
}

static void take_proof(struct tl_taker *taker, struct tl_arena *arena, struct tl_proof *proof)
{
	proof->kind = tl_take_u8(taker);
	proof->task = tl_take_u64(taker);
	proof->seq = tl_take_u32(taker);
	proof->time_ns = tl_take_s64(taker);
	proof->stack = tl_take_u32(taker);
	proof->note = take_safe_text(taker, arena);
	proof->object = tl_take_u64(taker);
	proof->about = take_safe_text(taker, arena);
}

static int take_finding(struct tl_taker *taker, struct tl_findings *findings)
{
	struct tl_finding finding = {0};
	uint8_t severity, certainty, flags;

	finding.rule = take_safe_text(taker, &findings->arena);
	finding.meaning = take_safe_text(taker, &findings->arena);
	severity = tl_take_u8(taker);
	certainty = tl_take_u8(taker);
	flags = tl_take_u8(taker);
	finding.severity = (enum tl_severity)severity;
	finding.certainty = (enum tl_certainty)certainty;
	finding.softened = flags & 1;
	finding.has_growth = flags >> 1 & 1;
	finding.message = take_safe_text(taker, &findings->arena);
	finding.evidence = take_safe_text(taker, &findings->arena);
	finding.count = tl_take_u64(taker);
	finding.repeats = tl_take_u64(taker);
	finding.time_ns = tl_take_s64(taker);
	tl_take(taker, finding.growth, sizeof finding.growth);
	finding.n_tasks = tl_take_count(taker, sizeof *finding.tasks);
	finding.tasks = tl_arena_alloc(&findings->arena, finding.n_tasks * sizeof *finding.tasks);
	if (!finding.tasks || severity > TL_ERROR || certainty > TL_PROVEN)
		return -1;
	tl_take(taker, finding.tasks, finding.n_tasks * sizeof *finding.tasks);
	finding.n_proofs = tl_take_u8(taker);
	if (finding.n_proofs > TL_FINDING_PROOFS)
		return -1;
	for (size_t i = 0; i < finding.n_proofs; i++)
		take_proof(taker, &findings->arena, &finding.proofs[i]);
	return !taker->failed && tl_vec_push(&findings->list, finding) == 0 ? 0 : -1;
}

static int take_findings(struct tl_taker *taker, struct tl_findings *findings)
{
	size_t n = tl_take_count(taker, 60);

	for (size_t i = 0; i < n; i++)
		if (take_finding(taker, findings) != 0)
			return -1;
	return taker->failed ? -1 : 0;
}

static int take_flags(struct tl_taker *taker, const struct tl_findings *findings, struct tl_row_extra *extra)
{
	size_t n = tl_take_count(taker, 8 + 4 + 1);

	for (size_t i = 0; i < n; i++) {
		struct tl_flag flag = {0};

		flag.time_ns = tl_take_s64(taker);
		flag.finding = tl_take_u32(taker);
		flag.severity = tl_take_u8(taker);
		if (taker->failed || !is_time(flag.time_ns) || flag.finding >= findings->list.n ||
		    flag.severity > TL_ERROR || tl_vec_push(&extra->flags, flag) != 0)
			return -1;
	}
	return tl_row_index_flags(extra);
}

static int take_lane(struct tl_taker *taker, struct tl_arena *arena, struct tl_row_extra *extra, int lane)
{
	size_t n = tl_take_count(taker, 8 + 8 + 4);

	for (size_t i = 0; i < n; i++) {
		struct tl_region region;

		region.begin_ns = tl_take_s64(taker);
		region.end_ns = tl_take_s64(taker);
		region.text = tl_take_text(taker, arena);
		if (taker->failed || !is_time(region.begin_ns) || !is_time(region.end_ns) ||
		    region.end_ns < region.begin_ns || tl_vec_push(&extra->lanes[lane], region) != 0)
			return -1;
	}
	return 0;
}

static int take_marks(struct tl_taker *taker, struct tl_arena *arena, struct tl_row_extra *extra)
{
	size_t n = tl_take_count(taker, 8 + 4);

	for (size_t i = 0; i < n; i++) {
		struct tl_mark mark;

		mark.time_ns = tl_take_s64(taker);
		mark.text = tl_take_text(taker, arena);
		if (taker->failed || !is_time(mark.time_ns) || tl_vec_push(&extra->marks, mark) != 0)
			return -1;
	}
	return 0;
}

static int take_extra(struct tl_taker *taker, struct tl_model *model, const struct tl_findings *findings,
		      struct tl_row *row)
{
	row->extra = calloc(1, sizeof *row->extra);
	if (!row->extra || take_flags(taker, findings, row->extra) != 0)
		return -1;
	for (int lane = 0; lane < TL_REGION_LANES; lane++)
		if (take_lane(taker, &model->arena, row->extra, lane) != 0)
			return -1;
	return take_marks(taker, &model->arena, row->extra);
}

static int take_row(struct tl_taker *taker, struct tl_model *model, const struct tl_findings *findings,
		    struct tl_row *row)
{
	uint8_t flags;

	row->task = tl_take_u64(taker);
	row->spans.n = tl_take_u64(taker);
	row->more.n = row->more.room = tl_take_u64(taker);
	row->edges.n = row->edges.room = tl_take_u64(taker);
	row->n_outs = tl_take_u32(taker);
	row->last_ns = tl_take_s64(taker);
	row->nonce = tl_take_u32(taker);
	row->beside = tl_take_u32(taker);
	flags = tl_take_u8(taker);
	row->is_kernels = flags & 1;
	row->at_end = flags >> 1 & 1;
	if (taker->failed || !is_time(row->last_ns))
		return -1;
	return flags & 4 ? take_extra(taker, model, findings, row) : 0;
}

static int take_rows(struct tl_taker *taker, struct tl_model *model, const struct tl_findings *findings)
{
	size_t n = tl_take_count(taker, 53);

	if (taker->failed || n >= UINT32_MAX / 2 || (n && !(model->rows.items = calloc(n, sizeof *model->rows.items))))
		return -1;
	model->rows.n = model->rows.room = n;
	for (size_t r = 0; r < n; r++)
		if (take_row(taker, model, findings, &model->rows.items[r]) != 0)
			return -1;
	for (size_t r = 0; r < n; r++)
		if (model->rows.items[r].beside >= n)
			return -1;
	return 0;
}

static int take_objects(struct tl_taker *taker, struct tl_model *model)
{
	size_t n = tl_take_count(taker, 8 + 4);

	if (taker->failed || n >= UINT32_MAX || tl_vec_push(&model->objects, (struct tl_object){0}) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct tl_object object = {.address = tl_take_u64(taker), .nonce = 0};

		object.nonce = tl_take_u32(taker);
		if (tl_vec_push(&model->objects, object) != 0)
			return -1;
	}
	return 0;
}

static int take_holes(struct tl_taker *taker, struct tl_model *model)
{
	size_t n = tl_take_count(taker, 8 + 8 + 8 + 1 + 1);

	for (size_t i = 0; i < n; i++) {
		struct tl_hole hole = {0};
		uint8_t kind;

		hole.begin_ns = tl_take_s64(taker);
		hole.end_ns = tl_take_s64(taker);
		hole.count = tl_take_u64(taker);
		kind = tl_take_u8(taker);
		hole.count_known = tl_take_u8(taker) & 1;
		hole.kind = (enum tl_loss_kind)kind;
		if (!is_time(hole.begin_ns) || !is_time(hole.end_ns) || hole.end_ns < hole.begin_ns ||
		    kind > TL_LOSS_TAIL || tl_vec_push(&model->holes, hole) != 0)
			return -1;
	}
	return 0;
}

/* What follows from the rest is not taken but computed again: the width and the highest sum. */
static int take_overview(struct tl_taker *taker, struct tl_model *model)
{
	struct tl_overview *overview = calloc(1, sizeof *overview);

	model->overview = overview;
	if (!overview || !tl_take(taker, overview->looks, sizeof overview->looks) ||
	    !tl_take(taker, overview->worst, sizeof overview->worst))
		return -1;
	overview->bucket_ns = model->end_ns / TL_OVERVIEW + 1;
	for (size_t b = 0; b < TL_OVERVIEW; b++) {
		double sum = 0;

		for (unsigned look = 0; look < TL_N_LOOKS; look++) {
			/* Not a number is none of these either. */
			if (!(overview->looks[b][look] >= 0 && overview->looks[b][look] <= (float)UINT32_MAX))
				return -1;
			sum += overview->looks[b][look];
		}
		if (overview->worst[b] > TL_ERROR + 1)
			return -1;
		if (sum > overview->most)
			overview->most = sum;
	}
	return 0;
}

static int take_model(struct tl_taker *taker, struct tl_model *model, const struct tl_findings *findings)
{
	model->epoch_ns = tl_take_s64(taker);
	model->end_ns = tl_take_s64(taker);
	model->events = tl_take_u64(taker);
	model->begun = model->sealed = true;
	if (taker->failed || model->end_ns < 1 || !is_time(model->end_ns))
		return -1;
	if (take_objects(taker, model) != 0 || take_holes(taker, model) != 0 || take_overview(taker, model) != 0)
		return -1;
	return take_rows(taker, model, findings);
}

int tl_cache_take(struct tl_taker *taker, struct tl_model *model, struct tl_check *check)
{
	take_info(taker, check);
	if (take_findings(taker, &check->findings) != 0)
		return -1;
	check->state = tl_state_from_kept(taker);
	if (!check->state || take_model(taker, model, &check->findings) != 0)
		return -1;
	return taker->failed || taker->at != taker->end ? -1 : 0;
}
