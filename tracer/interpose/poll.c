/*
 * Calls that wait for several descriptors: poll, select, epoll and their forms.
 * The look beforehand is the call itself with no time to wait: what it finds is
 * the result (events of an edge-triggered descriptor are told once), and so is
 * an error. It has the caller's signal mask, so that a signal that is let in
 * only meanwhile interrupts it as it would the real one.
 *
 * Without any descriptor these calls are ways to sleep, or to wait for a signal.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

#include "tracer/interpose/blocking.h"

static const struct timespec no_time;

/* What the call waits for; false: that is not traced. */
static bool describe(struct tl_wait_for *what, bool has_descriptors, int64_t timeout_ns, void *frame)
{
	bool is_sleep = !has_descriptors && timeout_ns >= 0;

	*what = (struct tl_wait_for){.reason = TL_REASON_IO, .timeout_ns = timeout_ns, .frame = frame};
	if (!has_descriptors)
		what->reason = is_sleep ? TL_REASON_SLEEP : TL_REASON_SIGNAL;
	return timeout_ns != 0 && (is_sleep ? tl_chosen.sleep : tl_chosen.io);
}

static inline bool is_traced(void)
{
	return tl_call_traced(tl_chosen.io | tl_chosen.sleep);
}

static int64_t ms_duration(int ms)
{
	return ms < 0 ? TL_NO_TIMEOUT : ms * INT64_C(1000000);
}

#define time_of(ms) ((ms) < 0 ? NULL : &(struct timespec){(ms) / 1000, (ms) % 1000 * 1000000L})

/* A time that is none is for the real call to refuse, before anything is found: as no time at all. */
static int64_t checked_duration(const struct timespec *time)
{
	return time && !tl_is_duration(time) ? 0 : tl_duration(time);
}

static uint64_t object_of(const struct pollfd *fds, nfds_t n)
{
	return n == 1 && fds[0].fd >= 0 ? TL_OBJECT_DESCRIPTOR | (uint32_t)fds[0].fd : 0;
}

static void end(struct tl_waiting *waiting, int result)
{
	tl_call_end(waiting, result < 0 ? errno : result == 0 ? ETIMEDOUT : 0);
}

/*
 * A wrapper, by name, parameters, arguments with and without time, how long it
 * waits, whether for descriptors, and for which if that is one.
 */
#define WRAP(...) WRAP_AFTER(, __VA_ARGS__)

/* The same, after a statement that comes first. */
#define WRAP_AFTER(first, name, parameters, arguments, at_once, duration, has_descriptors, one)                    \
	TL_WRAPPER int name parameters                                                                             \
	{                                                                                                          \
		struct tl_wait_for what;                                                                           \
		int result = 0;                                                                                    \
                                                                                                                   \
		first                                                                                              \
                                                                                                                   \
			if (!is_traced() || !describe(&what, has_descriptors, duration, TL_HERE)) return tl_real() \
				->name arguments;                                                                  \
		if (what.reason == TL_REASON_IO)                                                                   \
			result = tl_real()->name at_once;                                                          \
		if (result != 0)                                                                                   \
			return result;                                                                             \
		TL_WAITING(waiting);                                                                               \
		what.object = one;                                                                                 \
		tl_call_block(&waiting, &what);                                                                    \
		result = tl_real()->name arguments;                                                                \
		end(&waiting, result);                                                                             \
		return result;                                                                                     \
	}

/* FORTIFY's names, which no header declares without it. */
extern int __poll_chk(struct pollfd *fds, nfds_t n, int ms, size_t room);
extern int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *time, const sigset_t *mask, size_t room);

/* clang-format off */
WRAP_AFTER(TL_UNLESS_INSIDE(SYS_ppoll, fds, n, time_of(ms), NULL, TL_KERNEL_SIGSET), poll, (struct pollfd *fds, nfds_t n, int ms), (fds, n, ms), (fds, n, 0),
     ms_duration(ms), n > 0, object_of(fds, n))
WRAP(ppoll, (struct pollfd *fds, nfds_t n, const struct timespec *time, const sigset_t *mask), (fds, n, time, mask),
     (fds, n, &no_time, mask), checked_duration(time), n > 0, object_of(fds, n))
WRAP(__poll_chk, (struct pollfd *fds, nfds_t n, int ms, size_t room), (fds, n, ms, room), (fds, n, 0, room),
     ms_duration(ms), n > 0, object_of(fds, n))
WRAP(__ppoll_chk, (struct pollfd *fds, nfds_t n, const struct timespec *time, const sigset_t *mask, size_t room),
     (fds, n, time, mask, room), (fds, n, &no_time, mask, room), checked_duration(time), n > 0, object_of(fds, n))
WRAP(epoll_wait, (int fd, struct epoll_event *events, int room, int ms), (fd, events, room, ms),
     (fd, events, room, 0), ms_duration(ms), true, TL_OBJECT_DESCRIPTOR | (uint32_t)fd)
WRAP(epoll_pwait, (int fd, struct epoll_event *events, int room, int ms, const sigset_t *mask),
     (fd, events, room, ms, mask), (fd, events, room, 0, mask),
     ms_duration(ms), true, TL_OBJECT_DESCRIPTOR | (uint32_t)fd)
/* clang-format on */

/* Since glibc 2.35; who asks for it weakly finds ours. */
static int really_pwait2(int fd, struct epoll_event *events, int room, const struct timespec *time,
			 const sigset_t *mask)
{
	if (tl_real()->epoll_pwait2)
		return tl_real()->epoll_pwait2(fd, events, room, time, mask);
	errno = ENOSYS;
	return -1;
}

TL_WRAPPER int epoll_pwait2(int fd, struct epoll_event *events, int room, const struct timespec *time,
			    const sigset_t *mask)
{
	struct tl_wait_for what;
	int result;

	if (!is_traced() || !describe(&what, true, checked_duration(time), TL_HERE))
		return really_pwait2(fd, events, room, time, mask);
	result = really_pwait2(fd, events, room, &no_time, mask);
	if (result != 0)
		return result;
	TL_WAITING(waiting);
	what.object = TL_OBJECT_DESCRIPTOR | (uint32_t)fd;
	tl_call_block(&waiting, &what);
	result = really_pwait2(fd, events, room, time, mask);
	end(&waiting, result);
	return result;
}

/* ---- select: its sets are both question and answer ---------------------------- */

struct sets {
	int n;
	fd_set *set[3];
};

/*
 * As pselect without time, on copies: what is not ready yet must still be asked
 * for. Sets of more than FD_SETSIZE, which are the program's own doing, are not
 * looked at but taken to have to wait.
 */
static int select_at_once(const struct sets *sets, const sigset_t *mask)
{
	size_t size = ((size_t)sets->n + NFDBITS - 1) / NFDBITS * sizeof(fd_mask);
	fd_set copies[3];
	int result;

	if (sets->n > FD_SETSIZE)
		return 0;
	for (int i = 0; i < 3; i++)
		if (sets->set[i])
			memcpy(&copies[i], sets->set[i], size);
	result = tl_real()->pselect(sets->n, sets->set[0] ? &copies[0] : NULL, sets->set[1] ? &copies[1] : NULL,
				    sets->set[2] ? &copies[2] : NULL, &no_time, mask);
	for (int i = 0; i < 3 && result > 0; i++)
		if (sets->set[i])
			memcpy(sets->set[i], &copies[i], size);
	return result;
}

/* Looks, and says block where that found nothing; what it found, or 0. */
static int select_begin(struct tl_waiting *waiting, const struct tl_wait_for *what, const struct sets *sets,
			const sigset_t *mask)
{
	int result = what->reason == TL_REASON_IO ? select_at_once(sets, mask) : 0;

	if (result == 0)
		tl_call_block(waiting, what);
	return result;
}

/* Microseconds beyond a second are carried over, as glibc's select does. */
static int64_t timeval_duration(const struct timeval *time)
{
	if (!time)
		return TL_NO_TIMEOUT;
	if (time->tv_sec < 0 || time->tv_usec < 0)
		return 0;
	return tl_duration(&(struct timespec){time->tv_sec + time->tv_usec / 1000000, time->tv_usec % 1000000 * 1000});
}

TL_WRAPPER int select(int n, fd_set *readable, fd_set *writable, fd_set *exceptional, struct timeval *time)
{
	const struct sets sets = {n, {readable, writable, exceptional}};
	struct tl_wait_for what;
	int result;

	if (!is_traced() || n < 0 || !describe(&what, n > 0, timeval_duration(time), TL_HERE))
		return tl_real()->select(n, readable, writable, exceptional, time);
	TL_WAITING(waiting);
	result = select_begin(&waiting, &what, &sets, NULL);
	if (result == 0) {
		result = tl_real()->select(n, readable, writable, exceptional, time);
		end(&waiting, result);
	}
	return result;
}

TL_WRAPPER int pselect(int n, fd_set *readable, fd_set *writable, fd_set *exceptional, const struct timespec *time,
		       const sigset_t *mask)
{
	const struct sets sets = {n, {readable, writable, exceptional}};
	struct tl_wait_for what;
	int result;

	if (!is_traced() || n < 0 || !describe(&what, n > 0, checked_duration(time), TL_HERE))
		return tl_real()->pselect(n, readable, writable, exceptional, time, mask);
	TL_WAITING(waiting);
	result = select_begin(&waiting, &what, &sets, mask);
	if (result == 0) {
		result = tl_real()->pselect(n, readable, writable, exceptional, time, mask);
		end(&waiting, result);
	}
	return result;
}
