/*
 * What is known of the selection: the finding with its proofs, or the span with
 * its times, its waker and its stack; with nothing selected, the legend.
 */
#include "viewer/ui/paint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"

/* Where the next line goes. */
struct pen {
	const struct tl_paint *paint;
	int x, y, w;
};

static int line_height(const struct pen *pen, enum tl_font font)
{
	return tl_draw_line_height(pen->paint->draw, font) + tl_paint_px(pen->paint, 2);
}

static bool in_sight(const struct pen *pen, int h)
{
	const struct tl_rect *panel = &pen->paint->view->layout.details;

	return pen->y + h > panel->y && pen->y < panel->y + panel->h;
}

static void write_line(struct pen *pen, enum tl_font font, int indent, enum tl_color color, const char *text)
{
	int h = line_height(pen, font);

	if (in_sight(pen, h))
		tl_draw_text_fit(pen->paint->draw, font, pen->x + indent, pen->y, pen->w - indent,
				 pen->paint->colors[color], text);
	pen->y += h;
}

static void space(struct pen *pen, double logical)
{
	pen->y += tl_paint_px(pen->paint, logical);
}

/* Bytes of `text` that go onto one line, cut at a space where there is one. */
static unsigned wrap(const struct pen *pen, enum tl_font font, int width, const char *text)
{
	unsigned size = (unsigned)strlen(text), cut = tl_fonts_cut(pen->paint->draw->fonts, font, text, size, width);
	unsigned at = cut;

	if (cut >= size)
		return size;
	while (at > 0 && text[at] != ' ')
		at--;
	return at > 0 ? at : cut > 0 ? cut : 1;
}

static void write_wrapped(struct pen *pen, enum tl_font font, int indent, enum tl_color color, const char *raw)
{
	char text[700], line[400];
	const char *p = text;

	tl_text_escape_to(text, sizeof text, raw);
	while (*p) {
		unsigned n = wrap(pen, font, pen->w - indent, p);

		snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), p);
		write_line(pen, font, indent, color, line);
		p += n;
		p += *p == ' ';
	}
}

static void write_head(struct pen *pen, const char *text)
{
	space(pen, 9);
	write_line(pen, TL_FONT_BOLD, 0, TL_COLOR_TEXT, text);
	space(pen, 2);
}

static void write_pair(struct pen *pen, const char *label, const char *value)
{
	int indent = tl_paint_px(pen->paint, label[0] >= '0' && label[0] <= '9' ? 110 : 82), y = pen->y;
	int drop = tl_draw_line_height(pen->paint->draw, TL_FONT_TEXT) -
		   tl_draw_line_height(pen->paint->draw, TL_FONT_SMALL);

	if (!value[0])
		return;
	if (in_sight(pen, line_height(pen, TL_FONT_TEXT)))
		tl_draw_text_fit(pen->paint->draw, TL_FONT_SMALL, pen->x, y + drop / 2,
				 indent - tl_paint_px(pen->paint, 4), pen->paint->colors[TL_COLOR_DIM], label);
	write_wrapped(pen, TL_FONT_TEXT, indent, TL_COLOR_TEXT, value);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void write_frame(struct pen *pen, size_t i, const struct tl_frame *frame)
{
	char function[300], text[420], escaped[300];
	int indent = tl_paint_px(pen->paint, 24);

	tl_text_escape_to(function, sizeof function, frame->function);
	if (frame->function)
		snprintf(text, sizeof text, "%zu  %s%s", i, function, frame->is_inline ? "  (inlined)" : "");
	else
		snprintf(text, sizeof text, "%zu  0x%" PRIx64, i, frame->address);
	write_line(pen, TL_FONT_MONO, 0, TL_COLOR_TEXT, text);
	if (frame->file) {
		tl_text_escape_to(escaped, sizeof escaped, base_name(frame->file));
		snprintf(text, sizeof text, "%s:%d", escaped, frame->line);
		write_line(pen, TL_FONT_SMALL, indent, TL_COLOR_ACCENT, text);
	} else if (frame->module) {
		tl_text_escape_to(escaped, sizeof escaped, frame->module);
		write_line(pen, TL_FONT_SMALL, indent, TL_COLOR_DIM, escaped);
	}
}

static void write_stack(struct pen *pen, uint32_t nonce, uint32_t stack, const char *head)
{
	struct tl_symbols *symbols = pen->paint->view->data.symbols;
	const struct tl_frame *frames;
	size_t n = 0;

	if (stack == 0)
		return;
	write_head(pen, head);
	frames = symbols ? tl_symbols_stack(symbols, nonce, stack, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		write_frame(pen, i, &frames[i]);
	if (n == 0)
		write_line(pen, TL_FONT_TEXT, 0, TL_COLOR_DIM, "not in the trace");
}

/* Who ended a wait, or created the task, and how long it took from there. */
static void write_cause(struct pen *pen, const struct tl_edge *edge)
{
	const struct tl_view *view = pen->paint->view;
	char label[TL_TASK_LABEL], a[TL_TIME_TEXT], b[TL_TIME_TEXT], text[300];

	if (!edge || edge->from_row >= view->data.model->rows.n)
		return;
	tl_view_label(view, edge->from_row, label);
	write_pair(pen, edge->kind == TL_EDGE_CREATE ? "created by" : "woken by", label);
	snprintf(text, sizeof text, "%s  (%s before it ran)", tl_text_time(a, edge->from_ns),
		 tl_text_duration(b, edge->to_ns - edge->from_ns));
	write_pair(pen, "at", text);
}

static const struct tl_edge *cause_of_end(const struct tl_row *row, size_t i)
{
	for (size_t next = i; next < row->spans.n && next < i + 3; next++) {
		const struct tl_edge *edge = tl_model_cause(row, next);

		if (edge || (next > i && row->spans.items[next].look == TL_LOOK_RUNNING))
			return edge;
	}
	return NULL;
}

static void write_times(struct pen *pen, const struct tl_row *row, size_t i)
{
	const struct tl_model *model = pen->paint->view->data.model;
	int64_t begin_ns = row->spans.items[i].begin_ns, end_ns = tl_model_span_end(model, row, i);
	bool open = i + 1 == row->spans.n;
	char a[TL_TIME_TEXT], b[TL_TIME_TEXT], text[3 * TL_TIME_TEXT];

	write_pair(pen, "from", tl_text_time(a, begin_ns));
	snprintf(text, sizeof text, "%s%s", tl_text_time(a, end_ns), open ? "  (end of the trace)" : "");
	write_pair(pen, "to", text);
	snprintf(text, sizeof text, "%s%s  (%s)", open ? "at least " : "", tl_text_duration(b, end_ns - begin_ns),
		 tl_text_time(a, end_ns - begin_ns));
	write_pair(pen, "duration", text);
}

/* The program's own remarks within a span; of very many, the first. */
static void write_marks(struct pen *pen, const struct tl_row *row, size_t span)
{
	const struct tl_model *model = pen->paint->view->data.model;
	int64_t begin_ns = row->spans.items[span].begin_ns, end_ns = tl_model_span_end(model, row, span);
	char time[TL_TIME_TEXT], text[300];

	if (!row->extra)
		return;
	for (size_t i = tl_model_mark_from(row, begin_ns), n = 0; i < row->extra->marks.n && n < 20; i++, n++) {
		const struct tl_mark *mark = &row->extra->marks.items[i];

		if (mark->time_ns >= end_ns)
			break;
		if (n == 0)
			write_head(pen, "Marks");
		snprintf(text, sizeof text, "%.200s", mark->text);
		write_pair(pen, tl_text_time(time, mark->time_ns), text);
	}
}

static void write_span(struct pen *pen, struct tl_spot spot)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_row *row = &view->data.model->rows.items[spot.row];
	const struct tl_span *span = &row->spans.items[spot.span];
	bool blocked = tl_look_state(span->look) == TL_TASK_BLOCKED;
	char text[TL_SPAN_TEXT];

	snprintf(text, sizeof text, "%s%s", blocked && spot.span + 1u == row->spans.n ? "still " : "",
		 tl_look_text(span->look));
	write_pair(pen, "state", text);
	if (blocked) {
		write_pair(pen, "reason", tl_reason_text(span->reason));
		write_pair(pen, "object", tl_object_text(view, span->object, text));
		snprintf(text, sizeof text, "%" PRIu32, span->wait);
		write_pair(pen, "wait", text);
	}
	if (span->look == TL_LOOK_RUNNING && span->cause != TL_CAUSE_UNKNOWN)
		write_pair(pen, "started by", tl_cause_text(span->cause));
	write_times(pen, row, spot.span);
	write_cause(pen, cause_of_end(row, spot.span));
	write_marks(pen, row, spot.span);
	write_stack(pen, tl_task_process(row->task), span->stack, blocked ? "Where it waits" : "Where it was created");
}

static void write_task(struct pen *pen, uint32_t at)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_check *check = view->data.check;
	const struct tl_task *task = check && check->state ? tl_state_task_at(check->state, at) : NULL;
	char text[200], label[TL_TASK_LABEL];

	write_line(pen, TL_FONT_BOLD, 0, TL_COLOR_ACCENT, tl_view_label(view, at, label));
	space(pen, 3);
	if (!task)
		return;
	snprintf(text, sizeof text, "%s %" PRIu32, tl_task_kind_text(task->kind), (uint32_t)task->id);
	if (task->carrier)
		snprintf(text + strlen(text), sizeof text - strlen(text), ", OS thread %" PRIu32, task->carrier);
	if (task->process && task->process->pid)
		snprintf(text + strlen(text), sizeof text - strlen(text), ", pid %" PRIu32, task->process->pid);
	write_pair(pen, "task", text);
	if (task->lost) {
		snprintf(text, sizeof text, "%" PRIu64 " events missing", task->lost);
		write_pair(pen, "lost", text);
	}
}

static void write_proof(struct pen *pen, const struct tl_proof *proof, size_t i)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_task *task = tl_state_find_task(view->data.check->state, proof->task);
	char time[TL_TIME_TEXT], label[TL_TASK_LABEL] = "?", text[300], head[64];

	if (task)
		tl_task_label(task, label);
	snprintf(head, sizeof head, "Event %zu: %s", i + 1,
		 proof->kind < TL_N_EVENT_KINDS ? tl_kinds[proof->kind].name : "?");
	write_head(pen, head);
	write_pair(pen, "task", label);
	write_pair(pen, "time", tl_text_time(time, tl_model_time(view->data.model, proof->time_ns)));
	snprintf(text, sizeof text, "%.280s", proof->note ? proof->note : "");
	write_pair(pen, "shows", text);
	write_stack(pen, tl_task_process(proof->task), proof->stack, "Stack");
}

static void write_finding(struct pen *pen, const struct tl_finding *finding)
{
	char text[200];

	write_wrapped(pen, TL_FONT_BOLD, 0, TL_COLOR_TEXT, finding->message);
	space(pen, 4);
	write_pair(pen, "rule", finding->rule);
	snprintf(text, sizeof text, "%s, %s", tl_severity_text(finding->severity),
		 tl_certainty_text(finding->certainty));
	write_pair(pen, "severity", text);
	if (finding->count > 1) {
		snprintf(text, sizeof text, "%" PRIu64 " times, %zu task%s", finding->count, finding->n_tasks,
			 finding->n_tasks == 1 ? "" : "s");
		write_pair(pen, "count", text);
	}
	if (finding->meaning && finding->meaning[0])
		write_pair(pen, "means", finding->meaning);
	if (finding->evidence && finding->evidence[0])
		write_pair(pen, "evidence", finding->evidence);
	for (size_t i = 0; i < finding->n_proofs && i < TL_FINDING_PROOFS; i++)
		write_proof(pen, &finding->proofs[i], i);
}

static void write_legend_line(struct pen *pen, enum tl_look look, const char *text)
{
	const struct tl_paint *paint = pen->paint;
	struct tl_rect bar = {pen->x, pen->y + 1, tl_paint_px(paint, 44), tl_paint_px(paint, 15)};
	int h = bar.h + tl_paint_px(paint, 6);

	if (in_sight(pen, h)) {
		tl_theme_bar(paint->view->theme, paint->draw, bar, look, tl_paint_px(paint, 6));
		tl_paint_text(paint, TL_FONT_TEXT, bar.x + bar.w + tl_paint_px(paint, 8), bar.y + bar.h / 2,
			      pen->w - bar.w - tl_paint_px(paint, 8), paint->colors[TL_COLOR_TEXT], text);
	}
	pen->y += h;
}

static void write_legend_ends(struct pen *pen)
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

static void write_trace(struct pen *pen)
{
	const struct tl_view_data *data = &pen->paint->view->data;
	char text[160], duration[TL_TIME_TEXT];

	if (data->check)
		write_pair(pen, "host", data->check->info.host);
	write_pair(pen, "length", tl_text_duration(duration, data->model->end_ns));
	snprintf(text, sizeof text, "%" PRIu64 " of %zu tasks", tl_view_events(data), data->model->rows.n);
	write_pair(pen, "events", text);
}

#define LEGEND_COLUMN_PX 218

static void write_legend(struct pen *pen)
{
	static const uint8_t shown[] = {TL_LOOK_RUNNING, TL_LOOK_RUNNABLE, TL_LOOK_LOCK, TL_LOOK_WAIT,
					TL_LOOK_IDLE,    TL_LOOK_CREATED,  TL_LOOK_GAP};
	int column = tl_paint_px(pen->paint, LEGEND_COLUMN_PX);
	bool two_columns = pen->w >= column * 2 - tl_paint_px(pen->paint, 10);
	struct pen left;
	int below = 0;
	char title[300];

	tl_text_escape_to(title, sizeof title, base_name(pen->paint->view->data.title));
	write_line(pen, TL_FONT_BOLD, 0, TL_COLOR_TEXT, title);
	space(pen, 3);
	write_trace(pen);
	space(pen, 8);
	/* A wide panel is a low one: what does not fit below goes beside. */
	left = *pen;
	for (size_t i = 0; i < sizeof shown; i++) {
		if (two_columns && shown[i] == TL_LOOK_CREATED)
			*pen = (struct pen){pen->paint, left.x + column, left.y, left.w - column};
		write_legend_line(pen, (enum tl_look)shown[i], tl_look_text((enum tl_look)shown[i]));
		if (shown[i] == TL_LOOK_IDLE)
			below = pen->y;
	}
	write_legend_ends(pen);
	*pen = (struct pen){pen->paint, left.x, pen->y > below ? pen->y : below, left.w};
	space(pen, 4);
	write_wrapped(
		pen, TL_FONT_SMALL, 0, TL_COLOR_DIM,
		"Click a state for what it waits for, who woke it and where. N goes to the next finding, ? shows all keys.");
}

int tl_paint_details(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect panel = view->layout.details;
	int pad = tl_paint_px(paint, 10), top = panel.y + tl_paint_px(paint, 10);
	struct pen pen = {paint, panel.x + pad, top - view->details_scroll, panel.w - 2 * pad};
	const struct tl_finding *finding = tl_view_finding(view);

	if (panel.w <= 2 * pad || panel.h == 0)
		return 0;
	tl_draw_clip(paint->draw, panel);
	tl_draw_rect(paint->draw, panel, paint->colors[TL_COLOR_PANEL]);
	tl_draw_rect(paint->draw, (struct tl_rect){panel.x, panel.y, 1, panel.h}, paint->colors[TL_COLOR_BORDER]);
	tl_draw_rect(paint->draw, (struct tl_rect){panel.x, panel.y, panel.w, 1}, paint->colors[TL_COLOR_BORDER]);
	if (finding) {
		write_finding(&pen, finding);
	} else if (view->selected.row != TL_NONE) {
		write_task(&pen, view->selected.row);
		if (view->selected.span != TL_NONE)
			write_span(&pen, view->selected);
	} else {
		write_legend(&pen);
	}
	return pen.y + view->details_scroll - panel.y + pad;
}
