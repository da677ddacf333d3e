/*
 * What the rules know of objects: who has ever woken waiters of each, and the
 * last signal that found nobody. Kept at their places.
 */
#ifndef TL_RULES_OBJECTS_H
#define TL_RULES_OBJECTS_H

#include "viewer/rules/hears.h"
#include "viewer/rules/places.h"

#define TL_WAKERS 8 /* distinct ones that are remembered for an object */

struct tl_waker {
	struct tl_task *task;
	int64_t first_ns, last_ns; /* its unblocks of the object: the first, the latest */
	uint64_t n;                /* and how many */
};

struct tl_object {
	struct tl_object_key key;
	/* Nearly every unblock changes these. */
	uint32_t n_wakers; /* distinct; TL_WAKERS + 1 means more than are remembered */
	uint32_t at_waker; /* the place of the one that was found last */
	uint64_t unblocks;
	int64_t heard_ns; /* latest unblock that found a waiter; INT64_MIN: never */
	struct {
		struct tl_task *task;
		uint32_t seq;
		bool no_mutex;
	} heard;        /* of that */
	int64_t all_ns; /* latest that woke whoever waited: all, or the only one; INT64_MIN: never */
	struct tl_waker wakers[TL_WAKERS];
	/* Of conditions and the like, over all objects that ever lived at the address. */
	uint64_t n_signals, n_missed; /* how many; and how many of them found no waiter */
	int64_t taken_ns;             /* latest end of a wait that a release explains; INT64_MIN: never */
	bool has_missed;              /* a signal that found no waiter ... */
	struct {
		struct tl_task *task;
		int64_t time_ns;
		uint32_t seq;
		uint8_t reason;
		bool no_mutex; /* ... and was sent without the mutex */
	} missed;              /* the latest */
};

/* How many of its wakers are remembered. */
static inline uint32_t tl_object_known_wakers(const struct tl_object *object)
{
	return object->n_wakers < TL_WAKERS ? object->n_wakers : TL_WAKERS;
}

/* Was the object (NULL: no) only ever woken by one task, its partner, and has that ended? */
static inline bool tl_object_partner_is_gone(const struct tl_object *object)
{
	return object && object->n_wakers == 1 && object->wakers[0].task->exit_seen;
}

/* Told, with the places as their own memory, of unblocks; of starts, which may end a wait for an object of class EDGE; of the ends of objects. */
tl_hear tl_objects_unblock, tl_objects_taken, tl_objects_end;

/* What is known of an object of a process; NULL: nobody ever unblocked it. */
const struct tl_object *tl_objects_find(struct tl_places *places, uint64_t task, uint64_t object);

/* What is known of what `task` waits (or last waited) for; NULL: nobody ever unblocked it. */
const struct tl_object *tl_objects_of_wait(struct tl_places *places, const struct tl_task *task);

#endif
