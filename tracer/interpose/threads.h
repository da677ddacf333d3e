/* The beginning and the end of threads. */
#ifndef TL_INTERPOSE_THREADS_H
#define TL_INTERPOSE_THREADS_H

#include <stdbool.h>

/* Before the first wrapper; false: no key for the exit of threads, none is traced. */
bool tl_threads_init(void);
/* Lets the calling thread's exit be seen. */
void tl_threads_watch_exit(void);

#endif
