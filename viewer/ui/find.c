/* Searching the trace; see find.h. */
#include "viewer/ui/find.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/ui/filter.h"

#define TEXT 160

struct search {
	const struct tl_view_data *data;
	char text[TEXT]; /* lower case */
	bool *objects;   /* by object: its name or its address matches */
	bool any_object;
	int64_t time_ns;
	uint32_t row;
	bool forward;
	struct tl_match best;
	bool found;
};

static bool before(int64_t a_ns, uint32_t a_row, int64_t b_ns, uint32_t b_row)
{
	return a_ns != b_ns ? a_ns < b_ns : a_row < b_row;
}

/* Takes a match if it lies on the right side, nearer than the best so far. */
static void offer(struct search *search, uint32_t row, int64_t t, const char *what)
{
	struct tl_match *best = &search->best;

	if (search->forward ? !before(search->time_ns, search->row, t, row)
			    : !before(t, row, search->time_ns, search->row))
		return;
	if (search->found &&
	    (search->forward ? !before(t, row, best->time_ns, best->row) : !before(best->time_ns, best->row, t, row)))
		return;
	search->found = true;
	*best = (struct tl_match){t, row, what};
}

/* Waits for an object that matches: from the place on, until one is found or only farther ones follow. */
static void search_waits(struct search *search, uint32_t at)
{
	const struct tl_row *row = &search->data->model->rows.items[at];
	size_t i = tl_model_span_at(row, search->time_ns);

	if (!search->any_object || row->spans.n == 0)
		return;
	if (i == TL_NO_SPAN) {
		if (!search->forward)
			return;
		i = 0;
	}
	/* Of several that begin at the time itself, all are looked at. */
	while (search->forward && i > 0 && tl_row_begin(row, i - 1) == tl_row_begin(row, i))
		i--;
	for (; i < row->spans.n; i = search->forward ? i + 1 : i - 1) {
		int64_t begin_ns = tl_row_begin(row, i);

		if (search->found &&
		    (search->forward ? begin_ns > search->best.time_ns : begin_ns < search->best.time_ns))
			return;
		if (tl_look_state(tl_row_look(row, i)) == TL_TASK_BLOCKED &&
		    search->objects[tl_row_span(row, i).object])
			offer(search, at, begin_ns, "object");
	}
}

static void search_row(struct search *search, uint32_t at)
{
	const struct tl_row *row = &search->data->model->rows.items[at];
	char label[TL_TASK_LABEL];

	if (row->spans.n > 0 && tl_text_contains(tl_view_data_label(search->data, at, label), search->text))
		offer(search, at, tl_row_begin(row, 0), "task");
	search_waits(search, at);
	for (size_t i = 0; row->extra && i < row->extra->marks.n; i++)
		if (tl_text_contains(row->extra->marks.items[i].text, search->text))
			offer(search, at, row->extra->marks.items[i].time_ns, "mark");
	for (int lane = 0; row->extra && lane < TL_REGION_LANES; lane++)
		for (size_t i = 0; i < row->extra->lanes[lane].n; i++)
			if (tl_text_contains(row->extra->lanes[lane].items[i].text, search->text))
				offer(search, at, row->extra->lanes[lane].items[i].begin_ns, "region");
}

static void lower(char to[TEXT], const char *text)
{
	size_t i = 0;

	for (; text[i] && i + 1 < TEXT; i++)
		to[i] = (char)tolower((unsigned char)text[i]);
	to[i] = '\0';
}

bool tl_find_next(const struct tl_view_data *data, const char *text, int64_t time_ns, uint32_t row, bool forward,
		  struct tl_match *match)
{
	struct search search = {.data = data, .time_ns = time_ns, .row = row, .forward = forward};
	const struct tl_model *model = data->model;

	lower(search.text, text);
	search.objects = calloc(model->objects.n + 1, sizeof *search.objects);
	if (!search.text[0] || !search.objects) {
		free(search.objects);
		return false;
	}
	for (uint32_t o = 1; o < model->objects.n; o++) {
		char id[TL_OBJECT_ID_TEXT];

		tl_object_id_text(model->objects.items[o].address, id);
		search.objects[o] = tl_text_contains(tl_view_data_object(data, o), search.text) ||
				    tl_text_contains(id, search.text);
		search.any_object = search.any_object || search.objects[o];
	}
	for (uint32_t r = 0; r < model->rows.n; r++)
		search_row(&search, r);
	free(search.objects);
	*match = search.best;
	return search.found;
}

size_t tl_find_tasks(const struct tl_view_data *data, const char *text, uint32_t *rows, size_t room)
{
	char part[TEXT], label[TL_TASK_LABEL];
	size_t n = 0;

	lower(part, text);
	for (uint32_t row = 0; row < data->model->rows.n; row++) {
		if (!tl_text_contains(tl_view_data_label(data, row, label), part))
			continue;
		if (n < room)
			rows[n] = row;
		n++;
	}
	return n;
}
