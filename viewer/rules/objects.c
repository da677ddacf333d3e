/* Wakers of objects; see objects.h. */
#include "viewer/rules/objects.h"

static void forget(struct tl_object *object)
{
	object->n_wakers = 0;
	object->unblocks = 0;
	object->has_missed = false;
	object->heard_ns = object->all_ns = object->taken_ns = INT64_MIN;
}

static struct tl_object *get(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place = tl_places_get(places, key);
	struct tl_object *object = place ? place->of[TL_PLACE_WAKERS] : NULL;

	if (object || !place)
		return object;
	object = tl_places_begin(places, place, TL_PLACE_WAKERS, sizeof *object);
	if (object) {
		object->key = key;
		forget(object);
	}
	return object;
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

/*
 * Who is woken goes on soon, and then how long that took is looked up, mostly farther away
 * in memory than the nearest cache: it is fetched meanwhile.
 */
static void expect_start(const struct tl_places *places, const struct tl_task *woken)
{
	__builtin_prefetch(tl_places_at(places, tl_object_key(woken->id, woken->wait.object))->of[TL_PLACE_LATENCY]);
}

int tl_objects_unblock(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	enum tl_wait_class class = tl_reason_class(unblock->reason);
	/* As tl_objects_of_wait looks for it: a named target counts only where the wait is the task's own. */
	bool targeted = unblock->target && class == TL_CLASS_TARGETED;
	uint64_t target = step->other ? step->other->id : tl_event_peer(event, unblock->target);
	struct tl_object_key key = targeted ? tl_object_key_of_task(event->task, target)
					    : tl_object_key(event->task, unblock->object);
	struct tl_object *object = get(self, key);

	(void)rule, (void)judge;
	if (!object)
		return -1;
	if (step->other)
		expect_start(self, step->other);
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
	object = tl_places_part(self, TL_PLACE_WAKERS, tl_object_key(event->task, wait->object));
	if (object)
		object->taken_ns = event->time_ns;
	return 0;
}

/* Another object may live at its address later; it takes over the memory. */
int tl_objects_end(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		   const struct tl_step *step)
{
	struct tl_object *object = tl_places_part(self, TL_PLACE_WAKERS,
						  tl_object_key(event->task, event->u.destroy.object));

	(void)rule, (void)judge, (void)step;
	if (object)
		forget(object);
	return 0;
}

const struct tl_object *tl_objects_find(struct tl_places *places, uint64_t task, uint64_t object)
{
	return tl_places_part(places, TL_PLACE_WAKERS, tl_object_key(task, object));
}

const struct tl_object *tl_objects_of_wait(struct tl_places *places, const struct tl_task *task)
{
	bool targeted = tl_reason_class(task->wait.reason) == TL_CLASS_TARGETED;
	struct tl_object_key key = targeted ? tl_object_key_of_task(task->id, task->id)
					    : tl_object_key(task->id, task->wait.object);
	const struct tl_object *found = tl_places_part(places, TL_PLACE_WAKERS, key);

	return found && found->unblocks ? found : NULL;
}
