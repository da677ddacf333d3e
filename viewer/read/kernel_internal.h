/*
 * The mapper's own parts: kernel.c decides what an event means, kernel_emit.c says
 * it. Only these include this.
 */
#ifndef TL_READ_KERNEL_INTERNAL_H
#define TL_READ_KERNEL_INTERNAL_H

#include "viewer/read/kernel_threads.h"

#define TL_KERNEL_NAMES 64  /* of one process: who reads them keeps them all */
#define TL_KERNEL_EVENTS 16 /* that come of one; a switch between two new threads makes 8 */

struct tl_kernel {
	struct tl_kthreads all;
	struct tl_event events[TL_KERNEL_EVENTS];
	char texts[TL_KERNEL_EVENTS][256]; /* one for each event */
	size_t n, next;
	bool has_texts;
};

/*
 * The next event of the thread, to be filled in. There is room for all that comes of
 * one of the kernel's events.
 */
struct tl_event *tl_kernel_emit(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread,
				enum tl_event_kind kind);
/* A copy of `text` for the event that was emitted last. */
const char *tl_kernel_keep(struct tl_kernel *kernel, const char *text);
/* Names another task in an event, which may be of another process; its number. */
uint32_t tl_kernel_name_peer(struct tl_event *event, uint64_t task);

void tl_kernel_tell_process(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread);
/* Whatever an event of the thread needs to have before it: its process, its name. */
void tl_kernel_introduce(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread);
/* It runs: for the first time, or after what it waited for. Introduces it. */
void tl_kernel_start(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread);
/* It begins another wait. */
void tl_kernel_block(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread);
/* It has ended, and is forgotten. */
void tl_kernel_end(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread);

#endif
