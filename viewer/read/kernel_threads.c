/* Threads, processes and processors of the mapper; see kernel_threads.h. */
#include "viewer/read/kernel_threads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tl_kthreads_finish(struct tl_kthreads *all)
{
	struct tl_kthread *thread, *next_thread;
	struct tl_kprocess *process, *next_process;
	struct tl_kcpu *cpu, *next_cpu;

	HASH_ITER(hh, all->threads, thread, next_thread) {
		HASH_DEL(all->threads, thread);
		free(thread);
	}
	HASH_ITER(hh, all->processes, process, next_process) {
		HASH_DEL(all->processes, process);
		free(process);
	}
	HASH_ITER(hh, all->cpus, cpu, next_cpu) {
		HASH_DEL(all->cpus, cpu);
		free(cpu);
	}
}

struct tl_kthread *tl_kthreads_find(const struct tl_kthreads *all, uint32_t domain, uint32_t tid)
{
	struct tl_knumber key = {tid, domain};
	struct tl_kthread *thread;

	HASH_FIND(hh, all->threads, &key, sizeof key, thread);
	return thread;
}

/*
 * Nonces count from 1: those of recorded processes are random, and no more likely
 * to be small than to be each other's.
 */
static struct tl_kprocess *get_process(struct tl_kthreads *all, uint32_t domain, uint32_t pid)
{
	struct tl_knumber key = {pid, domain};
	struct tl_kprocess *process;

	HASH_FIND(hh, all->processes, &key, sizeof key, process);
	if (process)
		return process;
	process = calloc(1, sizeof *process);
	if (!process)
		return NULL;
	process->key = key;
	process->nonce = ++all->last_nonce;
	HASH_ADD(hh, all->processes, key, sizeof process->key, process);
	return process;
}

static void drop_unused(struct tl_kthreads *all, struct tl_kprocess *process)
{
	if (process->live > 0)
		return;
	HASH_DEL(all->processes, process);
	free(process);
}

struct tl_kthread *tl_kthreads_add(struct tl_kthreads *all, uint32_t domain, uint32_t tid, uint32_t pid,
				   const char *name)
{
	struct tl_kprocess *process = get_process(all, domain, pid);
	struct tl_kthread *thread = process ? calloc(1, sizeof *thread) : NULL;

	if (!thread) {
		if (process)
			drop_unused(all, process);
		return NULL;
	}
	thread->key = (struct tl_knumber){tid, domain};
	thread->process = process;
	thread->task = (uint64_t)process->nonce << 32 | ++process->last_number;
	snprintf(thread->name, sizeof thread->name, "%s", name);
	process->live++;
	HASH_ADD(hh, all->threads, key, sizeof thread->key, thread);
	return thread;
}

void tl_kthreads_remove(struct tl_kthreads *all, struct tl_kthread *thread)
{
	thread->process->live--;
	drop_unused(all, thread->process);
	HASH_DEL(all->threads, thread);
	free(thread);
}

/*
 * A thread that the trace never said to be anybody's child is a process of its own,
 * unless its name says that it is the kernel's: those stand together.
 */
uint32_t tl_kthreads_guess_pid(uint32_t tid, const char *name)
{
	static const char *const kernels[] = {"kthreadd",  "kworker/",    "ksoftirqd/", "migration/",
					      "rcu_sched", "rcu_preempt", "rcuc/",      "rcuo",
					      "watchdog/", "cpuhp/",      "irq/",       "idle_inject/"};

	for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
		if (strncmp(name, kernels[i], strlen(kernels[i])) == 0)
			return TL_KTHREADD;
	return tid;
}

struct tl_kcpu *tl_kthreads_cpu(struct tl_kthreads *all, uint32_t domain, uint32_t cpu)
{
	struct tl_knumber key = {cpu, domain};
	struct tl_kcpu *found;

	HASH_FIND(hh, all->cpus, &key, sizeof key, found);
	if (found)
		return found;
	found = calloc(1, sizeof *found);
	if (!found)
		return NULL;
	found->key = key;
	HASH_ADD(hh, all->cpus, key, sizeof found->key, found);
	return found;
}
