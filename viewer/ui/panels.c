/* The tables about the waits of a range: objects, reasons, tasks. */
#include "viewer/ui/panels.h"

#include <inttypes.h>
#include <stdio.h>

#include "viewer/ui/walk.h"

void tl_panel_range_text(const struct tl_view *view, char text[128])
{
	char a[TL_TIME_TEXT], b[TL_TIME_TEXT];
	int64_t from_ns, to_ns;

	tl_drawer_range(view, &from_ns, &to_ns);
	if (from_ns == 0 && to_ns == view->data.model->end_ns)
		snprintf(text, 128, "in the whole trace (drag on the ruler for a range)");
	else
		snprintf(text, 128, "in %s from %s", tl_text_duration(a, to_ns - from_ns), tl_text_time(b, from_ns));
}

bool tl_panel_waits(const struct tl_view *view, char text[TL_CELL])
{
	const struct tl_drawer *drawer = &view->drawer;

	if (drawer->failed)
		snprintf(text, TL_CELL, "There is not enough memory for this.");
	else if (!drawer->shown.done)
		snprintf(text, TL_CELL, "Counting: %" PRIu32 " of %zu tasks ...", drawer->making.row,
			 view->data.model->rows.n);
	return drawer->failed || !drawer->shown.done;
}

void tl_panel_duration(char text[TL_CELL], int64_t ns)
{
	char buffer[TL_TIME_TEXT];

	snprintf(text, TL_CELL, "%s", tl_text_duration(buffer, ns));
}

void tl_panel_count(char text[TL_CELL], uint64_t n)
{
	snprintf(text, TL_CELL, "%" PRIu64, n);
}

double tl_panel_part(int64_t part, int64_t whole)
{
	return whole > 0 && part > 0 ? (double)part / (double)whole : 0;
}

/* ---- waits of any kind: number, time, longest, tasks ------------------------- */

#define WAITS_COLUMNS                                                                          \
	{"waits", 76, true}, {"blocked", 84, true}, {"longest", 84, true}, {"mean", 84, true}, \
	{                                                                                      \
		"tasks", 64, true                                                              \
	}

static void waits_cell(const struct tl_survey_waits *waits, size_t column, char text[TL_CELL])
{
	switch (column) {
	case 0: tl_panel_count(text, waits->n); break;
	case 1: tl_panel_duration(text, waits->ns); break;
	case 2: tl_panel_duration(text, waits->longest_ns); break;
	case 3: tl_panel_duration(text, waits->n ? waits->ns / (int64_t)waits->n : 0); break;
	default: tl_panel_count(text, waits->n_tasks); break;
	}
}

/* ---- objects ----------------------------------------------------------------- */

static const struct tl_panel_column object_columns[] = {{"object", 0, false}, {"kind", 110, false}, WAITS_COLUMNS};

static const struct tl_survey_object *object_at(const struct tl_view *view, size_t row)
{
	return &view->drawer.shown.objects.items[row];
}

static size_t object_rows(const struct tl_view *view)
{
	return view->drawer.shown.objects.n;
}

static void object_about(const struct tl_view *view, char text[TL_CELL])
{
	char range[128];

	if (tl_panel_waits(view, text))
		return;
	tl_panel_range_text(view, range);
	snprintf(text, TL_CELL, "%zu object%s waited for %s. Click: the longest wait for it.", object_rows(view),
		 object_rows(view) == 1 ? " was" : "s were", range);
}

static void object_cell(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL])
{
	const struct tl_survey_object *object = object_at(view, row);
	char name[TL_SPAN_TEXT];

	if (column == 0)
		snprintf(text, TL_CELL, "%s",
			 object->object ? tl_wait_text(view, object->reason, object->object, name) : "(none)");
	else if (column == 1)
		snprintf(text, TL_CELL, "%s",
			 object->reason == TL_REASON_RWLOCK_READ ? "rwlock" : tl_reason_text(object->reason));
	else
		waits_cell(&object->waits, column - 2, text);
}

static double object_bar(const struct tl_view *view, size_t row)
{
	return tl_panel_part(object_at(view, row)->waits.ns, object_at(view, 0)->waits.ns);
}

static bool object_selected(const struct tl_view *view, size_t row)
{
	const struct tl_survey_object *object = object_at(view, row);
	struct tl_span wait;

	if (!tl_view_wait(view, &wait))
		return false;
	if (wait.reason == TL_REASON_RWLOCK_WRITE)
		wait.reason = TL_REASON_RWLOCK_READ;
	return wait.object == object->object && wait.reason == object->reason;
}

static void object_go(struct tl_view *view, size_t row)
{
	const struct tl_survey_waits *waits = &object_at(view, row)->waits;

	tl_view_frame_span(view, waits->row, waits->span);
}

const struct tl_panel_ops tl_panel_objects = {
	"objects",       "Objects",      true,
	object_about,    object_columns, sizeof object_columns / sizeof *object_columns,
	object_rows,     object_cell,    object_bar,
	object_selected, object_go};

/* ---- reasons ----------------------------------------------------------------- */

static const struct tl_panel_column reason_columns[] = {{"waits for", 0, false}, {"share", 70, true}, WAITS_COLUMNS};

/* The row-th reason that was waited for; of 24, no list is kept. */
static unsigned reason_at(const struct tl_view *view, size_t row)
{
	const struct tl_survey_waits *reasons = view->drawer.shown.reasons;

	for (unsigned i = 0; i < TL_N_REASONS; i++) {
		size_t before = 0;

		if (reasons[i].n_tasks == 0)
			continue;
		for (unsigned j = 0; j < TL_N_REASONS; j++)
			before += reasons[j].n_tasks > 0 &&
				  (reasons[j].ns > reasons[i].ns || (reasons[j].ns == reasons[i].ns && j < i));
		if (before == row)
			return i;
	}
	return 0;
}

static size_t reason_rows(const struct tl_view *view)
{
	size_t n = 0;

	for (unsigned i = 0; i < TL_N_REASONS; i++)
		n += view->drawer.shown.reasons[i].n_tasks > 0;
	return n;
}

static int64_t all_blocked(const struct tl_view *view)
{
	const int64_t *looks = view->drawer.shown.looks_ns;

	return looks[TL_LOOK_LOCK] + looks[TL_LOOK_WAIT] + looks[TL_LOOK_IDLE];
}

static void reason_about(const struct tl_view *view, char text[TL_CELL])
{
	char range[128], running[TL_TIME_TEXT], runnable[TL_TIME_TEXT], blocked[TL_TIME_TEXT];

	if (tl_panel_waits(view, text))
		return;
	tl_panel_range_text(view, range);
	snprintf(text, TL_CELL, "All tasks together: running %s, runnable %s, blocked %s, %s.",
		 tl_text_duration(running, view->drawer.shown.looks_ns[TL_LOOK_RUNNING]),
		 tl_text_duration(runnable, view->drawer.shown.looks_ns[TL_LOOK_RUNNABLE]),
		 tl_text_duration(blocked, all_blocked(view)), range);
}

static void reason_cell(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL])
{
	unsigned reason = reason_at(view, row);
	const struct tl_survey_waits *waits = &view->drawer.shown.reasons[reason];

	if (column == 0)
		snprintf(text, TL_CELL, "%s", tl_reason_text(reason));
	else if (column == 1)
		snprintf(text, TL_CELL, "%.1f %%", 100 * tl_panel_part(waits->ns, all_blocked(view)));
	else
		waits_cell(waits, column - 2, text);
}

static double reason_bar(const struct tl_view *view, size_t row)
{
	return tl_panel_part(view->drawer.shown.reasons[reason_at(view, row)].ns, all_blocked(view));
}

static bool reason_selected(const struct tl_view *view, size_t row)
{
	struct tl_span wait;

	return tl_view_wait(view, &wait) && wait.reason == reason_at(view, row);
}

static void reason_go(struct tl_view *view, size_t row)
{
	const struct tl_survey_waits *waits = &view->drawer.shown.reasons[reason_at(view, row)];

	tl_view_frame_span(view, waits->row, waits->span);
}

const struct tl_panel_ops tl_panel_reasons = {
	"waits",         "Waits",        true,
	reason_about,    reason_columns, sizeof reason_columns / sizeof *reason_columns,
	reason_rows,     reason_cell,    reason_bar,
	reason_selected, reason_go};

/* ---- tasks ------------------------------------------------------------------- */

static const struct tl_panel_column task_columns[] = {
	{"task", 0, false},        {"running", 84, true},    {"runnable", 84, true}, {"locks", 84, true},
	{"other tasks", 92, true}, {"sleep, I/O", 84, true}, {"unknown", 84, true},  {"waits", 68, true},
	{"woken", 68, true},       {"wakes", 68, true}};

static size_t task_rows(const struct tl_view *view)
{
	return view->drawer.shown.done ? view->drawer.n_tasks : 0;
}

static const struct tl_survey_task *task_at(const struct tl_view *view, size_t row)
{
	return &view->drawer.shown.tasks[view->drawer.tasks[row]];
}

static void task_about(const struct tl_view *view, char text[TL_CELL])
{
	char range[128];

	if (tl_panel_waits(view, text))
		return;
	tl_panel_range_text(view, range);
	snprintf(text, TL_CELL, "%zu tasks %s, those that were blocked most first. Click: selects the task.",
		 task_rows(view), range);
}

static void task_cell(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL])
{
	static const uint8_t looks[] = {
		0, TL_LOOK_RUNNING, TL_LOOK_RUNNABLE, TL_LOOK_LOCK, TL_LOOK_WAIT, TL_LOOK_IDLE, TL_LOOK_GAP};
	const struct tl_survey_task *task = task_at(view, row);
	char label[TL_TASK_LABEL];

	if (column == 0)
		snprintf(text, TL_CELL, "%s", tl_view_label(view, view->drawer.tasks[row], label));
	else if (column < sizeof looks && task->looks_ns[looks[column]] == 0)
		text[0] = '\0';
	else if (column < sizeof looks)
		tl_panel_duration(text, task->looks_ns[looks[column]]);
	else
		tl_panel_count(text, column == 7 ? task->waits : column == 8 ? task->woken : task->wakes);
}

static double task_bar(const struct tl_view *view, size_t row)
{
	const struct tl_survey_task *task = task_at(view, row);
	int64_t from_ns, to_ns;

	tl_drawer_range(view, &from_ns, &to_ns);
	return tl_panel_part(task->looks_ns[TL_LOOK_LOCK] + task->looks_ns[TL_LOOK_WAIT] + task->looks_ns[TL_LOOK_IDLE],
			     to_ns - from_ns);
}

static bool task_selected(const struct tl_view *view, size_t row)
{
	return view->selected.row == view->drawer.tasks[row];
}

static void task_go(struct tl_view *view, size_t row)
{
	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){view->drawer.tasks[row], TL_NONE}, view->drawer.shown.from_ns);
}

const struct tl_panel_ops tl_panel_tasks = {
	"tasks",   "Tasks",   true,     task_about,    task_columns, sizeof task_columns / sizeof *task_columns,
	task_rows, task_cell, task_bar, task_selected, task_go};
