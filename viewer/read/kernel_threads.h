/*
 * The mapper's tables: threads that live, their processes, and who runs on which
 * processor. Only kernel*.c include this.
 */
#ifndef TL_READ_KERNEL_THREADS_H
#define TL_READ_KERNEL_THREADS_H

#include "viewer/base/table.h"

#include "viewer/read/kernel.h"

#define TL_KTHREADD 2 /* the process whose children are the kernel's own threads */

/* A number within a host: a thread id, a process id, a processor. */
struct tl_knumber {
	uint32_t number;
	uint32_t domain;
};

struct tl_kprocess {
	struct tl_knumber key; /* its pid */
	uint32_t nonce;
	uint32_t parent_pid;
	uint32_t last_number; /* of its tasks */
	uint32_t live;        /* threads in the table */
	uint32_t told;        /* how often process_begin was emitted */
	bool has_file;        /* `name` is the file that it executes */
	char name[256];       /* else its first thread's, or while that is not known another's; "": not known */
	UT_hash_handle hh;
};

enum tl_kstate { TL_K_NEW, TL_K_RUNNING, TL_K_RUNNABLE, TL_K_BLOCKED };

struct tl_kthread {
	struct tl_knumber key; /* its tid */
	struct tl_kprocess *process;
	uint64_t task;
	uint32_t seq;
	uint32_t wait; /* the present one, or the last */
	uint8_t state; /* enum tl_kstate */
	bool in_wait;  /* `wait` has begun and its start has not come */
	bool was_told; /* an event names it: it is in the trace */
	bool created;  /* its create was seen, and it has not run */
	bool has_cpu;  /* it came to run on `cpu` */
	uint16_t cpu;
	bool is_ending; /* it ends when it leaves the processor for the last time */
	uint64_t waker; /* who ended the wait, or created it, and the number of that event; 0: nobody known */
	uint32_t waker_seq;
	char name[TL_SCHED_COMM], told_name[TL_SCHED_COMM];
	UT_hash_handle hh;
};

/* Is it the first thread of its process? */
static inline bool tl_kthread_leads(const struct tl_kthread *thread)
{
	return thread->key.number == thread->process->key.number;
}

struct tl_kcpu {
	struct tl_knumber key;
	uint32_t tid; /* who runs there; 0: nobody, or not known */
	bool is_seen; /* a switch was seen there, and so must have been all that followed */
	UT_hash_handle hh;
};

struct tl_kthreads {
	struct tl_kthread *threads;
	struct tl_kprocess *processes;
	struct tl_kcpu *cpus;
	uint32_t last_nonce;
};

void tl_kthreads_finish(struct tl_kthreads *all);

/* NULL: there is none. */
struct tl_kthread *tl_kthreads_find(const struct tl_kthreads *all, uint32_t domain, uint32_t tid);

/* A new thread of process `pid`; there must be none of that id. NULL: out of memory. */
struct tl_kthread *tl_kthreads_add(struct tl_kthreads *all, uint32_t domain, uint32_t tid, uint32_t pid,
				   const char *name);

/* Forgets a thread, and its process with the last one. */
void tl_kthreads_remove(struct tl_kthreads *all, struct tl_kthread *thread);

/* The process id for a thread of which no process was told, or only that it is its first. */
uint32_t tl_kthreads_guess_pid(uint32_t tid, const char *name);

/* Made if it is new; NULL: out of memory. */
struct tl_kcpu *tl_kthreads_cpu(struct tl_kthreads *all, uint32_t domain, uint32_t cpu);

#endif
