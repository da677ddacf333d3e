/*
 * The mapper from a kernel's scheduler events to ours: what a reader has decoded
 * from the kernel tracer's events (LTTng, perf) comes in as struct tl_sched, and
 * what it means for tasks goes out as struct tl_event, in order of time. It knows
 * no trace format and no library; docs/kernel.md says how the two worlds compare.
 *
 * It keeps the state of each thread that lives, so that what it says of a task
 * never contradicts itself, whatever a trace claims or leaves out: numbers without
 * a gap, waits that end before the next begins, nothing after an exit, a new task
 * where a thread id is used again. Memory grows with the threads that live at a time.
 *
 * Not thread-safe; one owner. One mapper serves all hosts of a trace.
 */
#ifndef TL_READ_KERNEL_H
#define TL_READ_KERNEL_H

#include "viewer/read/event.h"

enum tl_sched_kind {
	TL_SCHED_SWITCH, /* `tid` leaves the processor in `state`, `other` takes it */
	TL_SCHED_WAKEUP, /* `tid` is made runnable: sched_waking, sched_wakeup, sched_wakeup_new */
	TL_SCHED_FORK,   /* `tid`, of process `parent_pid`, makes thread `other`, of process `pid` */
	TL_SCHED_EXEC,   /* `tid`, which was `other` before, becomes `file` */
	TL_SCHED_EXIT,   /* `tid` begins to end */
	TL_SCHED_THREAD, /* `tid` is there: of process `pid`, whose parent is `parent_pid`, called `comm` */
};

#define TL_SCHED_COMM 32 /* the kernel's own names have 16 */

/* One event of the kernel. 0 and "": not told. Thread ids count from 1; 0 is a processor's idle loop. */
struct tl_sched {
	uint8_t kind; /* enum tl_sched_kind */
	uint16_t domain;
	uint16_t cpu;
	bool has_cpu;
	int64_t time_ns; /* since the Unix epoch */
	uint32_t tid, other;
	uint32_t pid, parent_pid;
	uint32_t current_tid, current_pid;                   /* who ran on the processor then, by the event's context */
	int64_t state;                                       /* SWITCH: prev_state, as the kernel says it */
	bool is_kernel_thread;                               /* THREAD: said to be one */
	char comm[TL_SCHED_COMM], other_comm[TL_SCHED_COMM]; /* of `tid` and `other` */
	const char *file;                                    /* EXEC; NULL: not told; read during the call only */
};

/* Thread ids are positive ints in the kernel. */
#define TL_SCHED_TID_MAX INT32_MAX

struct tl_kernel;

/* NULL: out of memory. */
struct tl_kernel *tl_kernel_create(void);
/* Accepts NULL. */
void tl_kernel_destroy(struct tl_kernel *kernel);

/*
 * Takes the next event, in order of time; what came of the one before must have
 * been fetched. 0; TL_EFORMAT when its numbers cannot be: nothing comes of it;
 * TL_ENOMEM.
 */
int tl_kernel_take(struct tl_kernel *kernel, const struct tl_sched *sched);

/* Fetches what came of it, one by one; texts are valid until the next take. False: no more. */
bool tl_kernel_next(struct tl_kernel *kernel, struct tl_event *event);
/* Has any of what came of the last take texts? */
bool tl_kernel_has_texts(const struct tl_kernel *kernel);

#endif
