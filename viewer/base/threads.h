/* How many threads are to work at once. */
#ifndef TL_BASE_THREADS_H
#define TL_BASE_THREADS_H

#include <stddef.h>

/* THREADLINE_THREADS if that is a number from 1 on, or as many as there are processors for this process. */
size_t tl_threads(void);

#endif
