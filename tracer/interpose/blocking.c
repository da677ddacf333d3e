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

/*
 * Programs leave read() or sleep() by longjmp from a signal handler, as an old
 * way to limit its time. Nobody sees that; but a wait that is still open when
 * another begins at the same place of the stack, or further out, was left so: what
 * really goes on outside of a handler lies further out than the handler.
 */
static _Thread_local struct {
	uint32_t wait;
	uintptr_t at;
} begun[TL_WAIT_DEPTH] __attribute__((tls_model("initial-exec")));

static bool is_on_stack(uintptr_t at)
{
	return at >= tl_thread.stack_low && at < tl_thread.stack_high;
}

static bool was_left(const struct tl_entry *task, uint32_t depth, uintptr_t here)
{
	return depth <= TL_WAIT_DEPTH && begun[depth - 1].wait == task->open_waits[depth - 1] &&
	       begun[depth - 1].at <= here && is_on_stack(begun[depth - 1].at) && is_on_stack(here);
}

/* Ends the waits that were left, says which is about to begin. */
static void begin_at(struct tl_entry *task, uintptr_t here)
{
	while (task->depth > 0 && was_left(task, task->depth, here)) {
		struct tl_ev_start event = {.carrier = tl_task_carrier(), .cause = TL_CAUSE_INTERRUPTED};

		event.wait = tl_task_wait_end(task);
		tl_emit_start(task, &event);
	}
	if (task->depth < TL_WAIT_DEPTH) {
		begun[task->depth].wait = tl_task_wait_number(task);
		begun[task->depth].at = here;
	}
}

void tl_call_block(struct tl_waiting *waiting, const struct tl_wait_for *what)
{
	int saved = errno;

	if (!tl_is_lttngs(caller_of(what->frame)) && tl_process_is_self()) {
		waiting->task = tl_task_current();
		if (waiting->task)
			begin_at(waiting->task, (uintptr_t)what->frame);
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
