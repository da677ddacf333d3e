/* Lanes that several tasks share: who lives when, and what columns show in which several live; see rows.h. */
#include "viewer/ui/rows.h"

#include <stdlib.h>

/* How long the task at a place of a lane, and all before it, were in each look before `t`. That it has exited is nothing. */
static void sums_before(const struct tl_row_list *list, const struct tl_model *model, uint32_t at, int64_t t,
			int64_t sums[TL_N_LOOKS])
{
	const struct tl_lane_life *life = &list->lives[at];

	tl_model_sums(model, &model->rows.items[list->rows.items[at]], t < life->end_ns ? t : life->end_ns, sums);
	for (unsigned look = 0; look < TL_N_LOOKS; look++)
		sums[look] += life->before[look];
	sums[TL_LOOK_EXITED] = 0;
}

static void find_lives(struct tl_row_list *list, const struct tl_model *model, const struct tl_row_item *item)
{
	for (uint32_t at = item->first; at < item->first + item->n; at++) {
		const struct tl_row *row = &model->rows.items[list->rows.items[at]];

		list->lives[at] = (struct tl_lane_life){.begin_ns = INT64_MIN, .end_ns = INT64_MIN};
		if (at > item->first)
			sums_before(list, model, at - 1, INT64_MAX, list->lives[at].before);
		if (row->spans.n == 0)
			continue;
		list->lives[at].begin_ns = tl_row_begin(row, 0);
		list->lives[at].end_ns = tl_row_exit(row, model->end_ns);
	}
}

int tl_row_list_find_lives(struct tl_row_list *list, const struct tl_model *model)
{
	list->lives = calloc(list->rows.n + 1, sizeof *list->lives);
	if (!list->lives)
		return -1;
	for (size_t i = 0; i < list->items.n; i++)
		if (list->items.items[i].row != TL_ITEM_HEADER)
			find_lives(list, model, &list->items.items[i]);
	return 0;
}

/* The last place from `at` on whose task begins before `t`; `at`, if none does. */
static uint32_t gallop(const struct tl_row_list *list, const struct tl_row_item *item, uint32_t at, int64_t t)
{
	uint32_t end = item->first + item->n, step = 1, high;

	while (step < end - at && list->lives[at + step].begin_ns < t) {
		at += step;
		step *= 2;
	}
	high = step < end - at ? at + step : end;
	while (high - at > 1) {
		uint32_t middle = at + (high - at) / 2;

		if (list->lives[middle].begin_ns < t)
			at = middle;
		else
			high = middle;
	}
	return at;
}

bool tl_row_list_crowd(const struct tl_row_list *list, const struct tl_row_item *item, const struct tl_model *model,
		       int64_t t0_ns, int64_t t1_ns, uint32_t *at, struct tl_column *column)
{
	int64_t sums[TL_N_LOOKS], before[TL_N_LOOKS];
	uint32_t first, last;

	if (t1_ns <= t0_ns || !list->lives)
		return false;
	first = gallop(list, item, *at, t0_ns + 1);
	last = gallop(list, item, first, t1_ns);
	*at = first;
	if (last == first || (last == first + 1 && list->lives[first].end_ns <= t0_ns))
		return false;
	sums_before(list, model, last, t1_ns, sums);
	sums_before(list, model, first, t0_ns, before);
	for (unsigned look = 0; look < TL_N_LOOKS; look++)
		sums[look] -= before[look];
	*column = tl_model_column_of(sums);
	return true;
}
