/*
 * Waiting for a signal. That one comes is how pause and sigsuspend end, although
 * both call it an error: so it counts as ready, not as interrupted.
 */
#include <errno.h>
#include <sys/syscall.h>

#include "tracer/interpose/blocking.h"

static void begin(struct tl_waiting *waiting, int64_t timeout_ns, void *frame)
{
	struct tl_wait_for what = {.reason = TL_REASON_SIGNAL, .timeout_ns = timeout_ns, .frame = frame};

	tl_call_block(waiting, &what);
}

/* Is one of `set` pending already, or of its complement? NULL is for the real call to refuse. */
static bool is_pending(const sigset_t *set, int member)
{
	sigset_t pending;

	if (!set || sigpending(&pending) != 0)
		return true;
	for (int signal = 1; signal < NSIG; signal++)
		if (sigismember(&pending, signal) == 1 && sigismember(set, signal) == member)
			return true;
	return false;
}

TL_WRAPPER int pause(void)
{
	int result;

	if (!tl_call_traced(tl_chosen.io))
		return tl_real()->pause();
	TL_WAITING(waiting);
	begin(&waiting, TL_NO_TIMEOUT, TL_HERE);
	result = tl_real()->pause();
	tl_call_end(&waiting, 0);
	return result;
}

TL_WRAPPER int sigsuspend(const sigset_t *mask)
{
	int result;

	if (!tl_call_traced(tl_chosen.io) || is_pending(mask, 0))
		return tl_real()->sigsuspend(mask);
	TL_WAITING(waiting);
	begin(&waiting, TL_NO_TIMEOUT, TL_HERE);
	result = tl_real()->sigsuspend(mask);
	tl_call_end(&waiting, result < 0 && errno != EINTR ? errno : 0);
	return result;
}

TL_WRAPPER int sigwait(const sigset_t *set, int *signal)
{
	int error;

	if (!tl_call_traced(tl_chosen.io) || is_pending(set, 1))
		return tl_real()->sigwait(set, signal);
	TL_WAITING(waiting);
	begin(&waiting, TL_NO_TIMEOUT, TL_HERE);
	error = tl_real()->sigwait(set, signal);
	tl_call_end(&waiting, error);
	return error;
}

TL_WRAPPER int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	int result;

	if (!tl_call_traced(tl_chosen.io) || is_pending(set, 1))
		return tl_real()->sigwaitinfo(set, info);
	TL_WAITING(waiting);
	begin(&waiting, TL_NO_TIMEOUT, TL_HERE);
	result = tl_real()->sigwaitinfo(set, info);
	tl_call_end(&waiting, result < 0 ? errno : 0);
	return result;
}

TL_WRAPPER int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *time)
{
	int result;

	TL_UNLESS_INSIDE(SYS_rt_sigtimedwait, set, info, time, TL_KERNEL_SIGSET)
	if (!tl_call_traced(tl_chosen.io) || (time && (!tl_is_duration(time) || tl_is_zero(time))) ||
	    is_pending(set, 1))
		return tl_real()->sigtimedwait(set, info, time);
	TL_WAITING(waiting);
	begin(&waiting, tl_duration(time), TL_HERE);
	result = tl_real()->sigtimedwait(set, info, time);
	tl_call_end(&waiting, result < 0 ? errno : 0);
	return result;
}
