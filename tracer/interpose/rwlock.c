/*
 * Read-write locks: as mutexes, with two ways to wait. Any unlock may let
 * somebody in, so each looks for waiters.
 */
#include <errno.h>

#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/* One of the two ways to take the lock, with its real functions. */
struct way {
	uint8_t reason;
	uint64_t held; /* bits of the remembered hold */
	int (*try)(pthread_rwlock_t *);
	int (*lock)(pthread_rwlock_t *);
	int (*timed)(pthread_rwlock_t *, const struct timespec *);
	int (*clocked)(pthread_rwlock_t *, clockid_t, const struct timespec *);
};

static struct way way_of(bool write)
{
	const struct tl_real *real = tl_real();

	if (write)
		return (struct way){TL_REASON_RWLOCK_WRITE,           0,
				    real->pthread_rwlock_trywrlock,   real->pthread_rwlock_wrlock,
				    real->pthread_rwlock_timedwrlock, real->pthread_rwlock_clockwrlock};
	return (struct way){TL_REASON_RWLOCK_READ,
			    TL_HELD_SHARED,
			    real->pthread_rwlock_tryrdlock,
			    real->pthread_rwlock_rdlock,
			    real->pthread_rwlock_timedrdlock,
			    real->pthread_rwlock_clockrdlock};
}

static bool is_shared(const pthread_rwlock_t *lock)
{
	return lock->__data.__shared != 0;
}

static int really_lock(const struct way *way, pthread_rwlock_t *lock, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return way->lock(lock);
	return clock < 0 ? way->timed(lock, deadline) : way->clocked(lock, clock, deadline);
}

static int lock_contended(const struct way *way, pthread_rwlock_t *lock, int clock, const struct timespec *deadline,
			  void *frame)
{
	int result;
	TL_WAITING(waiting);

	tl_waiting_register(&waiting, tl_id_of(lock));
	result = way->try(lock);
	if (result == EBUSY) {
		struct tl_wait_for what = {
			.reason = way->reason,
			.object = tl_id_of(lock),
			.timeout_ns = tl_timeout(clock, deadline),
			.owner = (uint32_t)lock->__data.__cur_writer,
			.how = is_shared(lock) ? TL_BLOCK_SHARED : 0,
			.frame = frame,
		};

		tl_waiting_block(&waiting, &what);
		result = really_lock(way, lock, clock, deadline);
	}
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	return result;
}

static int take(bool write, pthread_rwlock_t *lock, int clock, const struct timespec *deadline, void *frame)
{
	struct way way = way_of(write);
	int result;

	/* What glibc refuses, it refuses before it looks at the lock. */
	if (!tl_tracing() || !tl_is_clock(clock) || !tl_is_deadline(deadline))
		return really_lock(&way, lock, clock, deadline);
	result = way.try(lock);
	if (result == EBUSY)
		result = lock_contended(&way, lock, clock, deadline, frame);
	if (result == 0)
		tl_held_push(tl_id_of(lock) | way.held);
	return result;
}

TL_WRAPPER int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return take(false, lock, -1, NULL, TL_HERE);
}

TL_WRAPPER int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return take(true, lock, -1, NULL, TL_HERE);
}

TL_WRAPPER int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	return take(false, lock, -1, deadline, TL_HERE);
}

TL_WRAPPER int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	return take(true, lock, -1, deadline, TL_HERE);
}

TL_WRAPPER int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
	return take(false, lock, tl_given_clock(clock), deadline, TL_HERE);
}

TL_WRAPPER int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
	return take(true, lock, tl_given_clock(clock), deadline, TL_HERE);
}

static int try_and_note(bool write, pthread_rwlock_t *lock)
{
	struct way way = way_of(write);
	int result = way.try(lock);

	if (result == 0 && tl_tracing())
		tl_held_push(tl_id_of(lock) | way.held);
	return result;
}

TL_WRAPPER int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return try_and_note(false, lock);
}

TL_WRAPPER int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return try_and_note(true, lock);
}

TL_WRAPPER int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	if (tl_tracing()) {
		/* What is given up, not what the waiters want. */
		uint8_t reason = lock->__data.__cur_writer ? TL_REASON_RWLOCK_WRITE : TL_REASON_RWLOCK_READ;

		tl_held_pop(tl_id_of(lock));
		if (__builtin_expect(tl_place_may_wait(tl_id_of(lock)), 0))
			tl_release(tl_id_of(lock), reason, is_shared(lock) ? TL_UNBLOCK_SHARED : 0, false);
	}
	return tl_real()->pthread_rwlock_unlock(lock);
}
