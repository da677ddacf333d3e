/*
 * Start of the interposer, and what programs do to their process: fork, _exit.
 * vfork is left alone: a wrapper in C would return into a frame that the child
 * has already overwritten.
 */
#include "tracer/interpose/process.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>

#include "tracer/dump.h"
#include "tracer/interpose/chosen.h"
#include "tracer/interpose/jump.h"
#include "tracer/interpose/lock_order.h"
#include "tracer/interpose/mutex.h"
#include "tracer/interpose/own.h"
#include "tracer/interpose/place.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/thread_table.h"
#include "tracer/interpose/threads.h"
#include "tracer/interpose/wait.h"
#include "tracer/process.h"

/* Found by libthreadline's constructor; see TL_PRELOAD_CAPABILITIES. */
extern TL_WRAPPER const uint32_t threadline_preload_capabilities;
const uint32_t threadline_preload_capabilities = TL_CAN_THREADS | TL_CAN_MUTEXES | TL_CAN_CONDS | TL_CAN_SEMAPHORES |
						 TL_CAN_RWLOCKS | TL_CAN_BARRIERS;

static void forked(void)
{
	tl_place_forget();
	tl_lock_order_forget();
	tl_thread_table_forget();
	tl_waiting_forget();
}

/* Runs after libthreadline's constructor, which this library depends on. */
__attribute__((constructor)) static void begin(void)
{
	tl_real();
	tl_chosen_read();
	tl_jump_init();
	tl_own_init();
	tl_lock_order_init();
	tl_mutex_init();
	if (!tl_threads_init() || pthread_atfork(NULL, NULL, forked) != 0)
		return;
	tl_threads_watch_exit();
	if (tl_thread.own)
		tl_threads_adopted();
	tl_task_adopted = tl_threads_adopted;
	tl_task_uncancelled = true;
	tl_recording = tl_emit_recording_flag();
	tl_dump_more = tl_lock_order_tell_all;
	tl_watch = true;
}

TL_WRAPPER pid_t fork(void)
{
	pid_t pid = tl_real()->fork();

	if (pid == 0 && tl_tracing())
		tl_process_after_fork();
	return pid;
}

void tl_interpose_silence(void)
{
	static const int off;

	tl_recording = &off;
	tl_watch = false;
	tl_waiting_forget();
	tl_process_silence();
}

/* No handlers of pthread_atfork run, so LTTng is not told either. */
TL_WRAPPER pid_t _Fork(void)
{
	pid_t pid;

	if (!tl_real()->_Fork) {
		errno = ENOSYS;
		return -1;
	}
	pid = tl_real()->_Fork();
	if (pid == 0)
		tl_interpose_silence();
	return pid;
}

struct cloned {
	int (*function)(void *);
	void *argument;
};

/* The child has a copy of its parent's memory, also of the frame where this lies. */
static int run_cloned(void *argument)
{
	const struct cloned *cloned = argument;

	tl_interpose_silence();
	return cloned->function(cloned->argument);
}

/* One that shares the memory is a thread or a vfork, and none of our business. */
TL_WRAPPER int clone(int (*function)(void *), void *stack, int flags, void *argument, ...)
{
	struct cloned cloned = {function, argument};
	bool copies = !(flags & CLONE_VM);
	pid_t *parent_tid, *child_tid;
	va_list list;
	void *tls;

	va_start(list, argument);
	parent_tid = va_arg(list, pid_t *);
	tls = va_arg(list, void *);
	child_tid = va_arg(list, pid_t *);
	va_end(list);
	return tl_real()->clone(copies && function ? run_cloned : function, stack, flags,
				copies && function ? &cloned : argument, parent_tid, tls, child_tid);
}

/* libc's parent ends inside of it, by no _exit that we could wrap: so its end is said before. */
TL_WRAPPER int daemon(int no_chdir, int no_close)
{
	pid_t before = getpid();
	bool traced = tl_tracing();
	int result, saved;

	if (traced)
		tl_process_end(0);
	result = tl_real()->daemon(no_chdir, no_close);
	saved = errno;
	if (traced && getpid() == before)
		tl_process_goes_on();
	else if (traced)
		tl_process_after_fork();
	errno = saved;
	return result;
}

/* Destructors do not run: this is the last chance to say that it ends. */
TL_WRAPPER void _exit(int status)
{
	if (tl_tracing())
		tl_process_end(status);
	tl_real()->_exit(status);
	__builtin_unreachable();
}

TL_WRAPPER void _Exit(int status) __attribute__((alias("_exit")));
