/* The drawer's state: which panel, the work it needs, what a click does; see drawer.h. */
#include "viewer/ui/drawer.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/ui/view.h"

#define SPANS_AT_ONCE 150000
#define STACKS_AT_ONCE 20

enum tl_panel tl_panel_find(const char *name)
{
	for (unsigned i = 1; i < TL_N_PANELS; i++)
		if (strcmp(tl_panels[i]->name, name) == 0)
			return (enum tl_panel)i;
	return TL_PANEL_NONE;
}

/* Leaks are what the rules about leaks have found; their names tell. */
static bool is_leak(const struct tl_finding *finding)
{
	return finding->has_growth || strstr(finding->rule, "leak") || strcmp(finding->rule, "never-joined") == 0;
}

int tl_drawer_init(struct tl_view *view)
{
	struct tl_drawer *drawer = &view->drawer;

	drawer->leaks = calloc(view->n_findings + 1, sizeof *drawer->leaks);
	if (!drawer->leaks)
		return -1;
	for (size_t i = 0; i < view->n_findings; i++)
		if (is_leak(&view->data.check->findings.list.items[view->findings[i]]))
			drawer->leaks[drawer->n_leaks++] = (uint32_t)i;
	return 0;
}

void tl_drawer_finish(struct tl_drawer *drawer)
{
	tl_survey_finish(&drawer->shown);
	tl_survey_finish(&drawer->making);
	tl_flame_finish(&drawer->flame);
	tl_path_finish(&drawer->path);
	free(drawer->leaks);
	free(drawer->tasks);
	memset(drawer, 0, sizeof *drawer);
}

void tl_drawer_toggle(struct tl_view *view, enum tl_panel panel)
{
	view->drawer.panel = view->drawer.panel == panel ? TL_PANEL_NONE : panel;
	view->drawer.scroll = 0;
	view->drawer.line = SIZE_MAX;
	tl_view_resize(view, view->layout.width, view->layout.height, view->base_scale);
}

void tl_drawer_range(const struct tl_view *view, int64_t *from_ns, int64_t *to_ns)
{
	*from_ns = 0;
	*to_ns = view->data.model->end_ns;
	if (!view->measured || view->measure_from_ns == view->measure_to_ns)
		return;
	*from_ns = view->measure_from_ns < view->measure_to_ns ? view->measure_from_ns : view->measure_to_ns;
	*to_ns = view->measure_from_ns < view->measure_to_ns ? view->measure_to_ns : view->measure_from_ns;
}

/* ---- the work between frames ------------------------------------------------- */

static int64_t blocked_ns(const struct tl_survey_task *task)
{
	return task->looks_ns[TL_LOOK_LOCK] + task->looks_ns[TL_LOOK_WAIT] + task->looks_ns[TL_LOOK_IDLE];
}

static int compare_tasks(const void *a, const void *b, void *data)
{
	const struct tl_survey_task *tasks = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int64_t dx = blocked_ns(&tasks[x]), dy = blocked_ns(&tasks[y]);

	if (dx != dy)
		return dx > dy ? -1 : 1;
	return x < y ? -1 : x > y;
}

static bool was_there(const struct tl_survey_task *task)
{
	for (unsigned look = TL_LOOK_CREATED; look < TL_N_LOOKS; look++)
		if (task->looks_ns[look] > 0)
			return true;
	return false;
}

static int list_tasks(struct tl_drawer *drawer)
{
	size_t n = drawer->shown.model->rows.n;
	uint32_t *tasks = malloc((n + 1) * sizeof *tasks);

	if (!tasks)
		return -1;
	free(drawer->tasks);
	drawer->tasks = tasks;
	drawer->n_tasks = 0;
	for (uint32_t row = 0; row < n; row++)
		if (was_there(&drawer->shown.tasks[row]))
			tasks[drawer->n_tasks++] = row;
	qsort_r(tasks, drawer->n_tasks, sizeof *tasks, compare_tasks, drawer->shown.tasks);
	return 0;
}

static bool is_of(const struct tl_survey *survey, int64_t from_ns, int64_t to_ns)
{
	return survey->model && survey->from_ns == from_ns && survey->to_ns == to_ns;
}

/* The new numbers take the place of the old. */
static int take_over(struct tl_view *view)
{
	struct tl_drawer *drawer = &view->drawer;

	tl_survey_finish(&drawer->shown);
	drawer->shown = drawer->making;
	memset(&drawer->making, 0, sizeof drawer->making);
	drawer->flame_root = 0;
	view->dirty = true;
	return list_tasks(drawer) == 0 ? tl_flame_begin(&drawer->flame) : -1;
}

/* 1: there is more to do; 0: done; -1: out of memory. */
static int work_survey(struct tl_view *view)
{
	struct tl_drawer *drawer = &view->drawer;
	int64_t from_ns, to_ns;

	tl_drawer_range(view, &from_ns, &to_ns);
	if (is_of(&drawer->shown, from_ns, to_ns))
		return 0;
	if (!is_of(&drawer->making, from_ns, to_ns) &&
	    tl_survey_begin(&drawer->making, view->data.model, from_ns, to_ns) != 0)
		return -1;
	if (tl_survey_step(&drawer->making, SPANS_AT_ONCE) != 0)
		return -1;
	return drawer->making.done ? take_over(view) : 1;
}

static int work_flame(struct tl_view *view)
{
	struct tl_drawer *drawer = &view->drawer;

	if (drawer->flame.done)
		return 0;
	if (tl_flame_step(&drawer->flame, &drawer->shown, view->data.symbols, STACKS_AT_ONCE) != 0)
		return -1;
	view->dirty |= drawer->flame.done;
	return !drawer->flame.done;
}

bool tl_drawer_work(struct tl_view *view)
{
	struct tl_drawer *drawer = &view->drawer;
	int result;

	if (drawer->panel == TL_PANEL_NONE || !tl_panels[drawer->panel]->by_range || drawer->failed)
		return false;
	result = work_survey(view);
	if (result == 0 && drawer->panel == TL_PANEL_FLAME)
		result = work_flame(view);
	drawer->failed = result < 0;
	view->dirty |= drawer->failed;
	return result > 0;
}

/* ---- the path ---------------------------------------------------------------- */

void tl_view_frame_span(struct tl_view *view, uint32_t row, uint32_t span)
{
	const struct tl_row *r = &view->data.model->rows.items[row];
	int64_t begin_ns = tl_row_begin(r, span);
	int64_t end_ns = tl_model_span_end(view->data.model, r, span);

	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){row, span}, begin_ns);
	tl_view_show(view, begin_ns, end_ns > begin_ns ? end_ns : begin_ns + 1, 0.3);
}

void tl_drawer_show_path(struct tl_view *view)
{
	struct tl_drawer *drawer = &view->drawer;
	struct tl_spot spot = view->selected;

	if (drawer->panel == TL_PANEL_PATH) {
		tl_drawer_toggle(view, TL_PANEL_PATH);
		return;
	}
	drawer->failed |= tl_path_find(&drawer->path, view->data.model, spot.row,
				       spot.row == TL_NONE || spot.span == TL_NONE ? SIZE_MAX : spot.span) != 0;
	tl_drawer_toggle(view, TL_PANEL_PATH);
}

/* The step at which the selection stands; of several at one instant, the one that was gone to. */
static size_t path_at(const struct tl_view *view)
{
	const struct tl_path *path = &view->drawer.path;
	size_t at = view->drawer.path_at;

	if (view->selected.row == TL_NONE)
		return SIZE_MAX;
	if (at < path->steps.n && path->steps.items[at].row == view->selected.row &&
	    path->steps.items[at].begin_ns == view->selected_ns)
		return at;
	return tl_path_step_at(path, view->selected.row, view->selected_ns);
}

bool tl_drawer_step_path(struct tl_view *view, int by)
{
	const struct tl_path *path = &view->drawer.path;
	size_t at;

	if (view->drawer.panel != TL_PANEL_PATH || path->steps.n == 0)
		return false;
	at = path_at(view);
	if (at == SIZE_MAX)
		at = path->steps.n - 1;
	else if (by < 0 ? at == 0 : at + 1 >= path->steps.n)
		return true;
	else
		at = by < 0 ? at - 1 : at + 1;
	view->drawer.path_at = at;
	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){path->steps.items[at].row, path->steps.items[at].span},
		       path->steps.items[at].begin_ns);
	tl_view_reveal(view, path->steps.items[at].begin_ns);
	return true;
}

/* ---- the pointer ------------------------------------------------------------- */

/* A click narrows the graph to a node; a second one goes to its longest wait. */
static void click_flame(struct tl_view *view, uint32_t node)
{
	struct tl_drawer *drawer = &view->drawer;

	if (node == TL_NONE)
		return;
	if (node != drawer->flame_root && drawer->flame.nodes.items[node].n_children > 0) {
		drawer->flame_root = node;
		drawer->scroll = 0;
		view->dirty = true;
	} else if (drawer->flame.nodes.items[node].n > 0) {
		tl_view_frame_span(view, drawer->flame.nodes.items[node].row, drawer->flame.nodes.items[node].span);
	}
}

void tl_drawer_click(struct tl_view *view, int x, int y)
{
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	size_t row;

	for (unsigned i = 1; i < TL_N_PANELS; i++) {
		if (!tl_rect_has(tl_drawer_tab(view, (enum tl_panel)i), x, y))
			continue;
		if (i == TL_PANEL_PATH && view->drawer.panel != TL_PANEL_PATH)
			tl_drawer_show_path(view);
		else
			tl_drawer_toggle(view, (enum tl_panel)i);
		return;
	}
	if (view->drawer.panel == TL_PANEL_FLAME) {
		click_flame(view, tl_drawer_flame_at(view, x, y));
		return;
	}
	row = tl_drawer_row_at(view, x, y);
	if (row != SIZE_MAX)
		ops->go(view, row);
}
