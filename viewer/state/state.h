/*
 * What is true at this point of the trace: processes, tasks and their states,
 * names, stacks, modules. One state machine for rules, report and model alike:
 * it takes events in causal order (viewer/order), moves the tasks, and tells
 * for each event what it moved. It judges nothing (rules do) and draws nothing.
 *
 * Memory grows with tasks, objects, stacks and names, never with events.
 * Not thread-safe; one owner.
 */
#ifndef TL_STATE_STATE_H
#define TL_STATE_STATE_H

#include "viewer/base/table.h"

#include "viewer/base/arena.h"
#include "viewer/base/error.h"
#include "viewer/read/event.h"

enum tl_task_state {
	TL_TASK_UNKNOWN, /* first seen mid-trace, or events of it are missing */
	TL_TASK_CREATED, /* its create was seen, it has not run */
	TL_TASK_RUNNING,
	TL_TASK_RUNNABLE, /* made runnable, has not run yet; or gave up the processor */
	TL_TASK_BLOCKED,
	TL_TASK_EXITED,
};
#define TL_N_TASK_STATES (TL_TASK_EXITED + 1)

/* "blocked" and so on; never NULL. */
const char *tl_task_state_text(enum tl_task_state state);

struct tl_module {
	uint64_t base, size;
	const char *path;
	const uint8_t *build_id;
	uint8_t n_build_id;
	struct tl_module *next;
};

struct tl_process {
	uint32_t nonce;            /* upper half of the ids of its tasks */
	uint32_t pid, parent_pid;  /* 0: process_begin not seen */
	uint32_t capabilities;     /* TL_CAN_ bits; 0 when process_begin was not seen */
	int64_t begin_ns, end_ns;  /* end_ns: of process_end, or of its last event so far */
	uint16_t domain;           /* clock domain (host) of its events */
	bool begun, ended;         /* process_begin / process_end was seen */
	bool replaced;             /* another program began under its pid: exec, or an end unseen */
	bool execs;                /* it said that it becomes another program, and not that this failed */
	const char *program;       /* "" when unknown */
	struct tl_module *modules; /* latest first */
	UT_hash_handle hh;
};

/* Is the process known from the kernel's scheduler events? The program's own are of another, with the same pid. */
static inline bool tl_process_is_kernels(const struct tl_process *process)
{
	return (process->capabilities & TL_CAN_SCHEDULER) != 0;
}

/* One stack as recorded; `pcs` are return addresses, innermost first. */
struct tl_stack {
	uint64_t key; /* process nonce << 32 | id */
	uint8_t n;
	const uint64_t *pcs;
	const struct tl_module *modules; /* those that were known when it was told, latest first */
	UT_hash_handle hh;
};

/* A wait, from the block that begins it. */
struct tl_wait {
	uint32_t number; /* 0: none yet */
	uint32_t seq;    /* of the block */
	int64_t begin_ns;
	uint64_t object, object2;
	int64_t timeout_ns;
	uint32_t owner; /* carrier (OS thread id) that held the lock: a hint */
	uint32_t stack;
	uint8_t reason;
	bool is_shared; /* between processes: wakers of others are not known */
};

#define TL_RECENT_UNBLOCKS 32
#define TL_OPEN_WAITS 8

struct tl_unblock {
	int64_t time_ns;
	uint32_t seq;
	uint32_t target;
	uint64_t object;
	uint8_t reason;
};

/* A task's first start, as it said it. */
struct tl_first_start {
	int64_t time_ns;
	uint32_t seq;
	uint32_t waker, waker_seq; /* who created it, by its own word; 0: it does not say */
	uint8_t cause;
};

/* The latest unblock that named a task and its wait, and said that it is the only one. */
struct tl_woken {
	uint32_t wait; /* 0: none yet */
	uint32_t seq;  /* of the unblock */
	uint64_t task; /* who did it */
	uint64_t object;
	int64_t time_ns;
};

/* The latest start of a task that said its thread. */
struct tl_carried {
	uint32_t carrier; /* 0: none yet */
	uint32_t seq;     /* of that start */
	int64_t time_ns;
};

/* In the order in which events look at it, as few cache lines as possible for each kind of them. */
struct tl_task {
	/* Of every event. */
	uint64_t id;
	struct tl_process *process;
	int64_t last_ns; /* of its own last event */
	uint64_t events;
	uint32_t last_seq; /* of its own last event; 0: none yet */
	enum tl_task_state state;
	uint8_t depth;     /* how many waits it is in */
	uint8_t n_open;    /* how many of them stand in `open`: all, or all but the innermost, which is `wait` */
	uint32_t index;    /* dense, in order of first appearance */
	uint32_t n_recent; /* unblocks, ever; the latest is recent[(n_recent - 1) % size] */
	uint32_t doubts;   /* the state's own: of how many losses of a kernel's tracer it was told */
	uint8_t last_kind;
	bool seen; /* it has emitted an event itself */
	bool create_seen, start_seen, exit_seen;
	bool create_failed; /* the real create failed: it never was */
	bool is_doubtful;   /* the kernel's tracer lost something, which may have been of it */
	uint8_t kind;       /* enum tl_task_kind */

	/* Of its own waits. */
	int64_t since_ns;    /* of the present state */
	struct tl_wait wait; /* the present wait if BLOCKED, else the last one */
	struct tl_carried carried;
	uint32_t carrier;    /* OS thread id; 0: unknown */
	uint32_t waits;      /* waits begun, as seen */
	uint32_t early_wait; /* the latest wait that an unblock named before it had begun; 0: none */
	uint32_t block_seq;  /* of its latest block ... */
	struct tl_woken woken;
	uint8_t n_held; /* ... and how many locks that said it held */

	struct tl_wait open[TL_OPEN_WAITS];           /* waits it is in, outermost first: see tl_task_open */
	struct tl_unblock recent[TL_RECENT_UNBLOCKS]; /* ring of its own latest unblocks */

	uint64_t lost;    /* events of it that are missing (gaps in seq) */
	const char *name; /* "" when unknown */
	char *own_name;   /* room of name_room bytes for a name told by `name`, used again; NULL: none yet */
	size_t name_room;
	uint64_t creator; /* task id; 0: create not seen */
	uint32_t create_stack;
	uint32_t exit_seq;
	uint64_t entry;
	int64_t created_ns;                /* of the create, or of the first event seen */
	int64_t exit_ns;                   /* of its exit, if exit_seen */
	struct tl_first_start first_start; /* if start_seen */
	UT_hash_handle hh;
};

/* The waits that a task is in, outermost first; `i` is less than its depth. */
static inline const struct tl_wait *tl_task_open(const struct tl_task *task, uint32_t i)
{
	return i < task->n_open ? &task->open[i] : &task->wait;
}

/*
 * What is odd about an event, or worth a second look: most events have nothing of
 * this, and then cost nobody anything (tl_rule_ops.hears). In the order in which
 * rules that listen to nothing else are told.
 */
#define TL_ODD_GAP 0x1u        /* events of its task are missing directly before it */
#define TL_ODD_AFTER_EXIT 0x2u /* the task had said its exit before */
#define TL_ODD_UNENDED 0x4u    /* start: waits inside of the ended one were not ended; block: of a wait that is open */
#define TL_ODD_INSIDE 0x8u     /* the task was in a wait, and this is no start, which may end it */
#define TL_ODD_AGAIN 0x10u     /* the same event as the task's last, once more: nothing was done with it */
#define TL_ODD_REPEATED 0x20u  /* create: of a task that was created before */
#define TL_ODD_INFERRED 0x40u  /* an event of another that must have been before this one is missing */
#define TL_ODD_EARLY 0x80u     /* unblock: of a wait that its target has not begun; block: the latest such wait */
#define TL_ODD_TWICE 0x100u    /* unblock: of a wait that was unblocked by name before: woken of `other` */
#define TL_ODD_UNCAUSED 0x200u /* start: ends a targeted wait, of which no unblock is known */
#define TL_ODD_CARRIED 0x400u  /* start: while it runs on another thread; see `carried` */
#define TL_ODD_HOLDING 0x800u  /* block: it holds locks, or did at the block before */

/* What one event did. Pointers are valid while the state lives. */
struct tl_step {
	struct tl_task *task; /* who emitted it */
	/*
	 * create: the child; unblock: the named target; start: the named waker (or, for a first
	 * start, the creator); status: whom it speaks for; else NULL.
	 */
	struct tl_task *other;
	int64_t cause_ns;          /* start: time of the waker's unblock, or of the create; INT64_MIN: not seen */
	int64_t doubt_ns;          /* since when, up to this event, its state was in doubt; INT64_MIN: it was not */
	uint32_t odd;              /* TL_ODD_ bits */
	uint32_t missing;          /* events of the task missing directly before this one */
	enum tl_task_state before; /* its state before (UNKNOWN after a gap) */
	uint32_t reason; /* of the wait that the event begins or ends; TL_N_REASONS: not known, or no such event */
	struct tl_carried carried; /* only if TL_ODD_CARRIED: its start before this one */
};

struct tl_state;

struct tl_state *tl_state_create(void); /* NULL: out of memory */
void tl_state_destroy(struct tl_state *state);

/* Takes the next event; 0, or TL_ENOMEM. */
int tl_state_apply(struct tl_state *state, const struct tl_event *event, struct tl_step *step, struct tl_error *error);

/*
 * The kernel's tracer lost something at `since_ns`. It cannot be said of whom: the
 * state of each of the kernel's tasks is Unknown from then on to its next event. 0,
 * or negative without memory.
 */
int tl_state_doubt(struct tl_state *state, int64_t since_ns);

/* The trace has ended: what is in doubt to its end becomes Unknown. */
void tl_state_settle(struct tl_state *state);

size_t tl_state_task_count(const struct tl_state *state);
/* By dense index, or by id (NULL: not known). */
struct tl_task *tl_state_task_at(const struct tl_state *state, uint32_t index);
struct tl_task *tl_state_find_task(const struct tl_state *state, uint64_t id);
struct tl_process *tl_state_find_process(const struct tl_state *state, uint32_t nonce);
/* The first process in order of appearance; follow hh.next. */
struct tl_process *tl_state_processes(const struct tl_state *state);
/* A stack of a process; NULL when unknown (id 0, or lost). */
const struct tl_stack *tl_state_find_stack(const struct tl_state *state, uint32_t nonce, uint32_t id);
/* An object's given name; "" when it has none. */
const char *tl_state_object_name(const struct tl_state *state, uint32_t nonce, uint64_t object);
/* The text kept with the state's lifetime, for whoever must keep a name. */
struct tl_arena *tl_state_arena(struct tl_state *state);

/*
 * "worker-3", or "thread 1234" by carrier, or "task 7": how people should read
 * of it, escaped. Into `buffer`, which is returned.
 */
#define TL_TASK_LABEL 96
char *tl_task_label(const struct tl_task *task, char *buffer);

#endif
