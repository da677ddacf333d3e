/* resource-leak: opened, never closed; grouped by kind and the opening stack. */
#include "viewer/rules/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"

#define SHOWN 3

/* An open resource, while it is open. */
struct resource {
	struct {
		uint64_t resource;
		uint32_t nonce;
		uint32_t zero;
	} key;
	struct group *group;
	struct tl_task *opener;
	int64_t opened_ns;
	uint32_t seq;
	UT_hash_handle hh;
};

/* Resources of one kind from one place. */
struct group {
	struct {
		uint32_t nonce, stack;
	} key;
	const char *kind;
	uint64_t opened;
	/* At the end: */
	uint64_t leaked;
	const struct resource *shown[SHOWN]; /* the first of them */
	UT_hash_handle hh;
};

struct leaks {
	struct resource *open;
	struct group *groups;
};

static void finish(void *self)
{
	struct leaks *leaks = self;
	struct resource *resource, *next;
	struct group *group, *other;

	HASH_ITER(hh, leaks->open, resource, next) {
		HASH_DEL(leaks->open, resource);
		free(resource);
	}
	HASH_ITER(hh, leaks->groups, group, other) {
		HASH_DEL(leaks->groups, group);
		free(group);
	}
}

static struct group *get_group(struct leaks *leaks, struct tl_judge *judge, const struct tl_event *event)
{
	struct group wanted, *group;

	memset(&wanted, 0, sizeof wanted);
	wanted.key.nonce = tl_task_process(event->task);
	wanted.key.stack = event->u.open.stack;
	HASH_FIND(hh, leaks->groups, &wanted.key, sizeof wanted.key, group);
	if (group)
		return group;
	group = calloc(1, sizeof *group);
	if (!group)
		return NULL;
	group->key = wanted.key;
	group->kind = tl_arena_string(&judge->findings->arena, event->u.open.kind);
	HASH_ADD(hh, leaks->groups, key, sizeof group->key, group);
	return group->kind ? group : NULL;
}

static struct resource *find(const struct leaks *leaks, uint64_t task, uint64_t id)
{
	struct resource wanted, *found;

	memset(&wanted, 0, sizeof wanted);
	wanted.key.resource = id;
	wanted.key.nonce = tl_task_process(task);
	HASH_FIND(hh, leaks->open, &wanted.key, sizeof wanted.key, found);
	return found;
}

static int take_open(struct leaks *leaks, struct tl_judge *judge, const struct tl_event *event,
		     const struct tl_step *step)
{
	struct resource *resource = find(leaks, event->task, event->u.open.resource);

	if (!resource) {
		resource = calloc(1, sizeof *resource);
		if (!resource)
			return -1;
		resource->key.resource = event->u.open.resource;
		resource->key.nonce = tl_task_process(event->task);
		HASH_ADD(hh, leaks->open, key, sizeof resource->key, resource);
	}
	resource->group = get_group(leaks, judge, event);
	resource->opener = step->task;
	resource->opened_ns = event->time_ns;
	resource->seq = event->seq;
	if (!resource->group)
		return -1;
	resource->group->opened++;
	return 0;
}

static int event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		 const struct tl_step *step)
{
	struct leaks *leaks = self;
	struct resource *closed;

	(void)rule;
	if (event->kind == TL_EVENT_OPEN)
		return take_open(leaks, judge, event, step);
	if (event->kind != TL_EVENT_CLOSE)
		return 0;
	closed = find(leaks, event->task, event->u.close.resource);
	if (closed) {
		HASH_DEL(leaks->open, closed);
		free(closed);
	}
	return 0;
}

static int report(const struct group *group, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct tl_process *process;
	const struct tl_task *opener = group->shown[0]->opener;
	struct tl_finding *finding;
	uint64_t n = group->leaked;
	char kind[64];

	tl_text_escape_to(kind, sizeof kind, group->kind[0] ? group->kind : "resource");
	finding = tl_report(rule, judge, &opener, 1, "%" PRIu64 " of %" PRIu64 " %s%s opened here %s never closed", n,
			    group->opened, kind, group->opened == 1 ? "" : "s", n == 1 ? "was" : "were");
	if (!finding)
		return -1;
	finding->count = n;
	finding->certainty = TL_PROVEN;
	for (uint64_t i = 0; i < n && i < SHOWN; i++) {
		const struct resource *r = group->shown[i];
		struct tl_proof proof = {
			.kind = TL_EVENT_OPEN,
			.task = r->opener->id,
			.seq = r->seq,
			.time_ns = r->opened_ns,
			.stack = group->key.stack,
			.about = group->kind,
		};

		tl_prove(judge, finding, &proof, "opens %s 0x%" PRIx64, kind, r->key.resource);
	}
	/* A process that goes on may close it yet. */
	process = tl_state_find_process(judge->state, group->key.nonce);
	if (!process->ended) {
		finding->severity = TL_INFO;
		finding->evidence = process->replaced ? "the process became another program"
						      : "the process was still running at the end of the trace";
	} else {
		finding->evidence = "the process has ended in order";
	}
	return 0;
}

static int end(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct leaks *leaks = self;

	for (const struct resource *r = leaks->open; r; r = r->hh.next) {
		if (r->group->leaked < SHOWN)
			r->group->shown[r->group->leaked] = r;
		r->group->leaked++;
	}
	for (const struct group *group = leaks->groups; group; group = group->hh.next)
		if (group->leaked > 0 && report(group, rule, judge) != 0)
			return -1;
	return 0;
}

const struct tl_rule_ops tl_rule_resource_leak = {
	.size = sizeof(struct leaks),
	.event = event,
	.end = end,
	.finish = finish,
};
