/* Left of the rows: names of tasks and lanes, and the headers of groups. */
#include "viewer/ui/paint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/ui/hit.h"

/* "worker-" of "worker-12", or all of a name that is only digits. */
static void stem_text(const struct tl_view *view, uint32_t row, char label[TL_TASK_LABEL])
{
	size_t n;

	tl_view_label(view, row, label);
	n = tl_name_stem(label);
	if (n > 0)
		label[n] = '\0';
}

/* What stands beside an item: the task's name, or whose of a lane's tasks is looked at, or what they have in common. */
static void name_text(const struct tl_view *view, size_t i, char text[TL_TASK_LABEL], char count[24])
{
	const struct tl_row_item *item = &view->list.items.items[i];
	char label[TL_TASK_LABEL];

	if (item->n == 1) {
		snprintf(text, TL_TASK_LABEL, "%s", tl_view_label(view, item->row, label));
	} else if (view->hovered.row != TL_NONE && view->list.place[view->hovered.row] == i) {
		snprintf(text, TL_TASK_LABEL, "%s", tl_view_label(view, view->hovered.row, label));
	} else if (view->selected.row != TL_NONE && view->list.place[view->selected.row] == i) {
		snprintf(text, TL_TASK_LABEL, "%s", tl_view_label(view, view->selected.row, label));
	} else {
		stem_text(view, item->row, label);
		snprintf(text, TL_TASK_LABEL, "%.90s\xe2\x80\xa6", label);
		snprintf(count, 24, "%" PRIu32 " tasks", item->n);
	}
}

static void paint_pin(const struct tl_paint *paint, int x, int y)
{
	int size = tl_paint_px(paint, 5);

	tl_draw_rect(paint->draw, (struct tl_rect){x, y - size / 2, size, size}, paint->colors[TL_COLOR_ACCENT]);
}

void tl_paint_name(const struct tl_paint *paint, size_t i, struct tl_rect rect)
{
	const struct tl_view *view = paint->view;
	const struct tl_row_item *item = &view->list.items.items[i];
	struct tl_rect bar = tl_row_bar(rect, paint->scale), gutter = view->layout.gutter;
	int pad = tl_paint_px(paint, 10), sign = tl_flag_sign_size(view), room = gutter.w - 2 * pad;
	bool selected = view->selected.row != TL_NONE && view->list.place[view->selected.row] == i;
	unsigned worst = item->worst;
	char text[TL_TASK_LABEL], count[24] = "";

	if (worst) {
		room -= sign + tl_paint_px(paint, 6);
		tl_theme_severity(view->theme, paint->draw, (float)(gutter.x + gutter.w - pad) - (float)sign / 2,
				  (float)bar.y + (float)bar.h / 2, (float)sign, (enum tl_severity)(worst - 1));
	}
	if (item->pinned)
		paint_pin(paint, gutter.x + pad / 4, bar.y + bar.h / 2);
	name_text(view, i, text, count);
	/* Of a lane's number nothing may be cut: it would be another. */
	if (count[0]) {
		room -= tl_draw_text_width(paint->draw, TL_FONT_SMALL, count);
		tl_paint_text(paint, TL_FONT_SMALL, gutter.x + pad + room, bar.y + bar.h / 2, gutter.w,
			      paint->colors[TL_COLOR_DIM], count);
		room -= pad / 2;
	}
	tl_draw_text_middle(paint->draw, TL_FONT_TEXT, gutter.x + pad,
			    bar.y + (bar.h - tl_draw_line_height(paint->draw, TL_FONT_TEXT)) / 2, room,
			    paint->colors[selected ? TL_COLOR_ACCENT : TL_COLOR_TEXT], text);
}

/* Points down at an open group, to the right at a folded one. */
static void paint_triangle(const struct tl_paint *paint, int x, int y, bool folded)
{
	float s = (float)tl_paint_px(paint, 4), fx = (float)x, fy = (float)y;
	struct tl_point open[] = {{fx - s, fy - s * 0.6f}, {fx + s, fy - s * 0.6f}, {fx, fy + s * 0.8f}};
	struct tl_point shut[] = {{fx - s * 0.6f, fy - s}, {fx + s * 0.8f, fy}, {fx - s * 0.6f, fy + s}};

	tl_draw_polygon(paint->draw, folded ? shut : open, 3, paint->colors[TL_COLOR_DIM]);
}

static void process_text(const struct tl_view *view, const struct tl_row_item *item, char text[420])
{
	const struct tl_check *check = view->data.check;
	const struct tl_process *process = check && check->state ? tl_state_find_process(check->state, item->nonce)
								 : NULL;
	char program[320] = "process";

	if (process && process->program && process->program[0])
		tl_text_escape_to(program, sizeof program, process->program);
	if (process && process->pid)
		snprintf(text, 420, "%s  (pid %" PRIu32 ")", program, process->pid);
	else
		snprintf(text, 420, "%s %" PRIx32, program, item->nonce);
}

void tl_paint_header(const struct tl_paint *paint, const struct tl_row_item *item, struct tl_rect rect)
{
	const struct tl_view *view = paint->view;
	struct tl_rect whole = {view->layout.gutter.x, rect.y, view->layout.gutter.w + rect.w, rect.h};
	int pad = tl_paint_px(paint, 10), x = whole.x + pad + (item->is_name ? pad : 0), y = whole.y + whole.h / 2;
	unsigned worst = item->folded ? item->worst : 0;
	char text[420], count[48];
	int w;

	tl_draw_rect(paint->draw, whole, paint->colors[TL_COLOR_PANEL]);
	tl_draw_rect(paint->draw, (struct tl_rect){whole.x, whole.y, whole.w, 1}, paint->colors[TL_COLOR_BORDER]);
	paint_triangle(paint, x, y, item->folded);
	x += pad;
	if (item->is_name)
		stem_text(view, view->list.rows.items[item->first], text);
	else
		process_text(view, item, text);
	w = tl_paint_text(paint, item->is_name ? TL_FONT_TEXT : TL_FONT_BOLD, x, y, whole.x + whole.w - x - 10 * pad,
			  paint->colors[TL_COLOR_TEXT], text);
	snprintf(count, sizeof count, "%" PRIu32 " task%s", item->n, item->n == 1 ? "" : "s");
	w += tl_paint_text(paint, TL_FONT_SMALL, x + w + pad, y, 8 * pad, paint->colors[TL_COLOR_DIM], count);
	if (worst)
		tl_theme_severity(view->theme, paint->draw, (float)(x + w + 2 * pad + tl_flag_sign_size(view)),
				  (float)y, (float)tl_flag_sign_size(view), (enum tl_severity)(worst - 1));
}
