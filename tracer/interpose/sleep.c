/*
 * Sleeping, and giving up the processor. A sleep that lasts as long as it was
 * to is a wait that ends by its timeout. Each function has a wrapper of its own:
 * in the C library they do not call each other by name.
 */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "tracer/interpose/blocking.h"
#include "tracer/process.h"

static void begin(struct tl_waiting *waiting, int64_t timeout_ns, void *frame)
{
	struct tl_wait_for what = {.reason = TL_REASON_SLEEP, .timeout_ns = timeout_ns, .frame = frame};

	tl_call_block(waiting, &what);
}

static void end(struct tl_waiting *waiting, int error)
{
	tl_call_end(waiting, error == 0 ? ETIMEDOUT : error);
}

/* No sleep at all, or none that the kernel will accept: nothing to tell. */
static bool is_nothing(const struct timespec *time)
{
	return !time || !tl_is_duration(time) || tl_is_zero(time);
}

TL_WRAPPER unsigned sleep(unsigned seconds)
{
	unsigned left;

	if (!tl_call_traced(tl_chosen.sleep) || seconds == 0)
		return tl_real()->sleep(seconds);
	TL_WAITING(waiting);
	begin(&waiting, seconds * INT64_C(1000000000), TL_HERE);
	left = tl_real()->sleep(seconds);
	end(&waiting, left == 0 ? 0 : EINTR);
	return left;
}

TL_WRAPPER int usleep(useconds_t us)
{
	int result;

	if (!tl_call_traced(tl_chosen.sleep) || us == 0)
		return tl_real()->usleep(us);
	TL_WAITING(waiting);
	begin(&waiting, us * INT64_C(1000), TL_HERE);
	result = tl_real()->usleep(us);
	end(&waiting, result == 0 ? 0 : errno);
	return result;
}

TL_WRAPPER int nanosleep(const struct timespec *time, struct timespec *left)
{
	int result;

	if (!tl_call_traced(tl_chosen.sleep) || is_nothing(time))
		return tl_real()->nanosleep(time, left);
	TL_WAITING(waiting);
	begin(&waiting, tl_duration(time), TL_HERE);
	result = tl_real()->nanosleep(time, left);
	end(&waiting, result == 0 ? 0 : errno);
	return result;
}

/* Until a time of day, or for a length of time. */
TL_WRAPPER int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left)
{
	int64_t timeout_ns;
	int error;

	if (!tl_call_traced(tl_chosen.sleep) || is_nothing(time))
		return tl_real()->clock_nanosleep(clock, flags, time, left);
	timeout_ns = flags & TIMER_ABSTIME ? tl_until(clock, time) : tl_duration(time);
	if (timeout_ns == 0)
		return tl_real()->clock_nanosleep(clock, flags, time, left);
	TL_WAITING(waiting);
	begin(&waiting, timeout_ns, TL_HERE);
	error = tl_real()->clock_nanosleep(clock, flags, time, left);
	end(&waiting, error);
	return error;
}

/* -1 is a signal, -2 anything else. */
TL_WRAPPER int thrd_sleep(const struct timespec *time, struct timespec *left)
{
	int result;

	if (!tl_call_traced(tl_chosen.sleep) || is_nothing(time))
		return tl_real()->thrd_sleep(time, left);
	TL_WAITING(waiting);
	begin(&waiting, tl_duration(time), TL_HERE);
	result = tl_real()->thrd_sleep(time, left);
	end(&waiting, result == 0 ? 0 : result == -1 ? EINTR : EINVAL);
	return result;
}

/* ---- giving up the processor ------------------------------------------------ */

/* No wait: the thread stays runnable, and its next start, of no wait, says that it runs. */
static int yield(struct tl_entry *self)
{
	struct tl_ev_schedule away = {.reason = TL_YIELD_YIELD};
	struct tl_ev_start back = {.cause = TL_CAUSE_READY};
	int result;

	tl_emit_schedule(self, &away);
	result = tl_real()->sched_yield();
	back.carrier = tl_task_carrier();
	tl_emit_start(self, &back);
	return result;
}

/* A loop of these can be most of what a program does: so only with the sleeps. */
TL_WRAPPER int sched_yield(void)
{
	struct tl_entry *self = tl_call_traced(tl_chosen.sleep) && tl_process_is_self() ? tl_task_current() : NULL;

	return self ? yield(self) : tl_real()->sched_yield();
}

TL_WRAPPER void thrd_yield(void)
{
	sched_yield();
}

/* Of old binaries only: today's header gives sched_yield this name, so that it takes another here. */
extern TL_WRAPPER int old_yield(void) __asm__("pthread_yield");
int old_yield(void)
{
	return sched_yield();
}
