/*
 * The tables behind viewer/state, for its own files only: processes, tasks,
 * stacks and names, found by id and grown on demand, all in one arena.
 */
#ifndef TL_STATE_TABLES_H
#define TL_STATE_TABLES_H

#include "viewer/base/vec.h"
#include "viewer/state/state.h"

struct object_key {
	uint64_t object;
	uint32_t nonce;
	uint32_t zero; /* no padding: the key is hashed as bytes */
};

struct object_name {
	struct object_key key;
	char *text;
	size_t room;
	UT_hash_handle hh;
};

/* The latest process that began under a pid. */
struct pid_entry {
	uint32_t pid;
	struct tl_process *process;
	UT_hash_handle hh;
};

struct tl_state {
	struct pid_entry *pids;
	struct tl_arena arena;
	struct tl_process *processes;
	struct tl_task *tasks;
	struct tl_recent recent; /* of the tasks */
	struct tl_stack *stacks;
	struct object_name *objects;
	TL_VEC(struct tl_task *) by_index;
	TL_VEC(int64_t) doubts; /* when the kernel's tracer lost something */
};

/* Takes an event of one kind, once what goes for all kinds was done; 0, or -1 without memory. */
typedef int tl_state_handler(struct tl_state *state, const struct tl_event *event, struct tl_step *step);
/* By kind; NULL: of those that state.c takes itself, or that move nothing. */
extern tl_state_handler *const tl_state_facts[TL_N_EVENT_KINDS];

static inline void tl_state_enter(struct tl_task *task, enum tl_task_state to, int64_t time_ns)
{
	if (task->state == to)
		return;
	task->state = to;
	task->since_ns = time_ns;
}

/* Whatever it waited for, it is in no wait any more. */
static inline void tl_state_leave(struct tl_task *task)
{
	task->depth = task->n_open = 0;
}

/* The innermost wait that it is in is kept, for `wait` is to become another. */
static inline void tl_state_put_away(struct tl_task *task)
{
	if (task->n_open < task->depth)
		task->open[task->n_open++] = task->wait;
}

/*
 * The task if it was found lately; NULL: ask the table. Those found lately are no part of
 * what the state says, so that looking changes nothing.
 */
static inline struct tl_task *tl_tables_recent(const struct tl_state *state, uint64_t id)
{
	struct tl_task *task = state->recent.entries[tl_recent_place(id)];

	return task && task->id == id ? task : NULL;
}

/* Found, or added as first seen at `time_ns`; NULL: out of memory. */
struct tl_process *tl_tables_process(struct tl_state *state, uint32_t nonce, int64_t time_ns);
struct tl_task *tl_tables_task(struct tl_state *state, uint64_t id, int64_t time_ns);

/* Makes `process` the latest of its pid; who was it before, or NULL. -1 in `failed` without memory. */
struct tl_process *tl_tables_take_pid(struct tl_state *state, struct tl_process *process, int *failed);

/* Keep what an event tells, once; 0, or -1 without memory. */
int tl_tables_add_stack(struct tl_state *state, uint32_t nonce, const struct tl_ev_stack *told);
int tl_tables_add_module(struct tl_state *state, struct tl_process *process, const struct tl_ev_module *told);
int tl_tables_name_task(struct tl_state *state, struct tl_task *task, const char *text);
int tl_tables_name_object(struct tl_state *state, uint32_t nonce, uint64_t object, const char *text);

#endif
