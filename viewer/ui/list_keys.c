/* Keys for what stands beside the timeline; see list_keys.h. */
#include "viewer/ui/list_keys.h"

#define SCROLL_PART 3 / 4

/* Down to the longest of what a node called, or to its longest wait; up to who called it. */
static void step_flame(struct tl_view *view, int by)
{
	struct tl_drawer *drawer = &view->drawer;
	const struct tl_flame_node *node;

	if (!drawer->flame.done || drawer->flame.nodes.n == 0)
		return;
	node = &drawer->flame.nodes.items[drawer->flame_root];
	if (by < 0)
		drawer->flame_root = drawer->flame_root == 0 ? 0 : node->parent;
	else if (node->n_children > 0)
		drawer->flame_root = drawer->flame.order[node->first];
	else if (node->n > 0)
		tl_view_frame_span(view, node->row, node->span);
	view->dirty = true;
}

/* The line that a key went to last, if nothing else was selected since; else the first that is selected. */
static size_t line_at(const struct tl_view *view, const struct tl_panel_ops *ops, size_t n)
{
	size_t at = view->drawer.line;

	if (view->drawer.line_row == view->selected.row && view->drawer.line_span == view->selected.span && at < n &&
	    view->selected.row != TL_NONE)
		return at;
	for (at = 0; at < n && at < 1000; at++)
		if (ops->is_selected(view, at))
			return at;
	return SIZE_MAX;
}

static void step_line(struct tl_view *view, int by)
{
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	struct tl_drawer_places places;
	size_t n, at;
	int y;

	if (view->drawer.panel == TL_PANEL_FLAME)
		step_flame(view, by);
	if (!ops || !ops->rows)
		return;
	n = ops->rows(view);
	at = line_at(view, ops, n);
	if (n == 0)
		return;
	if (at == SIZE_MAX)
		at = by < 0 ? n - 1 : 0;
	else if (by < 0 ? at > 0 : at + 1 < n)
		at = by < 0 ? at - 1 : at + 1;
	ops->go(view, at);
	view->drawer.line = at;
	view->drawer.line_row = view->selected.row;
	view->drawer.line_span = view->selected.span;
	places = tl_drawer_place(view);
	y = (int)at * places.line_h;
	if (y < view->drawer.scroll)
		view->drawer.scroll = y;
	else if (y + places.line_h > view->drawer.scroll + places.body.h)
		view->drawer.scroll = y + places.line_h - places.body.h;
	tl_view_limit_scroll(view);
	view->dirty = true;
}

void tl_view_next_line(struct tl_view *view)
{
	step_line(view, 1);
}

void tl_view_previous_line(struct tl_view *view)
{
	step_line(view, -1);
}

/* The line of the rule under which line `at` stands; SIZE_MAX: it stands alone. */
static size_t rule_of(const struct tl_finding_list *list, size_t at)
{
	for (size_t i = at + 1; i-- > 0;)
		if (list->lines.items[i].n)
			return at - i <= list->lines.items[i].n ? i : SIZE_MAX;
	return SIZE_MAX;
}

void tl_view_fold_findings(struct tl_view *view)
{
	const struct tl_finding_list *list = &view->finding_list;
	bool fold = false;

	if (view->finding < view->n_findings) {
		size_t rule = rule_of(list, tl_finding_list_line(list, view->finding));

		if (rule != SIZE_MAX)
			tl_view_fold_rule(view, list->lines.items[rule].place);
		return;
	}
	for (size_t i = 0; i < list->lines.n; i++)
		fold |= list->lines.items[i].n && !list->folded[list->lines.items[i].place];
	for (size_t i = 0; i < list->lines.n; i++)
		if (list->lines.items[i].n && list->folded[list->lines.items[i].place] != fold)
			tl_view_fold_rule(view, list->lines.items[i].place);
}

static void scroll_details(struct tl_view *view, int by)
{
	view->details_scroll += by * (view->layout.details.h * SCROLL_PART);
	tl_view_limit_scroll(view);
	view->dirty = true;
}

void tl_view_details_down(struct tl_view *view)
{
	scroll_details(view, 1);
}

void tl_view_details_up(struct tl_view *view)
{
	scroll_details(view, -1);
}

void tl_view_measure_from(struct tl_view *view)
{
	view->measure_from_ns = tl_view_here(view);
	if (!view->measured)
		view->measure_to_ns = view->measure_from_ns;
	view->measured = true;
	view->dirty = true;
}

void tl_view_measure_to(struct tl_view *view)
{
	view->measure_to_ns = tl_view_here(view);
	if (!view->measured)
		view->measure_from_ns = view->measure_to_ns;
	view->measured = true;
	view->dirty = true;
}
