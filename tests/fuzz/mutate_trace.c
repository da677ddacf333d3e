/*
 * mutate_trace [-n MOST] TRACE...: what the checker makes of clean traces in which
 * one thing is wrong. Traces that have warnings or gaps by themselves are left out. Every event in turn (of more than MOST events: so many, evenly
 * spread) is dropped, doubled, swapped with the next one of its task, or has one
 * field changed. Nothing may crash, and every dropped event must be noticed. Prints
 * what came of it; exit status 0, or 1 with what went unnoticed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/rules/check.h"
#include "viewer/rules/rule.h"

#define MOST 1000

struct trace {
	struct tl_item *items;
	size_t n;
	struct tl_source_info info;
	bool has_loss; /* only what comes before it was read */
};

/* A source over a trace in which some items were replaced. */
struct mutant {
	struct tl_source base;
	const struct trace *trace;
	size_t at;
	size_t dropped; /* SIZE_MAX: none */
	size_t doubled; /* SIZE_MAX: none */
	bool did_double;
	size_t swapped, with;  /* SIZE_MAX: none */
	size_t changed;        /* SIZE_MAX: none */
	struct tl_event event; /* instead of it */
};

struct outcome {
	size_t findings, failing; /* warnings and errors */
	bool gap, head, tail;     /* said to be incomplete; a process without beginning; without end */
	uint64_t sum;             /* of the rules that speak, and of how many tasks */
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "mutate_trace: %s\n", what);
	exit(2);
}

/* ---- the trace in memory ------------------------------------------------- */

static void *copy(const void *bytes, size_t size)
{
	void *made = malloc(size ? size : 1);

	must(made != NULL, "out of memory");
	if (size)
		memcpy(made, bytes, size);
	return made;
}

/* Texts and sequences are the source's until its next call: gives the event its own, or frees them. */
static void own(struct tl_event *event, bool keep)
{
	const struct tl_kind_info *kind = &tl_kinds[event->kind];

	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct tl_field_info *field = &kind->fields[i];
		char *base = (char *)event;
		const void *pointer;
		size_t n;

		if (field->type != TL_FIELD_TEXT && field->type != TL_FIELD_ADDRS && field->type != TL_FIELD_BYTES)
			continue;
		memcpy(&pointer, base + field->offset, sizeof pointer);
		if (!keep) {
			free((void *)(uintptr_t)pointer);
			continue;
		}
		if (field->type == TL_FIELD_TEXT)
			n = strlen(pointer) + 1;
		else
			n = (unsigned char)base[field->count_offset] * (field->type == TL_FIELD_ADDRS ? 8u : 1u);
		pointer = copy(pointer, n);
		memcpy(base + field->offset, &pointer, sizeof pointer);
	}
}

static void load(struct trace *trace, const char *path)
{
	struct tl_error error;
	struct tl_source *source;
	struct tl_item item;
	size_t room = 0;
	int type;

	tl_error_init(&error);
	source = tl_source_open(path, &error);
	must(source != NULL, "the trace cannot be opened");
	while ((type = tl_source_next(source, &item, &error)) == TL_ITEM_EVENT) {
		if (trace->n == room) {
			room = room ? 2 * room : 1024;
			trace->items = realloc(trace->items, room * sizeof *trace->items);
			must(trace->items != NULL, "out of memory");
		}
		own(&item.event, true);
		trace->items[trace->n++] = item;
	}
	must(type == TL_ITEM_END || type == TL_ITEM_LOSS, "the trace is broken");
	trace->info = source->info;
	trace->has_loss = type == TL_ITEM_LOSS;
	tl_source_destroy(source);
}

static void unload(struct trace *trace)
{
	for (size_t i = 0; i < trace->n; i++)
		own(&trace->items[i].event, false);
	free(trace->items);
}

/* ---- one mutant ---------------------------------------------------------- */

static int next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct mutant *mutant = (struct mutant *)base;
	size_t at, from;

	(void)error;
	if (mutant->at == mutant->dropped)
		mutant->at++;
	if (mutant->at >= mutant->trace->n)
		return item->type = TL_ITEM_END;
	at = from = mutant->at++;
	if (at == mutant->doubled && !mutant->did_double) {
		mutant->did_double = true;
		mutant->at--;
	}
	if (at == mutant->swapped)
		from = mutant->with;
	else if (at == mutant->with)
		from = mutant->swapped;
	*item = mutant->trace->items[from];
	/* A place in time stays with the place in the stream. */
	item->event.time_ns = mutant->trace->items[at].event.time_ns;
	if (at == mutant->changed)
		item->event = mutant->event;
	return item->type;
}

static void destroy(struct tl_source *base)
{
	(void)base;
}

static struct mutant mutant_of(const struct trace *trace)
{
	static const struct tl_source_ops ops = {"mutant", next, NULL, destroy};

	return (struct mutant){
		.base = {.ops = &ops, .info = trace->info},
		.trace = trace,
		.dropped = SIZE_MAX,
		.doubled = SIZE_MAX,
		.swapped = SIZE_MAX,
		.with = SIZE_MAX,
		.changed = SIZE_MAX,
	};
}

static struct outcome check(struct mutant *mutant)
{
	struct outcome outcome = {0};
	struct tl_check check;
	struct tl_error error;

	tl_error_init(&error);
	must(tl_check_init(&check, &error) == 0, "out of memory");
	must(tl_check_run(&check, &mutant->base, NULL, &error) == 0, "the check failed");
	outcome.findings = check.findings.list.n;
	outcome.gap = check.incomplete;
	for (size_t i = 0; i < check.findings.list.n; i++) {
		const struct tl_finding *finding = &check.findings.list.items[i];

		outcome.failing += finding->severity >= TL_WARNING;
		/* Rules by name and number: what the finding says in words may change with any event. */
		outcome.sum += (uint64_t)(tl_rule_find(finding->rule) - tl_rules + 1) * 1000003u + finding->n_tasks;
	}
	for (const struct tl_process *p = tl_state_processes(check.state); p; p = p->hh.next) {
		outcome.head |= !p->begun;
		outcome.tail |= !p->ended && !p->execs;
	}
	tl_check_finish(&check);
	return outcome;
}

/* ---- what may go unnoticed ------------------------------------------------ */

/*
 * A task's own numbers show what is missing before an event of it that is there,
 * from its first on where its creation is in the trace. The very first event of a
 * task of which nothing was there before is taken for the head of a recording that
 * began later; after the last one only what others say of it can show that there was more.
 */
static bool must_show(const struct trace *trace, size_t at)
{
	const struct tl_event *event = &trace->items[at].event;
	bool later = false, known = false;

	for (size_t i = 0; i < trace->n; i++) {
		const struct tl_event *other = &trace->items[i].event;

		later |= i > at && other->task == event->task;
		known |= i < at && other->task == event->task;
		known |= i < at && other->kind == TL_EVENT_CREATE &&
			 tl_task_sibling(other->task, other->u.create.child) == event->task;
	}
	return later && known;
}

static const char *describe(const struct trace *trace, size_t at, char text[128])
{
	const struct tl_event *event = &trace->items[at].event;

	snprintf(text, 128, "event %zu: %s, task %" PRIu64 ".%" PRIu64 ", seq %" PRIu32, at, tl_kinds[event->kind].name,
		 event->task >> 32, event->task & UINT32_MAX, event->seq);
	return text;
}

static size_t drop_each(const struct trace *trace, const struct outcome *clean, size_t step)
{
	size_t n = 0, gaps = 0, otherwise = 0, unnoticed = 0, failing = 0, wrong = 0;
	char text[128];

	for (size_t at = 0; at < trace->n; at += step) {
		struct mutant mutant = mutant_of(trace);
		struct outcome outcome;

		mutant.dropped = at;
		outcome = check(&mutant);
		n++;
		failing += outcome.failing > 0;
		if (outcome.gap) {
			gaps++;
			continue;
		}
		if (outcome.sum != clean->sum || outcome.head != clean->head || outcome.tail != clean->tail) {
			otherwise++;
		} else {
			unnoticed++;
			printf("unnoticed: %s\n", describe(trace, at, text));
		}
		if (must_show(trace, at)) {
			wrong++;
			printf("no gap: %s\n", describe(trace, at, text));
		}
	}
	printf("dropped: %zu; %zu gaps, %zu shown otherwise, %zu unnoticed; %zu with warnings or errors\n", n, gaps,
	       otherwise, unnoticed, failing);
	return wrong;
}

static void double_each(const struct trace *trace, size_t step)
{
	size_t n = 0, failing = 0;

	for (size_t at = 0; at < trace->n; at += step) {
		struct mutant mutant = mutant_of(trace);

		mutant.doubled = at;
		n++;
		failing += check(&mutant).failing > 0;
	}
	printf("doubled: %zu; %zu with warnings or errors\n", n, failing);
}

static void swap_each(const struct trace *trace, size_t step)
{
	size_t n = 0, failing = 0;

	for (size_t at = 0; at < trace->n; at += step) {
		struct mutant mutant = mutant_of(trace);
		size_t with = at + 1;

		while (with < trace->n && trace->items[with].event.task != trace->items[at].event.task)
			with++;
		if (with == trace->n)
			continue;
		mutant.swapped = at;
		mutant.with = with;
		n++;
		failing += check(&mutant).failing > 0;
	}
	printf("swapped: %zu; %zu with warnings or errors\n", n, failing);
}

static size_t field_size(enum tl_field_type type)
{
	switch (type) {
	case TL_FIELD_TEXT:
	case TL_FIELD_ADDRS:
	case TL_FIELD_BYTES: return 0;
	case TL_FIELD_U16: return 2;
	case TL_FIELD_U32:
	case TL_FIELD_S32: return 4;
	case TL_FIELD_U64:
	case TL_FIELD_S64: return 8;
	default: return 1;
	}
}

/* Another value; of named values one that there is: no source lets others pass. */
static void set_field(struct tl_event *event, const struct tl_field_info *field, unsigned variant)
{
	static const uint64_t values[] = {0, 1, 2, UINT32_MAX, UINT64_MAX, (uint64_t)INT64_MAX};
	uint64_t value = values[variant % (sizeof values / sizeof *values)];
	unsigned named = tl_value_count(field->type);

	if (named)
		value = variant % named;
	memcpy((char *)event + field->offset, &value, field_size(field->type));
}

static void change_each(const struct trace *trace, size_t step)
{
	size_t n = 0, failing = 0;

	for (size_t at = 0; at < trace->n; at += step) {
		const struct tl_kind_info *kind = &tl_kinds[trace->items[at].event.kind];

		for (size_t i = 0; i < kind->n_fields; i++) {
			struct mutant mutant = mutant_of(trace);

			if (field_size(kind->fields[i].type) == 0)
				continue;
			mutant.changed = at;
			mutant.event = trace->items[at].event;
			set_field(&mutant.event, &kind->fields[i], (unsigned)(at + i));
			n++;
			failing += check(&mutant).failing > 0;
		}
	}
	printf("changed: %zu; %zu with warnings or errors\n", n, failing);
}

/* How many drops of a clean trace's events went unnoticed; SIZE_MAX: it is not clean. */
static size_t mutate(const char *path, size_t most)
{
	struct trace trace = {0};
	struct mutant none;
	struct outcome clean;
	size_t step, wrong = SIZE_MAX;

	load(&trace, path);
	none = mutant_of(&trace);
	clean = check(&none);
	if (clean.failing == 0 && !clean.gap && !trace.has_loss) {
		step = (trace.n + most - 1) / most;
		printf("%s: %zu events, %zu findings\n", path, trace.n, clean.findings);
		wrong = drop_each(&trace, &clean, step);
		double_each(&trace, step);
		swap_each(&trace, step);
		change_each(&trace, step);
	}
	unload(&trace);
	return wrong;
}

int main(int argc, char **argv)
{
	size_t most = MOST, wrong = 0, n = 0;

	for (int i = 1; i < argc; i++) {
		size_t more;

		if (strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
			most = strtoul(argv[++i], NULL, 10);
			must(most > 0, "-n needs a number");
			continue;
		}
		more = mutate(argv[i], most);
		if (more == SIZE_MAX) {
			printf("%s: not clean, left out\n", argv[i]);
			continue;
		}
		wrong += more;
		n++;
	}
	must(n > 0, "no clean trace among those named");
	return wrong ? 1 : 0;
}
