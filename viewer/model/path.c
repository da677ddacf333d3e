/* The walk back along wakers and creators; see path.h. */
#include "viewer/model/path.h"

#include <string.h>

/* Hops without any time passing; real programs wake a handful of tasks within one nanosecond of the clock. */
#define MOST_AT_ONCE 256

/* Where the walk stands: it has yet to tell what `row` did up to `end_ns`, in span `span` and before. */
struct walk {
	struct tl_path *path;
	const struct tl_model *model;
	uint32_t row;
	size_t span;
	int64_t end_ns;
	unsigned at_once;
	uint8_t link; /* of what comes next to what comes after it */
	bool failed;
};

static const struct tl_row *row_of(const struct walk *walk)
{
	return &walk->model->rows.items[walk->row];
}

/* Adds what `row` did from `begin_ns` to where the walk stands, and goes there. */
static void add(struct walk *walk, int64_t begin_ns, size_t span, uint8_t look)
{
	struct tl_path_step step = {.begin_ns = begin_ns,
				    .end_ns = walk->end_ns,
				    .row = walk->row,
				    .span = (uint32_t)span,
				    .look = look,
				    .link = walk->link};

	if (begin_ns > walk->end_ns)
		step.begin_ns = walk->end_ns;
	if (tl_look_state((enum tl_look)look) == TL_TASK_BLOCKED)
		step.reason = tl_row_span(row_of(walk), span).reason;
	if (step.begin_ns < step.end_ns)
		walk->at_once = 0;
	walk->end_ns = step.begin_ns;
	walk->link = TL_PATH_WENT_ON;
	if (tl_vec_push(&walk->path->steps, step) != 0)
		walk->failed = true;
}

/* What the task did at `time_ns`; who acts at the instant of a change of state acted before it. */
static size_t acting_span(const struct tl_row *row, int64_t time_ns)
{
	size_t i = tl_model_span_at(row, time_ns);

	while (i != TL_NO_SPAN && i > 0 && tl_row_begin(row, i) == time_ns && tl_row_look(row, i) != TL_LOOK_RUNNING)
		i--;
	return i;
}

/* Follows the edge that made span `walk->span` run. False: the path ends here. */
static bool hop(struct walk *walk, const struct tl_edge *edge)
{
	int64_t from_ns = edge->from_ns < walk->end_ns ? edge->from_ns : walk->end_ns;
	size_t span;

	if (edge->from_row >= walk->model->rows.n) {
		walk->path->end = TL_PATH_UNKNOWN;
		return false;
	}
	if (++walk->at_once > MOST_AT_ONCE) {
		walk->path->end = TL_PATH_CIRCLE;
		return false;
	}
	if (from_ns < walk->end_ns)
		add(walk, from_ns, walk->span, TL_LOOK_RUNNABLE);
	span = acting_span(&walk->model->rows.items[edge->from_row], from_ns);
	if (span == TL_NO_SPAN) {
		walk->path->end = TL_PATH_BEGIN;
		return false;
	}
	walk->link = edge->kind == TL_EDGE_CREATE ? TL_PATH_CREATED : TL_PATH_WOKE;
	walk->path->hops++;
	walk->row = edge->from_row;
	walk->span = span;
	return true;
}

/* Did the wait end by itself, for this cause, so that the path goes through it rather than to another task? */
static bool ended_by_itself(enum tl_look wait, uint8_t cause)
{
	if (wait == TL_LOOK_IDLE)
		return true;
	switch (cause) {
	case TL_CAUSE_TIMEOUT:
	case TL_CAUSE_INTERRUPTED:
	case TL_CAUSE_SPURIOUS:
	case TL_CAUSE_ERROR: return true;
	default: return false;
	}
}

/* From the begin of span `walk->span` to what came before in the same task. False: the path ends here. */
static bool go_on(struct walk *walk)
{
	const struct tl_row *row = row_of(walk);
	const struct tl_span now = tl_row_span(row, walk->span);
	enum tl_look before;

	if (walk->span == 0) {
		walk->path->end = now.look == TL_LOOK_GAP ? TL_PATH_GAP : TL_PATH_BEGIN;
		return false;
	}
	before = tl_row_look(row, walk->span - 1);
	if (before == TL_LOOK_GAP) {
		walk->path->end = TL_PATH_GAP;
		return false;
	}
	if (tl_look_state(before) == TL_TASK_BLOCKED && !ended_by_itself(before, now.cause)) {
		walk->path->end = TL_PATH_UNKNOWN;
		return false;
	}
	walk->span--;
	return true;
}

/* One stretch back. False: the path is whole. */
static bool step(struct walk *walk)
{
	const struct tl_row *row = row_of(walk);
	enum tl_look look = tl_row_look(row, walk->span);
	const struct tl_edge *edge;

	if (look == TL_LOOK_GAP) {
		walk->path->end = TL_PATH_GAP;
		return false;
	}
	if (walk->path->steps.n + 2 > TL_PATH_MOST) {
		walk->path->end = TL_PATH_FULL;
		return false;
	}
	add(walk, tl_row_begin(row, walk->span), walk->span, (uint8_t)look);
	edge = tl_model_cause(row, walk->span);
	return edge ? hop(walk, edge) : go_on(walk);
}

/* The stretch that a wait let run; the wait itself when nothing is known to have followed. */
static size_t span_to_explain(const struct tl_row *row, size_t span)
{
	size_t next = span;

	if (tl_look_state(tl_row_look(row, span)) != TL_TASK_BLOCKED && tl_row_look(row, span) != TL_LOOK_RUNNABLE &&
	    tl_row_look(row, span) != TL_LOOK_CREATED)
		return span;
	while (next + 1 < row->spans.n && next < span + 3 && tl_row_look(row, next) != TL_LOOK_RUNNING)
		next++;
	return tl_row_look(row, next) == TL_LOOK_RUNNING ? next : span;
}

static void turn(struct tl_path *path)
{
	for (size_t i = 0, j = path->steps.n; i + 1 < j; i++) {
		struct tl_path_step one = path->steps.items[i];

		j--;
		path->steps.items[i] = path->steps.items[j];
		path->steps.items[j] = one;
	}
}

static int compare_keys(const void *a, const void *b, void *data)
{
	const struct tl_path_step *steps = data, *x = &steps[*(const uint32_t *)a], *y = &steps[*(const uint32_t *)b];

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->look != y->look)
		return x->look < y->look ? -1 : 1;
	return x->reason < y->reason ? -1 : x->reason > y->reason;
}

static int compare_sums(const void *a, const void *b)
{
	const struct tl_path_sum *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static int64_t length(const struct tl_path_step *step)
{
	return step->end_ns - step->begin_ns;
}

static int add_sum(struct tl_path *path, uint32_t at)
{
	const struct tl_path_step *step = &path->steps.items[at];
	struct tl_path_sum *last = path->sums.n ? &path->sums.items[path->sums.n - 1] : NULL;

	if (!last || last->row != step->row || last->look != step->look || last->reason != step->reason)
		return tl_vec_push(&path->sums, (struct tl_path_sum){.row = step->row,
								     .look = step->look,
								     .reason = step->reason,
								     .n = 1,
								     .ns = length(step),
								     .first = at});
	last->n++;
	last->ns += length(step);
	if (length(step) > length(&path->steps.items[last->first]))
		last->first = at;
	return 0;
}

static int sum_up(struct tl_path *path)
{
	uint32_t *order = malloc((path->steps.n + 1) * sizeof *order);
	int result = 0;

	if (!order)
		return -1;
	for (uint32_t i = 0; i < path->steps.n; i++)
		order[i] = i;
	qsort_r(order, path->steps.n, sizeof *order, compare_keys, path->steps.items);
	for (size_t i = 0; i < path->steps.n && result == 0; i++)
		result = add_sum(path, order[i]);
	free(order);
	if (path->sums.n > 1)
		qsort(path->sums.items, path->sums.n, sizeof *path->sums.items, compare_sums);
	return result;
}

int tl_path_find(struct tl_path *path, const struct tl_model *model, uint32_t row, size_t span)
{
	struct walk walk = {.path = path, .model = model, .row = row};

	path->steps.n = path->sums.n = 0;
	path->hops = 0;
	path->end = TL_PATH_EMPTY;
	if (row >= model->rows.n || span >= model->rows.items[row].spans.n)
		return 0;
	walk.span = span_to_explain(&model->rows.items[row], span);
	walk.end_ns = tl_model_span_end(model, &model->rows.items[row], walk.span);
	while (step(&walk) && !walk.failed)
		;
	turn(path);
	if (!walk.failed && sum_up(path) == 0)
		return 0;
	tl_path_finish(path);
	return -1;
}

void tl_path_finish(struct tl_path *path)
{
	tl_vec_finish(&path->steps);
	tl_vec_finish(&path->sums);
	memset(path, 0, sizeof *path);
}

size_t tl_path_from(const struct tl_path *path, int64_t time_ns)
{
	size_t low = 0, high = path->steps.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (path->steps.items[middle].end_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t tl_path_step_at(const struct tl_path *path, uint32_t row, int64_t time_ns)
{
	size_t i = tl_path_from(path, time_ns - 1), found = SIZE_MAX;

	for (; i < path->steps.n && path->steps.items[i].begin_ns <= time_ns; i++)
		if (path->steps.items[i].row == row)
			found = i;
	return found;
}

const char *tl_path_end_text(enum tl_path_end end)
{
	switch (end) {
	case TL_PATH_BEGIN: return "a task whose creation is not in the trace";
	case TL_PATH_UNKNOWN: return "a wait that nobody is known to have ended";
	case TL_PATH_GAP: return "missing events";
	case TL_PATH_CIRCLE: return "causes that go round in a circle";
	case TL_PATH_FULL: return "the most steps that are followed";
	default: return "nothing";
	}
}
