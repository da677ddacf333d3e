/* Areas of the window and places of the rows; see layout.h. */
#include "viewer/ui/layout.h"

#include <math.h>
#include <string.h>

#define HEADER_H 24
#define ROW_H 26
#define BAR_TOP 5
#define BAR_H 17
#define LANE_H 16
#define MOST_Y 1000000000

int tl_layout_px(double scale, double logical)
{
	int px = (int)lround(logical * scale);

	return px < 1 ? 1 : px;
}

static int clamp(int value, int low, int high)
{
	return value > high ? (high > 0 ? high : 0) : value < low ? low : value;
}

/* Takes a piece off a rectangle; never more than there is. */
static struct tl_rect take_bottom(struct tl_rect *from, int h)
{
	h = clamp(h, 0, from->h);
	from->h -= h;
	return (struct tl_rect){from->x, from->y + from->h, from->w, h};
}

static struct tl_rect take_top(struct tl_rect *from, int h)
{
	struct tl_rect taken = *from;

	taken.h = clamp(h, 0, from->h);
	from->y += taken.h;
	from->h -= taken.h;
	return taken;
}

static struct tl_rect take_left(struct tl_rect *from, int w)
{
	struct tl_rect taken = *from;

	taken.w = clamp(w, 0, from->w);
	from->x += taken.w;
	from->w -= taken.w;
	return taken;
}

static void place_side(struct tl_layout *layout, struct tl_rect *area, const struct tl_layout_wish *wish)
{
	double scale = wish->scale;
	int w = clamp(area->w * 27 / 100, tl_layout_px(scale, 300), tl_layout_px(scale, 440));
	struct tl_rect left = take_left(area, area->w - w), side = *area;
	int lines = tl_layout_px(scale, 40 + 38 * (double)(wish->findings < 100 ? wish->findings : 100));

	*area = left;
	layout->findings = take_top(&side, clamp(lines, tl_layout_px(scale, 78), side.h * 45 / 100));
	layout->details = side;
}

static void place_bottom(struct tl_layout *layout, struct tl_rect *area, const struct tl_layout_wish *wish)
{
	struct tl_rect bottom = take_bottom(area, clamp(area->h * 34 / 100, 0, tl_layout_px(wish->scale, 230)));

	layout->findings = take_left(&bottom, bottom.w * 42 / 100);
	layout->details = bottom;
}

void tl_layout_make(struct tl_layout *layout, const struct tl_layout_wish *wish)
{
	struct tl_rect area = {0, 0, wish->width > 0 ? wish->width : 0, wish->height > 0 ? wish->height : 0};
	double scale = wish->scale;
	struct tl_rect top;
	int gutter;

	memset(layout, 0, sizeof *layout);
	layout->width = area.w;
	layout->height = area.h;
	layout->scale = scale;
	layout->status = take_bottom(&area, tl_layout_px(scale, 24));
	if (area.w >= tl_layout_px(scale, 1000))
		place_side(layout, &area, wish);
	else if (!wish->drawer && area.h >= tl_layout_px(scale, 320) && area.w >= tl_layout_px(scale, 360))
		place_bottom(layout, &area, wish);
	if (wish->drawer)
		layout->drawer = take_bottom(&area, clamp(area.h * 42 / 100, 0, tl_layout_px(scale, 460)));
	top = take_top(&area, area.h > tl_layout_px(scale, 160) ? tl_layout_px(scale, 50) : 0);
	if (wish->note)
		layout->note = take_top(&area, tl_layout_px(scale, 25));
	gutter = clamp(wish->gutter_px, tl_layout_px(scale, 150), tl_layout_px(scale, 260));
	gutter = clamp(gutter, 0, area.w * 3 / 10);
	layout->corner = take_left(&top, gutter);
	layout->overview = top;
	layout->ruler = take_top(&area, tl_layout_px(scale, 28));
	layout->gutter = take_left(&area, gutter);
	layout->rows = area;
}

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

static int add_item(struct tl_row_list *list, uint32_t row, uint32_t nonce, int h)
{
	struct tl_row_item item = {row, nonce, list->height, h};

	/* Beyond this the list would overflow an int: nobody scrolls that far. */
	if (list->height > MOST_Y)
		item.h = 0;
	list->height += item.h;
	return tl_vec_push(&list->items, item);
}

struct key {
	uint32_t row, nonce, group;
	uint32_t beside;
	bool is_kernels;
};

static int compare_nonce(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->nonce != y->nonce)
		return x->nonce < y->nonce ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int compare_group(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->beside != y->beside)
		return x->beside < y->beside ? -1 : 1;
	/* Two views of one thread: its own word first. */
	if (x->is_kernels != y->is_kernels)
		return x->is_kernels ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/*
 * Rows of a process stand together, where the process's first row stands, or at the
 * end; returns the number of processes.
 */
static size_t sort_rows(struct key *keys, const struct tl_model *model)
{
	size_t n = model->rows.n, groups = 0;

	for (size_t i = 0; i < n; i++) {
		const struct tl_row *row = &model->rows.items[i];

		keys[i] = (struct key){(uint32_t)i, row->nonce, 0, row->beside, row->is_kernels};
	}
	qsort(keys, n, sizeof *keys, compare_nonce);
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && keys[i].nonce == keys[i - 1].nonce;
		/* Those at the end keep their order: there are never so many rows. */
		uint32_t end = model->rows.items[keys[i].row].at_end ? 0x80000000u : 0;

		keys[i].group = same ? keys[i - 1].group : keys[i].row | end;
		groups += !same;
	}
	qsort(keys, n, sizeof *keys, compare_group);
	return groups;
}

static int add_items(struct tl_row_list *list, const struct tl_model *model, const struct key *keys, bool headers,
		     double scale)
{
	for (size_t i = 0; i < model->rows.n; i++) {
		const struct tl_row *row = &model->rows.items[keys[i].row];

		if (headers && (i == 0 || keys[i].group != keys[i - 1].group) &&
		    add_item(list, TL_ITEM_HEADER, keys[i].nonce, tl_layout_px(scale, HEADER_H)) != 0)
			return -1;
		list->place[keys[i].row] = (uint32_t)list->items.n;
		if (add_item(list, keys[i].row, keys[i].nonce, row_height(row, scale)) != 0)
			return -1;
	}
	return 0;
}

int tl_row_list_make(struct tl_row_list *list, const struct tl_model *model, double scale)
{
	size_t n = model->rows.n;
	struct key *keys = malloc((n + 1) * sizeof *keys);
	int result = TL_ENOMEM;

	memset(list, 0, sizeof *list);
	list->place = calloc(n + 1, sizeof *list->place);
	if (keys && list->place) {
		size_t groups = n > 0 ? sort_rows(keys, model) : 0;

		result = add_items(list, model, keys, groups > 1, scale) == 0 ? 0 : TL_ENOMEM;
	}
	free(keys);
	if (result != 0)
		tl_row_list_finish(list);
	return result;
}

void tl_row_list_finish(struct tl_row_list *list)
{
	tl_vec_finish(&list->items);
	free(list->place);
	list->place = NULL;
	list->height = 0;
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
