/* Semaphores. A post that nobody waits for is not in the trace. */
#include <errno.h>
#include <string.h>

#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/* glibc's struct new_sem: 64 bits of value and waiters, then 0 (private) or 128. */
static bool is_shared(const sem_t *sem)
{
	int shared;

	memcpy(&shared, sem->__size + sizeof(uint64_t), sizeof shared);
	return shared != 0;
}

static int really_wait(sem_t *sem, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return tl_real()->sem_wait(sem);
	if (clock < 0)
		return tl_real()->sem_timedwait(sem, deadline);
	return tl_real()->sem_clockwait(sem, clock, deadline);
}

static int wait_for(sem_t *sem, int clock, const struct timespec *deadline, void *frame)
{
	int saved = errno, result;
	TL_WAITING(waiting);

	if (!tl_watching() || !tl_is_clock(clock) || !tl_is_deadline(deadline))
		return really_wait(sem, clock, deadline);
	/* POSIX: a cancellation point even when it does not wait. */
	pthread_testcancel();
	if (tl_real()->sem_trywait(sem) == 0)
		return 0;
	/* EAGAIN: it is down; whatever else is wrong, the real call says. */
	if (errno != EAGAIN)
		return really_wait(sem, clock, deadline);
	errno = saved;
	tl_waiting_register(&waiting, tl_id_of(sem));
	result = tl_real()->sem_trywait(sem);
	if (result != 0) {
		struct tl_wait_for what = {
			.reason = TL_REASON_SEMAPHORE,
			.object = tl_id_of(sem),
			.timeout_ns = tl_timeout(clock, deadline),
			.how = is_shared(sem) ? TL_BLOCK_SHARED : 0,
			.frame = frame,
		};

		errno = saved;
		tl_waiting_block(&waiting, &what);
		result = really_wait(sem, clock, deadline);
	}
	tl_waiting_result(&waiting, result == 0 ? 0 : errno, TL_CAUSE_HANDOFF);
	return result;
}

TL_WRAPPER int sem_wait(sem_t *sem)
{
	return wait_for(sem, -1, NULL, TL_HERE);
}

TL_WRAPPER int sem_timedwait(sem_t *sem, const struct timespec *deadline)
{
	return wait_for(sem, -1, deadline, TL_HERE);
}

TL_WRAPPER int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *deadline)
{
	return wait_for(sem, tl_given_clock(clock), deadline, TL_HERE);
}

/* Async-signal-safe, as sem_post must be: nothing here allocates or locks. */
TL_WRAPPER int sem_post(sem_t *sem)
{
	if (tl_tracing() && tl_place_may_wait(tl_id_of(sem)))
		tl_release(tl_id_of(sem), TL_REASON_SEMAPHORE, is_shared(sem) ? TL_UNBLOCK_SHARED : 0, false);
	return tl_real()->sem_post(sem);
}

TL_WRAPPER int sem_init(sem_t *sem, int shared, unsigned value)
{
	tl_object_ends(tl_id_of(sem), TL_REASON_SEMAPHORE);
	return tl_real()->sem_init(sem, shared, value);
}

TL_WRAPPER int sem_destroy(sem_t *sem)
{
	tl_object_ends(tl_id_of(sem), TL_REASON_SEMAPHORE);
	return tl_real()->sem_destroy(sem);
}
