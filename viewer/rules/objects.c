/* Wakers of objects; see objects.h. */
#include "viewer/rules/objects.h"

#include <stdlib.h>

struct tl_objects {
	struct tl_object *table;
	struct tl_recent recent;
};

struct tl_objects *tl_objects_create(void)
{
	return calloc(1, sizeof(struct tl_objects));
}

void tl_objects_destroy(struct tl_objects *objects)
{
	if (!objects)
		return;
	/* The entries live in the state's arena. */
	HASH_CLEAR(hh, objects->table);
	free(objects);
}

/* Those found lately are no part of what is known, so that looking changes nothing. */
static struct tl_object *find(const struct tl_objects *objects, uint32_t nonce, uint64_t object, bool is_task)
{
	void **slot = tl_recent_slot((struct tl_recent *)(uintptr_t)&objects->recent, object ^ nonce);
	struct tl_object *found = *slot;
	struct tl_object_key key = {.object = object, .nonce = nonce, .is_task = is_task};

	if (found && found->key.object == object && found->key.nonce == nonce && found->key.is_task == is_task)
		return found;
	HASH_FIND(hh, objects->table, &key, sizeof key, found);
	if (found)
		*slot = found;
	return found;
}

static void forget(struct tl_object *object)
{
	object->n_wakers = 0;
	object->unblocks = 0;
	object->has_missed = false;
	object->heard_ns = object->all_ns = object->taken_ns = INT64_MIN;
}

static struct tl_object *get(struct tl_objects *objects, struct tl_state *state, uint32_t nonce, uint64_t object,
			     bool is_task)
{
	struct tl_object *found = find(objects, nonce, object, is_task);

	if (found)
		return found;
	found = tl_arena_alloc(tl_state_arena(state), sizeof *found);
	if (!found)
		return NULL;
	found->key = (struct tl_object_key){.object = object, .nonce = nonce, .is_task = is_task};
	forget(found);
	HASH_ADD(hh, objects->table, key, sizeof found->key, found);
	return found;
}

const struct tl_object *tl_objects_first(const struct tl_objects *objects)
{
	return objects->table;
}

/* Of objects that processes share it is not known who waits. */
static void count_signal(struct tl_object *object, const struct tl_ev_unblock *unblock)
{
	if (tl_reason_class(unblock->reason) != TL_CLASS_EDGE || unblock->how & TL_UNBLOCK_SHARED)
		return;
	object->n_signals++;
	object->n_missed += unblock->waiters == 0 && !unblock->target;
}

static void note_waker(struct tl_object *object, struct tl_task *task, int64_t time_ns)
{
	uint32_t known = object->n_wakers < TL_WAKERS ? object->n_wakers : TL_WAKERS;

	for (uint32_t i = 0; i < known; i++) {
		if (object->wakers[i].task == task) {
			object->wakers[i].last_ns = time_ns;
			object->wakers[i].n++;
			return;
		}
	}
	if (known < TL_WAKERS) {
		object->wakers[known] = (struct tl_waker){task, time_ns, time_ns, 1};
		object->n_wakers = known + 1;
	} else {
		object->n_wakers = TL_WAKERS + 1;
	}
}

/* Why a wait ends without anybody's release. */
static bool ends_by_itself(uint8_t cause)
{
	return cause == TL_CAUSE_TIMEOUT || cause == TL_CAUSE_INTERRUPTED || cause == TL_CAUSE_CANCELLED ||
	       cause == TL_CAUSE_ERROR;
}

static void note_end_of_wait(struct tl_objects *objects, const struct tl_event *event, const struct tl_task *task)
{
	struct tl_object *object;

	if (event->u.start.wait == 0 || ends_by_itself(event->u.start.cause) ||
	    tl_reason_class(task->wait.reason) != TL_CLASS_EDGE)
		return;
	object = find(objects, tl_task_process(event->task), task->wait.object, false);
	if (object)
		object->taken_ns = event->time_ns;
}

int tl_objects_event(struct tl_objects *objects, struct tl_state *state, const struct tl_event *event,
		     const struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	struct tl_object *object;
	bool targeted;

	if (event->kind == TL_EVENT_DESTROY) {
		/* Another object may live at its address later; it takes over the memory. */
		object = find(objects, tl_task_process(event->task), event->u.destroy.object, false);
		if (object)
			forget(object);
		return 0;
	}
	if (event->kind == TL_EVENT_START)
		note_end_of_wait(objects, event, step->task);
	if (event->kind != TL_EVENT_UNBLOCK)
		return 0;
	/* As tl_objects_of_wait looks for it: a named target counts only where the wait is the task's own. */
	targeted = unblock->target && tl_reason_class(unblock->reason) == TL_CLASS_TARGETED;
	object = get(objects, state, tl_task_process(event->task),
		     targeted ? tl_event_peer(event, unblock->target) : unblock->object, targeted);
	if (!object)
		return -1;
	object->unblocks++;
	count_signal(object, unblock);
	note_waker(object, step->task, event->time_ns);
	if (unblock->waiters > 0 || unblock->target) {
		object->heard_ns = event->time_ns;
		object->heard.task = step->task;
		object->heard.seq = event->seq;
		object->heard.no_mutex = (unblock->how & TL_UNBLOCK_NO_MUTEX) != 0;
		if (unblock->waiters == 1 || unblock->how & TL_UNBLOCK_ALL)
			object->all_ns = event->time_ns;
	} else {
		object->has_missed = true;
		object->missed.task = step->task;
		object->missed.time_ns = event->time_ns;
		object->missed.seq = event->seq;
		object->missed.reason = unblock->reason;
		object->missed.no_mutex = (unblock->how & TL_UNBLOCK_NO_MUTEX) != 0;
	}
	return 0;
}

const struct tl_object *tl_objects_find(const struct tl_objects *objects, uint32_t nonce, uint64_t object)
{
	return find(objects, nonce, object, false);
}

const struct tl_object *tl_objects_of_wait(const struct tl_objects *objects, const struct tl_task *task)
{
	bool targeted = tl_reason_class(task->wait.reason) == TL_CLASS_TARGETED;
	const struct tl_object *found = find(objects, tl_task_process(task->id),
					     targeted ? task->id : task->wait.object, targeted);

	return found && found->unblocks ? found : NULL;
}
