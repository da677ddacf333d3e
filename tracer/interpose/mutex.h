/*
 * What glibc's mutexes tell of themselves; and the wrapped functions, for wrappers
 * under other names: `frame` is theirs, TL_HERE.
 */
#ifndef TL_INTERPOSE_MUTEX_H
#define TL_INTERPOSE_MUTEX_H

#include <pthread.h>

#include "tracer/task.h"

/* glibc's bits in __kind (nptl/pthreadP.h): the type, robust, shared between processes, elided. */
#define TL_MUTEX_TYPE 3
#define TL_MUTEX_ROBUST 16
#define TL_MUTEX_SHARED 128
#define TL_MUTEX_ELIDED 0x100

static inline bool tl_mutex_is_shared(const pthread_mutex_t *mutex)
{
	return mutex->__data.__kind & TL_MUTEX_SHARED;
}

/*
 * Does the caller own it, by glibc's own word? Right also for what we did not see
 * being taken; wrong for one that is elided, which has no owner.
 */
static inline bool tl_mutex_is_own(const pthread_mutex_t *mutex)
{
	return (uint32_t)__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) == tl_task_carrier();
}

/* After a hold of it was not found: is it certain that the caller has none? */
static inline bool tl_mutex_is_not_own(const pthread_mutex_t *mutex)
{
	return !(mutex->__data.__kind & TL_MUTEX_ELIDED) && !tl_mutex_is_own(mutex);
}

/* Once, at start: learns whether plain mutexes are what we know them as. */
void tl_mutex_init(void);

/* `clock` -1: that of the plain timed form; `deadline` NULL: none. */
int tl_mutex_lock(pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame);
int tl_mutex_trylock(pthread_mutex_t *mutex, void *frame);
int tl_mutex_unlock(pthread_mutex_t *mutex, void *frame);
int tl_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int clock, const struct timespec *deadline, void *frame);

#endif
