/*
 * What events tell beside waits: processes, births and joins, names, stacks, what
 * the library says for others. One function for each kind of event, and one table
 * that finds it. What is frequent is in state.c.
 */
#include <string.h>

#include "viewer/state/tables.h"

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
	if (child->create_seen) {
		step->odd |= TL_ODD_REPEATED;
		return 0;
	}
	child->kind = event->u.create.kind;
	child->creator = event->task;
	child->create_stack = event->u.create.stack;
	child->entry = event->u.create.entry;
	child->created_ns = event->time_ns;
	child->create_seen = true;
	if (child->name[0] == '\0' && event->u.create.name[0] != '\0')
		child->name = tl_arena_string(&state->arena, event->u.create.name);
	if (!child->seen)
		tl_state_enter(child, TL_TASK_CREATED, event->time_ns);
	return child->name ? 0 : -1;
}

/* Only after a thread's end is it joined: one that has not said its exit has had it lost. */
static int take_join(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	struct tl_task *task = event->u.join.child
				       ? tl_state_find_task(state, tl_task_sibling(event->task, event->u.join.child))
				       : NULL;

	if (task && task->start_seen && !task->exit_seen && task->state != TL_TASK_EXITED) {
		task->lost++;
		step->odd |= TL_ODD_INFERRED;
		tl_state_enter(task, TL_TASK_EXITED, event->time_ns);
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
	if (task->seen && tl_seq_diff(task->last_seq, status->target_seq) > 0)
		return 0;
	/* It has moved on since it spoke, with or without a number for it: its waits have ended, nobody knows how. */
	if (task->depth > 0 && (status->state != TL_STANDING_BLOCKED || task->last_seq != status->target_seq ||
				tl_task_open(task, task->depth - 1u)->number != status->wait))
		tl_state_leave(task);
	/* Of a wait whose block was seen, the block told more: deadline, sharing, the mutex. */
	same_wait = task->state == TL_TASK_BLOCKED && task->wait.number == status->wait;
	task->last_seq = status->target_seq;
	task->carrier = status->carrier;
	if (status->state < sizeof states / sizeof *states)
		tl_state_enter(task, states[status->state], status->since_ns);
	if (status->state == TL_STANDING_BLOCKED && !same_wait) {
		tl_state_put_away(task);
		task->wait = (struct tl_wait){
			.number = status->wait,
			.seq = status->target_seq,
			.begin_ns = status->since_ns,
			.object = status->object,
			.timeout_ns = TL_NO_TIMEOUT,
			.stack = status->stack,
			.reason = status->reason,
		};
	}
	return 0;
}

tl_state_handler *const tl_state_facts[TL_N_EVENT_KINDS] = {
	[TL_EVENT_PROCESS_BEGIN] = take_process_begin,
	[TL_EVENT_PROCESS_END] = take_process_end,
	[TL_EVENT_CREATE] = take_create,
	[TL_EVENT_JOIN] = take_join,
	[TL_EVENT_MISUSE] = take_misuse,
	[TL_EVENT_NAME] = take_name,
	[TL_EVENT_STACK] = take_stack,
	[TL_EVENT_MODULE] = take_module,
	[TL_EVENT_STATUS] = take_status,
};
