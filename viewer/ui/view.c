/* The viewer's state: its life and its selection; see view.h. */
#include "viewer/ui/view.h"

#include <inttypes.h>
#include <string.h>

#include "viewer/base/text.h"

double tl_view_scale(const struct tl_view *view)
{
	double scale = view->base_scale * view->user_scale;

	return scale < TL_SCALE_MIN ? TL_SCALE_MIN : scale > 2 * TL_SCALE_MAX ? 2 * TL_SCALE_MAX : scale;
}

int tl_view_px(const struct tl_view *view, double logical)
{
	return tl_layout_px(tl_view_scale(view), logical);
}

char *tl_view_label(const struct tl_view *view, uint32_t row, char *buffer)
{
	return tl_view_data_label(&view->data, row, buffer);
}

/* The widest of the first names; of a hundred thousand, not all are measured. */
static int names_width(const struct tl_view *view)
{
	char label[TL_TASK_LABEL];
	int most = 0;

	for (uint32_t row = 0; row < view->data.model->rows.n && row < 500; row++) {
		int width = tl_fonts_width(view->data.fonts, TL_FONT_TEXT, tl_view_label(view, row, label),
					   (unsigned)strlen(label));

		most = width > most ? width : most;
	}
	return most;
}

static void write_note(struct tl_view *view)
{
	const struct tl_check *check = view->data.check;
	size_t room = sizeof view->note, at = 0;

	view->note[0] = '\0';
	if (!view->data.model->sealed) {
		snprintf(view->note, room, "Reading: %" PRIu64 " events so far. Esc stops and keeps what is there.",
			 view->data.model->events);
		return;
	}

	if (view->data.broken)
		at += (size_t)snprintf(view->note, room, "The trace could not be read to its end: %s  ",
				       view->data.broken);
	if (check && check->lost > 0 && at < room)
		at += (size_t)snprintf(view->note + at, room - at,
				       "%" PRIu64 " event%s lost: what is hatched is unknown.  ", check->lost,
				       check->lost == 1 ? " was" : "s were");
	if (check && check->truncated && at < room)
		at += (size_t)snprintf(view->note + at, room - at,
				       "The file is cut off: %" PRIu64
				       " bytes after its last whole packet are left out.  ",
				       check->info.tail_bytes);
	if (check && check->stopped && at < room)
		snprintf(view->note + at, room - at, "Loading was stopped: this is only the beginning.  ");
}

static int list_findings(struct tl_view *view)
{
	const struct tl_check *check = view->data.check;

	if (tl_finding_list_init(&view->finding_list, check ? &check->findings : NULL) != 0)
		return -1;
	view->findings = view->finding_list.order;
	view->n_findings = view->finding_list.n;
	return 0;
}

static int lay_findings(struct tl_view *view)
{
	const struct tl_check *check = view->data.check;
	int rule_h = tl_draw_line_height(&(struct tl_draw){.fonts = view->data.fonts}, TL_FONT_TEXT) +
		     tl_view_px(view, 6);

	return tl_finding_list_lay(&view->finding_list, check ? &check->findings : NULL, rule_h,
				   tl_view_finding_height(view));
}

void tl_view_fold_rule(struct tl_view *view, uint32_t place)
{
	view->finding_list.folded[place] = !view->finding_list.folded[place];
	/* There is room for fewer lines, and has been for more. */
	lay_findings(view);
	tl_view_limit_scroll(view);
	view->dirty = true;
}

static void place_all(struct tl_view *view, int width, int height)
{
	struct tl_layout_wish wish = {width,
				      height,
				      tl_view_scale(view),
				      view->gutter_px,
				      view->note[0] != '\0',
				      view->finding_list.lines.n,
				      view->drawer.panel != TL_PANEL_NONE};

	tl_layout_make(&view->layout, &wish);
	tl_view_limit_scroll(view);
	view->dirty = true;
}

/* Everything that depends on the scale. */
static int rescale(struct tl_view *view)
{
	struct tl_row_list list;

	if (view->data.fonts->set_scale(view->data.fonts->data, tl_view_scale(view)) != 0 ||
	    tl_row_list_make(&list, &view->data, &view->arrangement, tl_view_scale(view)) != 0)
		return TL_ENOMEM;
	tl_row_list_finish(&view->list);
	view->list = list;
	if (lay_findings(view) != 0)
		return TL_ENOMEM;
	view->gutter_px = names_width(view) + tl_view_px(view, 44);
	return 0;
}

int tl_view_init(struct tl_view *view, const struct tl_view_data *data, const struct tl_theme *theme, int width,
		 int height, double scale, struct tl_error *error)
{
	memset(view, 0, sizeof *view);
	view->data = *data;
	view->theme = theme;
	view->base_scale = scale;
	view->user_scale = 1;
	view->finding = TL_NONE;
	view->selected.row = view->hovered.row = TL_NONE;
	view->all_edges = true;
	write_note(view);
	view->sources = tl_listing_create();
	if (tl_arrangement_init(&view->arrangement, data->model) != 0 || list_findings(view) != 0 ||
	    tl_drawer_init(view) != 0 || rescale(view) != 0) {
		tl_view_finish(view);
		return tl_error_set(error, TL_ENOMEM, "out of memory for the list of rows");
	}
	place_all(view, width, height);
	tl_timescale_fit(&view->time, view->layout.rows.w, data->model->end_ns);
	view->history[0] = (struct tl_place){view->time, 0};
	view->n_history = 1;
	return 0;
}

int tl_view_reload(struct tl_view *view, const struct tl_view_data *data)
{
	bool moved = view->n_history > 1;
	enum tl_panel panel = view->drawer.panel;
	struct tl_path path = view->drawer.path;

	/* The path is of rows and spans that stay; all else is counted anew. */
	memset(&view->drawer.path, 0, sizeof view->drawer.path);
	tl_drawer_finish(&view->drawer);
	tl_finding_list_finish(&view->finding_list);
	view->data = *data;
	view->findings = NULL;
	view->n_findings = 0;
	view->finding = TL_NONE;
	view->drawer.panel = panel;
	view->drawer.path = path;
	write_note(view);
	if (tl_arrangement_grow(&view->arrangement, data->model) != 0 || list_findings(view) != 0 ||
	    tl_drawer_init(view) != 0 || rescale(view) != 0)
		return TL_ENOMEM;
	place_all(view, view->layout.width, view->layout.height);
	view->time.end_ns = data->model->end_ns;
	if (moved) {
		tl_timescale_resize(&view->time, view->layout.rows.w);
	} else {
		tl_timescale_fit(&view->time, view->layout.rows.w, data->model->end_ns);
		view->history[0] = (struct tl_place){view->time, 0};
	}
	return 0;
}

void tl_view_finish(struct tl_view *view)
{
	tl_row_list_finish(&view->list);
	tl_drawer_finish(&view->drawer);
	tl_listing_destroy(view->sources);
	view->sources = NULL;
	free(view->clipboard);
	tl_finding_list_finish(&view->finding_list);
	view->clipboard = NULL;
	tl_arrangement_finish(&view->arrangement);
	tl_notes_finish(&view->notes);
	view->findings = NULL;
}

int tl_view_resize(struct tl_view *view, int width, int height, double scale)
{
	int64_t from_ns, to_ns;

	if (scale != view->base_scale) {
		double before = view->base_scale;

		view->base_scale = scale;
		if (rescale(view) != 0) {
			view->base_scale = before;
			return TL_ENOMEM;
		}
	}
	from_ns = tl_timescale_time(&view->time, 0);
	to_ns = tl_timescale_time(&view->time, view->time.width_px);
	place_all(view, width, height);
	tl_timescale_resize(&view->time, view->layout.rows.w);
	/* Who has not moved yet sees what was to be seen at first, however large the window becomes. */
	if (view->n_history == 1 && view->layout.rows.w > 0 && from_ns < to_ns) {
		tl_timescale_show(&view->time, from_ns, to_ns, 0);
		view->history[0].time = view->time;
	}
	return 0;
}

int tl_view_set_user_scale(struct tl_view *view, double scale)
{
	double before = view->user_scale;

	view->user_scale = scale < TL_SCALE_MIN ? TL_SCALE_MIN : scale > TL_SCALE_MAX ? TL_SCALE_MAX : scale;
	if (rescale(view) != 0) {
		view->user_scale = before;
		return TL_ENOMEM;
	}
	return tl_view_resize(view, view->layout.width, view->layout.height, view->base_scale);
}

int tl_view_finding_height(const struct tl_view *view)
{
	return tl_draw_line_height(&(struct tl_draw){.fonts = view->data.fonts}, TL_FONT_TEXT) +
	       tl_draw_line_height(&(struct tl_draw){.fonts = view->data.fonts}, TL_FONT_SMALL) + tl_view_px(view, 8);
}

static int limited(int value, int most)
{
	return value > most ? (most > 0 ? most : 0) : value < 0 ? 0 : value;
}

void tl_view_limit_scroll(struct tl_view *view)
{
	view->scroll_y = limited(view->scroll_y, view->list.height - view->layout.rows.h);
	view->findings_scroll = limited(view->findings_scroll,
					view->finding_list.height - view->layout.findings.h + tl_view_px(view, 34));
	view->drawer.scroll = limited(view->drawer.scroll, view->drawer.height - tl_drawer_place(view).body.h);
	view->details_scroll = limited(view->details_scroll, view->details_height - view->layout.details.h);
}

const struct tl_finding *tl_view_finding(const struct tl_view *view)
{
	if (view->finding >= view->n_findings)
		return NULL;
	return &view->data.check->findings.list.items[view->findings[view->finding]];
}
