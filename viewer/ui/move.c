/* Moving about: zoom, pan, jumps, and undoing them; see view.h. */
#include "viewer/ui/view.h"

#include <limits.h>
#include <string.h>

enum move { MOVE_NONE, MOVE_ZOOM, MOVE_PAN, MOVE_JUMP };

/* Remembers where the view stands now, as the place to which the last move led. */
static void remember(struct tl_view *view, enum move kind)
{
	struct tl_place now = {view->time, view->scroll_y};

	view->dirty = true;
	/* Steps of one gesture are one move. */
	if (kind != MOVE_JUMP && kind == (enum move)view->last_move && view->at_history == view->n_history - 1 &&
	    view->at_history > 0) {
		view->history[view->at_history] = now;
		return;
	}
	view->last_move = kind;
	if (view->at_history == TL_HISTORY - 1) {
		memmove(view->history, view->history + 1, (TL_HISTORY - 1) * sizeof *view->history);
		view->at_history--;
	}
	view->history[++view->at_history] = now;
	view->n_history = view->at_history + 1;
}

static void restore(struct tl_view *view)
{
	const struct tl_place *place = &view->history[view->at_history];
	int width = view->time.width_px;

	view->time = place->time;
	tl_timescale_resize(&view->time, width);
	view->scroll_y = place->scroll_y;
	tl_view_limit_scroll(view);
	view->last_move = MOVE_NONE;
	view->dirty = true;
}

void tl_view_undo(struct tl_view *view)
{
	if (view->at_history > 0) {
		view->at_history--;
		restore(view);
	}
}

void tl_view_redo(struct tl_view *view)
{
	if (view->at_history + 1 < view->n_history) {
		view->at_history++;
		restore(view);
	}
}

void tl_view_fit(struct tl_view *view)
{
	tl_timescale_fit(&view->time, view->layout.rows.w, view->data.model->end_ns);
	remember(view, MOVE_JUMP);
}

void tl_view_show(struct tl_view *view, int64_t t0_ns, int64_t t1_ns, double margin)
{
	tl_timescale_show(&view->time, t0_ns, t1_ns, margin);
	remember(view, MOVE_JUMP);
}

void tl_view_zoom(struct tl_view *view, int x, double factor)
{
	tl_timescale_zoom(&view->time, x - view->layout.rows.x, factor);
	remember(view, MOVE_ZOOM);
}

void tl_view_pan(struct tl_view *view, int dx, int dy)
{
	if (dx)
		tl_timescale_pan(&view->time, dx);
	view->scroll_y += dy;
	tl_view_limit_scroll(view);
	remember(view, MOVE_PAN);
}

void tl_view_center(struct tl_view *view, int64_t time_ns)
{
	tl_timescale_center(&view->time, time_ns);
	remember(view, MOVE_JUMP);
}

static void scroll_to(struct tl_view *view, uint32_t row)
{
	const struct tl_rect *rows = &view->layout.rows;
	struct tl_rect rect;

	tl_view_unhide(view, row);
	rect = tl_view_row_rect(view, row);
	if (view->list.place[row] == TL_NO_PLACE ||
	    (view->list.place[row] < view->list.n_pinned && tl_view_pinned_height(view) > 0))
		return;
	if (rect.y < rows->y + tl_view_pinned_height(view) || rect.y + rect.h > rows->y + rows->h) {
		view->scroll_y += rect.y + rect.h / 2 - rows->y - rows->h / 2;
		tl_view_limit_scroll(view);
	}
}

void tl_view_reveal(struct tl_view *view, int64_t time_ns)
{
	double x = tl_timescale_x(&view->time, time_ns);

	if (x >= 0 && x < view->time.width_px)
		return;
	tl_timescale_center(&view->time, time_ns);
	remember(view, MOVE_JUMP);
}

void tl_view_select(struct tl_view *view, struct tl_spot spot, int64_t time_ns)
{
	int before = view->scroll_y;

	view->selected = spot;
	view->selected_ns = time_ns;
	view->details_scroll = 0;
	view->dirty = true;
	if (spot.row == TL_NONE)
		return;
	view->pointed = false;
	scroll_to(view, spot.row);
	if (before != view->scroll_y)
		remember(view, MOVE_JUMP);
}

/*
 * The row and the time at which a finding is selected: the event whose time it
 * carries, or else its first; and the stretch that holds all its events.
 */
static bool finding_spot(const struct tl_view *view, const struct tl_finding *finding, uint32_t *row, int64_t *time_ns,
			 int64_t range_ns[2])
{
	const struct tl_model *model = view->data.model;
	size_t n = finding->n_proofs < TL_FINDING_PROOFS ? finding->n_proofs : TL_FINDING_PROOFS, best = 0;
	uint64_t task = finding->n_tasks ? finding->tasks[0] : 0;
	const struct tl_task *found;

	*time_ns = range_ns[0] = range_ns[1] = tl_model_time(model, finding->time_ns);
	for (size_t i = n; i-- > 0;) {
		int64_t t = tl_model_time(model, finding->proofs[i].time_ns);

		range_ns[0] = t < range_ns[0] ? t : range_ns[0];
		range_ns[1] = t > range_ns[1] ? t : range_ns[1];
		if (finding->proofs[i].time_ns == finding->time_ns)
			best = i;
	}
	if (n > 0) {
		task = finding->proofs[best].task;
		*time_ns = tl_model_time(model, finding->proofs[best].time_ns);
	}
	found = task ? tl_state_find_task(view->data.check->state, task) : NULL;
	if (!found || found->index >= model->rows.n)
		return false;
	*row = found->index;
	return true;
}

/* All rows in which the finding has events, if they have room; else the one that is selected. */
static void scroll_to_events(struct tl_view *view, const struct tl_finding *finding, uint32_t selected)
{
	const struct tl_rect *rows = &view->layout.rows;
	int top = INT_MAX, bottom = INT_MIN;

	for (size_t i = 0; i < finding->n_proofs && i < TL_FINDING_PROOFS; i++) {
		const struct tl_task *task = tl_state_find_task(view->data.check->state, finding->proofs[i].task);
		struct tl_rect rect;

		if (!task || task->index >= view->data.model->rows.n)
			continue;
		tl_view_unhide(view, task->index);
		rect = tl_view_row_rect(view, task->index);
		top = rect.y < top ? rect.y : top;
		bottom = rect.y + rect.h > bottom ? rect.y + rect.h : bottom;
	}
	if (top < bottom && bottom - top <= rows->h && (top < rows->y || bottom > rows->y + rows->h)) {
		view->scroll_y += (top + bottom) / 2 - rows->y - rows->h / 2;
		tl_view_limit_scroll(view);
	}
	scroll_to(view, selected);
}

/* Scrolls the finding's line into the list's sight; a folded rule is unfolded. */
static void scroll_list(struct tl_view *view, uint32_t place)
{
	const struct tl_finding_line *line =
		&view->finding_list.lines.items[tl_finding_list_line(&view->finding_list, place)];
	int seen = view->layout.findings.h - tl_view_px(view, 34);

	if (line->n) {
		tl_view_fold_rule(view, line->place);
		line = &view->finding_list.lines.items[tl_finding_list_line(&view->finding_list, place)];
	}
	if (line->y < view->findings_scroll)
		view->findings_scroll = line->y;
	else if (line->y + line->h > view->findings_scroll + seen)
		view->findings_scroll = line->y + line->h - seen;
	tl_view_limit_scroll(view);
}

void tl_view_go_finding(struct tl_view *view, size_t place)
{
	const struct tl_finding *finding;
	struct tl_spot spot;
	int64_t time_ns, range_ns[2];
	size_t span;

	if (place >= view->n_findings)
		return;
	view->finding = (uint32_t)place;
	view->dirty = true;
	scroll_list(view, (uint32_t)place);
	finding = tl_view_finding(view);
	if (!finding_spot(view, finding, &spot.row, &time_ns, range_ns))
		return;
	span = tl_model_span_at(&view->data.model->rows.items[spot.row], time_ns);
	spot.span = span == TL_NO_SPAN ? TL_NONE : (uint32_t)span;
	if (range_ns[1] > range_ns[0])
		tl_timescale_show(&view->time, range_ns[0], range_ns[1], 0.3);
	else
		tl_timescale_center(&view->time, time_ns);
	tl_timescale_settle(&view->time);
	view->selected = spot;
	view->selected_ns = time_ns;
	view->pointed = false;
	view->details_scroll = 0;
	scroll_to_events(view, finding, spot.row);
	remember(view, MOVE_JUMP);
}
