/*
 * Waiting for child processes. Whether one has ended is asked with a waitid()
 * that leaves it as it is. What posix_spawn's users in the C library do (system,
 * pclose) does not come here.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/interpose/blocking.h"

#ifndef __WALL
#define __WALL 0x40000000
#define __WCLONE 0x80000000
#define __WNOTHREAD 0x20000000
#endif

/* By syscall: waitid() is a cancellation point. Whatever is wrong, the real call says. */
static bool has_to_wait(idtype_t type, id_t id, int options)
{
	siginfo_t info = {0};
	int saved = errno;
	long failed = tl_real()->syscall(SYS_waitid, (long)type, (long)id, &info, (long)(options | WNOHANG | WNOWAIT),
					 NULL, 0L);

	errno = saved;
	return failed == 0 && info.si_pid == 0;
}

static void begin(struct tl_waiting *waiting, idtype_t type, id_t id, int options, void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_CHILD,
		.object = type == P_PID ? TL_OBJECT_CHILD | (uint32_t)id : 0,
		.timeout_ns = TL_NO_TIMEOUT,
		.frame = frame,
	};

	if ((options & WNOHANG) == 0 && has_to_wait(type, id, options))
		tl_call_block(waiting, &what);
}

/* In wait4's words: whom `pid` means, and which changes. */
static void begin_pid(struct tl_waiting *waiting, pid_t pid, int options, void *frame)
{
	idtype_t type = pid > 0 ? P_PID : pid == -1 ? P_ALL : P_PGID;
	/* Not P_PGID with 0, which means one's own only since Linux 5.4. */
	pid_t id = pid > 0 ? pid : pid == 0 ? getpgrp() : pid == -1 ? 0 : -pid;

	begin(waiting, type, (id_t)id, options | WEXITED, frame);
}

/* A wrapper, by result, name, parameters, arguments, and how it begins. */
#define WRAP(type, name, parameters, arguments, beginning)     \
	TL_WRAPPER type name parameters                        \
	{                                                      \
		type result;                                   \
                                                               \
		if (!tl_call_traced(tl_chosen.io))             \
			return tl_real()->name arguments;      \
		TL_WAITING(waiting);                           \
		beginning;                                     \
		result = tl_real()->name arguments;            \
		tl_call_end(&waiting, result < 0 ? errno : 0); \
		return result;                                 \
	}

/* clang-format off */
WRAP(pid_t, wait, (int *status), (status), begin_pid(&waiting, -1, 0, TL_HERE))
WRAP(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options),
     begin_pid(&waiting, pid, options, TL_HERE))
WRAP(pid_t, wait3, (int *status, int options, struct rusage *usage), (status, options, usage),
     begin_pid(&waiting, -1, options, TL_HERE))
WRAP(pid_t, wait4, (pid_t pid, int *status, int options, struct rusage *usage), (pid, status, options, usage),
     begin_pid(&waiting, pid, options, TL_HERE))
WRAP(int, waitid, (idtype_t type, id_t id, siginfo_t *info, int options), (type, id, info, options),
     begin(&waiting, type, id, options, TL_HERE))
