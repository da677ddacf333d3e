/*
 * The life of this process in the trace: its beginning (also after a fork),
 * its orderly end, and what the loaded libraries can see of it.
 */
#ifndef TL_TRACER_PROCESS_H
#define TL_TRACER_PROCESS_H

#include "tracer/task.h"

/*
 * Emits process_begin, by `task`, unless this process has one already. Called
 * before every event: one load once it is done.
 */
void tl_process_begin(struct tl_entry *task);
extern _Atomic bool tl_process_begun;
static inline void tl_process_ensure_begun(struct tl_entry *task)
{
	if (!atomic_load_explicit(&tl_process_begun, memory_order_relaxed))
		tl_process_begin(task);
}

/* Says process_begin again, by `task`: for a state dump. */
void tl_process_tell(struct tl_entry *task);

/* Emits process_end (status -1: not known), once. Nothing is emitted after it. */
TL_SHARED void tl_process_end(int status);

/*
 * Says that another program is about to take this process over; false: nothing
 * was said. Async-signal-safe; in a vfork's child it touches nothing.
 */
TL_SHARED bool tl_process_exec(void);
/* The end that was said did not come (exec failed, daemon could not fork): it goes on as it was. */
TL_SHARED void tl_process_goes_on(void);

/*
 * In the child of a fork that nobody was told of, LTTng as little as libc: it
 * has its parent's ids and half of its state, and must never say anything.
 */
TL_SHARED void tl_process_silence(void);

/* In a fork's child, once fork has returned: says that it begins and runs. */
TL_SHARED void tl_process_after_fork(void);

/* Is the caller in the process that was set up, and not in a vfork's child? */
TL_SHARED bool tl_process_is_self(void);

/* The path of the executable; "" when it could not be read. */
const char *tl_process_program(void);

/*
 * The interposer exports this variable, with the TL_CAN_ bits it adds; looked
 * up by name at start, so that the API library works with and without it.
 */
#define TL_PRELOAD_CAPABILITIES "threadline_preload_capabilities"

#endif
