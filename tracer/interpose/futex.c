/*
 * Futexes of the program's own, as far as they go through syscall(): so do
 * std::atomic::wait, std::latch and std::counting_semaphore. What inlines the
 * system call (libgomp) cannot be seen. Requeueing and the priority-inheriting
 * kinds pass through untold. Ends and forks of the process that come this way
 * are noticed as well, and LTTng's descriptors kept open.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "tracer/interpose/own.h"
#include "tracer/interpose/process.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"
#include "tracer/process.h"

struct call {
	long number;
	long arguments[6];
};

static long really_call(const struct call *call)
{
	const long *a = call->arguments;

	return tl_real()->syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static int operation_of(const struct call *call)
{
	return (int)call->arguments[1] & FUTEX_CMD_MASK;
}

static bool is_private(const struct call *call)
{
	return (call->arguments[1] & FUTEX_PRIVATE_FLAG) != 0;
}

/* FUTEX_WAIT counts from now; FUTEX_WAIT_BITSET has a time of day on one of two clocks. */
static int64_t timeout_of(const struct call *call)
{
	const struct timespec *time = (const struct timespec *)call->arguments[3];
	int64_t ns;

	if (!time)
		return TL_NO_TIMEOUT;
	if (operation_of(call) == FUTEX_WAIT_BITSET)
		return tl_until(call->arguments[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, time);
	if (__builtin_mul_overflow((int64_t)time->tv_sec, INT64_C(1000000000), &ns) ||
	    __builtin_add_overflow(ns, (int64_t)time->tv_nsec, &ns))
		return INT64_MAX;
	return ns;
}

/*
 * Has the word still the value that the call wants to wait on? Asked of the kernel,
 * by a requeueing of nobody: the address may be bad, which is an error and no crash,
 * and whoever may wait on a futex in a sandbox may ask this, too. Keeps errno.
 */
static bool has_to_wait(const struct call *call)
{
	const long *a = call->arguments;
	int saved = errno;
	long failed = tl_real()->syscall(SYS_futex, a[0], (long)FUTEX_CMP_REQUEUE | (a[1] & FUTEX_PRIVATE_FLAG), 0L, 0L,
					 a[0], a[2]);
	bool has_changed = failed && (errno == EAGAIN || errno == EFAULT || errno == EINVAL);

	errno = saved;
	return !has_changed;
}

static long wait_on(const struct call *call, void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_FUTEX,
		.object = (uint64_t)call->arguments[0],
		.how = is_private(call) ? 0 : TL_BLOCK_SHARED,
		.frame = frame,
	};
	long result;
	TL_WAITING(waiting);

	tl_waiting_register(&waiting, what.object);
	/* A value that has changed already is no wait. */
	if (has_to_wait(call)) {
		what.timeout_ns = timeout_of(call);
		tl_waiting_block(&waiting, &what);
	}
	result = really_call(call);
	tl_waiting_result(&waiting, result == 0 ? 0 : errno, TL_CAUSE_SIGNAL);
	if (result != 0 && errno == EAGAIN)
		waiting.cause = TL_CAUSE_READY;
	return result;
}

static long futex(const struct call *call, void *frame)
{
	uint64_t word = (uint64_t)call->arguments[0];

	if (tl_is_lttngs(word))
		return really_call(call);
	switch (operation_of(call)) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET: return wait_on(call, frame);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		if (tl_place_may_wait(word))
			tl_release(word, TL_REASON_FUTEX, is_private(call) ? 0 : TL_UNBLOCK_SHARED, false);
		return really_call(call);
	default: return really_call(call);
	}
}

/*
 * Is this the child of a fork past libc and LTTng? One that shares the memory is
 * a thread or a vfork. What clone3 points to is looked at when the kernel has
 * accepted it, and not before.
 */
static bool is_forked(const struct call *call, long result)
{
	if (result != 0)
		return false;
	switch (call->number) {
#ifdef SYS_fork
	case SYS_fork: return true;
#endif
	case SYS_clone: return !(call->arguments[0] & CLONE_VM);
	case SYS_clone3: return !(*(const uint64_t *)call->arguments[0] & CLONE_VM);
	default: return false;
	}
}

/*
 * Six arguments are read whatever the call has, as libc's own syscall() does: on
 * the supported machines they are registers.
 */
TL_WRAPPER long syscall(long number, ...)
{
	struct call call = {.number = number};
	va_list list;
	long result;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		call.arguments[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_futex && tl_tracing())
		return futex(&call, TL_HERE);
	if (number == SYS_exit_group && tl_tracing())
		tl_process_end((int)call.arguments[0]);
	if (tl_close_by_syscall(number, call.arguments, &result))
		return result;
	result = really_call(&call);
	if (is_forked(&call, result))
		tl_interpose_silence();
	return result;
}
