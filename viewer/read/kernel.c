/* What the kernel's scheduler events mean for tasks; see kernel.h and docs/kernel.md. */
#include "viewer/read/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/error.h"
#include "viewer/read/kernel_internal.h"

/*
 * prev_state: what the kernel reports is in the low 10 bits; above them stood, up to
 * Linux 4.13, the sign of a thread that was preempted (1024 or 2048). Since then that
 * sign is 256, which before meant "waking", and no thread leaves the processor waking.
 */
#define STATE_REPORTED 1023
#define STATE_PREEMPTED 256
/* Dead or a zombie: 16 and 32, up to 4.13 also 64, which since then means parked. */
#define STATE_GONE (16 | 32)
#define STATE_GONE_IF_ENDING (16 | 32 | 64 | 128)

struct tl_kernel *tl_kernel_create(void)
{
	return calloc(1, sizeof(struct tl_kernel));
}

void tl_kernel_destroy(struct tl_kernel *kernel)
{
	if (!kernel)
		return;
	tl_kthreads_finish(&kernel->all);
	free(kernel);
}

bool tl_kernel_next(struct tl_kernel *kernel, struct tl_event *event)
{
	if (kernel->next == kernel->n)
		return false;
	*event = kernel->events[kernel->next++];
	return true;
}

bool tl_kernel_has_texts(const struct tl_kernel *kernel)
{
	return kernel->has_texts;
}

static void rename_thread(struct tl_kthread *thread, const char *name)
{
	if (name[0] != '\0' && strcmp(thread->name, name) != 0)
		snprintf(thread->name, sizeof thread->name, "%s", name);
}

/*
 * The thread called `tid`, made if it is new. `pid` 0: nobody told its process.
 * What was only heard of, and is in no event yet, may still change its process.
 */
static struct tl_kthread *get(struct tl_kernel *kernel, const struct tl_sched *sched, uint32_t tid, uint32_t pid,
			      const char *name)
{
	struct tl_kthread *thread = tl_kthreads_find(&kernel->all, sched->domain, tid);

	if (pid == 0 && tid == sched->current_tid)
		pid = sched->current_pid;
	if (pid != 0 && pid != tid && thread && !thread->was_told && thread->process->key.number != pid) {
		tl_kthreads_remove(&kernel->all, thread);
		thread = NULL;
	}
	if (thread) {
		rename_thread(thread, name);
		return thread;
	}
	if (pid == 0 || pid == tid)
		pid = tl_kthreads_guess_pid(tid, name);
	return tl_kthreads_add(&kernel->all, sched->domain, tid, pid, name);
}

/* ---- what threads do --------------------------------------------------------- */

/* It did something that is not in the trace, and proves to have: its numbers say so. */
static void miss(struct tl_kthread *thread)
{
	thread->seq++;
	thread->in_wait = thread->created = false;
	thread->waker = 0;
	thread->state = TL_K_NEW;
}

/* `is_watched`: its coming would have been seen, had nothing been lost. */
static int leave(struct tl_kernel *kernel, const struct tl_sched *sched, bool is_watched)
{
	int64_t state = sched->state & STATE_REPORTED & ~STATE_PREEMPTED;
	struct tl_kthread *thread = get(kernel, sched, sched->tid, 0, sched->comm);

	if (!thread)
		return TL_ENOMEM;
	if (thread->state != TL_K_RUNNING && thread->was_told && is_watched)
		miss(thread);
	else if (thread->state != TL_K_RUNNING)
		tl_kernel_start(kernel, sched, thread);
	tl_kernel_introduce(kernel, sched, thread);
	if (state & (thread->is_ending ? STATE_GONE_IF_ENDING : STATE_GONE)) {
		tl_kernel_end(kernel, sched, thread);
	} else if (state) {
		tl_kernel_block(kernel, sched, thread);
	} else {
		tl_kernel_emit(kernel, sched, thread, TL_EVENT_SCHEDULE)->u.schedule.reason = TL_YIELD_PREEMPTED;
		thread->state = TL_K_RUNNABLE;
	}
	return 0;
}

/* Another leaves the processor than who came to it: who came has left unseen. */
static void miss_leave(struct tl_kernel *kernel, const struct tl_sched *sched, const struct tl_kcpu *cpu)
{
	struct tl_kthread *thread = cpu->tid && cpu->tid != sched->tid
					    ? tl_kthreads_find(&kernel->all, sched->domain, cpu->tid)
					    : NULL;

	if (thread && thread->state == TL_K_RUNNING && thread->has_cpu && thread->cpu == sched->cpu)
		miss(thread);
}

static int enter(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kthread *thread = get(kernel, sched, sched->other, 0, sched->other_comm);

	if (!thread)
		return TL_ENOMEM;
	if (thread->state == TL_K_RUNNING && thread->has_cpu && sched->has_cpu)
		miss(thread);
	tl_kernel_start(kernel, sched, thread);
	thread->has_cpu = sched->has_cpu;
	thread->cpu = sched->cpu;
	return 0;
}

static int take_switch(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kcpu *cpu = sched->has_cpu ? tl_kthreads_cpu(&kernel->all, sched->domain, sched->cpu) : NULL;

	if (sched->has_cpu && !cpu)
		return TL_ENOMEM;
	if (cpu)
		miss_leave(kernel, sched, cpu);
	if (sched->tid != 0 && leave(kernel, sched, cpu && cpu->is_seen) != 0)
		return TL_ENOMEM;
	if (cpu) {
		cpu->tid = sched->other;
		cpu->is_seen = true;
	}
	return sched->other ? enter(kernel, sched) : 0;
}

/* Who ran on the processor when the thread was woken there, and can have done it; NULL: nobody known. */
static struct tl_kthread *find_waker(struct tl_kernel *kernel, const struct tl_sched *sched,
				     const struct tl_kthread *woken)
{
	struct tl_kcpu *cpu = sched->has_cpu ? tl_kthreads_cpu(&kernel->all, sched->domain, sched->cpu) : NULL;
	uint32_t tid = sched->current_tid ? sched->current_tid : cpu ? cpu->tid : 0;
	struct tl_kthread *waker = tid ? tl_kthreads_find(&kernel->all, sched->domain, tid) : NULL;

	return waker != woken && waker && waker->state == TL_K_RUNNING ? waker : NULL;
}

/* Nobody known woke it, an interrupt while no thread ran: all there is to say is how it stands. */
static void say_runnable(struct tl_kernel *kernel, const struct tl_sched *sched, struct tl_kthread *thread)
{
	uint32_t seq = thread->seq;

	tl_kernel_emit(kernel, sched, thread, TL_EVENT_STATUS)->u.status = (struct tl_ev_status){
		.target = (uint32_t)thread->task,
		.target_seq = seq,
		.wait = thread->in_wait ? thread->wait : 0,
		.state = TL_STANDING_RUNNABLE,
		.reason = TL_REASON_KERNEL,
		.since_ns = sched->time_ns,
		.carrier = thread->key.number,
	};
}

/*
 * sched_waking and sched_wakeup tell of one wakeup: the second finds it runnable.
 * Waking a thread that runs is normal and changes nothing.
 */
static int take_wakeup(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kthread *thread = sched->tid ? get(kernel, sched, sched->tid, 0, sched->comm) : NULL, *waker;
	struct tl_event *event;

	if (sched->tid == 0)
		return 0;
	if (!thread)
		return TL_ENOMEM;
	if (thread->state == TL_K_RUNNING || thread->state == TL_K_RUNNABLE ||
	    (thread->state == TL_K_NEW && thread->created))
		return 0;
	tl_kernel_introduce(kernel, sched, thread);
	waker = thread->in_wait ? find_waker(kernel, sched, thread) : NULL;
	thread->state = TL_K_RUNNABLE;
	if (!waker) {
		say_runnable(kernel, sched, thread);
		return 0;
	}
	tl_kernel_introduce(kernel, sched, waker);
	event = tl_kernel_emit(kernel, sched, waker, TL_EVENT_UNBLOCK);
	event->u.unblock = (struct tl_ev_unblock){
		.target = tl_kernel_name_peer(event, thread->task),
		.target_wait = thread->wait,
		.target_seq = thread->seq,
		.reason = TL_REASON_KERNEL,
		.waiters = 1,
		.how = TL_UNBLOCK_SHARED,
	};
	thread->waker = waker->task;
	thread->waker_seq = event->seq;
	return 0;
}

/* ---- how threads come and go -------------------------------------------------- */

/* The id is used again: who had it has ended, though nobody saw it. What was only heard of is the child itself. */
static void make_way(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kthread *before = tl_kthreads_find(&kernel->all, sched->domain, sched->other);

	if (before && before->was_told)
		tl_kernel_end(kernel, sched, before);
}

static int take_fork(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kthread *parent = NULL, *child;
	uint32_t pid = sched->tid == TL_KTHREADD ? TL_KTHREADD : sched->pid;
	struct tl_event *event;

	make_way(kernel, sched);
	if (sched->tid != 0 && !(parent = get(kernel, sched, sched->tid, sched->parent_pid, sched->comm)))
		return TL_ENOMEM;
	child = get(kernel, sched, sched->other, pid, sched->other_comm);
	if (!child)
		return TL_ENOMEM;
	if (!parent)
		return 0;
	if (child->process != parent->process && !child->process->told)
		child->process->parent_pid = parent->process->key.number;
	tl_kernel_introduce(kernel, sched, parent);
	event = tl_kernel_emit(kernel, sched, parent, TL_EVENT_CREATE);
	event->u.create = (struct tl_ev_create){
		.child = tl_kernel_name_peer(event, child->task),
		.kind = TL_TASK_KIND_THREAD,
		.name = tl_kernel_keep(kernel, child->name),
	};
	child->created = child->was_told = true;
	child->is_ending = false;
	child->waker = parent->task;
	child->waker_seq = event->seq;
	memcpy(child->told_name, child->name, sizeof child->told_name);
	if (!child->process->told)
		tl_kernel_tell_process(kernel, sched, child);
	return 0;
}

static int take_exec(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kthread *thread = get(kernel, sched, sched->tid, 0, sched->comm);
	struct tl_kprocess *process;

	if (!thread)
		return TL_ENOMEM;
	process = thread->process;
	if (process->key.number == TL_KTHREADD)
		return 0;
	/* The only one left: it goes on as the first. */
	if (sched->other != 0 && sched->other != sched->tid) {
		struct tl_kthread *before = tl_kthreads_find(&kernel->all, sched->domain, sched->other);

		if (before && before->process == process)
			tl_kernel_end(kernel, sched, before);
	}
	if (!sched->file || sched->file[0] == '\0' || process->told >= TL_KERNEL_NAMES ||
	    strncmp(process->name, sched->file, sizeof process->name - 1) == 0)
		return 0;
	process->has_file = true;
	snprintf(process->name, sizeof process->name, "%s", sched->file);
	tl_kernel_tell_process(kernel, sched, thread);
	return 0;
}

/* It runs on until it leaves the processor for good: so it can still wait, and wake who waits for its end. */
static int take_exit(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	struct tl_kthread *thread = get(kernel, sched, sched->tid, 0, sched->comm);

	if (!thread)
		return TL_ENOMEM;
	thread->is_ending = true;
	return 0;
}

/* Heard of only: a thread that does nothing while recorded makes no event. */
static int take_thread(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	bool is_kernels = sched->is_kernel_thread || sched->pid == TL_KTHREADD || sched->parent_pid == TL_KTHREADD;
	struct tl_kthread *thread = get(kernel, sched, sched->tid, is_kernels ? TL_KTHREADD : sched->pid, sched->comm);

	if (!thread)
		return TL_ENOMEM;
	if (tl_kthread_leads(thread) && thread->process->name[0] == '\0')
		memcpy(thread->process->name, thread->name, sizeof thread->name);
	return 0;
}

static bool is_possible(const struct tl_sched *sched)
{
	if (sched->tid > TL_SCHED_TID_MAX || sched->other > TL_SCHED_TID_MAX || sched->pid > TL_SCHED_TID_MAX ||
	    sched->parent_pid > TL_SCHED_TID_MAX)
		return false;
	switch (sched->kind) {
	case TL_SCHED_SWITCH: return sched->tid != sched->other || sched->tid == 0;
	case TL_SCHED_FORK: return sched->other != 0 && sched->tid != sched->other;
	case TL_SCHED_WAKEUP: return true;
	default: return sched->tid != 0;
	}
}

int tl_kernel_take(struct tl_kernel *kernel, const struct tl_sched *sched)
{
	static int (*const takers[])(struct tl_kernel *, const struct tl_sched *) = {
		[TL_SCHED_SWITCH] = take_switch, [TL_SCHED_WAKEUP] = take_wakeup, [TL_SCHED_FORK] = take_fork,
		[TL_SCHED_EXEC] = take_exec,     [TL_SCHED_EXIT] = take_exit,     [TL_SCHED_THREAD] = take_thread,
	};

	kernel->n = kernel->next = 0;
	kernel->has_texts = false;
	if (sched->kind >= sizeof takers / sizeof *takers || !is_possible(sched))
		return TL_EFORMAT;
	return takers[sched->kind](kernel, sched);
}
