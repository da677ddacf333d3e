/*
 * Finds the return addresses of a thread's frames: frame pointers first,
 * libunwind where a program was built without them.
 */
#ifndef TL_TRACER_UNWIND_H
#define TL_TRACER_UNWIND_H

#include "tracer/task.h"

#define TL_UNWIND_FRAMES 24 /* the most that any of these finds */

void tl_unwind_init(void);

/*
 * Prepares the calling thread, before any function of the program runs in it:
 * the bounds of its stack, in which frame pointers are followed, from the size
 * that it was created with (0: not known); and what libunwind needs.
 */
TL_SHARED void tl_unwind_begin_thread(size_t size);
/* The size that a thread without attributes of its own gets. */
TL_SHARED size_t tl_unwind_default_size(void);

/*
 * libunwind's first use in a thread allocates, by the program's own malloc, what
 * it keeps for that thread. Where that malloc is the C library's, which waits for
 * no lock that we see, it may happen at the first stack that needs it, but in no
 * call that a signal handler may make: it might have interrupted malloc. Where it
 * is another, a thread may be waiting for a lock inside that very malloc: so it
 * happens where the thread begins, and a thread whose beginning was not seen has
 * no stacks by unwind tables.
 */
enum tl_unwind_use { TL_UNWIND_MAY_BEGIN, TL_UNWIND_IF_BEGUN };

/*
 * The addresses that the function with frame address `frame`, and its callers,
 * return to, innermost first: at least one.
 */
unsigned tl_unwind_frames(void *frame, uint64_t *pcs, enum tl_unwind_use use);

/*
 * The same as it was when a function, which has returned since, had its frame at
 * `frame` and returned to `site`: `site`, then the frames outside of its caller
 * if that caller still runs, which libunwind can tell. Takes microseconds.
 */
unsigned tl_unwind_earlier(const void *frame, uint64_t site, uint64_t *pcs);

#endif
