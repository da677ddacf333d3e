/* One pass over the spans and edges of a range; see survey.h. */
#include "viewer/model/survey.h"

#include <string.h>

int tl_survey_begin(struct tl_survey *survey, const struct tl_model *model, int64_t from_ns, int64_t to_ns)
{
	tl_survey_finish(survey);
	survey->tasks = calloc(model->rows.n + 1, sizeof *survey->tasks);
	if (!survey->tasks)
		return -1;
	survey->model = model;
	survey->from_ns = from_ns;
	survey->to_ns = to_ns;
	return 0;
}

void tl_survey_finish(struct tl_survey *survey)
{
	free(survey->tasks);
	free(survey->object_table.slots);
	free(survey->stack_table.slots);
	tl_vec_finish(&survey->objects);
	tl_vec_finish(&survey->stacks);
	tl_quantiles_finish(&survey->wake_ns);
	memset(survey, 0, sizeof *survey);
}

unsigned tl_survey_bucket(int64_t ns)
{
	return ns < 2 ? 0 : 63u - (unsigned)__builtin_clzll((unsigned long long)ns);
}

/* splitmix64's finaliser. */
static size_t hash(uint64_t a, uint64_t b)
{
	uint64_t x = a * 0x9E3779B97F4A7C15u ^ b;

	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return (size_t)(x ^ (x >> 31));
}

static uint64_t object_key(const struct tl_survey *survey, size_t i)
{
	return (uint64_t)survey->objects.items[i].object << 8 | survey->objects.items[i].reason;
}

static uint64_t stack_key(const struct tl_survey *survey, size_t i)
{
	return (uint64_t)survey->stacks.items[i].nonce << 32 | survey->stacks.items[i].stack;
}

/* Room for one more of `n`; `key` and `more` tell the two halves of an item's key. */
static int reserve(struct tl_survey *survey, struct tl_survey_table *table, size_t n,
		   uint64_t (*key)(const struct tl_survey *survey, size_t i))
{
	size_t room = table->room ? table->room * 2 : 256;
	uint32_t *slots;

	if (n * 4 < table->room * 3)
		return 0;
	slots = calloc(room, sizeof *slots);
	if (!slots)
		return -1;
	for (size_t i = 0; i < n; i++) {
		unsigned reason = key == stack_key ? survey->stacks.items[i].reason : 0;
		size_t at = hash(key(survey, i), reason) & (room - 1);

		while (slots[at])
			at = (at + 1) & (room - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(table->slots);
	table->slots = slots;
	table->room = room;
	return 0;
}

static struct tl_survey_waits *object_waits(struct tl_survey *survey, uint32_t object, uint8_t reason)
{
	struct tl_survey_object one = {.object = object, .reason = reason};
	size_t at;

	if (reason == TL_REASON_RWLOCK_WRITE)
		one.reason = TL_REASON_RWLOCK_READ;
	if (reserve(survey, &survey->object_table, survey->objects.n, object_key) != 0)
		return NULL;
	at = hash((uint64_t)object << 8 | one.reason, 0);
	for (;; at++) {
		uint32_t *slot = &survey->object_table.slots[at & (survey->object_table.room - 1)];

		if (*slot && object_key(survey, *slot - 1) == ((uint64_t)object << 8 | one.reason))
			return &survey->objects.items[*slot - 1].waits;
		if (*slot)
			continue;
		if (tl_vec_push(&survey->objects, one) != 0)
			return NULL;
		*slot = (uint32_t)survey->objects.n;
		return &survey->objects.items[survey->objects.n - 1].waits;
	}
}

static struct tl_survey_waits *stack_waits(struct tl_survey *survey, uint32_t nonce, uint32_t stack, uint8_t reason)
{
	struct tl_survey_stack one = {.nonce = nonce, .stack = stack, .reason = reason};
	size_t at;

	if (reserve(survey, &survey->stack_table, survey->stacks.n, stack_key) != 0)
		return NULL;
	at = hash((uint64_t)nonce << 32 | stack, reason);
	for (;; at++) {
		uint32_t *slot = &survey->stack_table.slots[at & (survey->stack_table.room - 1)];
		const struct tl_survey_stack *there = *slot ? &survey->stacks.items[*slot - 1] : NULL;

		if (there && there->nonce == nonce && there->stack == stack && there->reason == reason)
			return &survey->stacks.items[*slot - 1].waits;
		if (there)
			continue;
		if (tl_vec_push(&survey->stacks, one) != 0)
			return NULL;
		*slot = (uint32_t)survey->stacks.n;
		return &survey->stacks.items[survey->stacks.n - 1].waits;
	}
}

static void add_to(struct tl_survey_waits *waits, uint32_t row, size_t span, bool is_new, int64_t ns)
{
	/* Rows come one after the other: another row is another task. */
	if (waits->n_tasks == 0 || waits->last_row != row)
		waits->n_tasks++;
	waits->last_row = row;
	waits->n += is_new;
	waits->ns += ns;
	if (ns >= waits->longest_ns) {
		waits->longest_ns = ns;
		waits->row = row;
		waits->span = (uint32_t)span;
	}
}

static int add_wait(struct tl_survey *survey, const struct tl_row *row, size_t i, int64_t ns)
{
	const struct tl_span span = tl_row_span(row, i);
	/* One wait may have several stretches: a signal handler's wait breaks it. */
	bool is_new = !survey->counted || span.wait != survey->counted_wait;
	uint8_t reason = span.reason < TL_N_REASONS ? span.reason : 0;
	struct tl_survey_waits *waits;

	survey->counted = true;
	survey->counted_wait = span.wait;
	survey->tasks[survey->row].waits += is_new;
	add_to(&survey->reasons[reason], survey->row, i, is_new, ns);
	waits = object_waits(survey, span.object, reason);
	if (!waits)
		return -1;
	add_to(waits, survey->row, i, is_new, ns);
	waits = stack_waits(survey, tl_task_process(row->task), span.stack, reason);
	if (!waits)
		return -1;
	add_to(waits, survey->row, i, is_new, ns);
	return 0;
}

static int add_span(struct tl_survey *survey, const struct tl_row *row, size_t i)
{
	enum tl_look look = tl_row_look(row, i);
	int64_t begin_ns = tl_row_begin(row, i), end_ns = tl_model_span_end(survey->model, row, i);

	begin_ns = begin_ns > survey->from_ns ? begin_ns : survey->from_ns;
	end_ns = end_ns < survey->to_ns ? end_ns : survey->to_ns;
	if (end_ns < begin_ns)
		return 0;
	survey->tasks[survey->row].looks_ns[look] += end_ns - begin_ns;
	survey->looks_ns[look] += end_ns - begin_ns;
	return tl_look_state(look) == TL_TASK_BLOCKED ? add_wait(survey, row, i, end_ns - begin_ns) : 0;
}

static int add_edge(struct tl_survey *survey, const struct tl_row *row, size_t i)
{
	const struct tl_edge *edge = &row->edges.items[i];
	int64_t ns = edge->to_ns > edge->from_ns ? edge->to_ns - edge->from_ns : 0;
	struct tl_survey_wake *wake = &survey->wakes[tl_survey_bucket(ns)];

	if (edge->kind != TL_EDGE_UNBLOCK)
		return 0;
	survey->tasks[survey->row].woken++;
	if (edge->from_row < survey->model->rows.n)
		survey->tasks[edge->from_row].wakes++;
	if (wake->n++ == 0 || ns > wake->longest_ns) {
		wake->longest_ns = ns;
		wake->row = survey->row;
		wake->edge = (uint32_t)i;
	}
	return tl_quantiles_add(&survey->wake_ns, (uint64_t)ns);
}

static void enter_row(struct tl_survey *survey, const struct tl_row *row)
{
	size_t span = tl_model_span_at(row, survey->from_ns);

	survey->in_row = true;
	survey->counted = false;
	survey->span = span == TL_NO_SPAN ? 0 : span;
	survey->edge = tl_model_edge_from(row, survey->from_ns);
}

/* As much of the present row as `*budget` allows; it is left when it is done. */
static int step_row(struct tl_survey *survey, size_t *budget)
{
	const struct tl_row *row = &survey->model->rows.items[survey->row];

	if (!survey->in_row)
		enter_row(survey, row);
	for (; *budget > 0 && survey->span < row->spans.n; survey->span++, --*budget) {
		if (tl_row_begin(row, survey->span) >= survey->to_ns)
			break;
		if (add_span(survey, row, survey->span) != 0)
			return -1;
	}
	for (; *budget > 0 && survey->edge < row->edges.n; survey->edge++, --*budget) {
		if (row->edges.items[survey->edge].to_ns >= survey->to_ns)
			break;
		if (add_edge(survey, row, survey->edge) != 0)
			return -1;
	}
	if (*budget == 0)
		return 0;
	--*budget;
	survey->in_row = false;
	survey->row++;
	return 0;
}

static int compare_waits(const struct tl_survey_waits *x, const struct tl_survey_waits *y)
{
	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->span < y->span ? -1 : x->span > y->span;
}

static int compare_objects(const void *a, const void *b)
{
	return compare_waits(&((const struct tl_survey_object *)a)->waits,
			     &((const struct tl_survey_object *)b)->waits);
}

static int compare_stacks(const void *a, const void *b)
{
	return compare_waits(&((const struct tl_survey_stack *)a)->waits, &((const struct tl_survey_stack *)b)->waits);
}

static void finish_up(struct tl_survey *survey)
{
	if (survey->objects.n > 1)
		qsort(survey->objects.items, survey->objects.n, sizeof *survey->objects.items, compare_objects);
	if (survey->stacks.n > 1)
		qsort(survey->stacks.items, survey->stacks.n, sizeof *survey->stacks.items, compare_stacks);
	survey->done = true;
}

int tl_survey_step(struct tl_survey *survey, size_t budget)
{
	while (!survey->done && survey->model && budget > 0) {
		if (survey->row >= survey->model->rows.n) {
			finish_up(survey);
		} else if (step_row(survey, &budget) != 0) {
			tl_survey_finish(survey);
			return -1;
		}
	}
	return 0;
}
