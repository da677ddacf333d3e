/*
 * pthread_t to task: kept from a thread's creation until it is joined, or until
 * its exit if it is detached, exactly as long as the pthread_t is valid.
 */
#ifndef TL_INTERPOSE_THREADS_H
#define TL_INTERPOSE_THREADS_H

#include <pthread.h>

#include "tracer/task.h"

/* Before the first wrapper; false: no key for the exit of threads, none is traced. */
bool tl_threads_init(void);
/* In a fork's child: only the caller lives. */
void tl_threads_forget(void);

/* Lets the calling thread's exit be seen. */
void tl_threads_watch_exit(void);

#endif
