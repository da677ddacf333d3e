/*
 * What tasks wait for: one record for each object of a process, and for each task that
 * others wake by name. An event's object is found once, however many rules ask, and what
 * each of them knows of it hangs there, each at a place of its own.
 *
 * Grows with objects. Not thread-safe; lives as long as a trace is judged.
 */
#ifndef TL_RULES_PLACES_H
#define TL_RULES_PLACES_H

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"
#include "viewer/read/event.h"

#include "viewer/base/table.h"

/* An object of a process, as a key of a hash table: no bytes but its members'. */
struct tl_object_key {
	uint64_t object;
	uint64_t owner; /* the nonce of the process; above it 1 for targeted waits: the object is the task woken */
};

/* Who keeps something of an object. */
enum tl_place_user {
	TL_PLACE_WAKERS,  /* objects.c */
	TL_PLACE_LOCK,    /* locks.c */
	TL_PLACE_LATENCY, /* latency.c */
	TL_PLACE_CONVOY,  /* convoy.c */
	TL_PLACE_BOUND,   /* waiters.c: cond-two-mutexes */
	TL_PLACE_BARRIER, /* waiters.c: destroy-while-waited */
	TL_N_PLACE_USERS
};

struct tl_place {
	struct tl_object_key key;
	void *of[TL_N_PLACE_USERS]; /* by user; NULL: nothing yet */
	UT_hash_handle hh;
};

struct tl_places {
	struct tl_place *last; /* found last: by the next rule that hears of the same event */
	struct tl_place *table;
	TL_VEC(struct tl_place *)
	users[TL_N_PLACE_USERS]; /* those where the user keeps something, in order of appearance */
	struct tl_arena arena;
	struct tl_recent recent;
};

struct tl_places *tl_places_create(void); /* NULL: out of memory */
void tl_places_destroy(struct tl_places *places);

/* What the functions below do where it is not as usual. */
struct tl_place *tl_places_look_up(struct tl_places *places, struct tl_object_key key);
struct tl_place *tl_places_add(struct tl_places *places, struct tl_object_key key);
void *tl_places_begin(struct tl_places *places, struct tl_place *place, enum tl_place_user user, size_t size);

/* An object of the process of `task`. */
static inline struct tl_object_key tl_object_key(uint64_t task, uint64_t object)
{
	return (struct tl_object_key){object, tl_task_process(task)};
}

/* What is woken by name: `woken`, of whatever process, by whom in that of `task`. */
static inline struct tl_object_key tl_object_key_of_task(uint64_t task, uint64_t woken)
{
	return (struct tl_object_key){woken, tl_task_process(task) | UINT64_C(1) << 32};
}

static inline bool tl_place_is(const struct tl_place *place, struct tl_object_key key)
{
	return place && place->key.object == key.object && place->key.owner == key.owner;
}

/* NULL: nobody keeps anything of it. Looking changes nothing that is known. */
static inline struct tl_place *tl_places_find(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place = places->last;

	if (tl_place_is(place, key))
		return place;
	place = (struct tl_place *)places->recent.entries[tl_recent_place(key.object ^ key.owner)];
	if (!tl_place_is(place, key))
		return tl_places_look_up(places, key);
	return places->last = place;
}

/* The same, and made where there was none; NULL: out of memory. */
static inline struct tl_place *tl_places_get(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place = tl_places_find(places, key);

	return place ? place : tl_places_add(places, key);
}

/* What a user keeps of the object; NULL: nothing. */
static inline void *tl_places_part(struct tl_places *places, enum tl_place_user user, struct tl_object_key key)
{
	struct tl_place *place = tl_places_find(places, key);

	return place ? place->of[user] : NULL;
}

/* The same, begun with `size` zeroed bytes where there was nothing; NULL: out of memory. */
static inline void *tl_places_get_part(struct tl_places *places, enum tl_place_user user, struct tl_object_key key,
				       size_t size)
{
	struct tl_place *place = tl_places_get(places, key);

	if (!place)
		return NULL;
	return place->of[user] ? place->of[user] : tl_places_begin(places, place, user, size);
}

#endif
