/*
 * Task identity inside one process: the table of live tasks, the calling
 * thread's current task, per-task sequence numbers and wait numbers.
 *
 * Everything here runs inside other people's programs: nothing exits, prints or
 * calls malloc; memory comes from mmap, in chunks that are never given back.
 * Safe to call from any thread and, but for first use, from signal handlers.
 */
#ifndef TL_TRACER_TASK_H
#define TL_TRACER_TASK_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "threadline/events.h"

/* Functions and data that libthreadline-preload.so takes from libthreadline.so. */
#define TL_SHARED __attribute__((visibility("default")))

#define TL_WAIT_DEPTH 8 /* waits of one task that may nest (handlers, wrappers) */
#define TL_HELD_MAX 32  /* locks whose holding is remembered, per thread */

#define TL_NAME_KEPT 64

/*
 * One live task. Entries are reused after the task has exited, with another
 * number, so whoever keeps a reference keeps the number beside it.
 */
struct tl_entry {
	_Atomic uint32_t number;  /* 0: free */
	_Atomic uint32_t seq;     /* of its latest event */
	_Atomic uint32_t waits;   /* number of its latest wait */
	_Atomic uint32_t waiting; /* the wait it is in, 0: none */
	uint32_t index;           /* of this entry in the table */
	_Atomic uint32_t next_free;
	uint32_t open_waits[TL_WAIT_DEPTH]; /* waits it is in, outermost first */
	uint32_t depth;                     /* how many of them; may exceed TL_WAIT_DEPTH, the rest unnamed */
	/*
	 * Who ended its present wait, if the waker named it: number << 32 | seq of
	 * that unblock, in one word so that it never tears; 0: nobody yet.
	 */
	_Atomic uint64_t waker;
	_Atomic uint64_t canceller; /* the same of the latest that asked the thread to end */
	/*
	 * For the state dump (dump.h): what its innermost wait is for, and whether it is
	 * just about to say that a wait begins or ends: then it is not spoken for.
	 */
	struct tl_stand {
		_Atomic uint32_t saying; /* > 0: between two states */
		uint32_t wait;           /* the wait that the rest is of */
		uint32_t stack;          /* where it waits; 0: only `site` is known, the address returned to */
		uint8_t reason;
		uint64_t object, site;
		int64_t since_ns; /* CLOCK_MONOTONIC, LTTng's own clock */
	} standing;
	/* What the creating task leaves for the new one. */
	uint32_t creator, create_seq;
	bool started;
	void *(*function)(void *);
	void *argument;
	uint64_t result;      /* what the thread's function returned */
	uint32_t exit_seq;    /* of its exit, once it was emitted */
	uint32_t next_thread; /* the interposer's table of threads: see threads.c */
	uintptr_t thread;     /* pthread_t of a thread's own task */
	bool registered, detached, exited;
	size_t stack_size;        /* of the new thread, for the bounds of its stack */
	_Atomic uint32_t carrier; /* a thread's own task: OS thread id, once it runs */
	_Atomic uint8_t
		kind; /* THREADLINE_FIBER and so on: made by threadline_create; 0: a thread's, or not yet known */
	char name[TL_NAME_KEPT]; /* given by threadline_create, cut off; valid once `kind` is set */
};

/* What a thread knows of itself. All zero in a new thread. */
struct tl_thread {
	struct tl_entry *current;        /* the task that runs here now */
	struct tl_entry *own;            /* the thread's own task */
	uint32_t carrier;                /* OS thread id, once known */
	uint16_t guard;                  /* > 0: inside Threadline or LTTng, pass straight through */
	bool ignored;                    /* not a thread of the program's: LTTng's */
	bool exited;                     /* its exit was emitted: nothing may follow */
	bool asynchronous;               /* it may be cancelled at any instruction */
	uint32_t n_held;                 /* in held[] */
	uint32_t n_more;                 /* held and not remembered, taken when held[] was full */
	uint64_t held[TL_HELD_MAX];      /* locks held, oldest first; bit 0: shared; see interpose/held.h */
	bool unwinds;                    /* libunwind has what it needs for this thread */
	uintptr_t stack_low, stack_high; /* bounds for the frame-pointer walk; 0: not known */
};

/*
 * initial-exec: one instruction to reach it, and no lazy allocation, which
 * could call malloc inside a program's malloc. The libraries are loaded at
 * start (preloaded or linked), where that model always works; a late dlopen
 * draws on glibc's reserve of static TLS, of which this takes about 350 bytes.
 */
extern TL_SHARED _Thread_local struct tl_thread tl_thread __attribute__((tls_model("initial-exec")));

/*
 * Lets the thread be cancelled again; one that was meanwhile, and may be at any
 * instruction, ends here. By its type, not its state: glibc 2.36 ends a thread in
 * pthread_setcancelstate without the result PTHREAD_CANCELED.
 */
TL_SHARED void tl_task_cancellable(void);

/*
 * Around whatever calls LTTng or libunwind. Both may write to a pipe, which is a
 * cancellation point: a thread must not be cancelled inside a mutex lock, where no
 * program expects it. libthreadline-preload.so sees to that in its wrappers of
 * those calls, and sets tl_task_uncancelled; without it cancellation is put off,
 * which costs two atomic operations an event. So it is in a thread that may be
 * cancelled anywhere: it would leave LTTng in the middle of an event.
 */
struct tl_inside {
	int error, cancel_state;
};
extern TL_SHARED bool tl_task_uncancelled;

static inline struct tl_inside tl_enter(void)
{
	struct tl_inside inside = {.error = errno, .cancel_state = -1};

	tl_thread.guard++;
	if (!tl_task_uncancelled || tl_thread.asynchronous)
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &inside.cancel_state);
	return inside;
}

static inline void tl_leave(struct tl_inside inside)
{
	tl_thread.guard--;
	errno = inside.error;
	/* Last: it may be the end of the thread. */
	if (__builtin_expect(inside.cancel_state == PTHREAD_CANCEL_ENABLE, 0))
		tl_task_cancellable();
}

/* No thread is adopted any more: see tl_process_silence. */
extern bool tl_task_silenced;

/*
 * Called when a thread is adopted, so that whoever can sees its end: set once by
 * libthreadline-preload.so, NULL without it.
 */
extern TL_SHARED void (*tl_task_adopted)(void);

/*
 * The calling thread's current task; a thread that was not seen being created
 * is adopted (its start event is emitted). NULL when it must not be traced:
 * LTTng's own, already exited, or no memory.
 */
TL_SHARED struct tl_entry *tl_task_adopt(void);
static inline struct tl_entry *tl_task_current(void)
{
	return __builtin_expect(tl_thread.current != NULL, 1) ? tl_thread.current : tl_task_adopt();
}

/* A new task with a new number, not yet running; NULL without memory. */
TL_SHARED struct tl_entry *tl_task_create(void);
/* Gives the entry back after the task's last event. */
TL_SHARED void tl_task_release(struct tl_entry *entry);
/* The live task with this index and number, or NULL. */
TL_SHARED struct tl_entry *tl_task_find(uint32_t index, uint32_t number);

/* The entry with this index, live or not; NULL: never used. */
TL_SHARED struct tl_entry *tl_task_at(uint32_t index);

/* How many entries were ever used: those at 0 to this, live or not. */
TL_SHARED uint32_t tl_task_entries(void);
/* The number that was given last, to any task. */
TL_SHARED uint32_t tl_task_last_number(void);

/* Makes `entry` the calling thread's own and current task. */
TL_SHARED void tl_task_bind(struct tl_entry *entry);

/* The number that the next wait of `entry` will have. */
static inline uint32_t tl_task_wait_number(const struct tl_entry *entry)
{
	return atomic_load_explicit(&entry->waits, memory_order_relaxed) + 1;
}

/* Begins a wait of `entry`: its number. Must be followed by tl_task_wait_end. */
TL_SHARED uint32_t tl_task_wait_begin(struct tl_entry *entry);
/* Ends the innermost wait; returns its number (0: there was none). */
TL_SHARED uint32_t tl_task_wait_end(struct tl_entry *entry);

/*
 * Say that a wait begins or ends: around the emission, so that a state dump meanwhile
 * says nothing of the task. `site`: where it waits, if the event has no stack.
 */
TL_SHARED void tl_task_standing_begin(struct tl_entry *entry, const struct tl_ev_block *event, uint64_t site);
static inline void tl_task_standing_change(struct tl_entry *entry)
{
	atomic_fetch_add(&entry->standing.saying, 1);
}
static inline void tl_task_standing_said(struct tl_entry *entry)
{
	atomic_fetch_sub(&entry->standing.saying, 1);
}

/* Is this the name of one of LTTng's threads? They call themselves "...-ust". */
TL_SHARED bool tl_task_is_lttng_name(const char *name);

/* OS thread id of the caller, cached. */
TL_SHARED uint32_t tl_task_carrier(void);

/* This process's random part of task ids; never 0. Another one after fork. */
extern TL_SHARED _Atomic uint32_t tl_task_nonce;
static inline uint64_t tl_task_id(uint32_t number)
{
	return (uint64_t)atomic_load_explicit(&tl_task_nonce, memory_order_relaxed) << 32 | number;
}

/* Picks the nonce; called once before the first event, and in a fork's child. */
void tl_task_new_process(void);
/* In a fork's child: forgets every task but the caller's. */
void tl_task_after_fork(void);

#endif
