/*
 * Who waits for an object, found by its address without touching the object: a
 * static hash table of places. A waiter registers before it blocks; a releaser
 * looks before it releases, leaves its name, and emits only if somebody waits.
 *
 * Lock-free, allocates nothing. A bucket whose places are all taken overflows:
 * its waiters still count, but cannot be told who woke them.
 */
#ifndef TL_INTERPOSE_PLACE_H
#define TL_INTERPOSE_PLACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct tl_place {
	_Atomic uint64_t object;
	_Atomic uint32_t waiters;  /* top bit: being taken over for another object */
	_Atomic uint32_t releases; /* seen by releasers, wraps */
	_Atomic uint64_t releaser; /* latest: task number << 32 | seq of its unblock */
	_Atomic uint64_t mutex;    /* of a condition: the mutex last waited with */
	_Atomic uint32_t arrivals; /* of a barrier: how many have arrived, in all rounds */
};

#define TL_BUCKET_BITS 11
/*
 * How many are registered in each bucket, overflow included. Apart from the
 * buckets, because every release of the program's reads one of these: packed,
 * they stay in the nearest cache.
 */
extern _Atomic uint32_t tl_waiting_in[1u << TL_BUCKET_BITS];

static inline uint32_t tl_bucket_of(uint64_t object)
{
	return (uint32_t)((object * 0x9E3779B97F4A7C15u) >> (64 - TL_BUCKET_BITS));
}

/* May somebody wait for `object`? One load; no means no. */
static inline bool tl_place_may_wait(uint64_t object)
{
	return atomic_load_explicit(&tl_waiting_in[tl_bucket_of(object)], memory_order_seq_cst) != 0;
}

/* Registers a waiter; NULL on overflow. Paired with tl_place_leave. */
struct tl_place *tl_place_enter(uint64_t object);
void tl_place_leave(struct tl_place *place, uint64_t object);

/*
 * How many wait for `object`, as far as known: UINT16_MAX when the bucket
 * overflows. Two that begin to wait at the same time may have given it two
 * places: both count.
 */
unsigned tl_place_waiters(uint64_t object);

/* The mutex last waited with, of a condition that somebody waits or waited for; 0: not known. */
uint64_t tl_place_mutex(uint64_t object);

/* Leaves the releaser's name for whoever wakes. */
void tl_place_release(uint64_t object, uint32_t task, uint32_t seq);

/* In a fork's child: nobody waits. */
void tl_place_forget(void);

#endif
