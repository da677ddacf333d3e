/* Over the picture: the tooltip at the pointer, and the table of keys. */
#include "viewer/ui/paint.h"

#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/ui/hit.h"
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

	if (!view->tip || view->hovered.row == TL_NONE || view->hovered.span == TL_NONE || view->drag != TL_DRAG_NONE ||
	    view->help)
		return;
	row = &view->data.model->rows.items[view->hovered.row];
	tl_view_label(view, view->hovered.row, label);
	tl_text_duration(time, tl_model_span_end(view->data.model, row, i) - tl_row_begin(row, i));
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

/* The table of keys: as many columns as it takes, in small letters where it is still too high, and then closer. */
struct help {
	struct tl_rect box;
	enum tl_font font;
	int line, pad, keys_w, column_w;
	size_t lines, per_column;
};

static enum tl_font keys_font(const struct help *help)
{
	return help->font == TL_FONT_TEXT ? TL_FONT_BOLD : help->font;
}

static void measure_help(const struct tl_view *view, struct help *help, enum tl_font font, bool tight)
{
	struct tl_draw draw = {.fonts = view->data.fonts};
	int says_w = 0;

	*help = (struct help){.font = font, .pad = tl_view_px(view, tight ? 6 : 16)};
	help->line = tl_draw_line_height(&draw, font) + (tight ? 0 : tl_view_px(view, font == TL_FONT_TEXT ? 4 : 2));
	for (size_t i = 0; i < tl_n_bindings; i++) {
		int keys, says;

		if (!tl_bindings[i].keys)
			continue;
		help->lines++;
		keys = tl_draw_text_width(&draw, keys_font(help), tl_bindings[i].keys);
		says = tl_draw_text_width(&draw, font, tl_bindings[i].says);
		help->keys_w = keys > help->keys_w ? keys : help->keys_w;
		says_w = says > says_w ? says : says_w;
	}
	help->column_w = help->keys_w + says_w + 2 * help->pad;
}

/* Sets the box; false: not all of it fits into the window. */
static bool place_help(const struct tl_view *view, struct help *help, size_t columns)
{
	const struct tl_layout *layout = &view->layout;
	int most_w = (layout->width - 2 * help->pad) / (int)columns;
	bool fits = help->column_w <= most_w;

	help->per_column = (help->lines + columns - 1) / columns;
	help->column_w = fits ? help->column_w : most_w;
	help->box.w = (int)columns * help->column_w + help->pad;
	help->box.h = (int)(help->per_column + 3) * help->line + 2 * help->pad;
	fits = fits && help->box.h <= layout->height;
	help->box.x = (layout->width - help->box.w) / 2;
	help->box.y = help->box.h < layout->height ? (layout->height - help->box.h) / 2 : 0;
	return fits;
}

static struct help lay_help(const struct tl_view *view)
{
	static const struct {
		enum tl_font font;
		bool tight;
	} ways[] = {{TL_FONT_TEXT, false}, {TL_FONT_SMALL, false}, {TL_FONT_SMALL, true}};
	struct help help;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		for (size_t columns = 1; columns <= 3; columns++) {
			measure_help(view, &help, ways[i].font, ways[i].tight);
			if (place_help(view, &help, columns))
				return help;
		}
	}
	/* Nothing fits: two columns, cut at the right. */
	measure_help(view, &help, TL_FONT_SMALL, true);
	place_help(view, &help, 2);
	return help;
}

/* Where line `n` of the table stands. */
static struct tl_rect help_line(const struct help *help, size_t n)
{
	return (struct tl_rect){help->box.x + (int)(n / help->per_column) * help->column_w,
				help->box.y + help->pad + (int)(n % help->per_column) * help->line + help->line * 3 / 2,
				help->column_w, help->line};
}

/* Which of the keys of a line stands at `x` of their column; behind them, the first. */
static size_t key_at(const struct tl_view *view, const struct help *help, const char *keys, int x)
{
	struct tl_draw draw = {.fonts = view->data.fonts};
	char before[64];
	size_t key = 0;

	if (x >= tl_draw_text_width(&draw, keys_font(help), keys))
		return 0;
	for (const char *gap = keys; (gap = strstr(gap, "  ")); gap += 2) {
		snprintf(before, sizeof before, "%.*s ", (int)(gap - keys), keys);
		if (tl_draw_text_width(&draw, keys_font(help), before) > x)
			break;
		key++;
	}
	return key;
}

size_t tl_help_at(const struct tl_view *view, int x, int y)
{
	struct help help = lay_help(view);
	size_t n = 0;

	for (size_t i = 0; i < tl_n_bindings; i++) {
		struct tl_rect line;

		if (!tl_bindings[i].keys)
			continue;
		line = help_line(&help, n++);
		if (tl_rect_has(line, x, y))
			return i + key_at(view, &help, tl_bindings[i].keys, x - line.x - help.pad);
	}
	return SIZE_MAX;
}

static void paint_help_line(const struct tl_paint *paint, const struct help *help, const struct tl_binding *binding,
			    struct tl_rect line)
{
	int x = line.x + help->pad;

	if (paint->view->mouse_inside && tl_rect_has(line, paint->view->mouse_x, paint->view->mouse_y))
		tl_draw_rect(paint->draw, line, tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 50));
	tl_draw_text_fit(paint->draw, keys_font(help), x, line.y, help->keys_w, paint->colors[TL_COLOR_ACCENT],
			 binding->keys);
	x += help->keys_w + help->pad;
	tl_draw_text_fit(paint->draw, help->font, x, line.y, line.x + line.w - x, paint->colors[TL_COLOR_TEXT],
			 binding->says);
}

void tl_paint_help(const struct tl_paint *paint)
{
	const struct tl_layout *layout = &paint->view->layout;
	struct tl_rect all = {0, 0, layout->width, layout->height};
	struct help help = lay_help(paint->view);
	int y = help.box.y + help.pad;
	size_t n = 0;

	tl_draw_clip(paint->draw, all);
	tl_draw_rect(paint->draw, all, paint->colors[TL_COLOR_SHADE]);
	paint_box(paint, help.box);
	tl_draw_text_fit(paint->draw, TL_FONT_BOLD, help.box.x + help.pad, y, help.box.w - 2 * help.pad,
			 paint->colors[TL_COLOR_TEXT], "Keys and commands: a click on a key does the same");
	for (size_t i = 0; i < tl_n_bindings; i++)
		if (tl_bindings[i].keys)
			paint_help_line(paint, &help, &tl_bindings[i], help_line(&help, n++));
	y = help_line(&help, help.per_column - 1).y + help.line * 3 / 2;
	tl_draw_text_fit(
		paint->draw, TL_FONT_SMALL, help.box.x + help.pad, y, help.box.w - 2 * help.pad,
		paint->colors[TL_COLOR_DIM],
		"Click selects. Drag moves. Shift + drag, or drag on the ruler, measures. Click in the overview goes there.");
}
