/*
 * What the mapper says of a thread: its process and its names before all else, then
 * that it starts, waits or ends, with numbers without a gap.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "viewer/read/kernel_internal.h"

struct tl_event *tl_kernel_emit(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread,
				enum tl_event_kind kind)
{
	struct tl_event *event = &kernel->events[kernel->n];

	assert(kernel->n < TL_KERNEL_EVENTS);
	kernel->n++;
	memset(event, 0, sizeof *event);
	event->time_ns = sched->time_ns;
	event->domain = sched->domain;
	event->task = thread->task;
	event->seq = ++thread->seq;
	event->kind = (uint8_t)kind;
	thread->was_told = true;
	return event;
}

const char *tl_kernel_keep(struct tl_kernel *kernel, const char *text)
{
	char *to = kernel->texts[kernel->n - 1];

	snprintf(to, sizeof kernel->texts[0], "%s", text);
	kernel->has_texts = true;
	return to;
}

uint32_t tl_kernel_name_peer(struct tl_event *event, uint64_t task)
{
	if (tl_task_process(task) != tl_task_process(event->task))
		event->peer = tl_task_process(task);
	return (uint32_t)task;
}

void tl_kernel_tell_process(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread)
{
	struct tl_kprocess *process = thread->process;
	struct tl_event *event;

	if (process->key.number == TL_KTHREADD)
		snprintf(process->name, sizeof process->name, "kernel threads");
	else if (!process->has_file && (process->name[0] == '\0' || tl_kthread_leads(thread)))
		snprintf(process->name, sizeof process->name, "%s", thread->name);
	event = tl_kernel_emit(kernel, sched, thread, TL_EVENT_PROCESS_BEGIN);
	event->u.process_begin = (struct tl_ev_process_begin){
		.pid = process->key.number,
		.parent = process->parent_pid,
		.capabilities = TL_CAN_SCHEDULER,
		.version = TL_CONTRACT_VERSION,
		.program = tl_kernel_keep(kernel, process->name),
	};
	process->told++;
}

/* Without events of exec, a new name of its first thread is all that is seen of one. */
static bool is_renamed(const struct tl_kthread *thread)
{
	const struct tl_kprocess *process = thread->process;

	return tl_kthread_leads(thread) && !process->has_file && process->told < TL_KERNEL_NAMES &&
	       process->key.number != TL_KTHREADD && strcmp(process->name, thread->name) != 0;
}

void tl_kernel_introduce(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread)
{
	struct tl_event *event;

	if (!thread->process->told || is_renamed(thread))
		tl_kernel_tell_process(kernel, sched, thread);
	if (strcmp(thread->name, thread->told_name) == 0)
		return;
	memcpy(thread->told_name, thread->name, sizeof thread->told_name);
	event = tl_kernel_emit(kernel, sched, thread, TL_EVENT_NAME);
	event->u.name = (struct tl_ev_name){
		.what = TL_NAMED_TASK,
		.id = (uint32_t)thread->task,
		.text = tl_kernel_keep(kernel, thread->name),
	};
}

void tl_kernel_start(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread)
{
	struct tl_event *event;

	tl_kernel_introduce(kernel, sched, thread);
	event = tl_kernel_emit(kernel, sched, thread, TL_EVENT_START);
	event->u.start.carrier = thread->key.number;
	if (thread->in_wait)
		event->u.start.wait = thread->wait;
	if (thread->waker) {
		event->u.start.cause = thread->in_wait ? TL_CAUSE_HANDOFF : TL_CAUSE_FIRST;
		event->u.start.waker = tl_kernel_name_peer(event, thread->waker);
		event->u.start.waker_seq = thread->waker_seq;
	}
	thread->in_wait = thread->created = false;
	thread->waker = 0;
	thread->state = TL_K_RUNNING;
}

/* The end of a thread: with the last one that is known, of its process. */
void tl_kernel_end(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread)
{
	if (thread->was_told) {
		tl_kernel_introduce(kernel, sched, thread);
		if (thread->process->live == 1)
			tl_kernel_emit(kernel, sched, thread, TL_EVENT_PROCESS_END)->u.process_end.status = -1;
		tl_kernel_emit(kernel, sched, thread, TL_EVENT_EXIT);
	}
	tl_kthreads_remove(&kernel->all, thread);
}

void tl_kernel_block(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread)
{
	struct tl_event *event = tl_kernel_emit(kernel, sched, thread, TL_EVENT_BLOCK);

	/* For what, the kernel does not say; and anybody may end it. */
	event->u.block = (struct tl_ev_block){
		.wait = ++thread->wait,
		.reason = TL_REASON_KERNEL,
		.timeout_ns = TL_NO_TIMEOUT,
		.how = TL_BLOCK_SHARED,
	};
	thread->in_wait = true;
	thread->waker = 0;
	thread->state = TL_K_BLOCKED;
}
