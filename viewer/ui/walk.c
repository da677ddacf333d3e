/* From state to state of a task, from task to task, and along edges; see walk.h. */
#include "viewer/ui/walk.h"

static const struct tl_row *selected_row(const struct tl_view *view)
{
	return view->selected.row == TL_NONE ? NULL : &view->data.model->rows.items[view->selected.row];
}

bool tl_view_has_span(const struct tl_view *view)
{
	return view->selected.row != TL_NONE && view->selected.span != TL_NONE;
}

bool tl_view_wait(const struct tl_view *view, struct tl_span *wait)
{
	if (!tl_view_has_span(view))
		return false;
	*wait = tl_row_span(selected_row(view), view->selected.span);
	return tl_look_state((enum tl_look)wait->look) == TL_TASK_BLOCKED;
}

/* Selects a span and brings its begin into sight. */
static void go_span(struct tl_view *view, uint32_t row, size_t span)
{
	int64_t t = tl_row_begin(&view->data.model->rows.items[row], span);
	double x = tl_timescale_x(&view->time, t);

	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){row, (uint32_t)span}, t);
	if (x < 0 || x >= view->time.width_px) {
		tl_timescale_center(&view->time, t);
		tl_view_pan(view, 0, 0);
	}
}

/* The first row in sight, for who has selected none. */
static uint32_t row_in_sight(const struct tl_view *view)
{
	size_t i = tl_view_next_item(view, SIZE_MAX);

	while (i < view->list.items.n && view->list.items.items[i].row == TL_ITEM_HEADER)
		i++;
	return i < view->list.items.n ? view->list.items.items[i].row : TL_NONE;
}

static void step_span(struct tl_view *view, int by)
{
	uint32_t at = view->selected.row == TL_NONE ? row_in_sight(view) : view->selected.row;
	const struct tl_row *row;
	size_t span;

	if (at == TL_NONE)
		return;
	row = &view->data.model->rows.items[at];
	if (row->spans.n == 0)
		return;
	if (tl_view_has_span(view)) {
		if (by < 0 ? view->selected.span == 0 : view->selected.span + 1 >= row->spans.n)
			return;
		span = by < 0 ? view->selected.span - 1 : view->selected.span + 1;
	} else {
		span = tl_model_span_at(row, tl_timescale_time(&view->time, 0));
		span = span == TL_NO_SPAN ? 0 : span;
	}
	go_span(view, at, span);
}

void tl_view_next_state(struct tl_view *view)
{
	step_span(view, 1);
}

void tl_view_previous_state(struct tl_view *view)
{
	step_span(view, -1);
}

/* Back along the edge that made the selected span start: to its waker or creator. */
void tl_view_to_cause(struct tl_view *view)
{
	const struct tl_row *row = selected_row(view), *from;
	const struct tl_edge *edge;
	size_t span;

	if (!tl_view_has_span(view))
		return;
	edge = tl_model_cause(row, view->selected.span);
	/* A wait is ended by what starts the span after it. */
	for (size_t i = view->selected.span; !edge && i + 1 < row->spans.n && i < view->selected.span + 2u; i++)
		edge = tl_model_cause(row, i + 1);
	if (!edge || edge->from_row >= view->data.model->rows.n)
		return;
	from = &view->data.model->rows.items[edge->from_row];
	span = tl_model_span_at(from, edge->from_ns);
	if (span != TL_NO_SPAN)
		go_span(view, edge->from_row, span);
}

/* Forward along the first edge that leaves the selected span. */
void tl_view_to_effect(struct tl_view *view)
{
	const struct tl_row *row = selected_row(view);
	const struct tl_model *model = view->data.model;
	const struct tl_edge *edge;
	size_t out, span;

	if (!tl_view_has_span(view))
		return;
	out = tl_model_out_from(model, row, tl_row_begin(row, view->selected.span));
	if (out >= row->n_outs)
		return;
	edge = tl_model_edge(model, row->outs[out]);
	span = tl_model_span_at(&model->rows.items[row->outs[out].row], edge->to_ns);
	if (span != TL_NO_SPAN)
		go_span(view, row->outs[out].row, span);
}

static void step_row(struct tl_view *view, int by)
{
	uint32_t row = view->selected.row;
	int64_t t = view->selected_ns;
	size_t i, span;

	if (row == TL_NONE) {
		row = row_in_sight(view);
		t = tl_timescale_time(&view->time, view->time.width_px / 2.0);
	} else {
		tl_view_unhide(view, row);
		i = view->list.place[row];
		if (i >= view->list.items.n)
			return;
		do {
			if (by < 0 ? i == 0 : i + 1 >= view->list.items.n)
				return;
			i = by < 0 ? i - 1 : i + 1;
		} while (view->list.items.items[i].row == TL_ITEM_HEADER);
		row = tl_row_list_row_at(&view->list, &view->list.items.items[i], view->data.model, t);
	}
	if (row == TL_NONE)
		return;
	span = tl_model_span_at(&view->data.model->rows.items[row], t);
	view->finding = TL_NONE;
	tl_view_select(view, (struct tl_spot){row, span == TL_NO_SPAN ? TL_NONE : (uint32_t)span}, t);
}

void tl_view_next_row(struct tl_view *view)
{
	step_row(view, 1);
}

void tl_view_previous_row(struct tl_view *view)
{
	step_row(view, -1);
}
