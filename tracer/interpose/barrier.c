/*
 * Barriers. Who comes last cannot be known beforehand, so everyone says that it
 * arrives, in which round, and waits; readers judge a start by the count.
 */
#include <string.h>

#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/* glibc's struct pthread_barrier (sysdeps/nptl/internaltypes.h): in, current round, count, shared. */
static uint32_t field_of(const pthread_barrier_t *barrier, unsigned at)
{
	uint32_t value;

	memcpy(&value, barrier->__size + at * sizeof value, sizeof value);
	return value;
}

/*
 * Rounds are counted beside the barrier, by arrivals. While a round is under way
 * somebody is registered, so the count is lost at most between rounds, where it
 * begins again at 1.
 */
static void say_arrival(const struct tl_waiting *waiting, uint64_t id, uint32_t count)
{
	struct tl_ev_arrive event = {.object = id, .count = count};

	if (!waiting->task)
		return;
	if (waiting->place && count > 0)
		event.round = atomic_fetch_add(&waiting->place->arrivals, 1) / count + 1;
	tl_emit_arrive(waiting->task, &event);
}

TL_WRAPPER int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_BARRIER,
		.object = tl_id_of(barrier),
		.timeout_ns = TL_NO_TIMEOUT,
		.frame = TL_HERE,
	};
	int result;
	TL_WAITING(waiting);

	if (!tl_watching())
		return tl_real()->pthread_barrier_wait(barrier);
	what.how = field_of(barrier, 3) ? TL_BLOCK_SHARED : 0;
	tl_waiting_register(&waiting, what.object);
	say_arrival(&waiting, what.object, field_of(barrier, 2));
	tl_waiting_block(&waiting, &what);
	result = tl_real()->pthread_barrier_wait(barrier);
	/* Nothing is known of the others here; whoever came last found it ready. */
	waiting.cause = TL_CAUSE_READY;
	return result;
}

TL_WRAPPER int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr, unsigned count)
{
	tl_object_ends(tl_id_of(barrier), TL_REASON_BARRIER);
	return tl_real()->pthread_barrier_init(barrier, attr, count);
}

TL_WRAPPER int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	tl_object_ends(tl_id_of(barrier), TL_REASON_BARRIER);
	return tl_real()->pthread_barrier_destroy(barrier);
}
