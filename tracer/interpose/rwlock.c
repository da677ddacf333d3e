/*
 * Read-write locks: as mutexes, with two ways to wait. Any unlock may let
 * somebody in, so each looks for waiters.
 */
#include <errno.h>

#include "tracer/interpose/held.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

static inline int try(bool write, pthread_rwlock_t *lock)
{
	return write ? TL_REAL(pthread_rwlock_trywrlock)(lock) : TL_REAL(pthread_rwlock_tryrdlock)(lock);
}

static int really_lock(bool write, pthread_rwlock_t *lock, int clock, const struct timespec *deadline)
{
	const struct tl_real *real = tl_real();

	if (!deadline)
		return (write ? real->pthread_rwlock_wrlock : real->pthread_rwlock_rdlock)(lock);
	if (clock < 0)
		return (write ? real->pthread_rwlock_timedwrlock : real->pthread_rwlock_timedrdlock)(lock, deadline);
	return (write ? real->pthread_rwlock_clockwrlock : real->pthread_rwlock_clockrdlock)(lock, clock, deadline);
}

static bool is_shared(const pthread_rwlock_t *lock)
{
	return lock->__data.__shared != 0;
}

/* Its writer wants it again: glibc says EDEADLK. */
static bool is_own(const pthread_rwlock_t *lock)
{
	return (uint32_t)__atomic_load_n(&lock->__data.__cur_writer, __ATOMIC_RELAXED) == tl_task_carrier();
}

__attribute__((noinline)) static int lock_busy(bool write, pthread_rwlock_t *lock, int clock,
					       const struct timespec *deadline, void *frame)
{
	int result;
	TL_WAITING(waiting);

	if (!tl_watching())
		return really_lock(write, lock, clock, deadline);
	if (is_own(lock)) {
		result = really_lock(write, lock, clock, deadline);
		tl_misuse(TL_MISUSE_RELOCK_BY_OWNER, tl_id_of(lock), result, frame);
		return result;
	}
	tl_waiting_register(&waiting, tl_id_of(lock));
	result = try(write, lock);
	if (result == EBUSY) {
		struct tl_wait_for what = {
			.reason = write ? TL_REASON_RWLOCK_WRITE : TL_REASON_RWLOCK_READ,
			.object = tl_id_of(lock),
			.timeout_ns = tl_timeout(clock, deadline),
			.owner = (uint32_t)lock->__data.__cur_writer,
			.how = is_shared(lock) ? TL_BLOCK_SHARED : 0,
			.frame = frame,
		};

		tl_waiting_block(&waiting, &what);
		result = really_lock(write, lock, clock, deadline);
	}
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	return result;
}

/* The remembered hold: of a reader's, bit 0 says so. */
static uint64_t held_as(bool write, const pthread_rwlock_t *lock)
{
	return tl_id_of(lock) | (write ? 0 : TL_HELD_SHARED);
}

static inline int take(bool write, pthread_rwlock_t *lock, int clock, const struct timespec *deadline, void *frame)
{
	int result;

	/* What glibc refuses, it refuses before it looks at the lock. */
	if (!tl_is_clock(clock) || !tl_is_deadline(deadline))
		return really_lock(write, lock, clock, deadline);
	result = try(write, lock);
	if (__builtin_expect(result == EBUSY, 0))
		result = lock_busy(write, lock, clock, deadline, frame);
	if (result == 0)
		tl_held_push(held_as(write, lock), frame, true);
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

static inline int try_and_note(bool write, pthread_rwlock_t *lock, void *frame)
{
	int result = try(write, lock);

	if (result == 0)
		tl_held_push(held_as(write, lock), frame, false);
	return result;
}

TL_WRAPPER int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return try_and_note(false, lock, TL_HERE);
}

TL_WRAPPER int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return try_and_note(true, lock, TL_HERE);
}

static bool is_write_locked(const pthread_rwlock_t *lock)
{
	return lock->__data.__cur_writer != 0;
}

/*
 * glibc counts readers from bit 3 of __readers, and says in bit 1 that a writer
 * has it (nptl/pthread_rwlock_common.c). Who reads is not known.
 */
static bool is_locked(const pthread_rwlock_t *lock)
{
	return __atomic_load_n(&lock->__data.__readers, __ATOMIC_RELAXED) >> 3 != 0 || is_write_locked(lock);
}

static void say_release(const pthread_rwlock_t *lock)
{
	/* What is given up, not what the waiters want. */
	uint8_t reason = is_write_locked(lock) ? TL_REASON_RWLOCK_WRITE : TL_REASON_RWLOCK_READ;

	if (tl_tracing())
		tl_release(tl_id_of(lock), reason, is_shared(lock) ? TL_UNBLOCK_SHARED : 0, false);
}

/* After a hold of it was not found: is it certain that the caller has none? */
static bool is_not_own(const pthread_rwlock_t *lock)
{
	return !is_locked(lock) || (is_write_locked(lock) && !is_own(lock));
}

TL_WRAPPER int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	bool wrong = !tl_held_pop(tl_id_of(lock)) && tl_tracing() && is_not_own(lock);
	int result;

	if (__builtin_expect(tl_place_may_wait(tl_id_of(lock)), 0))
		say_release(lock);
	result = TL_REAL(pthread_rwlock_unlock)(lock);
	if (__builtin_expect(wrong, 0))
		tl_misuse(TL_MISUSE_UNLOCK_NOT_OWNER, tl_id_of(lock), result, TL_HERE);
	return result;
}

TL_WRAPPER int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr)
{
	tl_held_forget(tl_id_of(lock));
	tl_object_ends(tl_id_of(lock), TL_REASON_RWLOCK_WRITE);
	return tl_real()->pthread_rwlock_init(lock, attr);
}

TL_WRAPPER int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	tl_object_ends(tl_id_of(lock), TL_REASON_RWLOCK_WRITE);
	if (is_locked(lock))
		tl_misuse(TL_MISUSE_DESTROY_WHILE_HELD, tl_id_of(lock), 0, TL_HERE);
	return tl_real()->pthread_rwlock_destroy(lock);
}

/* What binaries of another age call (symbols of GLIBC_2.2.5). */
TL_OLD(pthread_rwlock_init, (pthread_rwlock_t *, const pthread_rwlockattr_t *))
TL_OLD(pthread_rwlock_destroy, (pthread_rwlock_t *))
TL_OLD(pthread_rwlock_rdlock, (pthread_rwlock_t *))
TL_OLD(pthread_rwlock_wrlock, (pthread_rwlock_t *))
TL_OLD(pthread_rwlock_tryrdlock, (pthread_rwlock_t *))
TL_OLD(pthread_rwlock_trywrlock, (pthread_rwlock_t *))
TL_OLD(pthread_rwlock_unlock, (pthread_rwlock_t *))
