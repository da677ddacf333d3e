/*
 * The state machine over tasks: one function for each kind of event, and one
 * table that finds it; see state.h.
 */
#include <string.h>

#include "viewer/state/tables.h"

static int no_memory(struct tl_error *error)
{
	return tl_error_set(error, TL_ENOMEM, "out of memory while following the tasks of the trace");
}

static void enter(struct tl_task *task, enum tl_task_state to, int64_t time_ns)
{
	if (task->state == to)
		return;
	task->state = to;
	task->since_ns = time_ns;
}

/* ---- one function for each kind of event ------------------------------------ */

/*
 * Who begins under a pid that another process had has replaced it: by exec, or
 * after an end that was not seen. Processes of different containers may have the
 * same pid: one that speaks again later was not replaced (tl_state_apply).
 */
static int replace(struct tl_state *state, struct tl_process *by, int64_t time_ns)
{
	int failed;
	struct tl_process *before = tl_tables_take_pid(state, by, &failed);

	if (before && before->parent_pid == by->parent_pid && !before->ended) {
		before->replaced = true;
		before->end_ns = time_ns;
	}
	return failed;
}

static int take_process_begin(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_process *process = step->task->process;

	process->pid = event->u.process_begin.pid;
	process->parent_pid = event->u.process_begin.parent;
	process->capabilities = event->u.process_begin.capabilities;
	/* Each part of a long recording tells it again. */
	if (strcmp(process->program, event->u.process_begin.program) != 0)
		process->program = tl_arena_string(&state->arena, event->u.process_begin.program);
	/* Another part of a long recording, or an end that did not come, as exec failed: it began long before. */
	if (!process->begun)
		process->begin_ns = event->time_ns;
	process->begun = true;
	process->execs = process->ended = false;
	/* What the kernel says of a process takes the place of no other: it may speak of itself beside that. */
	if (!tl_process_is_kernels(process) && replace(state, process, event->time_ns) != 0)
		return -1;
	if (!process->program)
		return -1;
	/* Who says that the process begins is its first thread: it goes by the program's name. */
	if (step->task->name[0] == '\0') {
		const char *slash = strrchr(process->program, '/');

		step->task->name = slash ? slash + 1 : process->program;
	}
	return 0;
}

static int take_process_end(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_process *process = step->task->process;

	(void)state;
	process->end_ns = event->time_ns;
	if (event->u.process_end.status == TL_STATUS_EXEC)
		process->execs = true;
	else
		process->ended = true;
	return 0;
}

static int take_create(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_task *child;

	if (event->u.create.child == 0)
		return 0; /* of nobody */
	child = tl_tables_task(state, tl_event_peer(event, event->u.create.child), event->time_ns);
	if (!child)
		return -1;
	step->other = child;
	step->other_before = child->state;
	step->repeated = child->create_seen;
	if (child->create_seen)
		return 0;
	child->kind = event->u.create.kind;
	child->creator = event->task;
	child->create_stack = event->u.create.stack;
	child->entry = event->u.create.entry;
	child->created_ns = event->time_ns;
	child->create_seen = true;
	if (child->name[0] == '\0' && event->u.create.name[0] != '\0')
		child->name = tl_arena_string(&state->arena, event->u.create.name);
	if (!child->seen)
		enter(child, TL_TASK_CREATED, event->time_ns);
	return child->name ? 0 : -1;
}

/* The waker's unblock that a start names, if it is among its latest. */
static int64_t cause_time(const struct tl_task *waker, uint32_t seq)
{
	uint32_t n = waker->n_recent < TL_RECENT_UNBLOCKS ? waker->n_recent : TL_RECENT_UNBLOCKS;

	for (uint32_t i = 1; i <= n; i++) {
		const struct tl_unblock *unblock = &waker->recent[(waker->n_recent - i) % TL_RECENT_UNBLOCKS];

		if (unblock->seq == seq)
			return unblock->time_ns;
	}
	return INT64_MIN;
}

/*
 * The handler's wait is over, the one that it interrupted is not: nobody says when
 * a handler returns, so from here on the task waits for what it waited for before.
 */
static void resume_wait(struct tl_task *task, int64_t time_ns)
{
	task->wait = task->open[task->depth - 1];
	/* Another wait is another span. */
	task->state = TL_TASK_UNKNOWN;
	enter(task, TL_TASK_BLOCKED, time_ns);
}

static int take_start(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_start *start = &event->u.start;
	struct tl_task *task = step->task;

	if (start->waker) {
		step->other = tl_state_find_task(state, tl_event_peer(event, start->waker));
		if (step->other) {
			step->other_before = step->other->state;
			step->cause_ns = start->wait == 0 && task->create_seen
						 ? task->created_ns
						 : cause_time(step->other, start->waker_seq);
		}
	}
	/* Waits nest (a handler inside a wait): the ended one and what is inside of it are over. */
	for (uint32_t i = task->depth; i-- > 0;) {
		if (task->open[i].number != start->wait)
			continue;
		step->unended = task->depth - i - 1;
		step->reason = task->open[i].reason;
		task->depth = i;
	}
	if (!task->start_seen)
		task->first_start = (struct tl_first_start){
			.time_ns = event->time_ns,
			.seq = event->seq,
			.waker = start->waker,
			.waker_seq = start->waker_seq,
			.cause = start->cause,
		};
	task->carrier = start->carrier;
	task->start_seen = true;
	if (task->depth > 0)
		resume_wait(task, event->time_ns);
	else
		enter(task, TL_TASK_RUNNING, event->time_ns);
	return 0;
}

static int take_block(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_block *block = &event->u.block;

	(void)state;
	step->reason = block->reason;
	for (uint32_t i = 0; i < step->task->depth; i++)
		if (step->task->open[i].number == block->wait)
			step->unended = 1;
	step->task->wait = (struct tl_wait){
		.number = block->wait,
		.seq = event->seq,
		.begin_ns = event->time_ns,
		.object = block->object,
		.object2 = block->object2,
		.timeout_ns = block->timeout_ns,
		.owner = block->owner,
		.stack = block->stack,
		.reason = block->reason,
		.is_shared = (block->how & TL_BLOCK_SHARED) != 0,
	};
	step->task->waits++;
	if (step->task->depth < TL_OPEN_WAITS)
		step->task->open[step->task->depth++] = step->task->wait;
	/* A wait inside a wait is another span. */
	step->task->state = TL_TASK_UNKNOWN;
	enter(step->task, TL_TASK_BLOCKED, event->time_ns);
	return 0;
}

static int take_unblock(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	struct tl_task *task = step->task, *target;

	step->reason = unblock->reason;
	task->recent[task->n_recent++ % TL_RECENT_UNBLOCKS] = (struct tl_unblock){
		.time_ns = event->time_ns,
		.seq = event->seq,
		.target = unblock->target,
		.object = unblock->object,
		.reason = unblock->reason,
	};
	target = unblock->target ? tl_state_find_task(state, tl_event_peer(event, unblock->target)) : NULL;
	if (!target)
		return 0;
	step->other = target;
	step->other_before = target->state;
	/* Whether a request to end ends the wait, the thread itself will say. */
	if (target->state == TL_TASK_BLOCKED && unblock->reason != TL_REASON_CANCEL &&
	    (unblock->target_wait == 0 || target->wait.number == unblock->target_wait))
		enter(target, TL_TASK_RUNNABLE, event->time_ns);
	return 0;
}

static int take_schedule(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	(void)state;
	enter(step->task, TL_TASK_RUNNABLE, event->time_ns);
	return 0;
}

static int take_exit(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_task *task = step->task;

	(void)state;
	enter(task, TL_TASK_EXITED, event->time_ns);
	if (!task->exit_seen) {
		task->exit_seen = true;
		task->exit_ns = event->time_ns;
		task->exit_seq = event->seq;
	}
	/* The exit is the unblock of whoever joins. */
	task->recent[task->n_recent++ % TL_RECENT_UNBLOCKS] = (struct tl_unblock){
		.time_ns = event->time_ns,
		.seq = event->seq,
		.object = task->id,
		.reason = TL_REASON_JOIN,
	};
	return 0;
}

/* Only after a thread's end is it joined: one that has not said its exit has had it lost. */
static int take_join(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_task *task = event->u.join.child
				       ? tl_state_find_task(state, tl_task_sibling(event->task, event->u.join.child))
				       : NULL;

	if (task && task->start_seen && !task->exit_seen && task->state != TL_TASK_EXITED) {
		task->lost++;
		step->inferred = 1;
		enter(task, TL_TASK_EXITED, event->time_ns);
	}
	return 0;
}

static int take_name(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_name *name = &event->u.name;
	struct tl_task *task;

	(void)step;
	if (name->what == TL_NAMED_OBJECT)
		return tl_tables_name_object(state, tl_task_process(event->task), name->id, name->text);
	if (name->id == 0 || name->id > UINT32_MAX)
		return 0; /* no task's number */
	task = tl_tables_task(state, tl_task_sibling(event->task, (uint32_t)name->id), event->time_ns);
	return task ? tl_tables_name_task(state, task, name->text) : -1;
}

static int take_stack(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	(void)step;
	return tl_tables_add_stack(state, tl_task_process(event->task), &event->u.stack);
}

static int take_module(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	return tl_tables_add_module(state, step->task->process, &event->u.module);
}

static int take_misuse(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_task *task;

	(void)step;
	if (event->u.misuse.kind != TL_MISUSE_CREATE_FAILED)
		return 0;
	task = tl_state_find_task(state, tl_task_sibling(event->task, (uint32_t)event->u.misuse.object));
	if (task && event->u.misuse.object <= UINT32_MAX)
		task->create_failed = true;
	return 0;
}

/* What the library says for a task that cannot speak for itself. */
static int take_status(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	static const enum tl_task_state states[] = {
		[TL_STANDING_RUNNING] = TL_TASK_RUNNING,
		[TL_STANDING_RUNNABLE] = TL_TASK_RUNNABLE,
		[TL_STANDING_BLOCKED] = TL_TASK_BLOCKED,
		[TL_STANDING_EXITED] = TL_TASK_EXITED,
	};
	const struct tl_ev_status *status = &event->u.status;
	struct tl_task *task;
	bool same_wait;

	if (status->target == 0)
		return 0;
	task = tl_tables_task(state, tl_task_sibling(event->task, status->target), event->time_ns);
	if (!task)
		return -1;
	step->other = task;
	step->other_before = task->state;
	if (task->seen && tl_seq_diff(task->last_seq, status->target_seq) > 0)
		return 0;
	/* It has moved on since it spoke, with or without a number for it: its waits have ended, nobody knows how. */
	if (task->depth > 0 && (status->state != TL_STANDING_BLOCKED || task->last_seq != status->target_seq ||
				task->open[task->depth - 1].number != status->wait))
		task->depth = 0;
	/* Of a wait whose block was seen, the block told more: deadline, sharing, the mutex. */
	same_wait = task->state == TL_TASK_BLOCKED && task->wait.number == status->wait;
	task->last_seq = status->target_seq;
	task->carrier = status->carrier;
	if (status->state < sizeof states / sizeof *states)
		enter(task, states[status->state], status->since_ns);
	if (status->state == TL_STANDING_BLOCKED && !same_wait)
		task->wait = (struct tl_wait){
			.number = status->wait,
			.seq = status->target_seq,
			.begin_ns = status->since_ns,
			.object = status->object,
			.timeout_ns = TL_NO_TIMEOUT,
			.stack = status->stack,
			.reason = status->reason,
		};
	return 0;
}

static int (*const handlers[TL_N_EVENT_KINDS])(struct tl_state *, const struct tl_event *, struct tl_step *) = {
	[TL_EVENT_PROCESS_BEGIN] = take_process_begin,
	[TL_EVENT_PROCESS_END] = take_process_end,
	[TL_EVENT_CREATE] = take_create,
	[TL_EVENT_START] = take_start,
	[TL_EVENT_BLOCK] = take_block,
	[TL_EVENT_UNBLOCK] = take_unblock,
	[TL_EVENT_SCHEDULE] = take_schedule,
	[TL_EVENT_EXIT] = take_exit,
	[TL_EVENT_JOIN] = take_join,
	[TL_EVENT_MISUSE] = take_misuse,
	[TL_EVENT_NAME] = take_name,
	[TL_EVENT_STACK] = take_stack,
	[TL_EVENT_MODULE] = take_module,
	[TL_EVENT_STATUS] = take_status,
};

/* How many events of the task are missing before this one. */
static uint32_t count_missing(const struct tl_task *task, const struct tl_event *event)
{
	int32_t ahead;

	if (!task->seen && task->last_seq == 0) {
		/* Whose creation is in the trace begins in it; of others the head may be missing, and nothing is known. */
		return task->create_seen && event->seq > 0 ? event->seq - 1 : 0;
	}
	ahead = tl_seq_diff(event->seq, task->last_seq);
	return ahead > 1 ? (uint32_t)ahead - 1 : 0;
}

/* Brings a task up to what the kernel's tracer lost since it last spoke; INT64_MIN: nothing. */
static int64_t take_doubts(struct tl_state *state, struct tl_task *task)
{
	int64_t since_ns;

	if (!task->seen)
		task->doubts = state->doubts.n;
	if (task->doubts == state->doubts.n || !tl_process_is_kernels(task->process) || task->exit_seen)
		return INT64_MIN;
	since_ns = state->doubts.items[task->doubts];
	if (since_ns < task->last_ns)
		since_ns = task->last_ns;
	task->doubts = state->doubts.n;
	task->is_doubtful = true;
	task->depth = 0;
	enter(task, TL_TASK_UNKNOWN, since_ns);
	return since_ns;
}

int tl_state_doubt(struct tl_state *state, int64_t since_ns)
{
	return tl_vec_push(&state->doubts, since_ns);
}

void tl_state_settle(struct tl_state *state)
{
	for (size_t i = 0; i < state->by_index.n; i++)
		take_doubts(state, state->by_index.items[i]);
}

/* Of an event that moves nothing; copied, as that is faster than to set each member. */
static const struct tl_step nothing = {.reason = TL_N_REASONS, .cause_ns = INT64_MIN, .doubt_ns = INT64_MIN};

int tl_state_apply(struct tl_state *state, const struct tl_event *event, struct tl_step *step, struct tl_error *error)
{
	struct tl_task *task = tl_tables_task(state, event->task, event->time_ns);

	if (!task)
		return no_memory(error);
	*step = nothing;
	step->task = task;
	step->first = !task->seen;
	step->missing = count_missing(task, event);
	step->after_exit = task->exit_seen;
	step->doubt_ns = take_doubts(state, task);
	if (task->seen && event->seq == task->last_seq && event->kind == task->last_kind &&
	    event->time_ns == task->last_ns) {
		step->again = true;
		return 0;
	}
	if (step->missing) {
		task->lost += step->missing;
		task->depth = 0;
		enter(task, TL_TASK_UNKNOWN, event->time_ns);
	}
	step->before = task->state;
	step->inside = task->depth > 0 && event->kind != TL_EVENT_START;
	/* Whoever speaks, runs: an event fixes a state that is not known. */
	if (task->state == TL_TASK_UNKNOWN)
		enter(task, TL_TASK_RUNNING, event->time_ns);
	if (handlers[event->kind] && handlers[event->kind](state, event, step) != 0)
		return no_memory(error);
	task->seen = true;
	task->events++;
	task->process->events++;
	task->process->domain = event->domain;
	task->last_ns = event->time_ns;
	task->last_kind = event->kind;
	if (task->last_seq == 0 || tl_seq_diff(event->seq, task->last_seq) > 0)
		task->last_seq = event->seq;
	/* An exec that fails is told: what others did before it took place proves nothing. */
	task->process->replaced = task->process->execs;
	if (!task->process->ended && !task->process->execs)
		task->process->end_ns = event->time_ns;
	return 0;
}
