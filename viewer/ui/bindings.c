/*
 * What the keys do: the table, and a small function for each row of it. The
 * help overlay is drawn from the same table.
 */
#include "viewer/ui/arrange.h"
#include "viewer/ui/input.h"
#include "viewer/ui/list_keys.h"
#include "viewer/ui/walk.h"

#include <math.h>

#define PAN_PART 0.15
#define ZOOM_KEY 1.5

/* Zoom stays at the cursor, or in the middle when the pointer is elsewhere. */
static int zoom_x(const struct tl_view *view)
{
	const struct tl_rect *rows = &view->layout.rows;

	if (view->mouse_inside && view->mouse_x >= rows->x && view->mouse_x < rows->x + rows->w)
		return view->mouse_x;
	return rows->x + rows->w / 2;
}

static void zoom_in(struct tl_view *view)
{
	tl_view_zoom(view, zoom_x(view), ZOOM_KEY);
}

static void zoom_out(struct tl_view *view)
{
	tl_view_zoom(view, zoom_x(view), 1 / ZOOM_KEY);
}

static int pan_px(const struct tl_view *view)
{
	int px = (int)(view->layout.rows.w * PAN_PART);

	return px > 0 ? px : 1;
}

static void pan_left(struct tl_view *view)
{
	tl_view_pan(view, -pan_px(view), 0);
}

static void pan_right(struct tl_view *view)
{
	tl_view_pan(view, pan_px(view), 0);
}

static void scroll_up(struct tl_view *view)
{
	tl_view_pan(view, 0, -tl_view_px(view, 52));
}

static void scroll_down(struct tl_view *view)
{
	tl_view_pan(view, 0, tl_view_px(view, 52));
}

static void page_up(struct tl_view *view)
{
	tl_view_pan(view, 0, -view->layout.rows.h * 9 / 10);
}

static void page_down(struct tl_view *view)
{
	tl_view_pan(view, 0, view->layout.rows.h * 9 / 10);
}

static void fit(struct tl_view *view)
{
	tl_view_fit(view);
}

/* Does the view already show just this? */
static bool shows(const struct tl_view *view, int64_t t0, int64_t t1)
{
	double x0 = tl_timescale_x(&view->time, t0), x1 = tl_timescale_x(&view->time, t1), w = view->time.width_px;

	return fabs(x0 - 0.15 * w) < 3 && fabs(x1 - 0.85 * w) < 3;
}

static void focus(struct tl_view *view)
{
	int64_t t0 = view->measure_from_ns, t1 = view->measure_to_ns;

	if (tl_view_has_span(view)) {
		const struct tl_row *row = &view->data.model->rows.items[view->selected.row];

		t0 = tl_row_begin(row, view->selected.span);
		t1 = tl_model_span_end(view->data.model, row, view->selected.span);
	} else if (!view->measured) {
		tl_view_fit(view);
		return;
	}
	if (t1 < t0) {
		int64_t t = t0;

		t0 = t1;
		t1 = t;
	}
	if (shows(view, t0, t1))
		tl_view_fit(view);
	else
		tl_view_show(view, t0, t1, 0.15);
}

static void path_back(struct tl_view *view)
{
	if (!tl_drawer_step_path(view, -1))
		tl_view_to_cause(view);
}

static void path_on(struct tl_view *view)
{
	if (!tl_drawer_step_path(view, 1))
		tl_view_to_effect(view);
}

static void flame_graph(struct tl_view *view)
{
	tl_drawer_toggle(view, TL_PANEL_FLAME);
}

static void objects(struct tl_view *view)
{
	tl_drawer_toggle(view, TL_PANEL_OBJECTS);
}

static void wakes(struct tl_view *view)
{
	tl_drawer_toggle(view, TL_PANEL_WAKES);
}

static void leaks(struct tl_view *view)
{
	tl_drawer_toggle(view, TL_PANEL_LEAKS);
}

static void tasks(struct tl_view *view)
{
	tl_drawer_toggle(view, TL_PANEL_TASKS);
}

static void reasons(struct tl_view *view)
{
	tl_drawer_toggle(view, TL_PANEL_REASONS);
}

static void next_finding(struct tl_view *view)
{
	if (view->n_findings)
		tl_view_go_finding(view, view->finding == TL_NONE ? 0 : (view->finding + 1) % view->n_findings);
}

static void previous_finding(struct tl_view *view)
{
	size_t n = view->n_findings;

	if (n)
		tl_view_go_finding(view, view->finding == TL_NONE ? n - 1 : (view->finding + n - 1) % n);
}

static void toggle_edges(struct tl_view *view)
{
	view->all_edges = !view->all_edges;
	view->dirty = true;
}

static void toggle_theme(struct tl_view *view)
{
	view->theme = view->theme == &tl_theme_dark ? &tl_theme_light : &tl_theme_dark;
	view->dirty = true;
}

static void toggle_help(struct tl_view *view)
{
	view->help = !view->help;
	view->dirty = true;
}

/* The uppermost thing goes first. */
static void escape(struct tl_view *view)
{
	if (view->help) {
		view->help = false;
	} else if (view->drawer.panel != TL_PANEL_NONE) {
		tl_drawer_toggle(view, view->drawer.panel);
	} else if (view->measured) {
		view->measured = false;
	} else if (view->pointed) {
		view->pointed = false;
	} else if (view->selected.row != TL_NONE || view->finding != TL_NONE) {
		view->selected = (struct tl_spot){TL_NONE, TL_NONE};
		view->finding = TL_NONE;
	} else if (view->arrangement.filter_text[0]) {
		tl_view_set_filter(view, "", NULL);
	}
	view->dirty = true;
}

static void bigger(struct tl_view *view)
{
	tl_view_set_user_scale(view, view->user_scale + 0.125);
}

static void smaller(struct tl_view *view)
{
	tl_view_set_user_scale(view, view->user_scale - 0.125);
}

static void normal_size(struct tl_view *view)
{
	tl_view_set_user_scale(view, 1);
}

static void filter(struct tl_view *view)
{
	tl_prompt_open(view, TL_PROMPT_FILTER);
}

static void find(struct tl_view *view)
{
	tl_prompt_open(view, TL_PROMPT_FIND);
}

static void find_next(struct tl_view *view)
{
	tl_view_find_again(view, true);
}

static void find_previous(struct tl_view *view)
{
	tl_view_find_again(view, false);
}

static void go_time(struct tl_view *view)
{
	tl_prompt_open(view, TL_PROMPT_TIME);
}

static void go_task(struct tl_view *view)
{
	tl_prompt_open(view, TL_PROMPT_TASK);
}

static void note(struct tl_view *view)
{
	tl_prompt_open(view, TL_PROMPT_NOTE);
}

static void next_note(struct tl_view *view)
{
	tl_view_go_note(view, true);
}

static void previous_note(struct tl_view *view)
{
	tl_view_go_note(view, false);
}

static void next_ruler(struct tl_view *view)
{
	view->ruler = (view->ruler + 1) % TL_N_RULERS;
	/* Where nothing is selected, there is no event to count from. */
	if (view->ruler == TL_RULER_EVENT && view->selected.row == TL_NONE)
		view->ruler = TL_RULER_START;
	view->ruler_ns = view->selected_ns;
	view->dirty = true;
}

static void quit(struct tl_view *view)
{
	view->quit = true;
}

#define CODE(mods, code) TL_INPUT_KEY, mods, code, 0
#define SYM(mods, sym) TL_INPUT_KEY, mods, 0, sym
#define TYPED(sym) TL_INPUT_TEXT, 0, 0, sym

const struct tl_binding tl_bindings[] = {
	{CODE(0, TL_KEY_W), zoom_in, "W  S", "zoom in and out at the pointer (also Ctrl + wheel)"},
	{CODE(0, TL_KEY_S), zoom_out, NULL, NULL},
	{CODE(0, TL_KEY_A), pan_left, "A  D  \xe2\x86\x90  \xe2\x86\x92", "move in time (also drag, Shift + wheel)"},
	{CODE(0, TL_KEY_D), pan_right, NULL, NULL},
	{CODE(0, TL_KEY_LEFT), pan_left, NULL, NULL},
	{CODE(0, TL_KEY_RIGHT), pan_right, NULL, NULL},
	{CODE(0, TL_KEY_UP), scroll_up, "\xe2\x86\x91  \xe2\x86\x93  PgUp  PgDn", "scroll the rows (also wheel)"},
	{CODE(0, TL_KEY_DOWN), scroll_down, NULL, NULL},
	{CODE(0, TL_KEY_PAGE_UP), page_up, NULL, NULL},
	{CODE(0, TL_KEY_PAGE_DOWN), page_down, NULL, NULL},
	{SYM(0, 'f'), focus, "F", "zoom to what is selected or measured (also double click); again: all"},
	{CODE(0, TL_KEY_HOME), fit, "Home", "show the whole trace"},
	{SYM(TL_MOD_CTRL, 'z'), tl_view_undo, "Ctrl Z  Ctrl Y", "undo and redo moving about"},
	{SYM(TL_MOD_CTRL, 'y'), tl_view_redo, NULL, NULL},
	{SYM(0, 'n'), next_finding, "N  P", "next and previous finding"},
	{SYM(0, 'p'), previous_finding, NULL, NULL},
	{TYPED('.'), tl_view_next_state, ".  ,", "next and previous state of the task"},
	{TYPED(','), tl_view_previous_state, NULL, NULL},
	{TYPED('['), path_back, "[  ]", "to who made it start; to whom it made start; along the critical path"},
	{TYPED(']'), path_on, NULL, NULL},
	{SYM(0, 'c'), tl_drawer_show_path, "C", "critical path: why did the selected state start then?"},
	{TYPED('1'), flame_graph, "1  2  3  4  5  6", "panels: flame graph, objects, wake-ups, leaks, tasks, waits"},
	{TYPED('2'), objects, NULL, NULL},
	{TYPED('3'), wakes, NULL, NULL},
	{TYPED('4'), leaks, NULL, NULL},
	{TYPED('5'), tasks, NULL, NULL},
	{TYPED('6'), reasons, NULL, NULL},
	{SYM(0, 'j'), tl_view_next_line, "J  Shift J",
	 "the next line of the open panel, the previous one: as a click on it"},
	{SYM(TL_MOD_SHIFT, 'j'), tl_view_previous_line, NULL, NULL},
	{SYM(0, 'h'), tl_view_fold_findings, "H",
	 "fold the findings of the selected one's rule, or of all (also click)"},
	{CODE(TL_MOD_SHIFT, TL_KEY_PAGE_UP), tl_view_details_up, "Shift PgUp  Shift PgDn",
	 "scroll the details (also wheel)"},
	{CODE(TL_MOD_SHIFT, TL_KEY_PAGE_DOWN), tl_view_details_down, NULL, NULL},
	{SYM(0, 'i'), tl_view_measure_from, "I  Shift I",
	 "a measured range begins, ends at the selected event (also Shift + drag, drag on the ruler)"},
	{SYM(TL_MOD_SHIFT, 'i'), tl_view_measure_to, NULL, NULL},
	{SYM(TL_MOD_CTRL, 'c'), tl_view_copy, "Ctrl C", "copy the open panel, or the details, as text"},
	{CODE(TL_MOD_SHIFT, TL_KEY_UP), tl_view_previous_row, "Shift \xe2\x86\x91  Shift \xe2\x86\x93",
	 "select the task above, below"},
	{CODE(TL_MOD_SHIFT, TL_KEY_DOWN), tl_view_next_row, NULL, NULL},
	{TYPED('/'), find, "/  Ctrl F", "find a task, object, mark or region; Enter: next, Shift Enter: previous"},
	{SYM(TL_MOD_CTRL, 'f'), find, NULL, NULL},
	{CODE(0, TL_KEY_ENTER), find_next, "Enter  Shift Enter",
	 "what was looked for last: the next, the previous one"},
	{CODE(TL_MOD_SHIFT, TL_KEY_ENTER), find_previous, NULL, NULL},
	{SYM(TL_MOD_CTRL, 'p'), go_task, "Ctrl P", "go to a task by its name"},
	{SYM(TL_MOD_CTRL, 'g'), go_time, "Ctrl G", "go to a time: 1.5s, +10ms from here, or a date and time"},
	{TYPED('m'), note, "M", "note at the selected event; kept in a file beside the trace"},
	{SYM(0, 'b'), next_note, "B  Shift B", "the next note, the previous one"},
	{SYM(TL_MOD_SHIFT, 'b'), previous_note, NULL, NULL},
	{SYM(0, 'u'), next_ruler, "U",
	 "the ruler counts from the start, tells the time of day, counts from the selected event"},
	{TYPED('r'), filter, "R", "filter: which tasks are shown"},
	{SYM(0, 'o'), tl_view_next_sort, "O", "order of the tasks: creation, name, blocked time, findings"},
	{SYM(0, 'g'), tl_view_group_names, "G", "group tasks of one name (worker-1, worker-2, ...)"},
	{SYM(0, 'v'), tl_view_fold_selected, "V  Shift V", "fold the selected task's group, all groups (also click)"},
	{SYM(TL_MOD_SHIFT, 'v'), tl_view_fold_all, NULL, NULL},
	{SYM(0, 'k'), tl_view_pin, "K", "keep the selected task at the top"},
	{SYM(0, 'x'), tl_view_hide, "X  Shift X", "hide the selected task; show the hidden ones again"},
	{SYM(TL_MOD_SHIFT, 'x'), tl_view_show_hidden, NULL, NULL},
	{SYM(0, 'l'), tl_view_share_lanes, "L", "let tasks that live one after the other share a lane"},
	{SYM(0, 'e'), toggle_edges, "E", "arrows of all tasks, or of the selection only"},
	{SYM(0, 't'), toggle_theme, "T", "dark or light"},
	{SYM(TL_MOD_CTRL, '+'), bigger, "Ctrl +  Ctrl \xe2\x88\x92  Ctrl 0", "size of the interface"},
	{SYM(TL_MOD_CTRL, '-'), smaller, NULL, NULL},
	{SYM(TL_MOD_CTRL, '0'), normal_size, NULL, NULL},
	{SYM(TL_MOD_CTRL, '='), bigger, NULL, NULL},
	{SYM(TL_MOD_CTRL | TL_MOD_SHIFT, '+'), bigger, NULL, NULL},
	{SYM(TL_MOD_CTRL | TL_MOD_SHIFT, '='), bigger, NULL, NULL},
	{CODE(TL_MOD_CTRL, TL_KEY_PAD_PLUS), bigger, NULL, NULL},
	{CODE(TL_MOD_CTRL, TL_KEY_PAD_MINUS), smaller, NULL, NULL},
	{CODE(0, TL_KEY_ESCAPE), escape, "Esc", "let go: help, panel, measured range, selection, filter"},
	{TYPED('?'), toggle_help, "?  F1", "this help"},
	{CODE(0, TL_KEY_F1), toggle_help, NULL, NULL},
	{SYM(0, 'q'), quit, "Q  Ctrl Q", "quit"},
	{SYM(TL_MOD_CTRL, 'q'), quit, NULL, NULL},
};

const size_t tl_n_bindings = sizeof tl_bindings / sizeof *tl_bindings;
