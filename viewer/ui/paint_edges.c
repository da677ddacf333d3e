/*
 * Arrows from a cause to what it started. Those of the selection and of what is
 * under the pointer are always drawn; all of them only while they are few
 * enough to be told apart.
 */
#include "viewer/ui/paint.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#define MOST_ARROWS 220
#define MOST_EDGES 20000 /* in sight: of so many not even a choice is looked for */
#define FEW_TASKS 64     /* of a lane, that are asked how many edges they have */
#define APART_PX 4
#define BUNDLE 4

/* The two ends in the window. */
static void ends(const struct tl_paint *paint, uint32_t to_row, const struct tl_edge *edge, struct tl_point *from,
		 struct tl_point *to)
{
	const struct tl_view *view = paint->view;
	struct tl_rect a = tl_row_bar(tl_view_row_rect(view, edge->from_row), paint->scale);
	struct tl_rect b = tl_row_bar(tl_view_row_rect(view, to_row), paint->scale);
	float left = (float)view->layout.rows.x;
	bool down = b.y > a.y;

	from->x = left + (float)tl_timescale_x(&view->time, edge->from_ns);
	to->x = left + (float)tl_timescale_x(&view->time, edge->to_ns);
	from->y = (float)(down ? a.y + a.h : a.y);
	to->y = (float)(down ? b.y : b.y + b.h);
	if (edge->from_row == to_row)
		from->y = to->y = (float)a.y;
}

static void clamp_point(struct tl_point *point, const struct tl_rect *rows)
{
	float low = (float)rows->x - 20000, high = (float)rows->x + 20000;

	point->x = fminf(fmaxf(point->x, low), high);
	point->y = fminf(fmaxf(point->y, -20000), 20000);
}

static void paint_arrow(const struct tl_paint *paint, uint32_t to_row, const struct tl_edge *edge, unsigned alpha)
{
	uint32_t color = tl_paint_fade(tl_paint_edge_color(paint, edge->kind), alpha);
	float width = (float)paint->scale * (alpha == 255 ? 1.8f : 1.2f), size = (float)paint->scale * 6, bend, dir;
	struct tl_point p[4];

	ends(paint, to_row, edge, &p[0], &p[3]);
	clamp_point(&p[0], &paint->view->layout.rows);
	clamp_point(&p[3], &paint->view->layout.rows);
	dir = p[3].y > p[0].y ? 1 : -1;
	/* Leaves and arrives upright, so that it meets its two instants and not what is beside them. */
	bend = fmaxf(fabsf(p[3].y - p[0].y) * 0.45f, size * 1.5f);
	p[1] = (struct tl_point){p[0].x, p[0].y + dir * bend};
	p[2] = (struct tl_point){p[3].x, p[3].y - dir * bend};
	p[3].y -= dir * size * 0.8f;
	tl_draw_curve(paint->draw, p, width, tl_paint_edge_dash(paint, edge->kind), color);
	p[3].y += dir * size * 0.8f;
	tl_draw_polygon(paint->draw,
			(struct tl_point[]){{p[3].x, p[3].y},
					    {p[3].x - size * 0.5f, p[3].y - dir * size},
					    {p[3].x + size * 0.5f, p[3].y - dir * size}},
			3, color);
	tl_draw_polygon(paint->draw,
			(struct tl_point[]){{p[0].x - width * 1.3f, p[0].y},
					    {p[0].x, p[0].y - width * 1.3f},
					    {p[0].x + width * 1.3f, p[0].y},
					    {p[0].x, p[0].y + width * 1.3f}},
			4, color);
}

/* The edges of one span: what made it (or the one after a wait) start, and what leaves it. */
static void paint_spot(const struct tl_paint *paint, struct tl_spot spot)
{
	const struct tl_model *model = paint->view->data.model;
	const struct tl_row *row;
	const struct tl_edge *cause = NULL;
	int64_t begin_ns, end_ns;

	if (spot.row == TL_NONE || spot.span == TL_NONE)
		return;
	row = &model->rows.items[spot.row];
	begin_ns = tl_row_begin(row, spot.span);
	end_ns = tl_model_span_end(model, row, spot.span);
	for (size_t i = spot.span; !cause && i < row->spans.n && i < spot.span + 3u; i++) {
		cause = tl_model_cause(row, i);
		if (!cause && tl_row_look(row, i) == TL_LOOK_RUNNING)
			break;
	}
	if (cause && cause->from_row < model->rows.n)
		paint_arrow(paint, spot.row, cause, 255);
	for (size_t i = tl_model_out_from(model, row, begin_ns), n = 0; i < row->n_outs && n < 100; i++, n++) {
		const struct tl_edge *edge = tl_model_edge(model, row->outs[i]);

		if (edge->from_ns >= end_ns)
			break;
		if (edge->from_row == spot.row)
			paint_arrow(paint, row->outs[i].row, edge, 255);
	}
}

/* Arrows drawn so far, by where they arrive: a bundle of them tells no more than its first few. */
struct bundle {
	uint8_t *counts; /* of each APART_PX columns */
	size_t n;
};

/* May one more arrow arrive at column `x`? Those that come from beside the picture count where it begins. */
static bool bundle_take(struct bundle *bundle, int x)
{
	size_t at = x < 0 ? 0 : (size_t)x / APART_PX;

	if (at >= bundle->n || bundle->counts[at] >= BUNDLE)
		return false;
	bundle->counts[at]++;
	return true;
}

/* An arrow from a row that is scrolled away would only be a line through others. */
static bool is_shown(const struct tl_view *view, uint32_t row)
{
	struct tl_rect rect = tl_view_row_rect(view, row);

	return rect.y + rect.h > view->layout.rows.y && rect.y < view->layout.rows.y + view->layout.rows.h;
}

/* Edges into one row, at most one for each few pixels; draws them if `alpha`, and returns how many. */
static unsigned row_edges(const struct tl_paint *paint, struct bundle *bundle, uint32_t at, unsigned alpha,
			  unsigned most)
{
	const struct tl_view *view = paint->view;
	const struct tl_row *row = &view->data.model->rows.items[at];
	size_t i = tl_model_edge_from(row, tl_timescale_time(&view->time, -1)), next;
	unsigned n = 0;

	while (i < row->edges.n && n <= most) {
		int x = tl_timescale_column(&view->time, row->edges.items[i].to_ns);

		if (x > view->time.width_px)
			break;
		if (row->edges.items[i].from_row < view->data.model->rows.n &&
		    is_shown(view, row->edges.items[i].from_row) && bundle_take(bundle, x)) {
			n++;
			if (alpha)
				paint_arrow(paint, at, &row->edges.items[i], alpha);
		}
		next = tl_model_edge_next(row, i, tl_timescale_time(&view->time, x + APART_PX));
		i = next > i ? next : i + 1;
	}
	return n;
}

/* Edges into the tasks of a lane: of many that begin within a few pixels, a bundle's worth. */
static unsigned lane_edges(const struct tl_paint *paint, struct bundle *bundle, const struct tl_row_item *item,
			   unsigned alpha, unsigned most)
{
	const struct tl_view *view = paint->view;
	uint32_t at = tl_row_list_lane_at(&view->list, item, view->data.model, tl_timescale_time(&view->time, -1));
	unsigned n = 0, here = 0;
	int place = INT_MIN;

	while (at < item->first + item->n && n <= most) {
		uint32_t row = view->list.rows.items[at++], next;
		const struct tl_row *r = &view->data.model->rows.items[row];
		int x = r->spans.n ? tl_timescale_column(&view->time, tl_row_begin(r, 0)) : 0;

		if (x > view->time.width_px)
			break;
		n += row_edges(paint, bundle, row, alpha, most - n);
		here = x / APART_PX == place ? here + 1 : 1;
		place = x / APART_PX;
		if (here < BUNDLE)
			continue;
		next = tl_row_list_lane_at(&view->list, item, view->data.model,
					   tl_timescale_time(&view->time, (place + 1) * APART_PX));
		at = next > at ? next : at;
	}
	return n;
}

static size_t edges_between(const struct tl_row *row, int64_t begin_ns, int64_t end_ns)
{
	return row->edges.n ? tl_model_edge_from(row, end_ns) - tl_model_edge_from(row, begin_ns) : 0;
}

/* Edges into the rows in sight, within the time in sight: two searches a row. */
static size_t count_edges(const struct tl_view *view)
{
	int64_t begin_ns = tl_timescale_time(&view->time, -1);
	int64_t end_ns = tl_timescale_time(&view->time, view->time.width_px);
	size_t n = 0;

	for (size_t i = SIZE_MAX; n <= MOST_EDGES && (i = tl_view_next_item(view, i)) != SIZE_MAX;) {
		const struct tl_row_item *item = &view->list.items.items[i];
		uint32_t at, last;

		if (item->row == TL_ITEM_HEADER)
			continue;
		at = tl_row_list_lane_at(&view->list, item, view->data.model, begin_ns);
		last = tl_row_list_lane_at(&view->list, item, view->data.model, end_ns);
		/* Almost every task of a lane has an edge, its creation: very many need not be asked. */
		if (last - at > FEW_TASKS)
			n += last - at - FEW_TASKS;
		last = last - at > FEW_TASKS ? at + FEW_TASKS : last;
		for (; at <= last && n <= MOST_EDGES; at++)
			n += edges_between(&view->data.model->rows.items[view->list.rows.items[at]], begin_ns, end_ns);
	}
	return n;
}

static unsigned all_edges(const struct tl_paint *paint, unsigned alpha)
{
	const struct tl_view *view = paint->view;
	struct bundle bundle = {NULL, (size_t)view->time.width_px / APART_PX + 1};
	unsigned n = 0;

	bundle.counts = calloc(bundle.n, 1);
	if (!bundle.counts) {
		paint->draw->failed = true;
		return 0;
	}
	for (size_t i = SIZE_MAX; n <= MOST_ARROWS && (i = tl_view_next_item(view, i)) != SIZE_MAX;) {
		const struct tl_row_item *item = &view->list.items.items[i];

		if (item->row != TL_ITEM_HEADER)
			n += lane_edges(paint, &bundle, item, alpha, MOST_ARROWS - n);
	}
	free(bundle.counts);
	return n;
}

void tl_paint_edges(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;

	tl_draw_clip(paint->draw, view->layout.rows);
	if (view->all_edges && count_edges(view) <= MOST_EDGES) {
		unsigned n = all_edges(paint, 0);

		/* Behind a selection they step back. */
		if (n > 0 && n <= MOST_ARROWS)
			all_edges(paint, view->selected.row != TL_NONE ? 70 : n > 80 ? 110 : 165);
	}
	if (view->hovered.row != view->selected.row || view->hovered.span != view->selected.span)
		paint_spot(paint, view->hovered);
	paint_spot(paint, view->selected);
}
