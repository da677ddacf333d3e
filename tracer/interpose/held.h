/*
 * The locks that the calling thread holds, and where it took them. Kept whether
 * or not anybody records: it costs less than to ask. What LTTng takes inside of
 * our calls stands above what the program holds, and is gone again when they
 * return.
 */
#ifndef TL_INTERPOSE_HELD_H
#define TL_INTERPOSE_HELD_H

#include "tracer/task.h"

/* How each lock in tl_thread.held was taken: at the same index. */
struct tl_taken {
	uint64_t site[TL_HELD_MAX];     /* where the wrapper returned to; from bit 48 on a stack's number, or 0 */
	const void *frame[TL_HELD_MAX]; /* of the wrapper, which has returned since */
};
extern _Thread_local struct tl_taken tl_taken __attribute__((tls_model("initial-exec")));

#define TL_TAKEN_SITE ((UINT64_C(1) << 48) - 1)
#define TL_TAKEN_STACK(site) ((uint32_t)((site) >> 48))

/* How many places in the code wait for a stack of what is taken there (lock_order.h). */
extern _Atomic uint32_t tl_taken_wanted __attribute__((visibility("hidden")));

/* Notes a lock when others are held, or stacks wanted; `waits`: in a call that would have waited. */
void tl_held_push_more(uint64_t lock, void *frame, bool waits);

/*
 * Notes that the caller has taken `lock` (bit 0: shared) in the wrapper with the
 * frame address `frame`. In this order of steps a signal handler may do the same
 * in between. A call that only tries cannot deadlock: its lock follows no order.
 */
static inline void tl_held_push(uint64_t lock, void *frame, bool waits)
{
	struct tl_thread *self = &tl_thread;

	if (__builtin_expect((self->n_held | tl_taken_wanted) != 0, 0)) {
		tl_held_push_more(lock, frame, waits);
		return;
	}
	self->n_held = 1;
	atomic_signal_fence(memory_order_seq_cst);
	self->held[0] = lock;
	tl_taken.site[0] = ((const uint64_t *)frame)[1];
	tl_taken.frame[0] = frame;
}

/* Forgets the latest hold of `lock`, shared or not. False: it was not known to be held. */
bool tl_held_remove(uint64_t lock);

/* The same, quick for the lock that was taken last, if not shared. */
static inline bool tl_held_pop(uint64_t lock)
{
	struct tl_thread *self = &tl_thread;
	uint32_t last = self->n_held - 1; /* none held: more than any */

	if (__builtin_expect(last < TL_HELD_MAX && self->held[last] == lock, 1)) {
		self->n_held = last;
		return true;
	}
	return tl_held_remove(lock);
}

bool tl_held_has(uint64_t lock);

/*
 * A lock is made at this address: nobody holds it. The child of a fork makes those
 * anew that a handler of pthread_atfork took before it, and never unlocks them.
 */
void tl_held_forget_all(uint64_t lock);
static inline void tl_held_forget(uint64_t lock)
{
	if (tl_thread.n_held != 0)
		tl_held_forget_all(lock);
}

#endif
