/* Wakers of objects; see objects.h. */
#include "viewer/rules/objects.h"

#include <stdlib.h>

struct tl_objects {
	struct tl_object *table;
	struct tl_arena *arena;
	struct tl_recent recent;
};

struct tl_objects *tl_objects_create(struct tl_arena *arena)
{
	struct tl_objects *objects = calloc(1, sizeof *objects);

	if (objects)
		objects->arena = arena;
	return objects;
}

void tl_objects_destroy(struct tl_objects *objects)
{
	if (!objects)
		return;
	/* The entries live in the arena. */
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

static struct tl_object *add(struct tl_objects *objects, uint32_t nonce, uint64_t object, bool is_task)
{
	struct tl_object *added = tl_arena_alloc(objects->arena, sizeof *added);

	if (!added)
		return NULL;
	added->key = (struct tl_object_key){.object = object, .nonce = nonce, .is_task = is_task};
	forget(added);
	HASH_ADD(hh, objects->table, key, sizeof added->key, added);
	return added;
}

const struct tl_object *tl_objects_first(const struct tl_objects *objects)
{
	return objects->table;
}

/* Of objects that processes share it is not known who waits. */
static void count_signal(struct tl_object *object, const struct tl_ev_unblock *unblock)
{
	if (unblock->how & TL_UNBLOCK_SHARED)
		return;
	object->n_signals++;
	object->n_missed += unblock->waiters == 0 && !unblock->target;
}

static void note_waker(struct tl_object *object, struct tl_task *task, int64_t time_ns)
{
	uint32_t known = tl_object_known_wakers(object), at = object->at_waker;

	/* Mostly the same as before. */
	if (at >= known || object->wakers[at].task != task)
		for (at = 0; at < known && object->wakers[at].task != task;)
			at++;
	if (at < known) {
		object->at_waker = at;
		object->wakers[at].last_ns = time_ns;
		object->wakers[at].n++;
	} else if (known < TL_WAKERS) {
		object->wakers[known] = (struct tl_waker){task, time_ns, time_ns, 1};
		object->n_wakers = known + 1;
	} else {
		object->n_wakers = TL_WAKERS + 1;
	}
}

static void note_heard(struct tl_object *object, const struct tl_event *event, struct tl_task *task)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;

	object->heard_ns = event->time_ns;
	object->heard.task = task;
	object->heard.seq = event->seq;
	object->heard.no_mutex = (unblock->how & TL_UNBLOCK_NO_MUTEX) != 0;
	if (unblock->waiters == 1 || unblock->how & TL_UNBLOCK_ALL)
		object->all_ns = event->time_ns;
}

static void note_missed(struct tl_object *object, const struct tl_event *event, struct tl_task *task)
{
	object->has_missed = true;
	object->missed.task = task;
	object->missed.time_ns = event->time_ns;
	object->missed.seq = event->seq;
	object->missed.reason = event->u.unblock.reason;
	object->missed.no_mutex = (event->u.unblock.how & TL_UNBLOCK_NO_MUTEX) != 0;
}

int tl_objects_unblock(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	enum tl_wait_class class = tl_reason_class(unblock->reason);
	/* As tl_objects_of_wait looks for it: a named target counts only where the wait is the task's own. */
	bool targeted = unblock->target && class == TL_CLASS_TARGETED;
	uint64_t id = targeted ? tl_event_peer(event, unblock->target) : unblock->object;
	struct tl_object *object = find(self, tl_task_process(event->task), id, targeted);

	(void)rule, (void)judge;
	if (!object && !(object = add(self, tl_task_process(event->task), id, targeted)))
		return -1;
	object->unblocks++;
	if (class == TL_CLASS_EDGE)
		count_signal(object, unblock);
	note_waker(object, step->task, event->time_ns);
	if (unblock->waiters > 0 || unblock->target)
		note_heard(object, event, step->task);
	else
		note_missed(object, event, step->task);
	return 0;
}

/* Why a wait ends without anybody's release. */
static bool ends_by_itself(uint8_t cause)
{
	return cause == TL_CAUSE_TIMEOUT || cause == TL_CAUSE_INTERRUPTED || cause == TL_CAUSE_CANCELLED ||
	       cause == TL_CAUSE_ERROR;
}

int tl_objects_taken(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		     const struct tl_step *step)
{
	const struct tl_wait *wait = &step->task->wait;
	struct tl_object *object;

	(void)rule, (void)judge;
	if (event->u.start.wait == 0 || ends_by_itself(event->u.start.cause) ||
	    tl_reason_class(wait->reason) != TL_CLASS_EDGE)
		return 0;
	object = find(self, tl_task_process(event->task), wait->object, false);
	if (object)
		object->taken_ns = event->time_ns;
	return 0;
}

/* Another object may live at its address later; it takes over the memory. */
int tl_objects_end(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		   const struct tl_step *step)
{
	struct tl_object *object = find(self, tl_task_process(event->task), event->u.destroy.object, false);

	(void)rule, (void)judge, (void)step;
	if (object)
		forget(object);
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
