/* The rows in sight: names, states, regions and marks, selection, flags. */
#include "viewer/ui/paint.h"

#include <inttypes.h>
#include <stdio.h>

#include "viewer/base/text.h"
#include "viewer/ui/hit.h"

/* Do the rows of an item hold `row`? */
static bool holds(const struct tl_view *view, size_t i, uint32_t row)
{
	return row != TL_NONE && view->list.items.items[i].row != TL_ITEM_HEADER && view->list.place[row] == i;
}

static void paint_stripe(const struct tl_paint *paint, size_t i, struct tl_rect rect)
{
	const struct tl_view *view = paint->view;
	struct tl_rect whole = rect;

	whole.x = view->layout.gutter.x;
	whole.w = view->layout.gutter.w + rect.w;
	if (i % 2)
		tl_draw_rect(paint->draw, whole, paint->colors[TL_COLOR_STRIPE]);
	if (holds(view, i, view->selected.row))
		tl_draw_rect(paint->draw, whole, tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 28));
	else if (holds(view, i, view->hovered.row))
		tl_draw_rect(paint->draw, whole, paint->colors[TL_COLOR_HOVER]);
}

/* The first region of a lane that ends after `t`; regions of a lane are disjoint and in order. */
static size_t region_from(const struct tl_row_extra *extra, int lane, int64_t t)
{
	size_t low = 0, high = extra->lanes[lane].n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (extra->lanes[lane].items[middle].end_ns <= t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void paint_region(const struct tl_paint *paint, const struct tl_region *region, struct tl_rect lane, int *done)
{
	const struct tl_timescale *time = &paint->view->time;
	int x0 = tl_timescale_column(time, region->begin_ns), x1 = tl_timescale_column(time, region->end_ns);
	int pad = tl_paint_px(paint, 4);
	char text[200];

	x0 = x0 < 0 ? 0 : x0;
	x1 = x1 > lane.w ? lane.w : x1;
	x1 = x1 <= x0 ? x0 + 1 : x1;
	*done = x1;
	tl_draw_rect(paint->draw, (struct tl_rect){lane.x + x0, lane.y, x1 - x0, lane.h},
		     paint->colors[TL_COLOR_REGION]);
	if (x1 - x0 < tl_paint_px(paint, 3))
		return;
	tl_draw_rect(paint->draw, (struct tl_rect){lane.x + x0, lane.y, tl_paint_px(paint, 2), lane.h},
		     paint->colors[TL_COLOR_REGION_TEXT]);
	tl_text_escape_to(text, sizeof text, region->text);
	if (x1 - x0 > tl_paint_px(paint, 24))
		tl_paint_text(paint, TL_FONT_SMALL, lane.x + x0 + 2 * pad, lane.y + lane.h / 2, x1 - x0 - 3 * pad,
			      paint->colors[TL_COLOR_REGION_TEXT], text);
}

/* Steps over what falls into a column that is painted already. */
static void paint_lane(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect rect, int lane)
{
	const struct tl_timescale *time = &paint->view->time;
	struct tl_rect place = tl_row_lane(rect, paint->scale, lane);
	int done = 0;

	while (done < place.w) {
		size_t i = region_from(row->extra, lane, tl_timescale_time(time, done));
		int before = done;

		if (i >= row->extra->lanes[lane].n ||
		    tl_timescale_column(time, row->extra->lanes[lane].items[i].begin_ns) >= place.w)
			return;
		paint_region(paint, &row->extra->lanes[lane].items[i], place, &done);
		done = done > before ? done : before + 1;
	}
}

/* A small flag on the bar's upper edge, one for each few pixels. */
static void paint_marks(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect rect)
{
	const struct tl_timescale *time = &paint->view->time;
	struct tl_rect bar = tl_row_bar(rect, paint->scale);
	int size = tl_paint_px(paint, 5), x = -size;

	for (size_t least = 0, i;; least = i + 1) {
		float fx, fy = (float)bar.y - 1, s = (float)size;

		i = tl_model_mark_from(row, tl_timescale_time(time, x));
		i = i > least ? i : least;
		if (i >= row->extra->marks.n)
			return;
		x = tl_timescale_column(time, row->extra->marks.items[i].time_ns);
		if (x >= bar.w)
			return;
		fx = (float)(bar.x + x);
		tl_draw_polygon(paint->draw,
				(struct tl_point[]){{fx - s * 0.7f, fy - s * 0.6f},
						    {fx + s * 0.7f, fy - s * 0.6f},
						    {fx, fy + s * 0.6f}},
				3, paint->colors[TL_COLOR_MARK]);
		tl_draw_rect(paint->draw, (struct tl_rect){bar.x + x, bar.y, 1, bar.h},
			     tl_paint_fade(paint->colors[TL_COLOR_MARK], 150));
		x += size + 2;
	}
}

static void paint_selection(const struct tl_paint *paint, struct tl_spot spot, bool strong)
{
	const struct tl_view *view = paint->view;
	const struct tl_row *row;
	struct tl_rect bar;
	int x0, x1;

	if (spot.row == TL_NONE || spot.span == TL_NONE)
		return;
	row = &view->data.model->rows.items[spot.row];
	bar = tl_row_bar(tl_view_row_rect(view, spot.row), paint->scale);
	if (view->list.place[spot.row] == TL_NO_PLACE)
		return;
	tl_draw_clip(paint->draw, tl_paint_clip(view, view->list.place[spot.row]));
	x0 = tl_timescale_column(&view->time, tl_row_begin(row, spot.span));
	x1 = tl_timescale_column(&view->time, tl_model_span_end(view->data.model, row, spot.span));
	if (x1 < -4 || x0 > bar.w + 4)
		return;
	x0 = x0 < -8 ? -8 : x0;
	x1 = x1 > bar.w + 8 ? bar.w + 8 : x1;
	x1 = x1 < x0 + 1 ? x0 + 1 : x1;
	tl_draw_frame(paint->draw, (struct tl_rect){bar.x + x0 - 2, bar.y - 2, x1 - x0 + 4, bar.h + 4},
		      tl_paint_px(paint, strong ? 2 : 1),
		      tl_paint_fade(paint->colors[strong ? TL_COLOR_ACCENT : TL_COLOR_TEXT], strong ? 255 : 150));
}

/* Stretches in which the tracer lost something, over all rows. */
static void paint_holes(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect rows = view->layout.rows;
	uint32_t color = tl_paint_fade(view->theme->looks[TL_LOOK_GAP].hatch_color, 60);
	int done = 0;

	for (size_t i = 0; i < view->data.model->holes.n; i++) {
		const struct tl_hole *hole = &view->data.model->holes.items[i];
		int x0 = tl_timescale_column(&view->time, hole->begin_ns);
		int x1 = tl_timescale_column(&view->time, hole->end_ns);

		x0 = x0 < done ? done : x0;
		x1 = x1 > rows.w ? rows.w : x1;
		if (x1 <= done && x0 <= x1)
			x1 = x0 + 1;
		if (x0 >= rows.w || x1 <= x0)
			continue;
		tl_draw_hatch(paint->draw, (struct tl_rect){rows.x + x0, rows.y, x1 - x0, rows.h}, TL_HATCH_CROSS,
			      tl_paint_px(paint, 10), color);
		done = x1;
	}
}

static void paint_row(const struct tl_paint *paint, uint32_t at, struct tl_rect rect)
{
	const struct tl_row *row = &paint->view->data.model->rows.items[at];

	tl_paint_row_bars(paint, row, rect);
	for (int lane = 0; row->extra && lane < TL_REGION_LANES; lane++)
		paint_lane(paint, row, rect, lane);
	if (row->extra && row->extra->marks.n)
		paint_marks(paint, row, rect);
}

/* The columns in which a row of a lane lives; false when they are all left of `done` or behind the picture. */
static bool live_columns(const struct tl_view *view, const struct tl_row *row, int done, int *from, int *to)
{
	int64_t exit_ns = tl_row_exit(row, INT64_MAX);

	*from = tl_timescale_column(&view->time, tl_row_begin(row, 0));
	*to = exit_ns < INT64_MAX ? tl_timescale_column(&view->time, exit_ns) + 1 : view->time.width_px;
	*from = *from < done ? done : *from;
	*to = *to > view->time.width_px ? view->time.width_px : *to;
	return *to > *from;
}

/* Columns in which several tasks of a lane live show what most of their time is; the others are NONE in paint->crowd. */
static void find_crowd(const struct tl_paint *paint, const struct tl_row_item *item)
{
	const struct tl_view *view = paint->view;
	uint32_t at = item->first;

	for (size_t i = 0; i < paint->n_columns; i++)
		if (!tl_row_list_crowd(&view->list, item, view->data.model, paint->bounds[i], paint->bounds[i + 1], &at,
				       &paint->crowd[i]))
			paint->crowd[i] = (struct tl_column){.span = UINT32_MAX};
}

/* Tasks one after the other in one lane: each draws the columns in which it lives alone. */
static void paint_shared(const struct tl_paint *paint, const struct tl_row_item *item, struct tl_rect rect)
{
	const struct tl_view *view = paint->view;
	uint32_t at = tl_row_list_lane_at(&view->list, item, view->data.model, tl_timescale_time(&view->time, 0));
	struct tl_paint crowd = *paint;
	int done = 0, from, to;

	find_crowd(paint, item);
	while (at < item->first + item->n && done < view->time.width_px) {
		uint32_t row = view->list.rows.items[at];
		struct tl_paint part = *paint;
		uint32_t next;

		if (view->data.model->rows.items[row].spans.n > 0 &&
		    live_columns(view, &view->data.model->rows.items[row], done, &from, &to)) {
			done = to;
			while (from < to && paint->crowd[from].looks)
				from++;
			while (from < to && paint->crowd[to - 1].looks)
				to--;
			part.first = (size_t)from;
			part.bounds += from;
			part.n_columns = (size_t)(to - from);
			if (from < to)
				paint_row(&part, row, rect);
		}
		/* In a wide view very many may live and end within one column. */
		next = tl_row_list_lane_at(&view->list, item, view->data.model, tl_timescale_time(&view->time, done));
		at = next > at ? next : at + 1;
	}
	/* Over what of very short lives reaches into them. */
	crowd.columns = paint->crowd;
	tl_paint_columns(&crowd, rect);
}

static void paint_item(const struct tl_paint *paint, size_t i)
{
	const struct tl_view *view = paint->view;
	const struct tl_row_item *item = &view->list.items.items[i];
	struct tl_rect rect = tl_view_item_rect(view, i), rows = tl_paint_clip(view, i), gutter = rows;

	gutter.x = view->layout.gutter.x;
	gutter.w = view->layout.gutter.w;
	if (item->row == TL_ITEM_HEADER) {
		tl_draw_clip(paint->draw, (struct tl_rect){gutter.x, rows.y, gutter.w + rows.w, rows.h});
		tl_paint_header(paint, item, rect);
		return;
	}
	tl_draw_clip(paint->draw, gutter);
	tl_paint_name(paint, i, rect);
	tl_draw_clip(paint->draw, rows);
	if (item->n > 1)
		paint_shared(paint, item, rect);
	else
		paint_row(paint, item->row, rect);
}

struct tl_rect tl_paint_clip(const struct tl_view *view, size_t item)
{
	struct tl_rect rows = view->layout.rows;
	int pinned_h = tl_view_pinned_height(view);

	if (pinned_h > 0 && item >= view->list.n_pinned) {
		rows.y += pinned_h;
		rows.h -= pinned_h;
	}
	return rows;
}

/* Calls `paint_one` for the items in sight. */
static void each_item(const struct tl_paint *paint, void (*paint_one)(const struct tl_paint *paint, size_t i))
{
	for (size_t i = SIZE_MAX; (i = tl_view_next_item(paint->view, i)) != SIZE_MAX;)
		paint_one(paint, i);
}

static void paint_back(const struct tl_paint *paint, size_t i)
{
	struct tl_rect clip = tl_paint_clip(paint->view, i);

	clip.w += clip.x - paint->view->layout.gutter.x;
	clip.x = paint->view->layout.gutter.x;
	tl_draw_clip(paint->draw, clip);
	paint_stripe(paint, i, tl_view_item_rect(paint->view, i));
}

/* Under the rows that do not scroll. */
static void paint_pinned_border(const struct tl_paint *paint)
{
	const struct tl_layout *layout = &paint->view->layout;
	int h = tl_view_pinned_height(paint->view);

	if (h > 0)
		tl_draw_rect(paint->draw,
			     (struct tl_rect){layout->gutter.x, layout->rows.y + h - 1,
					      layout->gutter.w + layout->rows.w, tl_paint_px(paint, 2)},
			     paint->colors[TL_COLOR_BORDER]);
}

static void paint_empty(const struct tl_paint *paint)
{
	struct tl_rect rows = paint->view->layout.rows;
	const char *text = paint->view->data.model->rows.n
				   ? "No task meets the filter: press Esc, or click on the filter."
				   : "Nothing in this trace is for Threadline.";
	int w = tl_draw_text_width(paint->draw, TL_FONT_TEXT, text);

	tl_paint_text(paint, TL_FONT_TEXT, rows.x + (rows.w > w ? (rows.w - w) / 2 : 4), rows.y + rows.h / 2, rows.w,
		      paint->colors[TL_COLOR_DIM], text);
}

void tl_paint_rows(const struct tl_paint *paint)
{
	const struct tl_layout *layout = &paint->view->layout;
	struct tl_rect both = {layout->gutter.x, layout->rows.y, layout->gutter.w + layout->rows.w, layout->rows.h};

	tl_draw_clip(paint->draw, both);
	each_item(paint, paint_back);
	tl_draw_clip(paint->draw, both);
	tl_draw_rect(paint->draw, (struct tl_rect){layout->rows.x - 1, layout->rows.y, 1, layout->rows.h},
		     paint->colors[TL_COLOR_BORDER]);
	tl_draw_clip(paint->draw, layout->rows);
	tl_paint_grid(paint);
	paint_holes(paint);
	tl_draw_clip(paint->draw, both);
	each_item(paint, paint_item);
	tl_draw_clip(paint->draw, both);
	paint_pinned_border(paint);
	tl_draw_clip(paint->draw, layout->rows);
	if (paint->view->list.items.n == 0)
		paint_empty(paint);
	if (paint->view->hovered.row != paint->view->selected.row ||
	    paint->view->hovered.span != paint->view->selected.span)
		paint_selection(paint, paint->view->hovered, false);
	paint_selection(paint, paint->view->selected, true);
}

static void paint_row_flags(const struct tl_paint *paint, uint32_t row)
{
	const struct tl_view *view = paint->view;
	struct tl_flag_sign sign = {0};
	const struct tl_finding *selected = tl_view_finding(view);
	struct tl_rect bar = tl_row_bar(tl_view_row_rect(view, row), paint->scale);

	while (tl_flag_sign_next(view, &view->data.model->rows.items[row], &sign)) {
		float x = (float)(bar.x + sign.x) + 0.5f, y = (float)bar.y + (float)bar.h * 0.5f;
		bool strong = selected && view->findings[view->finding] == sign.finding;

		tl_draw_rect(paint->draw,
			     (struct tl_rect){bar.x + sign.x, bar.y - tl_paint_px(paint, 3), 1,
					      bar.h + tl_paint_px(paint, 6)},
			     paint->colors[TL_COLOR_INFO + sign.severity]);
		tl_theme_severity(view->theme, paint->draw, x, y, (float)tl_flag_sign_size(view) * (strong ? 1.25f : 1),
				  (enum tl_severity)sign.severity);
	}
}

static void paint_item_flags(const struct tl_paint *paint, size_t i)
{
	const struct tl_view *view = paint->view;
	const struct tl_row_item *item = &view->list.items.items[i];

	if (item->row == TL_ITEM_HEADER || item->worst == 0)
		return;
	tl_draw_clip(paint->draw, tl_paint_clip(view, i));
	for (uint32_t k = 0; k < item->n; k++)
		if (view->data.model->rows.items[view->list.rows.items[item->first + k]].extra)
			paint_row_flags(paint, view->list.rows.items[item->first + k]);
}

/* Where an event of the selected finding stands; false when its row is not known. */
static bool proof_point(const struct tl_paint *paint, const struct tl_proof *proof, struct tl_point *point)
{
	const struct tl_view *view = paint->view;
	const struct tl_task *task = tl_state_find_task(view->data.check->state, proof->task);
	struct tl_rect bar;
	double x;

	if (!task || task->index >= view->data.model->rows.n)
		return false;
	bar = tl_row_bar(tl_view_row_rect(view, task->index), paint->scale);
	x = tl_timescale_x(&view->time, tl_model_time(view->data.model, proof->time_ns));
	x = x < -5000 ? -5000 : x > 30000 ? 30000 : x;
	point->x = (float)(bar.x + x) + 0.5f;
	point->y = (float)(bar.y + bar.h / 2 < -20000 ? -20000 : bar.y + bar.h / 2 > 40000 ? 40000 : bar.y + bar.h / 2);
	return true;
}

/* A numbered badge below the bar's middle, so that the finding's own sign stays free. */
static void paint_badge(const struct tl_paint *paint, struct tl_point point, size_t number)
{
	int h = tl_paint_px(paint, 15), w = h, line = tl_draw_line_height(paint->draw, TL_FONT_SMALL);
	char text[8];
	struct tl_rect box;

	snprintf(text, sizeof text, "%zu", number);
	box = (struct tl_rect){(int)point.x - w - tl_paint_px(paint, 9), (int)point.y - h / 2, w, h};
	/* At the edge it would be cut, and its event is in sight all the same. */
	if (box.x < paint->view->layout.rows.x && point.x >= (float)paint->view->layout.rows.x)
		box.x = paint->view->layout.rows.x;
	tl_draw_rect(paint->draw,
		     (struct tl_rect){(int)point.x, (int)point.y - h * 3 / 4, tl_paint_px(paint, 1.5), h * 3 / 2},
		     paint->colors[TL_COLOR_ACCENT]);
	tl_draw_rect(paint->draw, box, paint->colors[TL_COLOR_ACCENT]);
	tl_draw_text(paint->draw, TL_FONT_SMALL, box.x + (w - tl_draw_text_width(paint->draw, TL_FONT_SMALL, text)) / 2,
		     box.y + (h - line) / 2, paint->colors[TL_COLOR_BACK], text);
}

/* The events of the selected finding, numbered as in its details, from each to the next. */
static void paint_proofs(const struct tl_paint *paint)
{
	const struct tl_finding *finding = tl_view_finding(paint->view);
	struct tl_point points[TL_FINDING_PROOFS];
	size_t numbers[TL_FINDING_PROOFS], n = 0;

	for (size_t i = 0; finding && i < finding->n_proofs && i < TL_FINDING_PROOFS; i++) {
		if (!proof_point(paint, &finding->proofs[i], &points[n]))
			continue;
		numbers[n++] = i + 1;
	}
	/* Those of a group have nothing to do with one another. */
	if (n > 1 && finding->count == 1)
		tl_draw_lines(paint->draw, points, (unsigned)n, (float)paint->scale * 1.5f,
			      tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 190));
	for (size_t i = n; i-- > 0;)
		paint_badge(paint, points[i], numbers[i]);
}

void tl_paint_flags(const struct tl_paint *paint)
{
	tl_draw_clip(paint->draw, paint->view->layout.rows);
	paint_proofs(paint);
	each_item(paint, paint_item_flags);
}
