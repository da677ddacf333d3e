/* Open and closed resources; see resources.h. */
#include "viewer/rules/resources.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/rules/rule.h"

#define PROCESSES_MOST 4096 /* among which a parent is looked for */

/* A process that has begun: is it seen from its beginning, and did not inherit what another had open? */
struct whole {
	uint32_t nonce;
	bool is;
	UT_hash_handle hh;
};

struct tl_resources {
	struct tl_state *state;
	struct tl_resource *open, *closed; /* closed: the one that was closed first comes first */
	struct tl_resource_group *groups;
	struct whole *whole;
	bool forgot; /* closed ones that are remembered no more */
	struct tl_resource_step step;
};

struct tl_resources *tl_resources_create(struct tl_state *state)
{
	struct tl_resources *resources = calloc(1, sizeof *resources);

	if (resources)
		resources->state = state;
	return resources;
}

static void destroy_table(struct tl_resource *table)
{
	struct tl_resource *resource, *next;

	HASH_ITER(hh, table, resource, next) {
		HASH_DEL(table, resource);
		free(resource);
	}
}

void tl_resources_destroy(struct tl_resources *resources)
{
	struct tl_resource_group *group, *other;
	struct whole *whole, *next;

	if (!resources)
		return;
	destroy_table(resources->open);
	destroy_table(resources->closed);
	HASH_ITER(hh, resources->groups, group, other) {
		HASH_DEL(resources->groups, group);
		free(group);
	}
	HASH_ITER(hh, resources->whole, whole, next) {
		HASH_DEL(resources->whole, whole);
		free(whole);
	}
	free(resources);
}

const struct tl_resource_step *tl_resources_step(const struct tl_resources *resources)
{
	return &resources->step;
}

struct tl_resource *tl_resources_open(const struct tl_resources *resources)
{
	return resources->open;
}

struct tl_resource_group *tl_resources_groups(const struct tl_resources *resources)
{
	return resources->groups;
}

/* ---- which processes are whole ------------------------------------------------- */

/* A fork's child has what its parent had open; it runs the same program. In another pid namespace its parent is 0. */
static bool may_inherit(const struct tl_state *state, const struct tl_process *child)
{
	const struct tl_process *first = tl_state_processes(state);

	if (HASH_COUNT(first) > PROCESSES_MOST)
		return true;
	for (const struct tl_process *p = first; p; p = p->hh.next)
		if (p != child && (p->pid == child->parent_pid || child->parent_pid == 0) &&
		    strcmp(p->program, child->program) == 0)
			return true;
	return false;
}

static int take_begin(struct tl_resources *resources, const struct tl_event *event, const struct tl_task *task)
{
	struct whole *whole;
	uint32_t nonce = tl_task_process(event->task);

	HASH_FIND_INT(resources->whole, &nonce, whole);
	/* Its first thread says so, with its first words or nearly. */
	if (whole)
		return 0;
	whole = calloc(1, sizeof *whole);
	if (!whole)
		return -1;
	whole->nonce = nonce;
	whole->is = event->seq <= 2 && !may_inherit(resources->state, task->process);
	HASH_ADD_INT(resources->whole, nonce, whole);
	return 0;
}

/* A state dump is made where a recording begins in the middle. */
static void take_dump(struct tl_resources *resources, const struct tl_event *event)
{
	struct whole *whole;
	uint32_t nonce = tl_task_process(event->task);

	HASH_FIND_INT(resources->whole, &nonce, whole);
	if (whole)
		whole->is = false;
}

static bool is_whole(const struct tl_resources *resources, uint64_t task)
{
	const struct whole *whole;
	uint32_t nonce = tl_task_process(task);

	HASH_FIND_INT(resources->whole, &nonce, whole);
	return whole && whole->is;
}

/* ---- open and close -------------------------------------------------------------- */

static struct tl_resource_group *get_group(struct tl_resources *resources, const struct tl_event *event)
{
	struct tl_resource_group wanted, *group;

	memset(&wanted, 0, sizeof wanted);
	wanted.key.nonce = tl_task_process(event->task);
	wanted.key.stack = event->u.open.stack;
	HASH_FIND(hh, resources->groups, &wanted.key, sizeof wanted.key, group);
	if (group)
		return group;
	group = calloc(1, sizeof *group);
	if (!group)
		return NULL;
	group->key = wanted.key;
	group->kind = tl_arena_string(tl_state_arena(resources->state), event->u.open.kind);
	HASH_ADD(hh, resources->groups, key, sizeof group->key, group);
	return group->kind ? group : NULL;
}

static struct tl_resource *find(struct tl_resource *table, uint64_t task, uint64_t id)
{
	struct tl_resource wanted = {.key = {.resource = id, .nonce = tl_task_process(task)}}, *found;

	HASH_FIND(hh, table, &wanted.key, sizeof wanted.key, found);
	return found;
}

static struct tl_resource *make(uint64_t task, uint64_t id)
{
	struct tl_resource *made = calloc(1, sizeof *made);

	if (made) {
		made->key.resource = id;
		made->key.nonce = tl_task_process(task);
	}
	return made;
}

static int take_open(struct tl_resources *resources, const struct tl_event *event, const struct tl_step *step)
{
	uint64_t id = event->u.open.resource;
	struct tl_resource *resource = find(resources->open, event->task, id);

	if (resource) {
		resource->spare++;
	} else {
		resource = find(resources->closed, event->task, id);
		if (resource)
			HASH_DEL(resources->closed, resource);
		else
			resource = make(event->task, id);
		if (!resource)
			return -1;
		HASH_ADD(hh, resources->open, key, sizeof resource->key, resource);
		resource->waited.stack = 0;
	}
	resource->group = get_group(resources, event);
	resource->opener = step->task;
	resource->opened_ns = event->time_ns;
	resource->seq = event->seq;
	if (!resource->group)
		return -1;
	resource->group->opened++;
	resources->step = (struct tl_resource_step){TL_RESOURCE_OPENED, resource};
	return 0;
}

static void remember_closed(struct tl_resources *resources, struct tl_resource *resource, const struct tl_event *event)
{
	resource->close = (struct tl_proof){
		.kind = TL_EVENT_CLOSE,
		.task = event->task,
		.seq = event->seq,
		.time_ns = event->time_ns,
		.stack = event->u.close.stack,
	};
	HASH_ADD(hh, resources->closed, key, sizeof resource->key, resource);
	if (HASH_COUNT(resources->closed) > TL_RESOURCES_CLOSED) {
		struct tl_resource *oldest = resources->closed;

		HASH_DEL(resources->closed, oldest);
		free(oldest);
		resources->forgot = true;
	}
}

static int take_close(struct tl_resources *resources, const struct tl_event *event)
{
	uint64_t id = event->u.close.resource;
	struct tl_resource *resource = find(resources->open, event->task, id);
	enum tl_resource_act act = TL_RESOURCE_CLOSED;

	if (resource) {
		HASH_DEL(resources->open, resource);
		remember_closed(resources, resource, event);
	} else if ((resource = find(resources->closed, event->task, id))) {
		if (resource->spare > 0)
			resource->spare--;
		else
			act = TL_RESOURCE_CLOSED_AGAIN;
	} else {
		resource = make(event->task, id);
		if (!resource)
			return -1;
		remember_closed(resources, resource, event);
		act = !resources->forgot && is_whole(resources, event->task) ? TL_RESOURCE_CLOSED_UNOPENED
									     : TL_RESOURCE_NONE;
	}
	resources->step = (struct tl_resource_step){act, resource};
	return 0;
}

/* ---- waits -------------------------------------------------------------------------- */

/* Does the same function wait in both, called from the same place? Then it is about the same kind of object. */
static bool same_code(const struct tl_state *state, uint32_t nonce, uint32_t stack, uint32_t other)
{
	const struct tl_stack *a = tl_state_find_stack(state, nonce, stack);
	const struct tl_stack *b = tl_state_find_stack(state, nonce, other);

	if (stack == 0 || other == 0)
		return false;
	if (stack == other)
		return true;
	return a && b && a->n > 1 && b->n > 1 && a->pcs[0] == b->pcs[0] && a->pcs[1] == b->pcs[1];
}

/*
 * Only waits of the program's own kinds, which name the resource itself: a mutex or
 * condition may be the first thing in the same memory. Memory that was given back
 * may be anything, so it is known by the code that waited when it was open.
 */
static void take_block(struct tl_resources *resources, const struct tl_event *event)
{
	const struct tl_ev_block *block = &event->u.block;
	struct tl_resource *resource;

	if (tl_reason_class(block->reason) != TL_CLASS_TARGETED && block->reason != TL_REASON_PERMIT &&
	    block->reason != TL_REASON_USER_LEVEL)
		return;
	resource = find(resources->open, event->task, block->object);
	if (resource) {
		resource->waited.stack = block->stack;
		resource->waited.reason = block->reason;
		return;
	}
	resource = find(resources->closed, event->task, block->object);
	if (resource && resource->spare == 0 && resource->waited.reason == block->reason &&
	    same_code(resources->state, tl_task_process(event->task), resource->waited.stack, block->stack))
		resources->step = (struct tl_resource_step){TL_RESOURCE_WAITED_CLOSED, resource};
}

int tl_resources_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	struct tl_resources *resources = self;

	(void)rule;
	resources->step = (struct tl_resource_step){0};
	switch (event->kind) {
	case TL_EVENT_PROCESS_BEGIN: return take_begin(resources, event, step->task);
	case TL_EVENT_STATUS:
	case TL_EVENT_DUMP_END: take_dump(resources, event); return 0;
	case TL_EVENT_OPEN: judge->has |= TL_HAS_RESOURCES; return take_open(resources, event, step);
	case TL_EVENT_CLOSE: judge->has |= TL_HAS_RESOURCES; return take_close(resources, event);
	case TL_EVENT_BLOCK: take_block(resources, event); return 0;
	default: return 0;
	}
}
