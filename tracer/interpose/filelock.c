/*
 * Locks on files: flock, lockf, fcntl(F_SETLKW). Each has a form that tries,
 * whose success is the result. Who holds such a lock is often another process,
 * so these are waits for the descriptor and no locks in the trace.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <unistd.h>

#include "tracer/interpose/blocking.h"

static void begin(struct tl_waiting *waiting, int fd, void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_IO,
		.object = TL_OBJECT_DESCRIPTOR | (uint32_t)fd,
		.timeout_ns = TL_NO_TIMEOUT,
		.frame = frame,
	};

	tl_call_block(waiting, &what);
}

/* Did trying fail because another has it? Whatever else is wrong, the real call says. */
static bool is_taken(int error)
{
	return error == EAGAIN || error == EACCES;
}

/* No cancellation point. */
TL_WRAPPER int flock(int fd, int operation)
{
	int saved = errno, result;

	if (!tl_call_traced(tl_chosen.io) || operation & (LOCK_NB | LOCK_UN))
		return tl_real()->flock(fd, operation);
	if (tl_real()->flock(fd, operation | LOCK_NB) == 0)
		return 0;
	TL_WAITING(waiting);
	if (is_taken(errno))
		begin(&waiting, fd, TL_HERE);
	errno = saved;
	result = tl_real()->flock(fd, operation);
	tl_call_end(&waiting, result < 0 ? errno : 0);
	return result;
}

/* The command that tries, of one that waits; 0: it is none that waits. */
static int trying(int command)
{
	if (command == F_SETLKW)
		return F_SETLK;
#if F_SETLKW64 != F_SETLKW
	if (command == F_SETLKW64)
		return F_SETLK64;
#endif
	return command == F_OFD_SETLKW ? F_OFD_SETLK : 0;
}

typedef int fcntl_function(int fd, int command, ...);

static int set_lock(fcntl_function *real, int fd, int command, void *lock, void *frame)
{
	int saved = errno, result;
	TL_WAITING(waiting);

	/* A cancellation point even when it does not wait. */
	pthread_testcancel();
	if (real(fd, trying(command), lock) == 0)
		return 0;
	if (is_taken(errno))
		begin(&waiting, fd, frame);
	errno = saved;
	result = real(fd, command, lock);
	tl_call_end(&waiting, result < 0 ? errno : 0);
	return result;
}

/* One argument is read whatever the command has, as libc does. */
#define WRAP_FCNTL(name)                                                          \
	TL_WRAPPER int name(int fd, int command, ...)                             \
	{                                                                         \
		va_list list;                                                     \
		void *argument;                                                   \
                                                                                  \
		va_start(list, command);                                          \
		argument = va_arg(list, void *);                                  \
		va_end(list);                                                     \
		if (!tl_call_traced(tl_chosen.io) || !trying(command))            \
			return tl_real()->name(fd, command, argument);            \
		return set_lock(tl_real()->name, fd, command, argument, TL_HERE); \
	}
WRAP_FCNTL(fcntl)
WRAP_FCNTL(fcntl64)

#define WRAP_LOCKF(name, offset)                                        \
	TL_WRAPPER int name(int fd, int command, offset length)         \
	{                                                               \
		int saved = errno, result;                              \
                                                                        \
		if (!tl_call_traced(tl_chosen.io) || command != F_LOCK) \
			return tl_real()->name(fd, command, length);    \
		pthread_testcancel();                                   \
		if (tl_real()->name(fd, F_TLOCK, length) == 0)          \
			return 0;                                       \
		TL_WAITING(waiting);                                    \
		if (is_taken(errno))                                    \
			begin(&waiting, fd, TL_HERE);                   \
		errno = saved;                                          \
		result = tl_real()->name(fd, command, length);          \
		tl_call_end(&waiting, result < 0 ? errno : 0);          \
		return result;                                          \
	}
WRAP_LOCKF(lockf, off_t)
WRAP_LOCKF(lockf64, off64_t)
