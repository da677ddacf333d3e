/*
 * What the wrappers of blocking calls share. Each goes like this:
 *
 *     not chosen or not traced: the real call and nothing else
 *     will it have to wait? if not: the real call, and nothing is said
 *     block, the real call, start
 *
 * The look beforehand must neither take anything away nor be a cancellation
 * point that the call is not. All of this is safe in signal handlers.
 */
#ifndef TL_INTERPOSE_BLOCKING_H
#define TL_INTERPOSE_BLOCKING_H

#include "tracer/interpose/chosen.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/* Is this call traced, where `chosen` is the recording's choice? One branch if not. */
static inline bool tl_call_traced(bool chosen)
{
	return __builtin_expect(chosen, 0) && tl_tracing();
}

/*
 * In a wrapper: inside of Threadline and LTTng the plain system call, which is no
 * cancellation point. A thread must not be cancelled inside of a lock because
 * LTTng had to write a byte there. These are the calls that LTTng and libunwind
 * make while an event is emitted: read, write, poll, sigtimedwait.
 */
#define TL_UNLESS_INSIDE(number, ...)                  \
	if (__builtin_expect(tl_thread.guard != 0, 0)) \
		return (int)tl_real()->syscall(number, __VA_ARGS__);
#define TL_KERNEL_SIGSET 8 /* bytes of a signal set, as the kernel has it */

/*
 * Says that the call is about to wait, unless the caller is LTTng or in a
 * vfork's child, which has its parent's memory. Keeps errno.
 */
void tl_call_block(struct tl_waiting *waiting, const struct tl_wait_for *what);

/*
 * Says how the real call ended: by its error number, 0 for none. ETIMEDOUT is
 * every end by time. Keeps errno.
 */
void tl_call_end(struct tl_waiting *waiting, int error);

/* Is it a length of time, as the kernel sees it? What is none it refuses itself. */
static inline bool tl_is_duration(const struct timespec *time)
{
	return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000;
}

static inline bool tl_is_zero(const struct timespec *time)
{
	return time->tv_sec == 0 && time->tv_nsec == 0;
}

/* In nanoseconds, INT64_MAX where it is longer; NULL: for ever. */
int64_t tl_duration(const struct timespec *time);

#endif
