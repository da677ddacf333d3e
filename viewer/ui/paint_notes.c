/* Notes and the time that was asked for: a flag on the ruler, and a line down through the rows. */
#include "viewer/ui/paint.h"

#include <stdio.h>

#include "viewer/base/text.h"

/* Dashed, so that it is not taken for the begin of something. */
static void paint_dashes(const struct tl_paint *paint, int x, uint32_t color)
{
	struct tl_rect rows = paint->view->layout.rows;
	int dash = tl_paint_px(paint, 5);

	for (int y = rows.y; y < rows.y + rows.h; y += 2 * dash)
		tl_draw_rect(paint->draw, (struct tl_rect){rows.x + x, y, tl_paint_px(paint, 1), dash}, color);
}

static void paint_flag(const struct tl_paint *paint, int x, uint32_t color)
{
	struct tl_rect ruler = paint->view->layout.ruler;
	float s = (float)tl_paint_px(paint, 9), fx = (float)(paint->view->layout.rows.x + x), fy = (float)ruler.y + 2;
	struct tl_point flag[] = {{fx, fy}, {fx + s, fy + s * 0.5f}, {fx, fy + s}};

	tl_draw_polygon(paint->draw, flag, 3, color);
	tl_draw_rect(paint->draw, (struct tl_rect){(int)fx, ruler.y + 2, tl_paint_px(paint, 1), ruler.h - 2}, color);
}

/* Its text, on the row that it is about, or at the top, if there is room before the next one. */
static void paint_text(const struct tl_paint *paint, const struct tl_note *note, int x, int room)
{
	const struct tl_view *view = paint->view;
	const struct tl_check *check = view->data.check;
	const struct tl_task *task = note->task && check && check->state ? tl_state_find_task(check->state, note->task)
									 : NULL;
	struct tl_rect rows = view->layout.rows, box = {rows.x + x, rows.y + tl_paint_px(paint, 3), 0, 0};
	int pad = tl_paint_px(paint, 5), h = tl_draw_line_height(paint->draw, TL_FONT_SMALL) + tl_paint_px(paint, 4);
	char text[2 * TL_NOTE_TEXT];

	if (task && task->index < view->data.model->rows.n && view->list.place[task->index] != TL_NO_PLACE)
		box.y = tl_view_row_rect(view, task->index).y - h / 3;
	tl_text_escape_to(text, sizeof text, note->text);
	box.w = tl_draw_text_width(paint->draw, TL_FONT_SMALL, text) + 2 * pad;
	box.w = box.w < tl_paint_px(paint, 260) ? box.w : tl_paint_px(paint, 260);
	/* At the right edge it stands before its time. */
	if (x + box.w > rows.w && x > box.w)
		box.x -= box.w;
	else
		box.w = box.w < room ? box.w : room;
	box.h = h;
	if (box.w < tl_paint_px(paint, 24) || box.y + h < rows.y)
		return;
	tl_draw_rect(paint->draw, box, paint->colors[TL_COLOR_NOTE]);
	tl_paint_text(paint, TL_FONT_SMALL, box.x + pad, box.y + h / 2, box.w - 2 * pad,
		      paint->colors[TL_COLOR_NOTE_TEXT], text);
}

void tl_paint_notes(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect rows = view->layout.rows, ruler = view->layout.ruler;
	uint32_t color = paint->colors[TL_COLOR_NOTE_TEXT];
	int last = -rows.w;

	tl_draw_clip(paint->draw, (struct tl_rect){rows.x, ruler.y, rows.w, ruler.h + rows.h});
	for (size_t i = 0; i < view->notes.list.n; i++) {
		const struct tl_note *note = &view->notes.list.items[i];
		int x = tl_timescale_column(&view->time, note->time_ns), next = rows.w;

		if (x < -tl_paint_px(paint, 260) || x >= rows.w || x - last < tl_paint_px(paint, 2))
			continue;
		if (i + 1 < view->notes.list.n)
			next = tl_timescale_column(&view->time, view->notes.list.items[i + 1].time_ns);
		paint_dashes(paint, x, tl_paint_fade(color, 150));
		paint_flag(paint, x, color);
		paint_text(paint, note, x, next - x);
		last = x;
	}
	if (view->pointed) {
		int x = tl_timescale_column(&view->time, view->pointed_ns);

		if (x < 0 || x >= rows.w)
			return;
		paint_dashes(paint, x, paint->colors[TL_COLOR_ACCENT]);
		paint_flag(paint, x, paint->colors[TL_COLOR_ACCENT]);
	}
}
