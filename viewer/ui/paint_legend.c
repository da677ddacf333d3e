/* What the panel of details shows while nothing is selected: the trace, and what its bars mean. */
#include <inttypes.h>

#include "viewer/base/text.h"
#include "viewer/ui/pen.h"

static void write_legend_line(struct tl_pen *pen, enum tl_look look, const char *text)
{
	const struct tl_paint *paint = pen->paint;
	struct tl_rect bar = {pen->x, pen->y + 1, tl_paint_px(paint, 44), tl_paint_px(paint, 15)};
	int h = bar.h + tl_paint_px(paint, 6);

	if (tl_pen_in_sight(pen, h)) {
		tl_theme_bar(paint->view->theme, paint->draw, bar, look, tl_paint_px(paint, 6));
		tl_paint_text(paint, TL_FONT_TEXT, bar.x + bar.w + tl_paint_px(paint, 8), bar.y + bar.h / 2,
			      pen->w - bar.w - tl_paint_px(paint, 8), paint->colors[TL_COLOR_TEXT], text);
	}
	pen->y += h;
}

static void write_legend_edge(struct tl_pen *pen, enum tl_edge_kind kind, const char *text)
{
	const struct tl_paint *paint = pen->paint;
	int h = tl_paint_px(paint, 15), w = tl_paint_px(paint, 44), x = pen->x + w + tl_paint_px(paint, 8);
	float x0 = (float)pen->x, x1 = x0 + (float)w, y = (float)pen->y + 1 + (float)h / 2,
	      size = (float)paint->scale * 6;
	struct tl_point curve[4] = {{x0, y}, {x0 + (float)w / 3, y}, {x1 - (float)w / 3, y}, {x1 - size, y}};
	struct tl_point head[3] = {{x1, y}, {x1 - size, y - size / 2}, {x1 - size, y + size / 2}};

	if (tl_pen_in_sight(pen, h)) {
		tl_draw_curve(paint->draw, curve, (float)paint->scale * 1.8f, tl_paint_edge_dash(paint, kind),
			      tl_paint_edge_color(paint, kind));
		tl_draw_polygon(paint->draw, head, 3, tl_paint_edge_color(paint, kind));
		tl_paint_text(paint, TL_FONT_TEXT, x, (int)y, pen->x + pen->w - x, paint->colors[TL_COLOR_TEXT], text);
	}
	pen->y += h + tl_paint_px(paint, 6);
}

static void write_legend_ends(struct tl_pen *pen)
{
	const struct tl_paint *paint = pen->paint;
	struct tl_rect bar = {pen->x, pen->y + 1, tl_paint_px(paint, 44), tl_paint_px(paint, 15)};
	const struct tl_look_style *style = &paint->view->theme->looks[TL_LOOK_WAIT];
	int step = tl_paint_px(paint, 3), h = bar.h * style->height / 100, x = bar.x + bar.w + tl_paint_px(paint, 8);

	for (int i = 0; i < 8; i++)
		tl_draw_rect(paint->draw, (struct tl_rect){bar.x + i * step, bar.y + bar.h - h, step - (i > 0), h},
			     tl_paint_fade(style->color, (unsigned)(210 - 26 * i)));
	tl_paint_text(paint, TL_FONT_TEXT, x, bar.y + bar.h / 2, pen->x + pen->w - x, paint->colors[TL_COLOR_TEXT],
		      "still so at the end");
	pen->y += bar.h + tl_paint_px(paint, 6);
	bar.y = pen->y + 1;
	tl_draw_rect(paint->draw, (struct tl_rect){bar.x, bar.y, tl_paint_px(paint, 18), bar.h},
		     paint->view->theme->looks[TL_LOOK_RUNNING].color);
	tl_draw_rect(paint->draw, (struct tl_rect){bar.x + tl_paint_px(paint, 18), bar.y, tl_paint_px(paint, 2), bar.h},
		     paint->colors[TL_COLOR_DIM]);
	tl_paint_text(paint, TL_FONT_TEXT, x, bar.y + bar.h / 2, pen->x + pen->w - x, paint->colors[TL_COLOR_TEXT],
		      "exited");
	pen->y += bar.h + tl_paint_px(paint, 6);
}

static void write_trace(struct tl_pen *pen)
{
	const struct tl_view_data *data = &pen->paint->view->data;
	char text[160], duration[TL_TIME_TEXT];

	if (data->check)
		tl_pen_pair(pen, "host", data->check->info.host);
	tl_pen_pair(pen, "length", tl_text_duration(duration, data->model->end_ns));
	snprintf(text, sizeof text, "%" PRIu64 " of %zu task%s", tl_view_events(data), data->model->rows.n,
		 data->model->rows.n == 1 ? "" : "s");
	tl_pen_pair(pen, "events", text);
}

#define LEGEND_COLUMN_PX 218

void tl_paint_legend(struct tl_pen *pen)
{
	static const uint8_t shown[] = {TL_LOOK_RUNNING, TL_LOOK_RUNNABLE, TL_LOOK_LOCK, TL_LOOK_WAIT,
					TL_LOOK_IDLE,    TL_LOOK_CREATED,  TL_LOOK_GAP};
	int column = tl_paint_px(pen->paint, LEGEND_COLUMN_PX);
	bool two_columns = pen->w >= column * 2 - tl_paint_px(pen->paint, 10);
	struct tl_pen left;
	int below = 0;
	char title[300];

	tl_text_escape_to(title, sizeof title, tl_base_name(pen->paint->view->data.title));
	tl_pen_line(pen, TL_FONT_BOLD, 0, TL_COLOR_TEXT, title);
	tl_pen_space(pen, 3);
	write_trace(pen);
	tl_pen_space(pen, 8);
	/* A wide panel is a low one: what does not fit below goes beside. */
	left = *pen;
	for (size_t i = 0; i < sizeof shown; i++) {
		if (two_columns && shown[i] == TL_LOOK_CREATED)
			pen->x = left.x + column, pen->y = left.y, pen->w = left.w - column;
		write_legend_line(pen, (enum tl_look)shown[i], tl_look_text((enum tl_look)shown[i]));
		if (shown[i] == TL_LOOK_IDLE)
			below = pen->y;
	}
	write_legend_ends(pen);
	write_legend_edge(pen, TL_EDGE_UNBLOCK, "woke it");
	write_legend_edge(pen, TL_EDGE_CREATE, "created it");
	pen->y = pen->y > below ? pen->y : below;
	pen->x = left.x;
	pen->w = left.w;
	tl_pen_space(pen, 4);
	tl_pen_wrapped(
		pen, TL_FONT_SMALL, 0, TL_COLOR_DIM,
		"Click a state for what it waits for, who woke it and where. N goes to the next finding, ? shows all keys.");
}
