/* The tables about wake-ups, leaks and the critical path. */
#include <inttypes.h>
#include <stdio.h>

#include "viewer/ui/panels.h"
#include "viewer/ui/walk.h"

/* ---- wake-ups: how soon who was woken ran ------------------------------------- */

static const struct tl_panel_column wake_columns[] = {{"from unblock to start", 200, false},
						      {"wake-ups", 90, true},
						      {"share", 80, true},
						      {"    of them, the longest", 0, false}};

/* Rows are buckets from the first in use to the last. */
static unsigned wake_first(const struct tl_view *view)
{
	unsigned i = 0;

	while (i < TL_SURVEY_WAKES && view->drawer.shown.wakes[i].n == 0)
		i++;
	return i;
}

static size_t wake_rows(const struct tl_view *view)
{
	unsigned last = TL_SURVEY_WAKES, first = wake_first(view);

	while (last > first && view->drawer.shown.wakes[last - 1].n == 0)
		last--;
	return last - first;
}

static const struct tl_survey_wake *wake_at(const struct tl_view *view, size_t row)
{
	return &view->drawer.shown.wakes[wake_first(view) + row];
}

static void wake_about(const struct tl_view *view, char text[TL_CELL])
{
	const struct tl_quantiles *q = &view->drawer.shown.wake_ns;
	char range[128], a[TL_TIME_TEXT], b[TL_TIME_TEXT], c[TL_TIME_TEXT], d[TL_TIME_TEXT];

	if (tl_panel_waits(view, text))
		return;
	tl_panel_range_text(view, range);
	if (q->n == 0) {
		snprintf(text, TL_CELL, "Of no wake-up is it known who woke, %s.", range);
		return;
	}
	snprintf(text, TL_CELL, "%" PRIu64 " wake-ups %s: median %s, 90 %% within %s, 99 %% within %s, at most %s.",
		 q->n, range, tl_text_duration(a, (int64_t)tl_quantiles_at(q, 500)),
		 tl_text_duration(b, (int64_t)tl_quantiles_at(q, 900)),
		 tl_text_duration(c, (int64_t)tl_quantiles_at(q, 990)), tl_text_duration(d, (int64_t)q->max));
}

static void wake_cell(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL])
{
	const struct tl_survey_wake *wake = wake_at(view, row);
	unsigned bucket = wake_first(view) + (unsigned)row;
	char a[TL_TIME_TEXT], b[TL_TIME_TEXT], label[TL_TASK_LABEL];

	text[0] = '\0';
	if (column == 0)
		snprintf(text, TL_CELL, "%s to %s", tl_text_duration(a, bucket ? (int64_t)1 << bucket : 0),
			 tl_text_duration(b, bucket < 62 ? (int64_t)2 << bucket : INT64_MAX));
	else if (column == 1)
		tl_panel_count(text, wake->n);
	else if (column == 2)
		snprintf(text, TL_CELL, "%.1f %%",
			 100 * tl_panel_part((int64_t)wake->n, (int64_t)view->drawer.shown.wake_ns.n));
	else if (wake->n)
		snprintf(text, TL_CELL, "    %s, of %s", tl_text_duration(a, wake->longest_ns),
			 tl_view_label(view, wake->row, label));
}

static double wake_bar(const struct tl_view *view, size_t row)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < TL_SURVEY_WAKES; i++)
		most = view->drawer.shown.wakes[i].n > most ? view->drawer.shown.wakes[i].n : most;
	return tl_panel_part((int64_t)wake_at(view, row)->n, (int64_t)most);
}

static bool wake_selected(const struct tl_view *view, size_t row)
{
	const struct tl_edge *edge;

	if (!tl_view_has_span(view))
		return false;
	edge = tl_model_cause(&view->data.model->rows.items[view->selected.row], view->selected.span);
	return edge && edge->kind == TL_EDGE_UNBLOCK &&
	       tl_survey_bucket(edge->to_ns - edge->from_ns) == wake_first(view) + row;
}

static void wake_go(struct tl_view *view, size_t row)
{
	const struct tl_survey_wake *wake = wake_at(view, row);
	const struct tl_edge *edge;
	size_t span;

	if (wake->n == 0)
		return;
	edge = &view->data.model->rows.items[wake->row].edges.items[wake->edge];
	span = tl_model_span_at(&view->data.model->rows.items[wake->row], edge->to_ns);
	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){wake->row, span == TL_NO_SPAN ? TL_NONE : (uint32_t)span}, edge->to_ns);
	tl_view_show(view, edge->from_ns, edge->to_ns > edge->from_ns ? edge->to_ns : edge->from_ns + 1, 0.35);
}

const struct tl_panel_ops tl_panel_wakes = {
	"wakeups", "Wake-ups", true,     wake_about,    wake_columns, sizeof wake_columns / sizeof *wake_columns,
	wake_rows, wake_cell,  wake_bar, wake_selected, wake_go};

/* ---- leaks ------------------------------------------------------------------- */

static const struct tl_panel_column leak_columns[] = {{"left open", 84, true},
						      {"at 25, 50, 75, 100 % of the trace", 230, true},
						      {"  rule", 200, false},
						      {"what", 0, false}};

static const struct tl_finding *leak_at(const struct tl_view *view, size_t row)
{
	return &view->data.check->findings.list.items[view->findings[view->drawer.leaks[row]]];
}

static size_t leak_rows(const struct tl_view *view)
{
	return view->drawer.n_leaks;
}

static void leak_about(const struct tl_view *view, char text[TL_CELL])
{
	if (leak_rows(view) == 0)
		snprintf(text, TL_CELL, "No leak was found: of what was opened or created nothing was left.");
	else
		snprintf(text, TL_CELL,
			 "%zu kind%s of leaks: what was opened or created and never ended. Click: goes to it.",
			 leak_rows(view), leak_rows(view) == 1 ? "" : "s");
}

static void leak_cell(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL])
{
	const struct tl_finding *finding = leak_at(view, row);
	const uint32_t *g = finding->growth;

	text[0] = '\0';
	if (column == 0) {
		tl_panel_count(text, finding->count);
	} else if (column == 1 && finding->has_growth) {
		snprintf(text, TL_CELL, "%" PRIu32 "  %" PRIu32 "  %" PRIu32 "  %" PRIu32, g[0], g[1], g[2], g[3]);
	} else if (column == 2) {
		text[0] = text[1] = ' ';
		tl_text_escape_to(text + 2, TL_CELL - 2, finding->rule);
	} else if (column == 3) {
		tl_text_escape_to(text, TL_CELL, finding->message);
	}
}

static double leak_bar(const struct tl_view *view, size_t row)
{
	uint64_t most = 0;

	for (size_t i = 0; i < leak_rows(view); i++)
		most = leak_at(view, i)->count > most ? leak_at(view, i)->count : most;
	return tl_panel_part((int64_t)leak_at(view, row)->count, (int64_t)most);
}

static bool leak_selected(const struct tl_view *view, size_t row)
{
	return view->finding == view->drawer.leaks[row];
}

static void leak_go(struct tl_view *view, size_t row)
{
	tl_view_go_finding(view, view->drawer.leaks[row]);
}

const struct tl_panel_ops tl_panel_leaks = {
	"leaks",   "Leaks",   false,    leak_about,    leak_columns, sizeof leak_columns / sizeof *leak_columns,
	leak_rows, leak_cell, leak_bar, leak_selected, leak_go};

/* ---- the critical path -------------------------------------------------------- */

static const struct tl_panel_column path_columns[] = {{"task", 0, false},
						      {"what it did on the path", 270, false},
						      {"time", 90, true},
						      {"share", 80, true},
						      {"stretches", 84, true}};

static size_t path_rows(const struct tl_view *view)
{
	return view->drawer.path.sums.n;
}

static int64_t path_ns(const struct tl_path *path)
{
	return path->steps.n ? path->steps.items[path->steps.n - 1].end_ns - path->steps.items[0].begin_ns : 0;
}

static void path_about(const struct tl_view *view, char text[TL_CELL])
{
	const struct tl_path *path = &view->drawer.path;
	char label[TL_TASK_LABEL], time[TL_TIME_TEXT];

	if (path->steps.n == 0) {
		snprintf(text, TL_CELL,
			 path->end == TL_PATH_GAP
				 ? "Events are missing there: nobody knows what led to it."
				 : "Select a state, then press C: who made it start, and who made that start, ...");
		return;
	}
	snprintf(text, TL_CELL,
		 "To %s: %s over %" PRIu32 " hop%s between tasks; the path begins with %s. [ ] walk along it.",
		 tl_view_label(view, path->steps.items[path->steps.n - 1].row, label),
		 tl_text_duration(time, path_ns(path)), path->hops, path->hops == 1 ? "" : "s",
		 tl_path_end_text(path->end));
}

static void path_cell(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL])
{
	const struct tl_path_sum *sum = &view->drawer.path.sums.items[row];
	char label[TL_TASK_LABEL];

	switch (column) {
	case 0: snprintf(text, TL_CELL, "%s", tl_view_label(view, sum->row, label)); break;
	case 1:
		snprintf(text, TL_CELL, "%s",
			 tl_look_state((enum tl_look)sum->look) == TL_TASK_BLOCKED ? tl_reason_text(sum->reason)
			 : sum->look == TL_LOOK_RUNNABLE                           ? "woken or created, not yet running"
							 : tl_look_text((enum tl_look)sum->look));
		break;
	case 2: tl_panel_duration(text, sum->ns); break;
	case 3: snprintf(text, TL_CELL, "%.1f %%", 100 * tl_panel_part(sum->ns, path_ns(&view->drawer.path))); break;
	default: tl_panel_count(text, sum->n); break;
	}
}

static double path_bar(const struct tl_view *view, size_t row)
{
	return tl_panel_part(view->drawer.path.sums.items[row].ns, path_ns(&view->drawer.path));
}

static bool path_selected(const struct tl_view *view, size_t row)
{
	const struct tl_path *path = &view->drawer.path;
	const struct tl_path_sum *sum = &path->sums.items[row];
	size_t at = view->selected.row == sum->row ? tl_path_step_at(path, sum->row, view->selected_ns) : SIZE_MAX;

	return at != SIZE_MAX && path->steps.items[at].look == sum->look && path->steps.items[at].reason == sum->reason;
}

/* To its longest stretch. */
static void path_go(struct tl_view *view, size_t row)
{
	const struct tl_path *path = &view->drawer.path;
	const struct tl_path_step *step = &path->steps.items[path->sums.items[row].first];

	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){step->row, step->span}, step->begin_ns);
	tl_view_show(view, step->begin_ns, step->end_ns > step->begin_ns ? step->end_ns : step->begin_ns + 1, 0.3);
}

const struct tl_panel_ops tl_panel_path = {
	"path",    "Critical path", false,    path_about,    path_columns, sizeof path_columns / sizeof *path_columns,
	path_rows, path_cell,       path_bar, path_selected, path_go};
