/* Around one blocking call; see blocking.h. */
#include "tracer/interpose/blocking.h"

#include <errno.h>

#include "tracer/interpose/own.h"
#include "tracer/process.h"

/* Whom the function with this frame returns to. */
static uint64_t caller_of(void *frame)
{
	return (uint64_t)((uintptr_t *)frame)[1];
}

void tl_call_block(struct tl_waiting *waiting, const struct tl_wait_for *what)
{
	int saved = errno;

	if (!tl_is_lttngs(caller_of(what->frame)) && tl_process_is_self()) {
		waiting->task = tl_task_current();
		tl_waiting_block(waiting, what);
	}
	errno = saved;
}

void tl_call_end(struct tl_waiting *waiting, int error)
{
	switch (error) {
	case 0: waiting->cause = TL_CAUSE_READY; break;
	case EINTR: waiting->cause = TL_CAUSE_INTERRUPTED; break;
	case ETIMEDOUT:
	case EAGAIN: /* a descriptor's own time limit, SO_RCVTIMEO */
	case EINPROGRESS: /* and connect's */ waiting->cause = TL_CAUSE_TIMEOUT; break;
	default: waiting->cause = TL_CAUSE_ERROR;
	}
}

int64_t tl_duration(const struct timespec *time)
{
	int64_t ns;

	if (!time)
		return TL_NO_TIMEOUT;
	if (__builtin_mul_overflow((int64_t)time->tv_sec, INT64_C(1000000000), &ns) ||
	    __builtin_add_overflow(ns, (int64_t)time->tv_nsec, &ns))
		return INT64_MAX;
	return ns;
}
