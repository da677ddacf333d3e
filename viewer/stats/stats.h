/*
 * What a trace says in numbers: how long each task ran, could have run and was
 * blocked, for what; what was waited for, where, and for how long; how soon who
 * was woken ran; who woke whom. Gathered in the same pass as the check, as its
 * observer (viewer/rules/check.h). docs/report.md tells what each number means.
 *
 * Memory grows with tasks, objects and places, never with events: see
 * TL_STATS_PAIRS and TL_STATS_WAITERS. Judges nothing (rules do), resolves no
 * address and writes nothing (report does). Not thread-safe; one owner.
 */
#ifndef TL_STATS_STATS_H
#define TL_STATS_STATS_H

#include "viewer/base/table.h"

#include "viewer/base/when.h"
#include "viewer/rules/check.h"
#include "viewer/stats/quantiles.h"
#include "viewer/stats/tally.h"

/*
 * Pairs (who waits where; who wakes whom) that are told apart by single tasks;
 * from then on tasks of like names count as one, and twice as many are the end:
 * what does not fit is counted as left out.
 */
#define TL_STATS_PAIRS 65536u
/* Waiters that are told apart: of one object, and of all together. */
#define TL_STATS_WAITERS 1024u
#define TL_STATS_ALL_WAITERS 4000000u
/* Kinds of resources that are told apart; those that come later are one. */
#define TL_STATS_KINDS 1000u
#define TL_STATS_KIND 128 /* bytes of its name that count, with the end */

/* What is waited for, in one way: an address may be a mutex and later a condition. */
struct tl_stats_object_key {
	uint64_t object; /* address or id; 0: none, as of sleeps */
	uint32_t nonce;  /* of the process */
	uint32_t reason; /* enum tl_reason; both sides of a read-write lock are RWLOCK_READ here */
};

struct tl_stats_object {
	struct tl_stats_object_key key;
	uint64_t waits;
	uint64_t total_ns;   /* of all waits, added up */
	uint64_t longest_ns; /* stretch without a break */
	uint32_t longest_task, longest_stack;
	uint32_t *waiters; /* the tasks that waited, a hash set by index + 1; its room is a power of two */
	uint32_t n_waiters, waiters_room;
	bool more_waiters;           /* than are told apart */
	uint64_t unblocks;           /* by whoever released or signalled it */
	struct tl_tally unblockers;  /* by number of unblocks */
	struct tl_tally owners;      /* by the time in ns that others waited while it held the lock */
	struct tl_quantiles wake_ns; /* from the unblock to the start */
	UT_hash_handle hh;
};

/* The time of a task, from its first moment in the window to its last. */
struct tl_stats_task {
	uint32_t group;           /* of like tasks: index into tl_stats.groups; known at the end */
	bool begun, ended;        /* the task was there; it has exited, or its process has */
	int64_t begin_ns, end_ns; /* cut to the window */
	uint64_t running_ns;      /* waits for nothing that is seen */
	uint64_t runnable_ns;     /* created or woken, and not yet running */
	uint64_t unknown_ns;      /* events are missing */
	uint64_t blocked_ns;      /* the sum of: */
	uint64_t by_reason_ns[TL_N_REASONS];
	uint64_t waits, woken, wakes; /* waits begun; starts whose waker is known; starts of others that it caused */
	/* The span that is open: */
	int64_t since_ns;
	int64_t said_ns; /* its own last event */
	uint8_t state;   /* enum tl_task_state */
	uint8_t reason;  /* of its wait, or its last */
	uint32_t wait, counted_wait;
	uint32_t stack;
	uint32_t owner;                 /* OS thread that holds what it waits for; 0: unknown */
	struct tl_stats_object *object; /* what it waits or last waited for */
	uint32_t waker;                 /* index + 1 of who named it in an unblock; 0: nobody */
};

/* Tasks of like names, of like creation where they have none. */
struct tl_stats_group {
	const char *key;  /* what they have in common */
	const char *name; /* as the trace has it, numbers as '*'; "" : none. Not escaped */
	uint32_t index;   /* its own, in tl_stats.groups */
	uint32_t first;   /* one of them, the first if known: a task's index */
	uint32_t n;
	uint64_t running_ns, runnable_ns, unknown_ns, blocked_ns, life_ns;
	uint64_t by_reason_ns[TL_N_REASONS];
	uint64_t waits, woken, wakes;
	UT_hash_handle hh;
};

/* Who waits where, or who wakes whom; who are tasks by index, at the end groups. */
struct tl_stats_pair {
	struct {
		uint32_t a;      /* the waiter or the waker */
		uint32_t b;      /* the stack (of process `nonce`), or whom it wakes */
		uint32_t nonce;  /* 0 for wakes */
		uint32_t reason; /* enum tl_reason */
	} key;
	uint64_t n, total_ns, longest_ns;
	struct tl_stats_object *object; /* the first one concerned */
	bool many_objects;              /* there are others */
	UT_hash_handle hh;
};

struct tl_stats_pairs {
	struct tl_stats_pair *table;
	uint64_t left_out; /* that did not fit */
};

/* Counted events within the window. */
struct tl_stats_counts {
	uint64_t created, exited;
	uint64_t waits[TL_N_REASONS], wait_ns[TL_N_REASONS], unblocks[TL_N_REASONS];
	uint64_t opened, closed;
};

struct tl_stats_kind {
	const char *kind; /* of a resource, not escaped */
	uint64_t opened;
	UT_hash_handle hh;
};

/* A thread of the system, and which task it carries. */
struct tl_stats_carrier {
	struct {
		uint32_t nonce, carrier;
	} key;
	uint32_t task;
	UT_hash_handle hh;
};

struct tl_stats {
	TL_VEC(struct tl_stats_task) tasks;     /* by the state's dense index */
	TL_VEC(struct tl_stats_group *) groups; /* at the end */
	struct tl_stats_object *objects;
	struct tl_stats_pairs places; /* who waits where */
	struct tl_stats_pairs wakes;  /* who wakes whom */
	struct tl_stats_carrier *carriers;
	struct tl_stats_group *by_key;
	struct tl_stats_kind *kinds;
	struct tl_stats_counts counts;
	struct tl_quantiles wake_ns;
	struct tl_arena arena;
	uint64_t n_waiters; /* in all sets together */
	bool each_alone;    /* groups are single tasks */
	bool grouped;       /* pairs are of groups, no longer of tasks */
	/* Of the window, since the epoch; both belong to it. */
	const struct tl_source_info *info;
	struct tl_when from, to;
	bool has_from, has_to, placed;
	int64_t from_ns, to_ns;
};

/*
 * For what lies between `from` and `to` (NULL: the trace's own ends), as `check`
 * takes them. `info` is the source's, for when the trace begins; it must outlive
 * the reading. NULL: out of memory.
 */
struct tl_stats *tl_stats_create(const struct tl_source_info *info, const struct tl_when *from,
				 const struct tl_when *to);
void tl_stats_destroy(struct tl_stats *stats);

/* To be given to tl_check_run. */
struct tl_observer tl_stats_observer(struct tl_stats *stats);

/*
 * After the pass: ends what is open, and groups the tasks: those of like names, or,
 * if no more than `single` tasks are in the window, each by itself. 0, or a negative code.
 */
int tl_stats_end(struct tl_stats *stats, const struct tl_state *state, size_t single, struct tl_error *error);

/* How long a task was there: the sum of its states. */
uint64_t tl_stats_life(const struct tl_stats_task *task);

#endif
