/*
 * What the rules know of locks: what each waiting task holds, by its own word; what
 * each ended one left held; which locks are not to be judged by such lists, as
 * somebody unlocked what another held. Fed with every event; grows with tasks and
 * with locks of which one of these was told.
 */
#ifndef TL_RULES_LOCKS_H
#define TL_RULES_LOCKS_H

#include "viewer/rules/hears.h"
#include "viewer/rules/places.h"

/* The lock of an entry of a list of held ones, and how it is held. */
static inline uint64_t tl_held_lock(uint64_t held)
{
	return held & ~TL_HELD_SHARED;
}

static inline bool tl_held_is_shared(uint64_t held)
{
	return held & TL_HELD_SHARED;
}

/* The locks that a task held when it began to wait, oldest first. */
struct tl_held {
	uint8_t n;
	uint8_t room;
	uint64_t *locks;
};

/* What a task left held when it ended. */
struct tl_left {
	uint16_t n;
	uint32_t generation; /* of it, then */
	uint64_t lock;       /* one of them; bit 0: shared */
};

struct tl_locks;

struct tl_locks *tl_locks_create(struct tl_places *places); /* which must live as long; NULL: out of memory */
void tl_locks_destroy(struct tl_locks *locks);

/* Told of blocks that are TL_ODD_HOLDING, exits, orders and ends of locks, misuse. */
tl_hear tl_locks_event;

/* Of the wait that the task is in, or was in last; NULL: it did not say (a state dump told of the wait). */
const struct tl_held *tl_locks_held(const struct tl_locks *locks, const struct tl_task *task);
/* Has any task ended with a lock? */
bool tl_locks_any_left(const struct tl_locks *locks);
/* All zero for a task that has not ended. */
struct tl_left tl_locks_left(const struct tl_locks *locks, const struct tl_task *task);

/* Was it unlocked by another than its owner? The owner's list is wrong from then on. */
bool tl_locks_is_muddled(const struct tl_locks *locks, uint32_t nonce, uint64_t lock);
/* Counts the ends of locks at this address: which of them it is now. */
uint32_t tl_locks_generation(const struct tl_locks *locks, uint32_t nonce, uint64_t lock);

/* Is `wait` (a reason) for a lock that has an owner? */
bool tl_is_owned(unsigned reason);
/* Must who waits for a lock in this way wait for one who holds it `shared` or not? */
bool tl_is_kept_out(unsigned reason, bool shared);

#endif
