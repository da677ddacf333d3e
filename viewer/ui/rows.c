/* The list of rows: its order, its headers and lanes, and places in it; see rows.h. */
#include "viewer/ui/rows.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/ui/layout.h"
#include "viewer/ui/rows_order.h"

#define HEADER_H 24
#define ROW_H 26
#define BAR_TOP 5
#define BAR_H 17
#define LANE_H 16
#define MOST_Y 1000000000

struct tl_rect tl_row_bar(struct tl_rect r, double scale)
{
	return (struct tl_rect){r.x, r.y + tl_layout_px(scale, BAR_TOP), r.w, tl_layout_px(scale, BAR_H)};
}

struct tl_rect tl_row_lane(struct tl_rect r, double scale, int lane)
{
	return (struct tl_rect){r.x, r.y + tl_layout_px(scale, BAR_TOP + BAR_H + 2 + lane * LANE_H), r.w,
				tl_layout_px(scale, LANE_H - 2)};
}

static int row_height(const struct tl_row *row, double scale)
{
	int lanes = 0;

	while (row->extra && lanes < TL_REGION_LANES && row->extra->lanes[lanes].n > 0)
		lanes++;
	return tl_layout_px(scale, ROW_H + LANE_H * lanes);
}

/* What the list is made of. */
struct making {
	struct tl_row_list *list;
	const struct tl_model *model;
	const struct tl_arrangement *arrangement;
	struct tl_row_key *keys;
	double scale;
};

static int push_item(struct tl_row_list *list, struct tl_row_item item, int h)
{
	item.y = list->height;
	/* Beyond this the list would overflow an int: nobody scrolls that far. */
	item.h = list->height > MOST_Y ? 0 : h;
	list->height += item.h;
	return tl_vec_push(&list->items, item);
}

static int push_row(const struct making *making, const struct tl_row_key *key, bool pinned)
{
	struct tl_row_list *list = making->list;
	struct tl_row_item item = {
		.row = key->row, .nonce = key->nonce, .first = (uint32_t)list->rows.n, .n = 1, .pinned = pinned};

	list->place[key->row] = (uint32_t)list->items.n;
	if (tl_vec_push(&list->rows, key->row) != 0)
		return -1;
	return push_item(list, item, row_height(&making->model->rows.items[key->row], making->scale));
}

static int push_header(const struct making *making, size_t first, size_t end, bool is_name)
{
	const struct tl_row_key *key = &making->keys[first];
	uint64_t group = (uint64_t)key->nonce << 32 | (is_name ? key->stem : 0);
	struct tl_row_item item = {.row = TL_ITEM_HEADER,
				   .nonce = key->nonce,
				   .group = group,
				   .first = (uint32_t)making->list->rows.n,
				   .n = (uint32_t)(end - first),
				   .folded = tl_arrangement_is_folded(making->arrangement, group),
				   .is_name = is_name};

	/* A folded group's rows are listed all the same: its header tells of them. */
	for (size_t i = first; item.folded && i < end; i++)
		if (tl_vec_push(&making->list->rows, making->keys[i].row) != 0)
			return -1;
	/* An open group's begin right behind its header. */
	return push_item(making->list, item, tl_layout_px(making->scale, HEADER_H));
}

/* The rows of a stretch of keys into list->rows, lane by lane; ends[lane] becomes where each ends. 0 or -1. */
static int collect_lanes(const struct making *making, size_t first, size_t n, const uint32_t *lanes, uint32_t *ends)
{
	struct tl_row_list *list = making->list;
	size_t base = list->rows.n;

	for (size_t i = 0; i < n; i++)
		if (tl_vec_push(&list->rows, 0) != 0)
			return -1;
	for (size_t i = 0; i < n; i++) {
		uint32_t row = making->keys[first + i].row;

		list->place[row] = (uint32_t)list->items.n + lanes[i];
		list->rows.items[base + ends[lanes[i]]++] = row;
	}
	return 0;
}

static int push_lanes(const struct making *making, size_t first, size_t end)
{
	size_t n = end - first, n_lanes = 0, at = making->list->rows.n;
	uint32_t *lanes = malloc(n * sizeof *lanes), *ends = calloc(n + 1, sizeof *ends);
	int result = -1;

	if (!lanes || !ends || tl_rows_share(making->model, making->keys + first, n, lanes, &n_lanes) != 0)
		goto done;
	for (size_t i = 0; i < n; i++)
		ends[lanes[i] + 1]++;
	for (size_t lane = 1; lane < n_lanes; lane++)
		ends[lane] += ends[lane - 1];
	if (collect_lanes(making, first, n, lanes, ends) != 0)
		goto done;
	for (size_t lane = 0, begin = 0; lane < n_lanes; begin = ends[lane++]) {
		struct tl_row_item item = {.row = making->list->rows.items[at + begin],
					   .nonce = making->keys[first].nonce,
					   .first = (uint32_t)(at + begin),
					   .n = (uint32_t)(ends[lane] - begin)};

		if (push_item(making->list, item, row_height(&making->model->rows.items[item.row], making->scale)) != 0)
			goto done;
	}
	result = 0;
done:
	free(lanes);
	free(ends);
	return result;
}

static int push_rows(const struct making *making, size_t first, size_t end)
{
	if (making->arrangement->share_lanes && end - first > 1)
		return push_lanes(making, first, end);
	for (size_t i = first; i < end; i++)
		if (push_row(making, &making->keys[i], false) != 0)
			return -1;
	return 0;
}

/* The rows [first, end) of one process: those of a name that several have under a header of their own. */
static int push_process(const struct making *making, size_t first, size_t end)
{
	if (!making->arrangement->by_name)
		return push_rows(making, first, end);
	for (size_t i = first, j; i < end; i = j) {
		for (j = i + 1; j < end && making->keys[j].stem == making->keys[i].stem; j++)
			;
		if (j - i > 1) {
			if (push_header(making, i, j, true) != 0)
				return -1;
			if (making->list->items.items[making->list->items.n - 1].folded)
				continue;
		}
		if (push_rows(making, i, j) != 0)
			return -1;
	}
	return 0;
}

static int push_all(const struct making *making, size_t n, size_t n_pinned, bool headers)
{
	for (size_t i = 0; i < n_pinned; i++)
		if (push_row(making, &making->keys[i], true) != 0)
			return -1;
	making->list->pinned_h = making->list->height;
	making->list->n_pinned = making->list->items.n;
	for (size_t i = n_pinned, j; i < n; i = j) {
		for (j = i + 1; j < n && making->keys[j].group == making->keys[i].group; j++)
			;
		if (headers) {
			if (push_header(making, i, j, false) != 0)
				return -1;
			if (making->list->items.items[making->list->items.n - 1].folded)
				continue;
		}
		if (push_process(making, i, j) != 0)
			return -1;
	}
	return 0;
}

static uint8_t row_worst(const struct tl_row *row)
{
	uint8_t worst = 0;

	for (size_t b = 0; row->extra && row->extra->flag_worst && b * TL_FLAG_BLOCK < row->extra->flags.n; b++)
		worst = row->extra->flag_worst[b] > worst ? row->extra->flag_worst[b] : worst;
	return worst;
}

/* The most severe finding of each item, however many rows it stands for: asked once, not for each picture. */
static void find_worst(struct tl_row_list *list, const struct tl_model *model)
{
	for (size_t i = 0; i < list->items.n; i++) {
		struct tl_row_item *item = &list->items.items[i];

		for (uint32_t k = 0; (item->row != TL_ITEM_HEADER || item->folded) && k < item->n; k++) {
			uint8_t worst = row_worst(&model->rows.items[list->rows.items[item->first + k]]);

			item->worst = worst > item->worst ? worst : item->worst;
		}
	}
}

int tl_row_list_make(struct tl_row_list *list, const struct tl_view_data *data, struct tl_arrangement *arrangement,
		     double scale)
{
	size_t n = data->model->rows.n;
	struct tl_row_order order = {NULL, 0, 0, 0};
	int result = tl_rows_order(&order, data, arrangement);

	memset(list, 0, sizeof *list);
	list->place = malloc((n + 1) * sizeof *list->place);
	if (result == 0 && !list->place)
		result = TL_ENOMEM;
	if (result == 0) {
		struct making making = {list, data->model, arrangement, order.keys, scale};

		memset(list->place, 0xFF, (n + 1) * sizeof *list->place);
		list->shown = order.n;
		if (push_all(&making, order.n, order.n_pinned, order.n_groups > 1) != 0)
			result = TL_ENOMEM;
		else if (arrangement->share_lanes && tl_row_list_find_lives(list, data->model) != 0)
			result = TL_ENOMEM;
		else
			find_worst(list, data->model);
	}
	free(order.keys);
	if (result != 0)
		tl_row_list_finish(list);
	return result;
}

void tl_row_list_finish(struct tl_row_list *list)
{
	tl_vec_finish(&list->items);
	tl_vec_finish(&list->rows);
	free(list->place);
	free(list->lives);
	list->lives = NULL;
	list->place = NULL;
	list->height = list->pinned_h = 0;
}

size_t tl_row_list_at(const struct tl_row_list *list, int64_t y)
{
	size_t low = 0, high = list->items.n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (list->items.items[middle].y <= y)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t tl_row_list_lane_at(const struct tl_row_list *list, const struct tl_row_item *item,
			     const struct tl_model *model, int64_t time_ns)
{
	uint32_t low = item->first, high = item->first + item->n;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		const struct tl_row *row = list->lives ? NULL : &model->rows.items[list->rows.items[middle]];

		if (row ? row->spans.n > 0 && tl_row_begin(row, 0) <= time_ns : list->lives[middle].begin_ns <= time_ns)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t tl_row_list_row_at(const struct tl_row_list *list, const struct tl_row_item *item,
			    const struct tl_model *model, int64_t time_ns)
{
	return list->rows.items[tl_row_list_lane_at(list, item, model, time_ns)];
}
