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
#include "viewer/base/table.h"
#include "viewer/base/vec.h"
#include "viewer/read/event.h"

/* An object of a process, as a key of a hash table: no bytes but its members'. */
struct tl_object_key {
	uint64_t object;
	uint64_t owner; /* the nonce of the process and TL_OWNER_ bits; never 0 */
};
#define TL_OWNER_TASK (UINT64_C(1) << 32) /* targeted waits: the object is the task woken */
#define TL_OWNER_ANY (UINT64_C(1) << 33)  /* of all: a place without owner is free */

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

/* A cache line: what an event asks for is found with it. */
struct tl_place {
	struct tl_object_key key;
	void *of[TL_N_PLACE_USERS]; /* by user, and the user's; NULL: nothing yet */
};

/* A hash table with open addressing, of which at the most half is in use; places move when it grows. */
struct tl_places {
	struct tl_place *table;
	size_t n;
	size_t mask;                            /* the table has room for one more than this, a power of two */
	unsigned shift;                         /* of the upper bits of a hash, so that they are a place */
	void *room;                             /* of the table */
	TL_VEC(void *) users[TL_N_PLACE_USERS]; /* all that each keeps, in order of appearance */
	struct tl_arena arena;                  /* of that */
};

struct tl_places *tl_places_create(void); /* NULL: out of memory */
void tl_places_destroy(struct tl_places *places);

/* Of the functions below: what is not as usual. NULL: out of memory. */
struct tl_place *tl_places_add(struct tl_places *places, struct tl_object_key key);
void *tl_places_begin(struct tl_places *places, struct tl_place *place, enum tl_place_user user, size_t size);

/* An object of the process with this nonce; of the process of `task`. */
static inline struct tl_object_key tl_object_key_in(uint32_t nonce, uint64_t object)
{
	return (struct tl_object_key){object, nonce | TL_OWNER_ANY};
}

static inline struct tl_object_key tl_object_key(uint64_t task, uint64_t object)
{
	return tl_object_key_in(tl_task_process(task), object);
}

/* What is woken by name: `woken`, of whatever process, by whom in that of `task`. */
static inline struct tl_object_key tl_object_key_of_task(uint64_t task, uint64_t woken)
{
	return (struct tl_object_key){woken, tl_task_process(task) | TL_OWNER_ANY | TL_OWNER_TASK};
}

/* The key's place, or the free one where it would be. */
static inline struct tl_place *tl_places_at(const struct tl_places *places, struct tl_object_key key)
{
	size_t at = (size_t)(tl_table_mix(key.object ^ key.owner) >> places->shift);

	while (places->table[at].key.owner != 0 &&
	       (places->table[at].key.object != key.object || places->table[at].key.owner != key.owner))
		at = (at + 1) & places->mask;
	return &places->table[at];
}

/* NULL: nobody keeps anything of it. */
static inline struct tl_place *tl_places_find(const struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place = tl_places_at(places, key);

	return place->key.owner ? place : NULL;
}

/* The same, and made where there was none; NULL: out of memory. */
static inline struct tl_place *tl_places_get(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place = tl_places_find(places, key);

	return place ? place : tl_places_add(places, key);
}

/* What a user keeps of the object; NULL: nothing. */
static inline void *tl_places_part(const struct tl_places *places, enum tl_place_user user, struct tl_object_key key)
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
