/* The beginning and the end of threads. */
#ifndef TL_INTERPOSE_THREADS_H
#define TL_INTERPOSE_THREADS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Before the first wrapper; false: no key for the exit of threads, none is traced. */
bool tl_threads_init(void);
/* Lets the calling thread's exit be seen. */
void tl_threads_watch_exit(void);
/* The calling thread has become a task of its own, which nobody was seen to make. */
void tl_threads_adopted(void);

/*
 * What pthread_create, pthread_join, pthread_detach and pthread_once do, in the
 * wrapper with frame address `frame`. `entry`: the program's function, where
 * `function` is one of ours around it.
 */
int tl_thread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*function)(void *), void *argument,
		     uint64_t entry, void *frame);
int tl_thread_join(pthread_t thread, void **value, void *frame);
int tl_thread_detach(pthread_t thread, void *frame);
int tl_once(pthread_once_t *once, void (*function)(void), void *frame);

#endif
