/* signal-without-waiter: how many signals found nobody. Counted, one finding for the trace. */
#include <inttypes.h>

#include "viewer/rules/rules.h"

#define SHOWN 3

/* The objects with the most, most first. */
struct top {
	const struct tl_object *objects[SHOWN];
	size_t n;
};

static void rank(struct top *top, const struct tl_object *object)
{
	size_t at = top->n < SHOWN ? top->n++ : SHOWN - 1;

	if (top->objects[at] && top->objects[at]->n_missed >= object->n_missed)
		return;
	for (; at > 0 && top->objects[at - 1]->n_missed < object->n_missed; at--)
		top->objects[at] = top->objects[at - 1];
	top->objects[at] = object;
}

static int report(const struct tl_rule *rule, struct tl_judge *judge, const struct top *top, uint64_t missed,
		  uint64_t signals, uint64_t objects)
{
	const struct tl_task *tasks[SHOWN];
	struct tl_finding *finding;
	size_t n = 0;

	for (size_t i = 0; i < top->n; i++) {
		size_t known = 0;

		while (known < n && tasks[known] != top->objects[i]->missed.task)
			known++;
		if (known == n)
			tasks[n++] = top->objects[i]->missed.task;
	}
	finding = tl_report(rule, judge, tasks, n,
			    "%" PRIu64 " of %" PRIu64 " signals found nobody waiting, on %" PRIu64 " object%s", missed,
			    signals, objects, objects == 1 ? "" : "s");
	if (!finding)
		return -1;
	finding->count = missed;
	for (size_t i = 0; i < top->n; i++) {
		const struct tl_object *object = top->objects[i];
		char label[TL_OBJECT_LABEL];
		struct tl_proof proof = {
			.kind = TL_EVENT_UNBLOCK,
			.task = object->missed.task->id,
			.seq = object->missed.seq,
			.time_ns = object->missed.time_ns,
			.object = object->key.object,
		};

		tl_prove(judge, finding, &proof, "signals %s, the last of %" PRIu64 " in vain, of %" PRIu64 " in all",
			 tl_object_label(judge, object->missed.task, object->missed.reason, object->key.object, label),
			 object->n_missed, object->n_signals);
	}
	return 0;
}

static int without_waiter(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	uint64_t missed = 0, signals = 0, objects = 0;
	struct top top = {0};

	(void)self;
	for (size_t i = 0; i < judge->places->users[TL_PLACE_WAKERS].n; i++) {
		const struct tl_object *o = judge->places->users[TL_PLACE_WAKERS].items[i];

		signals += o->n_signals;
		missed += o->n_missed;
		objects += o->n_missed > 0;
		if (o->n_missed > 0)
			rank(&top, o);
	}
	return missed ? report(rule, judge, &top, missed, signals, objects) : 0;
}

const struct tl_rule_ops tl_rule_signal_without_waiter = {.end = without_waiter};
