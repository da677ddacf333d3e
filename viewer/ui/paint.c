/* The whole picture, in the order in which its parts lie over one another. */
#include "viewer/ui/paint.h"

#include <inttypes.h>
#include <string.h>

#include "viewer/base/text.h"

int tl_paint_text(const struct tl_paint *paint, enum tl_font font, int x, int y, int width, uint32_t color,
		  const char *text)
{
	int h = tl_draw_line_height(paint->draw, font);

	return tl_draw_text_fit(paint->draw, font, x, y - h / 2, width, color, text);
}

char *tl_object_text(const struct tl_view *view, uint32_t object, char buffer[TL_SPAN_TEXT])
{
	const struct tl_object *o = &view->data.model->objects.items[object];
	const struct tl_check *check = view->data.check;
	const char *name = check && check->state ? tl_state_object_name(check->state, o->nonce, o->address) : "";
	char escaped[160], id[TL_OBJECT_ID_TEXT];

	buffer[0] = '\0';
	if (object == 0)
		return buffer;
	tl_text_escape_to(escaped, sizeof escaped, name);
	if (escaped[0])
		snprintf(buffer, TL_SPAN_TEXT, "%s (%s)", escaped, tl_object_id_text(o->address, id));
	else
		snprintf(buffer, TL_SPAN_TEXT, "%s", tl_object_id_text(o->address, id));
	return buffer;
}

char *tl_wait_text(const struct tl_view *view, unsigned reason, uint32_t object, char buffer[TL_SPAN_TEXT])
{
	const struct tl_check *check = view->data.check;
	const struct tl_task *joined = reason == TL_REASON_JOIN && check && check->state
					       ? tl_state_find_task(check->state,
								    view->data.model->objects.items[object].address)
					       : NULL;
	char label[TL_TASK_LABEL];

	if (!joined)
		return tl_object_text(view, object, buffer);
	snprintf(buffer, TL_SPAN_TEXT, "%s", tl_task_label(joined, label));
	return buffer;
}

char *tl_span_text(const struct tl_view *view, const struct tl_row *row, size_t i, char buffer[TL_SPAN_TEXT])
{
	const struct tl_span span = tl_row_span(row, i);
	char object[TL_SPAN_TEXT];

	if (tl_look_state(span.look) != TL_TASK_BLOCKED)
		snprintf(buffer, TL_SPAN_TEXT, "%s", tl_look_text(span.look));
	else
		snprintf(buffer, TL_SPAN_TEXT, "%s %.200s", tl_reason_text(span.reason),
			 tl_wait_text(view, span.reason, span.object, object));
	return buffer;
}

static void paint_all(const struct tl_paint *paint)
{
	const struct tl_layout *layout = &paint->view->layout;
	struct tl_rect all = {0, 0, layout->width, layout->height};

	tl_draw_clip(paint->draw, all);
	tl_draw_rect(paint->draw, all, paint->colors[TL_COLOR_BACK]);
	tl_paint_rows(paint);
	tl_paint_edges(paint);
	tl_paint_path(paint);
	tl_paint_flags(paint);
	tl_paint_ruler(paint);
	tl_paint_notes(paint);
	tl_paint_measure(paint);
	tl_draw_clip(paint->draw, all);
	tl_paint_overview(paint);
	tl_paint_note(paint);
	tl_paint_findings(paint);
}

void tl_view_draw(struct tl_view *view, struct tl_draw *draw)
{
	size_t n = view->layout.rows.w > 0 ? (size_t)view->layout.rows.w : 0;
	struct tl_paint paint = {view, draw, view->theme->colors, tl_view_scale(view), NULL, NULL, NULL, n, 0};
	struct tl_rect all = {0, 0, view->layout.width, view->layout.height};

	tl_draw_clear(draw);
	view->dirty = false;
	paint.bounds = malloc((n + 1) * sizeof *paint.bounds);
	paint.columns = malloc((n + 1) * sizeof *paint.columns);
	paint.crowd = malloc((n + 1) * sizeof *paint.crowd);
	if (paint.bounds && paint.columns && paint.crowd) {
		tl_timescale_bounds(&view->time, paint.bounds, n);
		paint_all(&paint);
		view->details_height = tl_paint_details(&paint);
		view->drawer.height = tl_paint_drawer(&paint);
		tl_draw_clip(draw, all);
		tl_paint_status(&paint);
		tl_paint_tooltip(&paint);
		tl_paint_prompt(&paint);
		if (view->help)
			tl_paint_help(&paint);
	} else {
		draw->failed = true;
	}
	free(paint.bounds);
	free(paint.columns);
	free(paint.crowd);
}
