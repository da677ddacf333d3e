/*
 * The critical path over the rows: a bright band along each of its stretches, and an
 * upright line with a head where it goes over to another task. The work follows the
 * pixels: of stretches that fall into one column of one row, one is drawn.
 */
#include <stdlib.h>

#include "viewer/ui/paint.h"

#define HOPS_IN_COLUMN 6

static struct tl_rect bar_of(const struct tl_paint *paint, uint32_t row)
{
	return tl_row_bar(tl_view_row_rect(paint->view, row), paint->scale);
}

static bool is_in_sight(const struct tl_paint *paint, struct tl_rect bar)
{
	const struct tl_rect *rows = &paint->view->layout.rows;

	return bar.y + bar.h > rows->y && bar.y < rows->y + rows->h;
}

/* A frame around what the task did, open where it has only been woken. */
static void paint_stretch(const struct tl_paint *paint, const struct tl_path_step *step, int x0, int x1)
{
	struct tl_rect bar = bar_of(paint, step->row);
	int line = tl_paint_px(paint, 2), grow = tl_paint_px(paint, 2);
	uint32_t color = paint->colors[TL_COLOR_ACCENT];
	struct tl_rect band = {bar.x + x0, bar.y - grow, x1 - x0 > 0 ? x1 - x0 : 1, bar.h + 2 * grow};

	if (!is_in_sight(paint, bar))
		return;
	if (band.w <= 2 * line) {
		tl_draw_rect(paint->draw, (struct tl_rect){band.x, band.y, band.w > line ? band.w : line, band.h},
			     color);
		return;
	}
	if (step->look == TL_LOOK_RUNNABLE) {
		tl_draw_rect(paint->draw, (struct tl_rect){band.x, band.y + band.h - line, band.w, line}, color);
		return;
	}
	tl_draw_rect(paint->draw, band, tl_paint_fade(color, 40));
	tl_draw_frame(paint->draw, band, line, color);
}

/* From one task to the next, which it woke or created. */
static void paint_hop(const struct tl_paint *paint, uint32_t from, uint32_t to, int x)
{
	struct tl_rect a = bar_of(paint, from), b = bar_of(paint, to);
	bool down = b.y > a.y;
	int line = tl_paint_px(paint, 2);
	float size = (float)paint->scale * 7, left = (float)(a.x + x) + (float)line / 2;
	float tip = (float)(down ? b.y - line : b.y + b.h + line), dir = down ? 1 : -1;
	int y0 = down ? a.y + a.h : b.y + b.h, y1 = down ? b.y : a.y;
	struct tl_rect line_rect = {a.x + x, y0, line, y1 - y0};

	tl_draw_rect(paint->draw, tl_rect_cross(line_rect, paint->view->layout.rows), paint->colors[TL_COLOR_ACCENT]);
	if (is_in_sight(paint, b))
		tl_draw_polygon(paint->draw,
				(struct tl_point[]){{left, tip},
						    {left - size * 0.6f, tip - dir * size},
						    {left + size * 0.6f, tip - dir * size}},
				3, paint->colors[TL_COLOR_ACCENT]);
}

void tl_paint_path(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	const struct tl_path *path = &view->drawer.path;
	int last_x = INT32_MIN, w = view->time.width_px, hop_x = INT32_MIN;
	const uint32_t *place = view->list.place;
	uint32_t last_row = TL_NONE;
	unsigned hops = 0;

	if (view->drawer.panel != TL_PANEL_PATH)
		return;
	tl_draw_clip(paint->draw, view->layout.rows);
	for (size_t i = tl_path_from(path, tl_timescale_time(&view->time, -1)); i < path->steps.n; i++) {
		const struct tl_path_step *step = &path->steps.items[i];
		int x0 = tl_timescale_column(&view->time, step->begin_ns);
		int x1 = tl_timescale_column(&view->time, step->end_ns);

		if (x0 > w)
			break;
		x0 = x0 < -10 ? -10 : x0;
		x1 = x1 > w + 10 ? w + 10 : x1;
		if (x1 > last_x || step->row != last_row)
			paint_stretch(paint, step, x0, x1);
		last_x = x1;
		last_row = step->row;
		if (step->link < TL_PATH_WOKE || i + 1 >= path->steps.n || path->steps.items[i + 1].row == step->row)
			continue;
		hops = x1 == hop_x ? hops + 1 : 0;
		hop_x = x1;
		if (hops < HOPS_IN_COLUMN && place[step->row] != TL_NO_PLACE &&
		    place[path->steps.items[i + 1].row] != TL_NO_PLACE)
			paint_hop(paint, step->row, path->steps.items[i + 1].row, x1);
	}
}
