/*
 * In which order locks are taken: who takes b while holding a is told once for
 * each pair of locks and of places in the code, with all the locks held then.
 * Readers find the cycles.
 */
#ifndef TL_INTERPOSE_LOCK_ORDER_H
#define TL_INTERPOSE_LOCK_ORDER_H

#include "tracer/task.h"

void tl_lock_order_init(void);
/* In a fork's child: every order is new again. */
void tl_lock_order_forget(void);

/*
 * Tells, when it is new, that the caller's lock at index `at`, over 0, was waited
 * for, or would have been, while those below were held.
 */
void tl_lock_order_note(uint32_t at);

/*
 * The number of the caller's stack, under 2^16, if a stack is wanted of what is
 * taken at `site`; else 0. `frame`: of the wrapper.
 */
uint32_t tl_lock_order_stack(uint64_t site, void *frame);

/* For a state dump: says again every order that was told, by `speaker`. */
void tl_lock_order_tell_all(struct tl_entry *speaker);

#endif
