/* Pointer, wheel, and the search for a key's binding; see input.h. */
#include "viewer/ui/input.h"

#include <math.h>
#include <stdlib.h>

#include "viewer/ui/arrange.h"
#include "viewer/ui/hit.h"

#define DRAG_PX 3
#define ZOOM_STEP 1.25

static void run_binding(struct tl_view *view, const struct tl_input *input)
{
	for (size_t i = 0; i < tl_n_bindings; i++) {
		const struct tl_binding *binding = &tl_bindings[i];

		if (binding->type != input->type || (input->type == TL_INPUT_KEY && binding->mods != input->mods))
			continue;
		if (binding->scancode ? binding->scancode == input->scancode : binding->sym == input->sym) {
			binding->run(view);
			return;
		}
	}
}

/* A key of the help was clicked on, or what its line says: the first key of that. */
static void run_line(struct tl_view *view, size_t binding)
{
	if (binding < tl_n_bindings)
		tl_bindings[binding].run(view);
}

static int64_t overview_time(const struct tl_view *view, int x)
{
	const struct tl_rect *rect = &view->layout.overview;

	return (int64_t)((double)(x - rect->x) / (rect->w > 0 ? rect->w : 1) * (double)view->data.model->end_ns);
}

static void center_overview(struct tl_view *view, int x)
{
	tl_timescale_center(&view->time, overview_time(view, x));
	tl_view_pan(view, 0, 0);
}

static void press(struct tl_view *view, const struct tl_input *input)
{
	struct tl_hit hit = tl_hit_at(view, input->x, input->y);
	bool time_area = hit.kind == TL_HIT_ROWS || hit.kind == TL_HIT_SPAN || hit.kind == TL_HIT_FLAG;

	view->drag_x = input->x;
	view->drag_y = input->y;
	view->drag = TL_DRAG_PRESS;
	if (hit.kind == TL_HIT_OVERVIEW) {
		view->drag = TL_DRAG_OVERVIEW;
		center_overview(view, input->x);
	} else if (hit.kind == TL_HIT_RULER || (time_area && input->mods & TL_MOD_SHIFT)) {
		view->drag = TL_DRAG_MEASURE;
		view->measured = false;
		view->measure_from_ns = view->measure_to_ns = hit.time_ns;
	}
}

static void click(struct tl_view *view, const struct tl_input *input)
{
	struct tl_hit hit = tl_hit_at(view, input->x, input->y);

	switch (hit.kind) {
	case TL_HIT_FINDING: tl_view_go_finding(view, hit.finding); break;
	case TL_HIT_RULE: tl_view_fold_rule(view, (uint32_t)hit.finding); break;
	case TL_HIT_DRAWER: tl_drawer_click(view, input->x, input->y); break;
	case TL_HIT_FLAG:
		view->finding = hit.finding < view->n_findings ? (uint32_t)hit.finding : TL_NONE;
		tl_view_select(view, hit.spot, hit.time_ns);
		break;
	case TL_HIT_HEADER: tl_view_fold(view, hit.item); break;
	case TL_HIT_MENU:
		view->help = true;
		view->dirty = true;
		break;
	case TL_HIT_FILTER: tl_prompt_open(view, TL_PROMPT_FILTER); break;
	case TL_HIT_GUTTER:
	case TL_HIT_SPAN:
	case TL_HIT_ROWS:
		view->finding = TL_NONE;
		tl_view_select(view, hit.spot, hit.time_ns);
		break;
	default: break;
	}
	if (input->clicks == 2 && hit.kind == TL_HIT_SPAN) {
		const struct tl_row *row = &view->data.model->rows.items[hit.spot.row];

		tl_view_show(view, tl_row_begin(row, hit.spot.span),
			     tl_model_span_end(view->data.model, row, hit.spot.span), 0.15);
	}
}

static void drag(struct tl_view *view, const struct tl_input *input)
{
	int dx = view->drag_x - input->x, dy = view->drag_y - input->y;

	switch (view->drag) {
	case TL_DRAG_PRESS:
		if (abs(dx) <= DRAG_PX && abs(dy) <= DRAG_PX)
			return;
		if (!tl_rect_has(view->layout.rows, view->drag_x, view->drag_y) &&
		    !tl_rect_has(view->layout.gutter, view->drag_x, view->drag_y))
			return;
		view->drag = TL_DRAG_PAN;
		/* fall through */
	case TL_DRAG_PAN:
		tl_view_pan(view, dx, dy);
		view->drag_x = input->x;
		view->drag_y = input->y;
		break;
	case TL_DRAG_MEASURE:
		view->measured = true;
		view->measure_to_ns = tl_timescale_time(&view->time, input->x - view->layout.rows.x + 0.5);
		break;
	case TL_DRAG_OVERVIEW: center_overview(view, input->x); break;
	default: return;
	}
	view->dirty = true;
}

/* What lies under the pointer now: it has moved, or the picture has. */
static void point_again(struct tl_view *view)
{
	struct tl_hit hit = {.spot = {TL_NONE, TL_NONE}};

	if (view->mouse_inside)
		hit = tl_hit_at(view, view->mouse_x, view->mouse_y);
	view->hovered = hit.kind == TL_HIT_SPAN || hit.kind == TL_HIT_FLAG ? hit.spot
									   : (struct tl_spot){TL_NONE, TL_NONE};
}

static void move(struct tl_view *view, const struct tl_input *input)
{
	view->mouse_x = input->x;
	view->mouse_y = input->y;
	view->mouse_inside = true;
	view->dirty = true; /* the time under the cursor is shown */
	drag(view, input);
	view->tip = true;
}

static void release(struct tl_view *view, const struct tl_input *input)
{
	enum tl_drag was = view->drag;

	view->drag = TL_DRAG_NONE;
	if (was == TL_DRAG_PRESS)
		click(view, input);
	if (was != TL_DRAG_NONE)
		view->last_move = 0; /* the next drag is another move */
	view->dirty = true;
}

static void wheel(struct tl_view *view, const struct tl_input *input)
{
	struct tl_hit hit = tl_hit_at(view, input->x, input->y);
	int step = tl_view_px(view, 60), dx = (int)lroundf(input->wheel_x * (float)step);
	int dy = -(int)lroundf(input->wheel_y * (float)step);

	view->dirty = true;
	if (hit.kind == TL_HIT_FINDING || hit.kind == TL_HIT_RULE || hit.kind == TL_HIT_FINDINGS) {
		view->findings_scroll += dy;
		tl_view_limit_scroll(view);
	} else if (hit.kind == TL_HIT_DRAWER) {
		view->drawer.scroll += dy;
		tl_view_limit_scroll(view);
	} else if (hit.kind == TL_HIT_DETAILS) {
		view->details_scroll += dy;
		tl_view_limit_scroll(view);
	} else if (input->mods & TL_MOD_CTRL || hit.kind == TL_HIT_OVERVIEW) {
		tl_view_zoom(view, input->x, pow(ZOOM_STEP, input->wheel_y));
	} else if (input->mods & TL_MOD_SHIFT) {
		tl_view_pan(view, dx + dy, 0);
	} else {
		tl_view_pan(view, dx, dy);
	}
}

void tl_view_input(struct tl_view *view, const struct tl_input *input)
{
	/* What was said is read by now. */
	if (input->type == TL_INPUT_KEY || input->type == TL_INPUT_PRESS)
		view->said[0] = '\0';
	if (tl_prompt_input(view, input))
		return;
	switch (input->type) {
	case TL_INPUT_KEY:
	case TL_INPUT_TEXT:
		run_binding(view, input);
		/* Who uses keys looks elsewhere, and not for what the pointer happens to lie on. */
		view->tip = false;
		break;
	case TL_INPUT_MOVE: move(view, input); break;
	case TL_INPUT_PRESS:
		if (view->help) {
			view->help = false;
			view->dirty = true;
			run_line(view, tl_help_at(view, input->x, input->y));
		} else {
			press(view, input);
		}
		break;
	case TL_INPUT_RELEASE: release(view, input); break;
	case TL_INPUT_WHEEL: wheel(view, input); break;
	case TL_INPUT_LEAVE:
		view->mouse_inside = false;
		view->dirty = true;
		break;
	case TL_INPUT_QUIT: view->quit = true; break;
	}
	point_again(view);
}
