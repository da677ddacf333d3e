/* Hit testing; see hit.h. */
#include "viewer/ui/hit.h"

#define SIGN_SIZE 13

int tl_flag_sign_size(const struct tl_view *view)
{
	return tl_view_px(view, SIGN_SIZE);
}

bool tl_flag_sign_next(const struct tl_view *view, const struct tl_row *row, struct tl_flag_sign *sign)
{
	int size = tl_flag_sign_size(view);
	size_t first, end;

	if (!row->extra)
		return false;
	first = tl_model_flag_from(row, tl_timescale_time(&view->time, -size));
	first = first > sign->next ? first : sign->next;
	if (first >= row->extra->flags.n)
		return false;
	sign->x = tl_timescale_column(&view->time, row->extra->flags.items[first].time_ns);
	if (sign->x > view->time.width_px + size)
		return false;
	end = tl_model_flag_from(row, tl_timescale_time(&view->time, sign->x + size));
	end = end > first ? end : first + 1;
	sign->n = end - first;
	sign->next = end;
	sign->finding = row->extra->flags.items[first].finding;
	sign->severity = row->extra->flags.items[first].severity;
	/* Of very many in one place, the first hundred decide which is named; all decide the shape. */
	for (size_t i = first; i < end && i < first + 100; i++) {
		if (row->extra->flags.items[i].severity > sign->severity) {
			sign->severity = row->extra->flags.items[i].severity;
			sign->finding = row->extra->flags.items[i].finding;
		}
	}
	if (sign->n > 100)
		sign->severity = tl_model_flag_worst(row, row->extra->flags.items[first].time_ns,
						     row->extra->flags.items[end - 1].time_ns + 1) -
				 1;
	return true;
}

static size_t place_of(const struct tl_view *view, uint32_t finding)
{
	for (size_t i = 0; i < view->n_findings; i++)
		if (view->findings[i] == finding)
			return i;
	return view->n_findings;
}

static bool hit_flag(const struct tl_view *view, const struct tl_row *row, struct tl_rect rect, int x, int y,
		     struct tl_hit *hit)
{
	struct tl_flag_sign sign = {0};
	int reach = tl_flag_sign_size(view) * 2 / 3;
	struct tl_rect bar = tl_row_bar(rect, tl_view_scale(view));

	if (y < bar.y - 2 || y > bar.y + bar.h)
		return false;
	while (tl_flag_sign_next(view, row, &sign)) {
		if (x < sign.x - reach || x > sign.x + reach)
			continue;
		hit->kind = TL_HIT_FLAG;
		hit->finding = place_of(view, sign.finding);
		return true;
	}
	return false;
}

static struct tl_hit hit_rows(const struct tl_view *view, int x, int y)
{
	const struct tl_rect *rows = &view->layout.rows;
	struct tl_hit hit = {.kind = TL_HIT_ROWS, .spot = {TL_NONE, TL_NONE}};
	size_t at = tl_view_item_at(view, y), span;
	const struct tl_row_item *item;
	const struct tl_row *row;

	hit.time_ns = tl_timescale_time(&view->time, x - rows->x + 0.5);
	if (at == SIZE_MAX)
		return hit;
	item = &view->list.items.items[at];
	if (item->row == TL_ITEM_HEADER)
		return (struct tl_hit){.kind = TL_HIT_HEADER, .spot = {TL_NONE, TL_NONE}, .item = at};
	hit.spot.row = tl_row_list_row_at(&view->list, item, view->data.model, hit.time_ns);
	row = &view->data.model->rows.items[hit.spot.row];
	span = tl_model_span_at(row, hit.time_ns);
	if (span != TL_NO_SPAN && hit.time_ns < view->data.model->end_ns && tl_row_look(row, span) != TL_LOOK_EXITED) {
		hit.kind = TL_HIT_SPAN;
		hit.spot.span = (uint32_t)span;
	}
	hit_flag(view, row, tl_view_item_rect(view, at), x - rows->x, y, &hit);
	if (hit.kind == TL_HIT_FLAG && span != TL_NO_SPAN)
		hit.spot.span = (uint32_t)span;
	return hit;
}

static struct tl_hit hit_gutter(const struct tl_view *view, int y)
{
	struct tl_hit hit = {.kind = TL_HIT_GUTTER, .spot = {TL_NONE, TL_NONE}};
	size_t at = tl_view_item_at(view, y);

	if (at == SIZE_MAX)
		return hit;
	hit.item = at;
	if (view->list.items.items[at].row == TL_ITEM_HEADER)
		hit.kind = TL_HIT_HEADER;
	else
		hit.spot.row = tl_row_list_row_at(&view->list, &view->list.items.items[at], view->data.model,
						  tl_timescale_time(&view->time, view->time.width_px / 2.0));
	return hit;
}

static struct tl_hit hit_findings(const struct tl_view *view, int y)
{
	struct tl_hit hit = {.kind = TL_HIT_FINDINGS, .spot = {TL_NONE, TL_NONE}};
	int into = y - view->layout.findings.y - tl_view_px(view, 34);
	size_t line = into < 0 ? SIZE_MAX
			       : tl_finding_list_at(&view->finding_list, (int64_t)into + view->findings_scroll);

	if (line == SIZE_MAX)
		return hit;
	hit.kind = view->finding_list.lines.items[line].n ? TL_HIT_RULE : TL_HIT_FINDING;
	hit.finding = view->finding_list.lines.items[line].place;
	return hit;
}

struct tl_hit tl_hit_at(const struct tl_view *view, int x, int y)
{
	const struct tl_layout *layout = &view->layout;
	struct tl_hit hit = {.kind = TL_HIT_NOTHING, .spot = {TL_NONE, TL_NONE}};

	if (tl_rect_has(layout->rows, x, y))
		return hit_rows(view, x, y);
	if (tl_rect_has(layout->gutter, x, y))
		return hit_gutter(view, y);
	if (tl_rect_has(layout->findings, x, y))
		return hit_findings(view, y);
	if (tl_rect_has(layout->drawer, x, y)) {
		hit.kind = TL_HIT_DRAWER;
	} else if (tl_rect_has(tl_view_menu_rect(view), x, y)) {
		hit.kind = TL_HIT_MENU;
	} else if (tl_rect_has(tl_view_filter_rect(view), x, y)) {
		hit.kind = TL_HIT_FILTER;
	} else if (tl_rect_has(layout->details, x, y)) {
		hit.kind = TL_HIT_DETAILS;
	} else if (tl_rect_has(layout->overview, x, y)) {
		hit.kind = TL_HIT_OVERVIEW;
		hit.time_ns = (int64_t)((double)(x - layout->overview.x) / layout->overview.w *
					(double)view->data.model->end_ns);
	} else if (tl_rect_has(layout->ruler, x, y) && x >= layout->rows.x) {
		hit.kind = TL_HIT_RULER;
		hit.time_ns = tl_timescale_time(&view->time, x - layout->rows.x + 0.5);
	}
	return hit;
}
