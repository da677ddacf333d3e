/* The line in which people type, and over the names: the button for the keys, the field of the filter. */
#include "viewer/ui/paint.h"

#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"

#define WIDTH 620

static struct tl_draw measure(const struct tl_view *view)
{
	return (struct tl_draw){.fonts = view->data.fonts};
}

int tl_prompt_line_height(const struct tl_view *view)
{
	struct tl_draw draw = measure(view);

	return tl_draw_line_height(&draw, TL_FONT_TEXT) + tl_view_px(view, 8);
}

/* What is typed, what comes of it, the lines to choose from, and how it is written. */
struct tl_rect tl_prompt_box(const struct tl_view *view)
{
	const struct tl_layout *layout = &view->layout;
	int w = tl_view_px(view, WIDTH), line = tl_prompt_line_height(view);
	size_t lines = 3 + (view->prompt.kind == TL_PROMPT_TASK ? view->prompt.n_lines : 0);

	int h = (int)lines * line, y = layout->rows.y + layout->rows.h - h - tl_view_px(view, 10);

	w = w > layout->width ? layout->width : w;
	/* Below, where it covers the least of what it finds. */
	return (struct tl_rect){(layout->width - w) / 2, y > 0 ? y : 0, w, h};
}

struct tl_rect tl_view_menu_rect(const struct tl_view *view)
{
	struct tl_rect corner = view->layout.corner;
	int size = tl_view_px(view, 22);

	if (corner.h < size || corner.w < 2 * size)
		return (struct tl_rect){corner.x, corner.y, 0, 0};
	return (struct tl_rect){corner.x + tl_view_px(view, 4), corner.y + tl_view_px(view, 2), size, size};
}

struct tl_rect tl_view_filter_rect(const struct tl_view *view)
{
	struct tl_rect corner = view->layout.corner;
	int h = tl_view_px(view, 20), pad = tl_view_px(view, 4);

	if (corner.h < 2 * h)
		return (struct tl_rect){corner.x, corner.y, 0, 0};
	return (struct tl_rect){corner.x + pad, corner.y + corner.h - h - pad, corner.w - 2 * pad, h};
}

/* The end of a text that is too long for its place: people type there. */
static int paint_typed(const struct tl_paint *paint, int x, int y, int w, const char *text)
{
	char escaped[3 * TL_PROMPT_TEXT];
	const char *from = escaped;

	tl_text_escape_to(escaped, sizeof escaped, text);
	while (*from && tl_draw_text_width(paint->draw, TL_FONT_TEXT, from) > w) {
		size_t n = tl_text_utf8(from, strlen(from), NULL);

		from += n ? n : 1;
	}
	return tl_paint_text(paint, TL_FONT_TEXT, x, y, w, paint->colors[TL_COLOR_TEXT], from);
}

static void paint_line(const struct tl_paint *paint, struct tl_rect line, size_t i)
{
	const struct tl_view *view = paint->view;
	int pad = tl_paint_px(paint, 10);
	char label[TL_TASK_LABEL];

	if (i == view->prompt.choice)
		tl_draw_rect(paint->draw, line, tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 60));
	tl_paint_text(paint, TL_FONT_TEXT, line.x + 2 * pad, line.y + line.h / 2, line.w - 3 * pad,
		      paint->colors[TL_COLOR_TEXT], tl_view_label(view, view->prompt.lines[i], label));
}

void tl_paint_prompt(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	const struct tl_prompt *prompt = &view->prompt;
	struct tl_rect box = tl_prompt_box(view), line;
	int h = tl_prompt_line_height(view), pad = tl_paint_px(paint, 10), w;
	char title[120], time[TL_TIME_TEXT], message[300];

	if (prompt->kind == TL_PROMPT_NONE)
		return;
	if (prompt->kind == TL_PROMPT_NOTE)
		snprintf(title, sizeof title, "%s at %s", tl_prompt_title(prompt->kind),
			 tl_text_time(time, prompt->note_ns));
	else
		snprintf(title, sizeof title, "%s", tl_prompt_title(prompt->kind));
	tl_draw_rect(paint->draw, (struct tl_rect){box.x + 2, box.y + 3, box.w, box.h}, 0x50000000);
	tl_draw_rect(paint->draw, box, paint->colors[TL_COLOR_PANEL]);
	tl_draw_frame(paint->draw, box, tl_paint_px(paint, 1), paint->colors[TL_COLOR_ACCENT]);
	line = (struct tl_rect){box.x + 1, box.y, box.w - 2, h};
	w = tl_paint_text(paint, TL_FONT_BOLD, line.x + pad, line.y + h / 2, line.w / 2, paint->colors[TL_COLOR_ACCENT],
			  title) +
	    2 * pad;
	w += paint_typed(paint, line.x + w, line.y + h / 2, line.w - w - 2 * pad, prompt->text);
	tl_draw_rect(paint->draw, (struct tl_rect){line.x + w + 1, line.y + h / 5, tl_paint_px(paint, 2), h * 3 / 5},
		     paint->colors[TL_COLOR_ACCENT]);
	line.y += h;
	tl_text_escape_to(message, sizeof message, prompt->message);
	tl_paint_text(paint, TL_FONT_SMALL, line.x + pad, line.y + h / 2, line.w - 2 * pad,
		      paint->colors[prompt->is_wrong ? TL_COLOR_WARNING : TL_COLOR_TEXT], message);
	for (size_t i = 0; prompt->kind == TL_PROMPT_TASK && i < prompt->n_lines; i++) {
		line.y += h;
		paint_line(paint, line, i);
	}
	line.y += h;
	tl_paint_text(paint, TL_FONT_SMALL, line.x + pad, line.y + h / 2, line.w - 2 * pad, paint->colors[TL_COLOR_DIM],
		      tl_prompt_hint(prompt->kind));
}

static void paint_menu(const struct tl_paint *paint, struct tl_rect rect)
{
	int bar = tl_paint_px(paint, 2), step = rect.h / 4;
	bool over = paint->view->mouse_inside && tl_rect_has(rect, paint->view->mouse_x, paint->view->mouse_y);

	if (over)
		tl_draw_rect(paint->draw, rect, paint->colors[TL_COLOR_BORDER]);
	for (int i = 1; i <= 3; i++)
		tl_draw_rect(paint->draw,
			     (struct tl_rect){rect.x + rect.w / 5, rect.y + i * step - bar / 2, rect.w * 3 / 5, bar},
			     paint->colors[over ? TL_COLOR_TEXT : TL_COLOR_DIM]);
}

void tl_paint_corner(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect menu = tl_view_menu_rect(view), field = tl_view_filter_rect(view);
	const char *filter = view->arrangement.filter_text;
	int pad = tl_paint_px(paint, 6), w = view->layout.corner.w - menu.w - 2 * pad;
	char duration[TL_TIME_TEXT], text[96], escaped[3 * TL_FILTER_TEXT];

	if (field.w <= 0)
		return;
	paint_menu(paint, menu);
	tl_text_duration(duration, view->data.model->end_ns);
	if (view->list.shown < view->data.model->rows.n)
		snprintf(text, sizeof text, "%zu of %zu tasks", view->list.shown, view->data.model->rows.n);
	else
		snprintf(text, sizeof text, "%zu task%s, %s", view->list.shown, view->list.shown == 1 ? "" : "s",
			 duration);
	/* Where there is no room for both, how many there are. */
	if (tl_draw_text_width(paint->draw, TL_FONT_SMALL, text) > w)
		snprintf(text, sizeof text, "%zu task%s", view->list.shown, view->list.shown == 1 ? "" : "s");
	tl_paint_text(paint, TL_FONT_SMALL, menu.x + menu.w + pad, menu.y + menu.h / 2, w, paint->colors[TL_COLOR_TEXT],
		      text);
	tl_draw_rect(paint->draw, field, paint->colors[TL_COLOR_BACK]);
	tl_draw_frame(paint->draw, field, 1, paint->colors[*filter ? TL_COLOR_ACCENT : TL_COLOR_BORDER]);
	tl_text_escape_to(escaped, sizeof escaped, filter);
	tl_paint_text(paint, TL_FONT_SMALL, field.x + pad, field.y + field.h / 2, field.w - 2 * pad,
		      paint->colors[*filter ? TL_COLOR_TEXT : TL_COLOR_DIM], *filter ? escaped : "Filter tasks (R)");
}
