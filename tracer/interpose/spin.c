/*
 * Spin locks. Most waits are over before anything could be said of them: only
 * one that lasts is in the trace.
 */
#include <errno.h>

#include "tracer/interpose/held.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

#define TRIES 2000 /* some tens of microseconds */

static int lock_long(pthread_spinlock_t *lock, void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_SPIN,
		.object = tl_id_of(lock),
		.timeout_ns = TL_NO_TIMEOUT,
		.frame = frame,
	};
	int result;
	TL_WAITING(waiting);

	tl_waiting_register(&waiting, what.object);
	result = tl_real()->pthread_spin_trylock(lock);
	if (result == EBUSY) {
		tl_waiting_block(&waiting, &what);
		result = tl_real()->pthread_spin_lock(lock);
	}
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	return result;
}

__attribute__((noinline)) static int lock_busy(pthread_spinlock_t *lock, void *frame)
{
	if (!tl_tracing())
		return tl_real()->pthread_spin_lock(lock);
	for (int i = 0; i < TRIES; i++) {
		tl_relax();
		if (tl_real()->pthread_spin_trylock(lock) == 0)
			return 0;
	}
	return lock_long(lock, frame);
}

TL_WRAPPER int pthread_spin_lock(pthread_spinlock_t *lock)
{
	int result = TL_REAL(pthread_spin_trylock)(lock);

	if (result == EBUSY)
		result = lock_busy(lock, TL_HERE);
	if (result == 0)
		tl_held_push(tl_id_of(lock), TL_HERE, true);
	return result;
}

TL_WRAPPER int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	int result = TL_REAL(pthread_spin_trylock)(lock);

	if (result == 0)
		tl_held_push(tl_id_of(lock), TL_HERE, false);
	return result;
}

TL_WRAPPER int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	tl_held_pop(tl_id_of(lock));
	if (__builtin_expect(tl_place_may_wait(tl_id_of(lock)), 0) && tl_tracing())
		tl_release(tl_id_of(lock), TL_REASON_SPIN, 0, false);
	return TL_REAL(pthread_spin_unlock)(lock);
}

TL_WRAPPER int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	tl_held_forget(tl_id_of(lock));
	tl_object_ends(tl_id_of(lock), TL_REASON_SPIN);
	return tl_real()->pthread_spin_init(lock, shared);
}

TL_WRAPPER int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	tl_object_ends(tl_id_of(lock), TL_REASON_SPIN);
	return tl_real()->pthread_spin_destroy(lock);
}
