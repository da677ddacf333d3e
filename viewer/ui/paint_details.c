/*
 * What is known of the selection: the finding with its proofs, or the span with
 * its times, its waker and its stack; with nothing selected, the legend.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/rules/help.h"
#include "viewer/ui/pen.h"

static void write_frame(struct tl_pen *pen, size_t i, const struct tl_frame *frame)
{
	char function[300], text[420], escaped[300];
	int indent = tl_paint_px(pen->paint, 24);

	tl_text_escape_to(function, sizeof function, frame->function);
	if (frame->function)
		snprintf(text, sizeof text, "%zu  %s%s", i, function, frame->is_inline ? "  (inlined)" : "");
	else
		snprintf(text, sizeof text, "%zu  0x%" PRIx64, i, frame->address);
	tl_pen_line(pen, TL_FONT_MONO, 0, TL_COLOR_TEXT, text);
	if (frame->file) {
		tl_text_escape_to(escaped, sizeof escaped, tl_base_name(frame->file));
		snprintf(text, sizeof text, "%s:%d", escaped, frame->line);
		tl_pen_line(pen, TL_FONT_SMALL, indent, TL_COLOR_ACCENT, text);
	} else if (frame->module) {
		tl_text_escape_to(escaped, sizeof escaped, frame->module);
		tl_pen_line(pen, TL_FONT_SMALL, indent, TL_COLOR_DIM, escaped);
	}
}

#define AROUND 1 /* lines of code before and after */

/* The line of code and what is around it; false: the file is not there. */
static bool write_code(struct tl_pen *pen, const struct tl_frame *frame)
{
	struct tl_listing *sources = pen->paint->view->sources;
	char raw[300], text[400], line[420];

	if (!frame->file || !tl_listing_line(sources, frame->file, frame->line, raw, sizeof raw))
		return false;
	for (int i = frame->line - AROUND; i <= frame->line + AROUND; i++) {
		if (!tl_listing_line(sources, frame->file, i, raw, sizeof raw))
			continue;
		for (char *c = raw; *c; c++)
			*c = *c == '\t' ? ' ' : *c;
		tl_text_escape_to(text, sizeof text, raw);
		snprintf(line, sizeof line, "%5d  %s", i, text);
		tl_pen_line(pen, TL_FONT_MONO, 0, i == frame->line ? TL_COLOR_TEXT : TL_COLOR_DIM, line);
	}
	tl_pen_space(pen, 3);
	return true;
}

static void write_stack(struct tl_pen *pen, uint32_t nonce, uint32_t stack, const char *head)
{
	struct tl_symbols *symbols = pen->paint->view->data.symbols;
	const struct tl_frame *frames;
	size_t n = 0, shown = 0;

	if (stack == 0)
		return;
	tl_pen_head(pen, head);
	frames = symbols ? tl_symbols_stack(symbols, nonce, stack, &n) : NULL;
	for (size_t i = 0; i < n; i++) {
		write_frame(pen, i, &frames[i]);
		shown += shown < 2 && write_code(pen, &frames[i]);
	}
	if (n == 0)
		tl_pen_line(pen, TL_FONT_TEXT, 0, TL_COLOR_DIM, "not in the trace");
}

/* Who ended a wait, or created the task, and how long it took from there. */
static void write_cause(struct tl_pen *pen, const struct tl_edge *edge)
{
	const struct tl_view *view = pen->paint->view;
	char label[TL_TASK_LABEL], a[TL_TIME_TEXT], b[TL_TIME_TEXT], text[300];

	if (!edge || edge->from_row >= view->data.model->rows.n)
		return;
	tl_view_label(view, edge->from_row, label);
	tl_pen_pair(pen, edge->kind == TL_EDGE_CREATE ? "created by" : "woken by", label);
	snprintf(text, sizeof text, "%s  (%s before it ran)", tl_text_time(a, edge->from_ns),
		 tl_text_duration(b, edge->to_ns - edge->from_ns));
	tl_pen_pair(pen, "at", text);
}

static const struct tl_edge *cause_of_end(const struct tl_row *row, size_t i)
{
	for (size_t next = i; next < row->spans.n && next < i + 3; next++) {
		const struct tl_edge *edge = tl_model_cause(row, next);

		if (edge || (next > i && tl_row_look(row, next) == TL_LOOK_RUNNING))
			return edge;
	}
	return NULL;
}

static void write_times(struct tl_pen *pen, const struct tl_row *row, size_t i)
{
	const struct tl_model *model = pen->paint->view->data.model;
	int64_t begin_ns = tl_row_begin(row, i), end_ns = tl_model_span_end(model, row, i);
	bool open = i + 1 == row->spans.n;
	char a[TL_TIME_TEXT], b[TL_TIME_TEXT], text[3 * TL_TIME_TEXT];

	tl_pen_pair(pen, "from", tl_text_time(a, begin_ns));
	snprintf(text, sizeof text, "%s%s", tl_text_time(a, end_ns), open ? "  (end of the trace)" : "");
	tl_pen_pair(pen, "to", text);
	snprintf(text, sizeof text, "%s%s  (%s)", open ? "at least " : "", tl_text_duration(b, end_ns - begin_ns),
		 tl_text_time(a, end_ns - begin_ns));
	tl_pen_pair(pen, "duration", text);
}

/* The program's own remarks within a span; of very many, the first. */
static void write_marks(struct tl_pen *pen, const struct tl_row *row, size_t span)
{
	const struct tl_model *model = pen->paint->view->data.model;
	int64_t begin_ns = tl_row_begin(row, span), end_ns = tl_model_span_end(model, row, span);
	char time[TL_TIME_TEXT], text[300];

	if (!row->extra)
		return;
	for (size_t i = tl_model_mark_from(row, begin_ns), n = 0; i < row->extra->marks.n && n < 20; i++, n++) {
		const struct tl_mark *mark = &row->extra->marks.items[i];

		if (mark->time_ns >= end_ns)
			break;
		if (n == 0)
			tl_pen_head(pen, "Marks");
		snprintf(text, sizeof text, "%.200s", mark->text);
		tl_pen_pair(pen, tl_text_time(time, mark->time_ns), text);
	}
}

static void write_span(struct tl_pen *pen, struct tl_spot spot)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_row *row = &view->data.model->rows.items[spot.row];
	const struct tl_span span = tl_row_span(row, spot.span);
	bool blocked = tl_look_state(span.look) == TL_TASK_BLOCKED;
	char text[TL_SPAN_TEXT];

	snprintf(text, sizeof text, "%s%s", blocked && spot.span + 1u == row->spans.n ? "still " : "",
		 tl_look_text(span.look));
	tl_pen_pair(pen, "state", text);
	if (blocked) {
		tl_pen_pair(pen, "reason", tl_reason_text(span.reason));
		tl_pen_pair(pen, span.reason == TL_REASON_JOIN ? "end of" : "object",
			    tl_wait_text(view, span.reason, span.object, text));
		snprintf(text, sizeof text, "%" PRIu32, span.wait);
		tl_pen_pair(pen, "wait", text);
	}
	if (span.look == TL_LOOK_RUNNING && span.cause != TL_CAUSE_UNKNOWN)
		tl_pen_pair(pen, "started by", tl_cause_text(span.cause));
	write_times(pen, row, spot.span);
	write_cause(pen, cause_of_end(row, spot.span));
	write_marks(pen, row, spot.span);
	write_stack(pen, tl_task_process(row->task), span.stack, blocked ? "Where it waits" : "Where it was created");
}

static void write_task(struct tl_pen *pen, uint32_t at)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_check *check = view->data.check;
	const struct tl_task *task = check && check->state ? tl_state_task_at(check->state, at) : NULL;
	char text[200], label[TL_TASK_LABEL];

	tl_pen_line(pen, TL_FONT_BOLD, 0, TL_COLOR_ACCENT, tl_view_label(view, at, label));
	tl_pen_space(pen, 3);
	if (!task)
		return;
	snprintf(text, sizeof text, "%s %" PRIu32, tl_task_kind_text(task->kind), (uint32_t)task->id);
	if (task->carrier)
		snprintf(text + strlen(text), sizeof text - strlen(text), ", OS thread %" PRIu32, task->carrier);
	if (task->process && task->process->pid)
		snprintf(text + strlen(text), sizeof text - strlen(text), ", pid %" PRIu32, task->process->pid);
	tl_pen_pair(pen, "task", text);
	if (task->lost) {
		snprintf(text, sizeof text, "%" PRIu64 " events missing", task->lost);
		tl_pen_pair(pen, "lost", text);
	}
}

static void write_proof(struct tl_pen *pen, const struct tl_proof *proof, size_t i)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_task *task = tl_state_find_task(view->data.check->state, proof->task);
	char time[TL_TIME_TEXT], label[TL_TASK_LABEL] = "?", text[300], head[64];

	if (task)
		tl_task_label(task, label);
	snprintf(head, sizeof head, "Event %zu: %s", i + 1,
		 proof->kind < TL_N_EVENT_KINDS ? tl_kinds[proof->kind].name : "?");
	tl_pen_head(pen, head);
	tl_pen_pair(pen, "task", label);
	tl_pen_pair(pen, "time", tl_text_time(time, tl_model_time(view->data.model, proof->time_ns)));
	snprintf(text, sizeof text, "%.280s", proof->note ? proof->note : "");
	tl_pen_pair(pen, "shows", text);
	write_stack(pen, tl_task_process(proof->task), proof->stack, "Stack");
}

/* What `threadline check --explain` says about the rule. */
static void write_help(struct tl_pen *pen, const char *rule)
{
	const struct tl_rule_help *help = tl_rule_help_find(rule);
	const struct {
		const char *head, *text;
		enum tl_font font;
	} parts[] = {{"What it means", help ? help->means : NULL, TL_FONT_TEXT},
		     {"For example", help ? help->example : NULL, TL_FONT_MONO},
		     {"What to do", help ? help->fix : NULL, TL_FONT_TEXT},
		     {"When it is a false alarm", help ? help->false_alarm : NULL, TL_FONT_TEXT}};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (!parts[i].text || !parts[i].text[0])
			continue;
		tl_pen_head(pen, parts[i].head);
		if (parts[i].font == TL_FONT_MONO)
			tl_pen_verbatim(pen, parts[i].text);
		else
			tl_pen_paragraphs(pen, parts[i].text);
	}
}

static void write_finding(struct tl_pen *pen, const struct tl_finding *finding)
{
	char text[200];

	tl_pen_wrapped(pen, TL_FONT_BOLD, 0, TL_COLOR_TEXT, finding->message);
	tl_pen_space(pen, 4);
	tl_pen_pair(pen, "rule", finding->rule);
	snprintf(text, sizeof text, "%s, %s", tl_severity_text(finding->severity),
		 tl_certainty_text(finding->certainty));
	tl_pen_pair(pen, "severity", text);
	if (finding->count > 1) {
		snprintf(text, sizeof text, "%" PRIu64 " times, %zu task%s", finding->count, finding->n_tasks,
			 finding->n_tasks == 1 ? "" : "s");
		tl_pen_pair(pen, "count", text);
	}
	if (finding->meaning && finding->meaning[0])
		tl_pen_pair(pen, "means", finding->meaning);
	if (finding->evidence && finding->evidence[0])
		tl_pen_pair(pen, "evidence", finding->evidence);
	for (size_t i = 0; i < finding->n_proofs && i < TL_FINDING_PROOFS; i++)
		write_proof(pen, &finding->proofs[i], i);
	write_help(pen, finding->rule);
}

static void write_details(struct tl_pen *pen)
{
	const struct tl_view *view = pen->paint->view;
	const struct tl_finding *finding = tl_view_finding(view);

	if (finding) {
		write_finding(pen, finding);
	} else if (view->selected.row != TL_NONE) {
		write_task(pen, view->selected.row);
		if (view->selected.span != TL_NONE)
			write_span(pen, view->selected);
	} else {
		tl_paint_legend(pen);
	}
}

int tl_paint_details(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect panel = view->layout.details;
	int pad = tl_paint_px(paint, 10), top = panel.y + tl_paint_px(paint, 10);
	struct tl_pen pen = {paint, panel.x + pad, top - view->details_scroll, panel.w - 2 * pad, panel, NULL};
	int height;

	if (panel.w <= 2 * pad || panel.h == 0)
		return 0;
	tl_draw_clip(paint->draw, panel);
	tl_draw_rect(paint->draw, panel, paint->colors[TL_COLOR_PANEL]);
	tl_draw_rect(paint->draw, (struct tl_rect){panel.x, panel.y, 1, panel.h}, paint->colors[TL_COLOR_BORDER]);
	tl_draw_rect(paint->draw, (struct tl_rect){panel.x, panel.y, panel.w, 1}, paint->colors[TL_COLOR_BORDER]);
	write_details(&pen);
	height = pen.y + view->details_scroll - panel.y + pad;
	tl_paint_scrollbar(paint, panel, height, view->details_scroll);
	return height;
}

char *tl_details_text(const struct tl_view *view)
{
	struct tl_draw draw;
	struct tl_paint paint = {.view = view, .draw = &draw, .colors = view->theme->colors, .scale = 1};
	struct tl_pen pen = {.paint = &paint, .w = 100000};
	char *text = NULL;
	size_t size = 0;

	pen.out = open_memstream(&text, &size);
	if (!pen.out)
		return NULL;
	tl_draw_init(&draw, view->data.fonts);
	write_details(&pen);
	tl_draw_finish(&draw);
	if (fclose(pen.out) == 0)
		return text;
	free(text);
	return NULL;
}
