/*
 * Condition variables. The block is said while the mutex is still held, so that
 * no signal sent under the mutex can be stamped before it. A signal is always
 * said, with the number of waiters: one that finds nobody is what a lost wakeup
 * is made of.
 */
#include <errno.h>

#include "tracer/interpose/held.h"
#include "tracer/interpose/mutex.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/*
 * `clock` -1: the condition's own clock. In glibc's __wrefs bit 1 says
 * CLOCK_MONOTONIC and bit 0 says shared between processes (nptl/pthread_cond_common.c).
 */
static int64_t timeout_of(const pthread_cond_t *cond, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return TL_NO_TIMEOUT;
	if (clock < 0)
		clock = cond->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
	return tl_until(clock, deadline);
}

static bool is_shared(const pthread_cond_t *cond)
{
	return cond->__data.__wrefs & 1;
}

static int really_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return tl_real()->pthread_cond_wait(cond, mutex);
	if (clock < 0)
		return tl_real()->pthread_cond_timedwait(cond, mutex, deadline);
	return tl_real()->pthread_cond_clockwait(cond, mutex, clock, deadline);
}

int tl_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_COND,
		.object = tl_id_of(cond),
		.object2 = tl_id_of(mutex),
		.how = is_shared(cond) ? TL_BLOCK_SHARED : 0,
		.frame = frame,
	};
	int result;

	if (!tl_watching() || !tl_is_clock(clock))
		return really_wait(cond, mutex, clock, deadline);
	what.timeout_ns = timeout_of(cond, clock, deadline);
	if (!tl_held_pop(tl_id_of(mutex)) && tl_mutex_is_not_own(mutex))
		tl_misuse(TL_MISUSE_WAIT_WITHOUT_MUTEX, tl_id_of(cond), 0, frame);
	{
		TL_WAITING(waiting);

		tl_waiting_register(&waiting, tl_id_of(cond));
		if (waiting.place)
			atomic_store(&waiting.place->mutex, tl_id_of(mutex));
		/* The wait itself releases the mutex, unseen: said before the block. */
		if (tl_place_may_wait(tl_id_of(mutex)))
			tl_release(tl_id_of(mutex), TL_REASON_MUTEX, tl_mutex_is_shared(mutex) ? TL_UNBLOCK_SHARED : 0,
				   false);
		tl_waiting_block(&waiting, &what);
		waiting.relocked = tl_id_of(mutex);
		waiting.frame = frame;
		result = really_wait(cond, mutex, clock, deadline);
		/* Not its owner before, or nobody's any more. */
		if (result == EPERM || result == ENOTRECOVERABLE)
			waiting.relocked = 0;
		tl_waiting_result(&waiting, result, TL_CAUSE_SIGNAL);
	}
	return result;
}

TL_WRAPPER int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return tl_cond_wait(cond, mutex, -1, NULL, TL_HERE);
}

TL_WRAPPER int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *deadline)
{
	return tl_cond_wait(cond, mutex, -1, deadline, TL_HERE);
}

TL_WRAPPER int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
				      const struct timespec *deadline)
{
	return tl_cond_wait(cond, mutex, tl_given_clock(clock), deadline, TL_HERE);
}

/* Does the sender hold the condition's mutex, or, when that is not known, any lock? */
static bool holds_mutex(uint64_t cond)
{
	uint64_t mutex = tl_place_mutex(cond);

	return mutex ? tl_held_has(mutex) : (tl_thread.n_held | tl_thread.n_more) != 0;
}

static void say_signal(const pthread_cond_t *cond, uint8_t how)
{
	uint64_t id = tl_id_of(cond);

	if (!holds_mutex(id))
		how |= TL_UNBLOCK_NO_MUTEX;
	if (is_shared(cond))
		how |= TL_UNBLOCK_SHARED;
	tl_release(id, TL_REASON_COND, how, true);
}

TL_WRAPPER int pthread_cond_signal(pthread_cond_t *cond)
{
	if (tl_tracing())
		say_signal(cond, 0);
	return tl_real()->pthread_cond_signal(cond);
}

TL_WRAPPER int pthread_cond_broadcast(pthread_cond_t *cond)
{
	if (tl_tracing())
		say_signal(cond, TL_UNBLOCK_ALL);
	return tl_real()->pthread_cond_broadcast(cond);
}

TL_WRAPPER int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	tl_object_ends(tl_id_of(cond), TL_REASON_COND);
	return tl_real()->pthread_cond_init(cond, attr);
}

/* Those who wait then may have been woken already, which is fine: readers see who was. */
TL_WRAPPER int pthread_cond_destroy(pthread_cond_t *cond)
{
	tl_object_ends(tl_id_of(cond), TL_REASON_COND);
	return tl_real()->pthread_cond_destroy(cond);
}
