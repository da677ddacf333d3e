/* Around the rows: the note of what is missing, the list of findings, the status bar. */
#include "viewer/ui/paint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"

#define HEAD_H 34

void tl_paint_note(const struct tl_paint *paint)
{
	struct tl_rect note = paint->view->layout.note;
	int size = tl_paint_px(paint, 13), pad = tl_paint_px(paint, 10);
	char text[400];

	if (note.h == 0)
		return;
	tl_text_escape_to(text, sizeof text, paint->view->note);
	tl_draw_rect(paint->draw, note, paint->colors[TL_COLOR_NOTE]);
	tl_theme_severity(paint->view->theme, paint->draw, (float)(note.x + pad) + (float)size / 2,
			  (float)note.y + (float)note.h / 2, (float)size, TL_WARNING);
	tl_paint_text(paint, TL_FONT_TEXT, note.x + 2 * pad + size, note.y + note.h / 2, note.w - 3 * pad - size,
		      paint->colors[TL_COLOR_NOTE_TEXT], text);
}

static void paint_panel(const struct tl_paint *paint, struct tl_rect rect)
{
	tl_draw_rect(paint->draw, rect, paint->colors[TL_COLOR_PANEL]);
	tl_draw_rect(paint->draw, (struct tl_rect){rect.x, rect.y, 1, rect.h}, paint->colors[TL_COLOR_BORDER]);
	tl_draw_rect(paint->draw, (struct tl_rect){rect.x, rect.y, rect.w, 1}, paint->colors[TL_COLOR_BORDER]);
}

/* Is the finding of the rule of the one at `place`? */
static bool is_alike(const struct tl_view *view, size_t place, const char *rule)
{
	return place < view->n_findings &&
	       strcmp(view->data.check->findings.list.items[view->findings[place]].rule, rule) == 0;
}

static void paint_finding(const struct tl_paint *paint, size_t place, struct tl_rect line)
{
	const struct tl_view *view = paint->view;
	const struct tl_finding *finding = &view->data.check->findings.list.items[view->findings[place]];
	int pad = tl_paint_px(paint, 10), size = tl_paint_px(paint, 14);
	int x = line.x + 2 * pad + size, w = line.w - 3 * pad - size;
	int text_h = tl_draw_line_height(paint->draw, TL_FONT_TEXT), top = line.y + tl_paint_px(paint, 4);
	char message[300], under[400], time[TL_TIME_TEXT], rule[96];
	bool alone = !is_alike(view, place + 1, finding->rule) && !is_alike(view, place - 1, finding->rule);
	int n;

	if (place == view->finding)
		tl_draw_rect(paint->draw, line, tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 44));
	else if (view->mouse_inside && tl_rect_has(line, view->mouse_x, view->mouse_y))
		tl_draw_rect(paint->draw, line, paint->colors[TL_COLOR_HOVER]);
	tl_theme_severity(view->theme, paint->draw, (float)(line.x + pad) + (float)size / 2,
			  (float)top + (float)text_h / 2, (float)size, finding->severity);
	tl_text_escape_to(message, sizeof message, finding->message);
	tl_text_escape_to(rule, sizeof rule, finding->rule);
	tl_draw_text_fit(paint->draw, TL_FONT_TEXT, x, top, w, paint->colors[TL_COLOR_TEXT], message);
	tl_text_time(time, tl_model_time(view->data.model, finding->time_ns));
	/* The rule is said once: here, or in the line above all its findings. */
	n = snprintf(under, sizeof under, "%s%s", alone ? rule : "", alone ? "  \xc2\xb7  " : "");
	if (finding->count > 1)
		n += snprintf(under + n, sizeof under - (size_t)n, "%" PRIu64 "\xc3\x97  \xc2\xb7  ", finding->count);
	snprintf(under + n, sizeof under - (size_t)n, "%s", time);
	tl_draw_text_fit(paint->draw, TL_FONT_SMALL, x, top + text_h, w, paint->colors[TL_COLOR_DIM], under);
}

void tl_paint_scrollbar(const struct tl_paint *paint, struct tl_rect area, int64_t content, int scroll)
{
	int w = tl_paint_px(paint, 5), h, y;

	if (content <= area.h || area.h <= 0)
		return;
	h = (int)((int64_t)area.h * area.h / content);
	h = h < tl_paint_px(paint, 18) ? tl_paint_px(paint, 18) : h;
	y = (int)((int64_t)scroll * (area.h - h) / (content - area.h));
	tl_draw_rect(paint->draw, (struct tl_rect){area.x + area.w - w - 2, area.y + y, w, h},
		     tl_paint_fade(paint->colors[TL_COLOR_DIM], 130));
}

/* A rule with several findings: folded or not, its worst, its name, how many. */
static void paint_rule(const struct tl_paint *paint, const struct tl_finding_line *rule, struct tl_rect line)
{
	const struct tl_view *view = paint->view;
	const struct tl_finding *first = &view->data.check->findings.list.items[view->findings[rule->place]];
	int pad = tl_paint_px(paint, 10), size = tl_paint_px(paint, 12), w;
	float x = (float)(line.x + pad), y = (float)line.y + (float)line.h / 2, r = (float)size * 0.35f;
	bool folded = view->finding_list.folded[rule->place];
	struct tl_point open[] = {{x, y - r * 0.7f}, {x + 2 * r, y - r * 0.7f}, {x + r, y + r * 0.8f}};
	struct tl_point shut[] = {{x + r * 0.3f, y - r}, {x + r * 0.3f, y + r}, {x + r * 1.8f, y}};
	char text[96], count[40];
	uint64_t n = 0;

	for (uint32_t i = rule->place; i < rule->place + rule->n; i++)
		n += view->data.check->findings.list.items[view->findings[i]].count;
	tl_draw_rect(paint->draw, line, paint->colors[TL_COLOR_STRIPE]);
	if (view->mouse_inside && tl_rect_has(line, view->mouse_x, view->mouse_y))
		tl_draw_rect(paint->draw, line, paint->colors[TL_COLOR_HOVER]);
	tl_draw_polygon(paint->draw, folded ? shut : open, 3, paint->colors[TL_COLOR_DIM]);
	tl_theme_severity(view->theme, paint->draw, x + (float)size * 1.5f, y, (float)size, first->severity);
	snprintf(count, sizeof count,
		 n > rule->n ? "%" PRIu32 " findings, %" PRIu64 "\xc3\x97" : "%" PRIu32 " findings", rule->n, n);
	w = tl_draw_text_width(paint->draw, TL_FONT_SMALL, count);
	tl_paint_text(paint, TL_FONT_SMALL, line.x + line.w - pad - w, line.y + line.h / 2, w,
		      paint->colors[TL_COLOR_DIM], count);
	tl_text_escape_to(text, sizeof text, first->rule);
	tl_paint_text(paint, TL_FONT_BOLD, line.x + pad + size * 5 / 2, line.y + line.h / 2,
		      line.w - 3 * pad - size * 5 / 2 - w, paint->colors[TL_COLOR_TEXT], text);
}

static void paint_counts(const struct tl_paint *paint, struct tl_rect head)
{
	const struct tl_view *view = paint->view;
	size_t counts[3] = {0};
	int x = head.x + head.w - tl_paint_px(paint, 10), size = tl_paint_px(paint, 12);
	char text[24];

	for (size_t i = 0; i < view->n_findings; i++)
		counts[view->data.check->findings.list.items[i].severity]++;
	for (unsigned severity = TL_INFO; severity <= TL_ERROR; severity++) {
		if (!counts[severity])
			continue;
		snprintf(text, sizeof text, "%zu", counts[severity]);
		x -= tl_draw_text_width(paint->draw, TL_FONT_TEXT, text);
		tl_paint_text(paint, TL_FONT_TEXT, x, head.y + head.h / 2, head.w, paint->colors[TL_COLOR_TEXT], text);
		x -= size / 2 + tl_paint_px(paint, 6);
		tl_theme_severity(view->theme, paint->draw, (float)x, (float)head.y + (float)head.h / 2, (float)size,
				  (enum tl_severity)severity);
		x -= size / 2 + tl_paint_px(paint, 10);
	}
}

/* Why the list is empty. */
static const char *none_text(const struct tl_view *view)
{
	if (!view->data.model->sealed)
		return "Judged when everything has been read.";
	return view->data.check && view->data.model->events ? "None: the order of events makes sense."
							    : "None: there was nothing to judge.";
}

void tl_paint_findings(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect panel = view->layout.findings, list = panel, head = panel;
	int pad = tl_paint_px(paint, 10);
	size_t first;

	if (panel.w == 0 || panel.h == 0)
		return;
	head.h = tl_paint_px(paint, HEAD_H);
	list.y += head.h;
	list.h = list.h > head.h ? list.h - head.h : 0;
	tl_draw_clip(paint->draw, panel);
	paint_panel(paint, panel);
	tl_paint_text(paint, TL_FONT_BOLD, panel.x + pad, head.y + head.h / 2, panel.w - 2 * pad,
		      paint->colors[TL_COLOR_TEXT], "Findings");
	paint_counts(paint, head);
	tl_draw_clip(paint->draw, list);
	if (view->n_findings == 0)
		tl_paint_text(paint, TL_FONT_TEXT, panel.x + pad, list.y + tl_paint_px(paint, 12), panel.w - 2 * pad,
			      paint->colors[TL_COLOR_DIM], none_text(view));
	first = tl_finding_list_at(&view->finding_list, view->findings_scroll);
	for (size_t i = first; i < view->finding_list.lines.n; i++) {
		const struct tl_finding_line *l = &view->finding_list.lines.items[i];
		struct tl_rect line = {list.x + 1, list.y + l->y - view->findings_scroll, list.w - 1, l->h};

		if (line.y >= list.y + list.h)
			break;
		if (l->n)
			paint_rule(paint, l, line);
		else
			paint_finding(paint, l->place, line);
	}
	tl_paint_scrollbar(paint, list, view->finding_list.height, view->findings_scroll);
}

void tl_paint_status(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect bar = view->layout.status, rows = view->layout.rows;
	const struct tl_check *check = view->data.check;
	int pad = tl_paint_px(paint, 10), y = bar.y + bar.h / 2, x = bar.x + pad, w;
	int64_t from_ns, to_ns;
	char text[300], a[TL_TIME_TEXT], b[TL_TIME_TEXT];

	tl_draw_rect(paint->draw, bar, paint->colors[TL_COLOR_PANEL]);
	tl_draw_rect(paint->draw, (struct tl_rect){bar.x, bar.y, bar.w, 1}, paint->colors[TL_COLOR_BORDER]);
	snprintf(text, sizeof text, "%" PRIu64 " events   %zu task%s   %" PRIu64 " lost", tl_view_events(&view->data),
		 view->data.model->rows.n, view->data.model->rows.n == 1 ? "" : "s", check ? check->lost : 0);
	w = tl_draw_text_width(paint->draw, TL_FONT_SMALL, text);
	if (w < bar.w / 2)
		tl_paint_text(paint, TL_FONT_SMALL, bar.x + bar.w - pad - w, y, w,
			      paint->colors[check && check->lost ? TL_COLOR_WARNING : TL_COLOR_DIM], text);
	w = w < bar.w / 2 ? bar.w - w - 4 * pad : bar.w - 2 * pad;
	if (view->said[0]) {
		tl_paint_text(paint, TL_FONT_SMALL, x, y, w, paint->colors[TL_COLOR_TEXT], view->said);
		return;
	}
	if (view->mouse_inside && tl_rect_has(rows, view->mouse_x, view->mouse_y)) {
		snprintf(text, sizeof text, "Cursor %s",
			 tl_text_time(a, tl_timescale_time(&view->time, view->mouse_x - rows.x + 0.5)));
		tl_paint_text(paint, TL_FONT_SMALL, x, y, w, paint->colors[TL_COLOR_TEXT], text);
		/* A fixed place for the rest, so that it does not dance with the digits. */
		x += tl_draw_text_width(paint->draw, TL_FONT_SMALL, "Cursor 00000.000000000 s") + 2 * pad;
		w -= x - bar.x - pad;
	}
	from_ns = tl_timescale_time(&view->time, 0);
	to_ns = tl_timescale_time(&view->time, view->time.width_px);
	if (from_ns <= 0 && to_ns >= view->time.end_ns)
		snprintf(text, sizeof text, "All %s shown   ? for keys", tl_text_duration(a, view->time.end_ns));
	else
		snprintf(text, sizeof text, "Shown %s from %s   ? for keys", tl_text_duration(b, to_ns - from_ns),
			 tl_text_time(a, from_ns));
	if (w > 0)
		tl_paint_text(paint, TL_FONT_SMALL, x, y, w, paint->colors[TL_COLOR_DIM], text);
}
