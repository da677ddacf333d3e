/*
 * C11 threads. In glibc they are the POSIX ones under other names, but call them
 * inside of libc, past every wrapper. So each is carried out here by what the
 * POSIX wrapper does, with the results translated as glibc does (nptl/thrd_priv.h). Those
 * that say where they were called are given the frame of the C11 one.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

#include "tracer/interpose/mutex.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/threads.h"
#include "tracer/interpose/wait.h"
#include "tracer/stack.h"

static int c11_result(int error)
{
	switch (error) {
	case 0: return thrd_success;
	case ENOMEM: return thrd_nomem;
	case ETIMEDOUT: return thrd_timedout;
	case EBUSY: return thrd_busy;
	default: return thrd_error;
	}
}

static pthread_mutex_t *posix_mutex(mtx_t *mutex)
{
	return (pthread_mutex_t *)(void *)mutex;
}

static pthread_cond_t *posix_cond(cnd_t *cond)
{
	return (pthread_cond_t *)(void *)cond;
}

TL_WRAPPER int mtx_lock(mtx_t *mutex)
{
	return c11_result(tl_mutex_lock(posix_mutex(mutex), -1, NULL, TL_HERE));
}

TL_WRAPPER int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict deadline)
{
	return c11_result(tl_mutex_lock(posix_mutex(mutex), -1, deadline, TL_HERE));
}

TL_WRAPPER int mtx_trylock(mtx_t *mutex)
{
	return c11_result(tl_mutex_trylock(posix_mutex(mutex), TL_HERE));
}

TL_WRAPPER int mtx_unlock(mtx_t *mutex)
{
	return c11_result(tl_mutex_unlock(posix_mutex(mutex), TL_HERE));
}

TL_WRAPPER int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return c11_result(tl_cond_wait(posix_cond(cond), posix_mutex(mutex), -1, NULL, TL_HERE));
}

TL_WRAPPER int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex, const struct timespec *restrict deadline)
{
	return c11_result(tl_cond_wait(posix_cond(cond), posix_mutex(mutex), -1, deadline, TL_HERE));
}

TL_WRAPPER int cnd_signal(cnd_t *cond)
{
	return c11_result(pthread_cond_signal(posix_cond(cond)));
}

TL_WRAPPER int cnd_broadcast(cnd_t *cond)
{
	return c11_result(pthread_cond_broadcast(posix_cond(cond)));
}

struct c11_start {
	thrd_start_t function;
	void *argument;
};

static void *run_c11(void *data)
{
	struct c11_start start = *(struct c11_start *)data;

	free(data);
	return (void *)(intptr_t)start.function(start.argument);
}

TL_WRAPPER int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
	struct c11_start *start = malloc(sizeof *start);
	int error;

	if (!start)
		return thrd_nomem;
	*start = (struct c11_start){function, argument};
	error = tl_thread_create(thread, NULL, run_c11, start, (uint64_t)(uintptr_t)function, TL_HERE);
	if (error != 0)
		free(start);
	/* C11 knows no EAGAIN: glibc calls it out of memory here. */
	return error == EAGAIN ? thrd_nomem : c11_result(error);
}

TL_WRAPPER int thrd_join(thrd_t thread, int *result)
{
	void *value;
	int error = tl_thread_join(thread, &value, TL_HERE);

	if (error == 0 && result)
		*result = (int)(intptr_t)value;
	return c11_result(error);
}

TL_WRAPPER int thrd_detach(thrd_t thread)
{
	return c11_result(tl_thread_detach(thread, TL_HERE));
}

TL_WRAPPER void thrd_exit(int result)
{
	pthread_exit((void *)(intptr_t)result);
}

TL_WRAPPER int mtx_init(mtx_t *mutex, int type)
{
	tl_object_ends(tl_id_of(mutex), TL_REASON_MUTEX);
	return tl_real()->mtx_init(mutex, type);
}

TL_WRAPPER void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy(posix_mutex(mutex));
}

TL_WRAPPER int cnd_init(cnd_t *cond)
{
	return c11_result(pthread_cond_init(posix_cond(cond), NULL));
}

TL_WRAPPER void cnd_destroy(cnd_t *cond)
{
	pthread_cond_destroy(posix_cond(cond));
}

TL_WRAPPER void call_once(once_flag *flag, void (*function)(void))
{
	tl_once((pthread_once_t *)(void *)flag, function, TL_HERE);
}
