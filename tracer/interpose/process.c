/*
 * Start of the interposer, and what programs do to their process: fork, _exit.
 * vfork is left alone: a wrapper in C would return into a frame that the child
 * has already overwritten.
 */
#include "tracer/interpose/chosen.h"
#include "tracer/interpose/lock_order.h"
#include "tracer/interpose/own.h"
#include "tracer/interpose/place.h"
#include "tracer/interpose/real.h"
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
	tl_threads_forget();
}

/* Runs after libthreadline's constructor, which this library depends on. */
__attribute__((constructor)) static void begin(void)
{
	tl_real();
	tl_chosen_read();
	tl_own_init();
	tl_lock_order_init();
	if (!tl_threads_init() || pthread_atfork(NULL, NULL, forked) != 0)
		return;
	tl_threads_watch_exit();
	tl_task_adopted = tl_threads_watch_exit;
	tl_recording = tl_emit_recording_flag();
}

TL_WRAPPER pid_t fork(void)
{
	pid_t pid = tl_real()->fork();

	if (pid == 0 && tl_tracing())
		tl_process_after_fork();
	return pid;
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
