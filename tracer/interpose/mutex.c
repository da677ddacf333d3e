/*
 * Mutexes. A lock that is free costs one try and is not in the trace; only a
 * waiter, and the release that lets it go on, are.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/interpose/held.h"
#include "tracer/interpose/mutex.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/own.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

#define FIRST_PAUSES 4
#define LAST_PAUSES 64

static int type_of(const pthread_mutex_t *mutex)
{
	return mutex->__data.__kind & TL_MUTEX_TYPE;
}

static bool is_acquired(int result)
{
	return result == 0 || result == EOWNERDEAD;
}

/* Real acquisition with or without a deadline; `clock` -1: the plain timed one. */
static int really_lock(pthread_mutex_t *mutex, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return TL_REAL(pthread_mutex_lock)(mutex);
	if (clock < 0)
		return TL_REAL(pthread_mutex_timedlock)(mutex, deadline);
	return TL_REAL(pthread_mutex_clocklock)(mutex, clock, deadline);
}

/*
 * glibc's trylock keeps a robust mutex that nobody can make consistent any more:
 * it says so once, and whoever locks it next waits for ever (nptl/pthread_mutex_trylock.c
 * compares with the wrong value before it gives the lock back). So a robust one is
 * tried by a timed lock whose time is over.
 */
__attribute__((noinline)) static int try_robust(pthread_mutex_t *mutex)
{
	static const struct timespec over;
	int result = TL_REAL(pthread_mutex_timedlock)(mutex, &over);

	return result == ETIMEDOUT ? EBUSY : result;
}

#define NO_KIND INT_MIN

/* The kind that is tried here and not in glibc: the plain one, 0, or none. */
static int plain_kind = NO_KIND;

static bool looks(const pthread_mutex_t *mutex, int lock, int owner, unsigned users)
{
	return mutex->__data.__kind == 0 && mutex->__data.__lock == lock && mutex->__data.__owner == owner &&
	       mutex->__data.__nusers == users;
}

/* Is it glibc's own function that we call, and no other tool's wrapper that must see every lock? */
static bool is_glibcs(const void *function)
{
	const char *preloads = getenv("LD_PRELOAD");
	struct dl_find_object found, libc;

	return !(preloads && strstr(preloads, "vgpreload")) &&
	       _dl_find_object(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"), &libc) == 0 &&
	       _dl_find_object((void *)(uintptr_t)function, &found) == 0 && found.dlfo_link_map == libc.dlfo_link_map;
}

void tl_mutex_init(void)
{
	const struct tl_real *real = tl_real();
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	int self = (int)tl_task_carrier();
	bool plain;

	if (!is_glibcs(*(void *const *)&real->pthread_mutex_lock) ||
	    !is_glibcs(*(void *const *)&real->pthread_mutex_trylock) ||
	    !is_glibcs(*(void *const *)&real->pthread_mutex_unlock))
		return;
	plain = looks(&mutex, 0, 0, 0) && real->pthread_mutex_lock(&mutex) == 0 && looks(&mutex, 1, self, 1) &&
		real->pthread_mutex_unlock(&mutex) == 0 && looks(&mutex, 0, 0, 0) &&
		real->pthread_mutex_trylock(&mutex) == 0 && looks(&mutex, 1, self, 1) &&
		real->pthread_mutex_unlock(&mutex) == 0 && looks(&mutex, 0, 0, 0);
	if (plain)
		plain_kind = 0;
}

/*
 * What glibc's trylock does with a plain mutex (nptl/pthread_mutex_trylock.c,
 * PTHREAD_MUTEX_TIMED_NP), without its way there, which takes as long as the rest
 * of our wrapper. Only after tl_mutex_init has seen glibc leave these very marks.
 */
static inline int try_plain(pthread_mutex_t *mutex)
{
	int unlocked = 0;

	if (!__atomic_compare_exchange_n(&mutex->__data.__lock, &unlocked, 1, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return EBUSY;
	mutex->__data.__owner = (int)tl_thread.carrier;
	mutex->__data.__nusers++;
	return 0;
}

__attribute__((noinline)) static int try_other(pthread_mutex_t *mutex)
{
	/* The next plain one can be tried here. */
	tl_task_carrier();
	return mutex->__data.__kind & TL_MUTEX_ROBUST ? try_robust(mutex) : TL_REAL(pthread_mutex_trylock)(mutex);
}

static inline int try(pthread_mutex_t *mutex)
{
	int kind = __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED);

	if (__builtin_expect(kind != plain_kind || tl_thread.carrier == 0, 0))
		return try_other(mutex);
	return try_plain(mutex);
}

/*
 * A short section is over sooner than we could say that we wait for it, and what
 * both sides would have to say makes a short hand-off long. So look a few times
 * before registering, at growing intervals, as every look takes the lock's cache
 * line from its owner; all in all for about as long as it takes to go to sleep and
 * be woken.
 */
static int try_for_a_while(pthread_mutex_t *mutex)
{
	int result = EBUSY;

	for (int pauses = FIRST_PAUSES; pauses <= LAST_PAUSES && result == EBUSY; pauses *= 2) {
		for (int i = 0; i < pauses; i++)
			tl_relax();
		if (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) == 0)
			result = try(mutex);
	}
	return result;
}

static int wait_and_lock(pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame)
{
	int result;
	TL_WAITING(waiting);

	tl_waiting_register(&waiting, tl_id_of(mutex));
	result = try(mutex);
	if (result == EBUSY) {
		struct tl_wait_for what = {
			.reason = TL_REASON_MUTEX,
			.object = tl_id_of(mutex),
			.timeout_ns = tl_timeout(clock, deadline),
			.owner = (uint32_t)mutex->__data.__owner,
			.how = tl_mutex_is_shared(mutex) ? TL_BLOCK_SHARED : 0,
			.frame = frame,
		};

		tl_waiting_block(&waiting, &what);
		result = really_lock(mutex, clock, deadline);
	}
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	return result;
}

/* It is its own owner that finds it busy: an error at once, or a wait for ever. */
static int lock_again(pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame)
{
	if (type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK_NP) {
		int result = really_lock(mutex, clock, deadline);

		if (result == EDEADLK)
			tl_misuse(TL_MISUSE_RELOCK_BY_OWNER, tl_id_of(mutex), result, frame);
		return result;
	}
	tl_misuse(TL_MISUSE_RELOCK_BY_OWNER, tl_id_of(mutex), 0, frame);
	return wait_and_lock(mutex, clock, deadline, frame);
}

static int lock_busy(pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame)
{
	int result;

	if (!tl_watching() || tl_is_lttngs(tl_id_of(mutex)))
		return really_lock(mutex, clock, deadline);
	if (tl_mutex_is_own(mutex))
		return lock_again(mutex, clock, deadline, frame);
	result = tl_tracing() ? try_for_a_while(mutex) : EBUSY;
	return result == EBUSY ? wait_and_lock(mutex, clock, deadline, frame) : result;
}

/* After a try that did not simply succeed. */
__attribute__((noinline)) static int lock_slowly(pthread_mutex_t *mutex, int result, int clock,
						 const struct timespec *deadline, void *frame)
{
	if (result == EBUSY)
		result = lock_busy(mutex, clock, deadline, frame);
	if (is_acquired(result))
		tl_held_push(tl_id_of(mutex), frame, true);
	return result;
}

int tl_mutex_lock(pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame)
{
	int result = try(mutex);

	if (__builtin_expect(result != 0, 0))
		return lock_slowly(mutex, result, clock, deadline, frame);
	tl_held_push(tl_id_of(mutex), frame, true);
	return 0;
}

/* As tl_mutex_lock, but the frame is asked for where it is needed: one register less to save. */
TL_WRAPPER int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	int result = try(mutex);

	if (__builtin_expect(result != 0, 0))
		return lock_slowly(mutex, result, -1, NULL, TL_HERE);
	tl_held_push(tl_id_of(mutex), TL_HERE, true);
	return 0;
}

TL_WRAPPER int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	return tl_mutex_lock(mutex, -1, deadline, TL_HERE);
}

TL_WRAPPER int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline)
{
	if (!tl_is_clock(tl_given_clock(clock)))
		return TL_REAL(pthread_mutex_clocklock)(mutex, clock, deadline);
	return tl_mutex_lock(mutex, clock, deadline, TL_HERE);
}

int tl_mutex_trylock(pthread_mutex_t *mutex, void *frame)
{
	int result = TL_REAL(pthread_mutex_trylock)(mutex);

	if (is_acquired(result))
		tl_held_push(tl_id_of(mutex), frame, false);
	return result;
}

TL_WRAPPER int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	return tl_mutex_trylock(mutex, TL_HERE);
}

/* Of a recursive mutex only the outermost unlock lets anybody in. */
static bool is_last_unlock(const pthread_mutex_t *mutex)
{
	return type_of(mutex) != PTHREAD_MUTEX_RECURSIVE_NP || mutex->__data.__count <= 1;
}

/* Somebody waits, or it was not the latest lock, or it is not held at all. */
__attribute__((noinline)) static int unlock_slowly(pthread_mutex_t *mutex, bool known, void *frame)
{
	bool wrong;
	int result;

	if (!tl_tracing() || tl_is_lttngs(tl_id_of(mutex)))
		return TL_REAL(pthread_mutex_unlock)(mutex);
	wrong = !known && tl_mutex_is_not_own(mutex);
	if (tl_place_may_wait(tl_id_of(mutex)) && is_last_unlock(mutex))
		tl_release(tl_id_of(mutex), TL_REASON_MUTEX, tl_mutex_is_shared(mutex) ? TL_UNBLOCK_SHARED : 0, false);
	result = TL_REAL(pthread_mutex_unlock)(mutex);
	if (wrong)
		tl_misuse(TL_MISUSE_UNLOCK_NOT_OWNER, tl_id_of(mutex), result, frame);
	return result;
}

TL_WRAPPER int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	bool known = tl_held_pop(tl_id_of(mutex));

	if (__builtin_expect(!known || tl_place_may_wait(tl_id_of(mutex)), 0))
		return unlock_slowly(mutex, known, TL_HERE);
	return TL_REAL(pthread_mutex_unlock)(mutex);
}

int tl_mutex_unlock(pthread_mutex_t *mutex, void *frame)
{
	return unlock_slowly(mutex, tl_held_pop(tl_id_of(mutex)), frame);
}

TL_WRAPPER int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	tl_held_forget(tl_id_of(mutex));
	tl_object_ends(tl_id_of(mutex), TL_REASON_MUTEX);
	return TL_REAL(pthread_mutex_init)(mutex, attr);
}

TL_WRAPPER int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	int result;

	tl_object_ends(tl_id_of(mutex), TL_REASON_MUTEX);
	result = TL_REAL(pthread_mutex_destroy)(mutex);
	if (result == EBUSY)
		tl_misuse(TL_MISUSE_DESTROY_WHILE_HELD, tl_id_of(mutex), result, TL_HERE);
	return result;
}

/* What binaries of another age call (symbols of GLIBC_2.2.5). */
TL_OLD(pthread_mutex_init, (pthread_mutex_t *, const pthread_mutexattr_t *))
TL_OLD(pthread_mutex_destroy, (pthread_mutex_t *))
TL_OLD(pthread_mutex_lock, (pthread_mutex_t *))
TL_OLD(pthread_mutex_trylock, (pthread_mutex_t *))
TL_OLD(pthread_mutex_unlock, (pthread_mutex_t *))
