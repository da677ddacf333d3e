/* The file of how the window stood: a line for each thing that is not as at first; see sidecar.h. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/ui/arrange.h"
#include "viewer/ui/out_file.h"
#include "viewer/ui/sidecar_file.h"

#define MAGIC "threadline-view 1\n"

static int write_all(FILE *file, const void *data, struct tl_error *error)
{
	const struct tl_view *view = data;
	const struct tl_arrangement *rows = &view->arrangement;

	(void)error; /* that the bytes arrive, the caller sees to */
	fprintf(file, MAGIC "trace %" PRId64 " %" PRId64 "\n", view->data.model->epoch_ns, view->data.model->end_ns);
	fprintf(file, "range %" PRId64 " %" PRId64 "\n", tl_timescale_time(&view->time, 0),
		tl_timescale_time(&view->time, view->time.width_px));
	fprintf(file, "size %d\n", (int)lround(view->user_scale * 1000));
	fprintf(file, "theme %s\n", view->theme->name);
	fprintf(file, "rows %d %d %d %d\n", (int)rows->sort, rows->by_name, rows->share_lanes, view->all_edges);
	if (rows->filter_text[0])
		fprintf(file, "filter %s\n", rows->filter_text);
	for (size_t row = 0; row < view->data.model->rows.n; row++)
		if (rows->marks[row] & (TL_ROW_PINNED | TL_ROW_HIDDEN))
			fprintf(file, "%s %zu\n", rows->marks[row] & TL_ROW_PINNED ? "pinned" : "hidden", row);
	for (size_t i = 0; i < rows->folded.n; i++)
		fprintf(file, "folded %" PRId64 "\n", (int64_t)rows->folded.items[i]);
	fprintf(file, "scroll %d\n", view->scroll_y);
	return 0;
}

int tl_sidecar_write_view(const struct tl_sidecar *sidecar, const struct tl_view *view, struct tl_error *error)
{
	return sidecar->view_path ? tl_out_file(sidecar->view_path, write_all, view, error) : 0;
}

static bool take_range(struct tl_view *view, char *rest)
{
	int64_t from_ns, to_ns, end_ns = view->data.model->end_ns;

	if (!tl_sidecar_number(&rest, &from_ns) || !tl_sidecar_number(&rest, &to_ns) || from_ns >= to_ns ||
	    from_ns < -4 * end_ns || to_ns > 5 * end_ns)
		return false;
	tl_timescale_show(&view->time, from_ns, to_ns, 0);
	return true;
}

static bool take_size(struct tl_view *view, char *rest)
{
	int64_t size;

	return tl_sidecar_number(&rest, &size) && size >= 500 && size <= 4000 &&
	       tl_view_set_user_scale(view, (double)size / 1000) == 0;
}

static bool take_theme(struct tl_view *view, char *rest)
{
	const struct tl_theme *theme = tl_theme_find(rest);

	view->theme = theme ? theme : view->theme;
	return theme != NULL;
}

static bool take_rows(struct tl_view *view, char *rest)
{
	int64_t n[4];

	for (int i = 0; i < 4; i++)
		if (!tl_sidecar_number(&rest, &n[i]) || n[i] < 0 || n[i] > (i == 0 ? TL_N_SORTS - 1 : 1))
			return false;
	view->arrangement.sort = (enum tl_sort)n[0];
	view->arrangement.by_name = n[1];
	view->arrangement.share_lanes = n[2];
	view->all_edges = n[3];
	return true;
}

static bool take_filter(struct tl_view *view, char *rest)
{
	return strlen(rest) < TL_FILTER_TEXT && tl_view_set_filter(view, rest, NULL) == 0;
}

static bool take_mark(struct tl_view *view, char *rest, uint8_t mark)
{
	int64_t row;

	if (!tl_sidecar_number(&rest, &row) || row < 0 || (uint64_t)row >= view->data.model->rows.n)
		return false;
	view->arrangement.marks[row] |= mark;
	return true;
}

static bool take_pinned(struct tl_view *view, char *rest)
{
	return take_mark(view, rest, TL_ROW_PINNED);
}

static bool take_hidden(struct tl_view *view, char *rest)
{
	return take_mark(view, rest, TL_ROW_HIDDEN);
}

static bool take_folded(struct tl_view *view, char *rest)
{
	int64_t group;

	/* Of a file of a hundred thousand such lines, each would be looked for in all before it. */
	return view->arrangement.folded.n < 10000 && tl_sidecar_number(&rest, &group) &&
	       tl_arrangement_fold(&view->arrangement, (uint64_t)group, true) == 0;
}

/* The last line: by now the rows are as they were. */
static bool take_scroll(struct tl_view *view, char *rest)
{
	int64_t y;

	if (!tl_sidecar_number(&rest, &y) || y < 0 || y > INT32_MAX || tl_view_relist(view) != 0)
		return false;
	view->scroll_y = (int)y;
	tl_view_limit_scroll(view);
	return true;
}

static const struct {
	const char *head;
	bool (*take)(struct tl_view *view, char *rest);
} lines[] = {
	{"range ", take_range},   {"size ", take_size},     {"theme ", take_theme},
	{"rows ", take_rows},     {"filter ", take_filter}, {"pinned ", take_pinned},
	{"hidden ", take_hidden}, {"folded ", take_folded}, {"scroll ", take_scroll},
};

static bool take_line(void *data, char *line)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (strncmp(line, lines[i].head, strlen(lines[i].head)) == 0)
			return lines[i].take(data, line + strlen(lines[i].head));
	return false;
}

int tl_sidecar_read_view(const struct tl_sidecar *sidecar, struct tl_view *view, struct tl_error *error)
{
	int result = tl_sidecar_read(sidecar, sidecar->view_path, MAGIC, take_line, view, error);

	/* Whatever was taken: this is where undo leads back to. */
	tl_view_limit_scroll(view);
	view->history[0] = (struct tl_place){view->time, view->scroll_y};
	view->n_history = 1;
	view->at_history = 0;
	view->dirty = true;
	return result;
}
