/*
 * pthread_once. Only a caller that finds another at work waits; whoever is first
 * runs the function, and whoever comes later finds it done.
 */
#include "tracer/interpose/real.h"
#include "tracer/interpose/threads.h"
#include "tracer/interpose/wait.h"

/* glibc's states of a pthread_once_t (nptl/pthreadP.h); the rest counts forks. */
#define IN_PROGRESS 1
#define DONE 2

static bool is_under_way(const pthread_once_t *once)
{
	int state = __atomic_load_n(once, __ATOMIC_ACQUIRE);

	return (state & DONE) == 0 && (state & IN_PROGRESS) != 0;
}

int tl_once(pthread_once_t *once, void (*function)(void), void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_ONCE,
		.object = (uint64_t)(uintptr_t)once,
		.timeout_ns = TL_NO_TIMEOUT,
		.frame = frame,
	};
	int result;
	TL_WAITING(waiting);

	if (!is_under_way(once) || !tl_watching())
		return tl_real()->pthread_once(once, function);
	tl_waiting_register(&waiting, what.object);
	tl_waiting_block(&waiting, &what);
	result = tl_real()->pthread_once(once, function);
	waiting.cause = TL_CAUSE_READY;
	return result;
}

TL_WRAPPER int pthread_once(pthread_once_t *once, void (*function)(void))
{
	return tl_once(once, function, TL_HERE);
}

TL_OLD(pthread_once, (pthread_once_t *, void (*)(void)))
