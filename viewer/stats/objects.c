/* What is waited for: one row an object, found by process, address and reason. */
#include <stdlib.h>
#include <string.h>

#include "viewer/stats/internal.h"

struct tl_stats_object *tl_stats_object_get(struct tl_stats *stats, uint32_t nonce, uint64_t object, uint8_t reason)
{
	struct tl_stats_object_key key = {.object = object, .nonce = nonce, .reason = reason};
	struct tl_stats_object *found;

	/* Who releases a read-write lock wakes readers and writers. */
	if (reason == TL_REASON_RWLOCK_WRITE)
		key.reason = TL_REASON_RWLOCK_READ;
	HASH_FIND(hh, stats->objects, &key, sizeof key, found);
	if (found)
		return found;
	found = calloc(1, sizeof *found);
	if (!found)
		return NULL;
	found->key = key;
	HASH_ADD(hh, stats->objects, key, sizeof found->key, found);
	return found;
}

/* Where `task` stands in the set, or where it would. */
static uint32_t *slot_of(uint32_t *set, uint32_t room, uint32_t task)
{
	uint32_t at = task * 2654435761u;

	for (;; at++)
		if (set[at & (room - 1)] == 0 || set[at & (room - 1)] == task + 1)
			return &set[at & (room - 1)];
}

static int grow(struct tl_stats_object *object)
{
	uint32_t room = object->waiters_room ? object->waiters_room * 2 : 4;
	uint32_t *set = calloc(room, sizeof *set);

	if (!set)
		return -1;
	for (uint32_t i = 0; i < object->waiters_room; i++)
		if (object->waiters[i])
			*slot_of(set, room, object->waiters[i] - 1) = object->waiters[i];
	free(object->waiters);
	object->waiters = set;
	object->waiters_room = room;
	return 0;
}

int tl_stats_object_waited(struct tl_stats *stats, struct tl_stats_object *object, uint32_t task)
{
	uint32_t *slot;

	if (object->more_waiters)
		return 0;
	if (object->n_waiters * 2 >= object->waiters_room && grow(object) != 0)
		return -1;
	slot = slot_of(object->waiters, object->waiters_room, task);
	if (*slot)
		return 0;
	if (object->n_waiters >= TL_STATS_WAITERS || stats->n_waiters >= TL_STATS_ALL_WAITERS) {
		object->more_waiters = true;
		return 0;
	}
	*slot = task + 1;
	object->n_waiters++;
	stats->n_waiters++;
	return 0;
}

void tl_stats_objects_finish(struct tl_stats *stats)
{
	struct tl_stats_object *object, *next;

	HASH_ITER(hh, stats->objects, object, next) {
		HASH_DEL(stats->objects, object);
		tl_quantiles_finish(&object->wake_ns);
		free(object->waiters);
		free(object);
	}
}
