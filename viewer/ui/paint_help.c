/* Over the picture: the tooltip at the pointer, and the table of keys. */
#include "viewer/ui/paint.h"

#include <stdio.h>

#include "viewer/base/text.h"
#include "viewer/ui/input.h"

/* A box that keeps within the window, beside the pointer. */
static struct tl_rect beside(const struct tl_view *view, int w, int h, int gap)
{
	struct tl_rect box = {view->mouse_x + gap, view->mouse_y + gap, w, h};

	if (box.x + w > view->layout.rows.x + view->layout.rows.w)
		box.x = view->mouse_x - gap - w;
	if (box.y + h > view->layout.rows.y + view->layout.rows.h)
		box.y = view->mouse_y - gap - h;
	box.x = box.x < 0 ? 0 : box.x;
	box.y = box.y < 0 ? 0 : box.y;
	return box;
}

static void paint_box(const struct tl_paint *paint, struct tl_rect box)
{
	tl_draw_rect(paint->draw, (struct tl_rect){box.x + 2, box.y + 3, box.w, box.h}, 0x50000000);
	tl_draw_rect(paint->draw, box, paint->colors[TL_COLOR_PANEL]);
	tl_draw_frame(paint->draw, box, 1, paint->colors[TL_COLOR_BORDER]);
}

/* The mark under the pointer, escaped into `text`; false: none. */
static bool mark_at(const struct tl_view *view, const struct tl_row *row, char text[TL_SPAN_TEXT])
{
	int x = view->mouse_x - view->layout.rows.x;
	size_t i = tl_model_mark_from(row, tl_timescale_time(&view->time, x - 3));

	if (!row->extra || i >= row->extra->marks.n ||
	    tl_timescale_column(&view->time, row->extra->marks.items[i].time_ns) > x + 3)
		return false;
	tl_text_escape_to(text, TL_SPAN_TEXT, row->extra->marks.items[i].text);
	return true;
}

void tl_paint_tooltip(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	const struct tl_row *row;
	int pad = tl_paint_px(paint, 8), h = tl_draw_line_height(paint->draw, TL_FONT_SMALL) + 2, w, w2;
	char label[TL_TASK_LABEL], span[TL_SPAN_TEXT], time[TL_TIME_TEXT], text[TL_SPAN_TEXT + TL_TIME_TEXT + 4];
	struct tl_rect box;
	size_t i = view->hovered.span;

	if (view->hovered.row == TL_NONE || view->hovered.span == TL_NONE || view->drag != TL_DRAG_NONE || view->help)
		return;
	row = &view->data.model->rows.items[view->hovered.row];
	tl_view_label(view, view->hovered.row, label);
	tl_text_duration(time, tl_model_span_end(view->data.model, row, i) - row->spans.items[i].begin_ns);
	if (mark_at(view, row, span))
		snprintf(text, sizeof text, "mark: %s", span);
	else
		snprintf(text, sizeof text, "%s  %s", tl_span_text(view, row, i, span), time);
	w = tl_draw_text_width(paint->draw, TL_FONT_SMALL, text);
	w2 = tl_draw_text_width(paint->draw, TL_FONT_SMALL, label);
	w = w > w2 ? w : w2;
	w = w > tl_paint_px(paint, 420) ? tl_paint_px(paint, 420) : w;
	box = beside(view, w + 2 * pad, 2 * h + pad, tl_paint_px(paint, 14));
	paint_box(paint, box);
	tl_draw_text_fit(paint->draw, TL_FONT_SMALL, box.x + pad, box.y + pad / 2, w, paint->colors[TL_COLOR_ACCENT],
			 label);
	tl_draw_text_fit(paint->draw, TL_FONT_SMALL, box.x + pad, box.y + pad / 2 + h, w, paint->colors[TL_COLOR_TEXT],
			 text);
}

void tl_paint_help(const struct tl_paint *paint)
{
	const struct tl_layout *layout = &paint->view->layout;
	struct tl_rect all = {0, 0, layout->width, layout->height}, box;
	int pad = tl_paint_px(paint, 18), line = tl_draw_line_height(paint->draw, TL_FONT_TEXT) + tl_paint_px(paint, 4);
	int lines = 2, keys_w = 0, says_w = 0, y;

	for (size_t i = 0; i < tl_n_bindings; i++) {
		int keys, says;

		if (!tl_bindings[i].keys)
			continue;
		lines++;
		keys = tl_draw_text_width(paint->draw, TL_FONT_BOLD, tl_bindings[i].keys);
		says = tl_draw_text_width(paint->draw, TL_FONT_TEXT, tl_bindings[i].says);
		keys_w = keys > keys_w ? keys : keys_w;
		says_w = says > says_w ? says : says_w;
	}
	box = (struct tl_rect){0, 0, keys_w + says_w + 4 * pad, (lines + 1) * line + 2 * pad};
	box.w = box.w > all.w ? all.w : box.w;
	box.x = (all.w - box.w) / 2;
	box.y = box.h < all.h ? (all.h - box.h) / 2 : 0;
	tl_draw_clip(paint->draw, all);
	tl_draw_rect(paint->draw, all, paint->colors[TL_COLOR_SHADE]);
	paint_box(paint, box);
	y = box.y + pad;
	tl_draw_text(paint->draw, TL_FONT_BOLD, box.x + pad, y, paint->colors[TL_COLOR_ACCENT], "Keys");
	y += line + line / 2;
	for (size_t i = 0; i < tl_n_bindings; i++) {
		if (!tl_bindings[i].keys)
			continue;
		tl_draw_text(paint->draw, TL_FONT_BOLD, box.x + pad, y, paint->colors[TL_COLOR_TEXT],
			     tl_bindings[i].keys);
		tl_draw_text_fit(paint->draw, TL_FONT_TEXT, box.x + 2 * pad + keys_w, y, box.w - 3 * pad - keys_w,
				 paint->colors[TL_COLOR_TEXT], tl_bindings[i].says);
		y += line;
	}
	y += line / 2;
	tl_draw_text_fit(
		paint->draw, TL_FONT_SMALL, box.x + pad, y, box.w - 2 * pad, paint->colors[TL_COLOR_DIM],
		"Click selects. Drag moves. Shift + drag, or drag on the ruler, measures. Click in the overview goes there.");
}
