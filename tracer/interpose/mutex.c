/*
 * Mutexes. A lock that is free costs one try and is not in the trace; only a
 * waiter, and the release that lets it go on, are.
 */
#include <errno.h>

#include "tracer/interpose/own.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/* glibc's bits in __kind (nptl/pthreadP.h): shared between processes, recursive. */
#define KIND_SHARED 128
#define KIND_RECURSIVE PTHREAD_MUTEX_RECURSIVE_NP
#define SPINS 60

static bool is_shared(const pthread_mutex_t *mutex)
{
	return mutex->__data.__kind & KIND_SHARED;
}

static bool is_acquired(int result)
{
	return result == 0 || result == EOWNERDEAD;
}

/* Real acquisition with or without a deadline; `clock` -1: the plain timed one. */
static int really_lock(pthread_mutex_t *mutex, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return tl_real()->pthread_mutex_lock(mutex);
	if (clock < 0)
		return tl_real()->pthread_mutex_timedlock(mutex, deadline);
	return tl_real()->pthread_mutex_clocklock(mutex, clock, deadline);
}

/*
 * A short section is over sooner than we could say that we wait for it: look a
 * few times before registering, as the emission of both sides would otherwise
 * make a short hand-off long.
 */
static int try_for_a_while(pthread_mutex_t *mutex)
{
	for (int i = 0; i < SPINS; i++) {
		tl_relax();
		if (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) == 0)
			return tl_real()->pthread_mutex_trylock(mutex);
	}
	return EBUSY;
}

__attribute__((noinline)) static int lock_contended(pthread_mutex_t *mutex, int clock, const struct timespec *deadline,
						    void *frame)
{
	int result;
	TL_WAITING(waiting);

	if (tl_is_lttngs(tl_id_of(mutex)))
		return really_lock(mutex, clock, deadline);
	result = try_for_a_while(mutex);
	if (result != EBUSY)
		return result;
	tl_waiting_register(&waiting, tl_id_of(mutex));
	result = tl_real()->pthread_mutex_trylock(mutex);
	if (result == EBUSY) {
		struct tl_wait_for what = {
			.reason = TL_REASON_MUTEX,
			.object = tl_id_of(mutex),
			.timeout_ns = tl_timeout(clock, deadline),
			.owner = (uint32_t)mutex->__data.__owner,
			.how = is_shared(mutex) ? TL_BLOCK_SHARED : 0,
			.frame = frame,
		};

		tl_waiting_block(&waiting, &what);
		result = really_lock(mutex, clock, deadline);
	}
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	return result;
}

static inline int lock(pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame)
{
	int result;

	if (!tl_tracing() || !tl_is_clock(clock))
		return really_lock(mutex, clock, deadline);
	result = tl_real()->pthread_mutex_trylock(mutex);
	if (__builtin_expect(result == EBUSY, 0))
		result = lock_contended(mutex, clock, deadline, frame);
	if (is_acquired(result))
		tl_held_push(tl_id_of(mutex));
	return result;
}

TL_WRAPPER int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return lock(mutex, -1, NULL, TL_HERE);
}

TL_WRAPPER int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	return lock(mutex, -1, deadline, TL_HERE);
}

TL_WRAPPER int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline)
{
	return lock(mutex, tl_given_clock(clock), deadline, TL_HERE);
}

TL_WRAPPER int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int result = tl_real()->pthread_mutex_trylock(mutex);

	if (tl_tracing() && is_acquired(result))
		tl_held_push(tl_id_of(mutex));
	return result;
}

/* Of a recursive mutex only the outermost unlock lets anybody in. */
static bool is_last_unlock(const pthread_mutex_t *mutex)
{
	return (mutex->__data.__kind & 3) != KIND_RECURSIVE || mutex->__data.__count <= 1;
}

TL_WRAPPER int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (tl_tracing()) {
		tl_held_pop(tl_id_of(mutex));
		if (__builtin_expect(tl_place_may_wait(tl_id_of(mutex)), 0) && is_last_unlock(mutex) &&
		    !tl_is_lttngs(tl_id_of(mutex)))
			tl_release(tl_id_of(mutex), TL_REASON_MUTEX, is_shared(mutex) ? TL_UNBLOCK_SHARED : 0, false);
	}
	return tl_real()->pthread_mutex_unlock(mutex);
}
