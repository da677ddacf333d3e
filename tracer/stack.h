/*
 * Cheap call stacks, de-duplicated: each distinct one is sent once and events
 * refer to it by number. Taken only where a task blocks, creates or opens.
 */
#ifndef TL_TRACER_STACK_H
#define TL_TRACER_STACK_H

#include "tracer/task.h"
#include "tracer/unwind.h"

void tl_stack_init(void);
/* In a fork's child: every stack is new again. */
void tl_stack_forget(void);

/*
 * The number of the stack whose innermost frame is the caller of the function
 * with frame address `frame` (TL_HERE in a wrapper); sends it when it is new.
 * 0 when there is no room for another. That function must keep its frame
 * pointer.
 */
TL_SHARED uint32_t tl_stack_capture(struct tl_entry *task, void *frame, enum tl_unwind_use use);
#define TL_HERE __builtin_frame_address(0)

/*
 * The number of the stack of an earlier call, which returned to `site` and had
 * its frame at `frame`: as far as its caller still runs (tracer/unwind.h).
 */
TL_SHARED uint32_t tl_stack_earlier(struct tl_entry *task, const void *frame, uint64_t site);

/*
 * The code in [low, high) is no longer there: what is loaded in its place has
 * stacks of its own, though the addresses be the same.
 */
TL_SHARED void tl_stack_unloaded(uintptr_t low, uintptr_t high);

/* The number of a stack of which only one address is known: where a call returns to; 0: none. */
uint32_t tl_stack_of_site(struct tl_entry *task, uint64_t site);

/* Tells every stack again that was told so far, and the modules. */
void tl_stack_tell_all(struct tl_entry *task);

/* Tells which file the code at `address` comes from, unless it was told before. */
TL_SHARED void tl_stack_tell_module(struct tl_entry *task, uint64_t address);

#endif
