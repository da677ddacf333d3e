/*
 * The state machine over tasks: what goes for every event, and the kinds that are
 * frequent; see state.h. The others are in facts.c.
 */
#include "viewer/state/tables.h"

static int no_memory(struct tl_error *error)
{
	return tl_error_set(error, TL_ENOMEM, "out of memory while following the tasks of the trace");
}

/* The task with this id; NULL: not known. */
static struct tl_task *find(const struct tl_state *state, uint64_t id)
{
	struct tl_task *task = tl_tables_recent(state, id);

	return task ? task : tl_state_find_task(state, id);
}

/* As members of lists are chosen by: none of the contract's counts as not known. */
static uint32_t known_reason(uint8_t reason)
{
	return reason < TL_N_REASONS ? reason : TL_N_REASONS;
}

/* ---- starts: waits end, tasks begin ------------------------------------------- */

/* The waker's unblock that a start names, if it is among its latest. */
static int64_t cause_time(const struct tl_task *waker, uint32_t seq)
{
	uint32_t at = waker->n_recent, least = at < TL_RECENT_UNBLOCKS ? 0 : at - TL_RECENT_UNBLOCKS;

	while (at != least) {
		const struct tl_unblock *unblock = &waker->recent[--at % TL_RECENT_UNBLOCKS];

		if (unblock->seq == seq)
			return unblock->time_ns;
	}
	return INT64_MIN;
}

static void take_waker(const struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_start *start = &event->u.start;
	struct tl_task *waker = find(state, tl_event_peer(event, start->waker));

	if (!waker)
		return;
	step->other = waker;
	step->cause_ns = start->wait == 0 && step->task->create_seen ? step->task->created_ns
								     : cause_time(waker, start->waker_seq);
}

/* Waits nest (a handler inside a wait): the ended one and what is inside of it are over. */
static void end_waits(struct tl_task *task, uint32_t wait, struct tl_step *step)
{
	uint32_t unended = 0;

	for (uint32_t i = task->depth; i-- > 0;) {
		const struct tl_wait *open = tl_task_open(task, i);

		if (open->number != wait)
			continue;
		unended = task->depth - i - 1;
		step->reason = known_reason(open->reason);
		task->depth = (uint8_t)i;
	}
	if (task->n_open > task->depth)
		task->n_open = task->depth;
	if (unended > 0)
		step->odd |= TL_ODD_UNENDED;
}

/*
 * The handler's wait is over, the one that it interrupted is not: nobody says when
 * a handler returns, so from here on the task waits for what it waited for before.
 */
static void resume_wait(struct tl_task *task, int64_t time_ns)
{
	if (task->n_open == task->depth)
		task->wait = task->open[task->depth - 1];
	/* Another wait is another span. */
	task->state = TL_TASK_BLOCKED;
	task->since_ns = time_ns;
}

/* On which thread; only a start says it. */
static void take_carrier(struct tl_task *task, const struct tl_event *event, struct tl_step *step)
{
	uint32_t carrier = event->u.start.carrier;

	task->carrier = carrier;
	if (carrier == 0)
		return;
	if (task->carried.carrier != carrier && task->carried.carrier != 0 && step->before == TL_TASK_RUNNING &&
	    !(step->odd & TL_ODD_AFTER_EXIT)) {
		step->odd |= TL_ODD_CARRIED;
		step->carried = task->carried;
	}
	task->carried = (struct tl_carried){carrier, event->seq, event->time_ns};
}

static void take_start(const struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_start *start = &event->u.start;
	struct tl_task *task = step->task;

	if (start->waker)
		take_waker(state, event, step);
	end_waits(task, start->wait, step);
	if (!task->start_seen)
		task->first_start = (struct tl_first_start){
			.time_ns = event->time_ns,
			.seq = event->seq,
			.waker = start->waker,
			.waker_seq = start->waker_seq,
			.cause = start->cause,
		};
	task->start_seen = true;
	take_carrier(task, event, step);
	if (task->depth > 0)
		resume_wait(task, event->time_ns);
	else
		tl_state_enter(task, TL_TASK_RUNNING, event->time_ns);
	if (step->before == TL_TASK_BLOCKED && step->cause_ns == INT64_MIN && start->wait != 0 &&
	    tl_reason_class(task->wait.reason) == TL_CLASS_TARGETED)
		step->odd |= TL_ODD_UNCAUSED;
}

/* ---- blocks: waits begin -------------------------------------------------------- */

static void take_block(const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_block *block = &event->u.block;
	struct tl_task *task = step->task;

	step->reason = known_reason(block->reason);
	tl_state_put_away(task);
	for (uint32_t i = 0; i < task->depth; i++)
		if (task->open[i].number == block->wait)
			step->odd |= TL_ODD_UNENDED;
	if (task->early_wait == block->wait)
		step->odd |= TL_ODD_EARLY;
	if ((block->n_held | task->n_held) != 0)
		step->odd |= TL_ODD_HOLDING;
	task->n_held = block->n_held;
	task->block_seq = event->seq;
	task->wait = (struct tl_wait){
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
	task->waits++;
	if (task->depth < TL_OPEN_WAITS)
		task->depth++;
	/* A wait inside a wait is another span. */
	task->state = TL_TASK_BLOCKED;
	task->since_ns = event->time_ns;
}

/* ---- unblocks, exits -------------------------------------------------------------- */

static void remember_unblock(struct tl_task *task, struct tl_unblock unblock)
{
	task->recent[task->n_recent++ % TL_RECENT_UNBLOCKS] = unblock;
}

/* It names the target's wait: does it come too early, or for the second time? */
static void take_named_wait(const struct tl_event *event, struct tl_task *target, struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	enum tl_wait_class class = tl_reason_class(unblock->reason);
	bool is_ahead = tl_seq_diff(unblock->target_wait, target->wait.number) > 0;

	/* Unknown: first seen mid-trace, or events of it are missing. */
	if ((is_ahead || target->wait.number == 0) && class != TL_CLASS_LEVEL && target->state != TL_TASK_UNKNOWN &&
	    target->state != TL_TASK_EXITED) {
		step->odd |= TL_ODD_EARLY;
		target->early_wait = unblock->target_wait;
	}
	/* One that came before its wait is lost, and does not count. */
	if (is_ahead || unblock->how & TL_UNBLOCK_ALL || (class != TL_CLASS_TARGETED && unblock->reason < TL_N_REASONS))
		return;
	if (target->woken.wait == unblock->target_wait)
		step->odd |= TL_ODD_TWICE;
	else
		target->woken = (struct tl_woken){unblock->target_wait, event->seq, event->task, unblock->object,
						  event->time_ns};
}

static void take_unblock(const struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	struct tl_task *target;

	step->reason = known_reason(unblock->reason);
	remember_unblock(step->task, (struct tl_unblock){
					     .time_ns = event->time_ns,
					     .seq = event->seq,
					     .target = unblock->target,
					     .object = unblock->object,
					     .reason = unblock->reason,
				     });
	target = unblock->target ? find(state, tl_event_peer(event, unblock->target)) : NULL;
	if (!target)
		return;
	step->other = target;
	if (unblock->target_wait)
		take_named_wait(event, target, step);
	/* Whether a request to end ends the wait, the thread itself will say. */
	if (target->state == TL_TASK_BLOCKED && unblock->reason != TL_REASON_CANCEL &&
	    (unblock->target_wait == 0 || target->wait.number == unblock->target_wait))
		tl_state_enter(target, TL_TASK_RUNNABLE, event->time_ns);
}

static void take_exit(const struct tl_event *event, struct tl_task *task)
{
	tl_state_enter(task, TL_TASK_EXITED, event->time_ns);
	if (!task->exit_seen) {
		task->exit_seen = true;
		task->exit_ns = event->time_ns;
		task->exit_seq = event->seq;
	}
	/* The exit is the unblock of whoever joins. */
	remember_unblock(task, (struct tl_unblock){
				       .time_ns = event->time_ns,
				       .seq = event->seq,
				       .object = task->id,
				       .reason = TL_REASON_JOIN,
			       });
}

/* ---- what goes for all kinds -------------------------------------------------------- */

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
	uint32_t n = (uint32_t)state->doubts.n;
	int64_t since_ns;

	if (!task->seen)
		task->doubts = n;
	if (task->doubts == n || !tl_process_is_kernels(task->process) || task->exit_seen)
		return INT64_MIN;
	since_ns = state->doubts.items[task->doubts];
	if (since_ns < task->last_ns)
		since_ns = task->last_ns;
	task->doubts = n;
	task->is_doubtful = true;
	tl_state_leave(task);
	tl_state_enter(task, TL_TASK_UNKNOWN, since_ns);
	return since_ns;
}

int tl_state_doubt(struct tl_state *state, int64_t since_ns)
{
	return state->doubts.n < UINT32_MAX ? tl_vec_push(&state->doubts, since_ns) : -1;
}

void tl_state_settle(struct tl_state *state)
{
	for (size_t i = 0; i < state->by_index.n; i++)
		take_doubts(state, state->by_index.items[i]);
}

/* The task's own number goes on by one, nothing is in doubt, and it has not ended: nothing else needs to be asked. */
static bool is_next(const struct tl_state *state, const struct tl_task *task, const struct tl_event *event)
{
	return event->seq == task->last_seq + 1 && task->doubts == (uint32_t)state->doubts.n && !task->exit_seen;
}

/* Whatever may be odd about an event before it is taken. False: it was taken before. Rare, so apart from the rest. */
__attribute__((noinline, cold)) static bool look_twice(struct tl_state *state, const struct tl_event *event,
						       struct tl_step *step)
{
	struct tl_task *task = step->task;

	step->missing = count_missing(task, event);
	if (task->exit_seen)
		step->odd |= TL_ODD_AFTER_EXIT;
	step->doubt_ns = take_doubts(state, task);
	if (task->seen && event->seq == task->last_seq && event->kind == task->last_kind &&
	    event->time_ns == task->last_ns) {
		step->odd |= TL_ODD_AGAIN;
		return false;
	}
	if (step->missing) {
		step->odd |= TL_ODD_GAP;
		task->lost += step->missing;
		tl_state_leave(task);
		tl_state_enter(task, TL_TASK_UNKNOWN, event->time_ns);
	}
	return true;
}

/* What is frequent here, the rest by its table. */
static int take(struct tl_state *state, const struct tl_event *event, struct tl_step *step)
{
	switch (event->kind) {
	case TL_EVENT_START: take_start(state, event, step); return 0;
	case TL_EVENT_BLOCK: take_block(event, step); return 0;
	case TL_EVENT_UNBLOCK: take_unblock(state, event, step); return 0;
	case TL_EVENT_SCHEDULE: tl_state_enter(step->task, TL_TASK_RUNNABLE, event->time_ns); return 0;
	case TL_EVENT_EXIT: take_exit(event, step->task); return 0;
	default: return tl_state_facts[event->kind] ? tl_state_facts[event->kind](state, event, step) : 0;
	}
}

static void note_last(struct tl_task *task, const struct tl_event *event)
{
	struct tl_process *process = task->process;

	task->seen = true;
	task->events++;
	task->last_ns = event->time_ns;
	task->last_kind = event->kind;
	if (task->last_seq == 0 || tl_seq_diff(event->seq, task->last_seq) > 0)
		task->last_seq = event->seq;
	process->domain = event->domain;
	if (process->ended | process->replaced | process->execs) {
		/* An exec that fails is told: what others did before it took place proves nothing. */
		process->replaced = process->execs;
		if (process->ended || process->execs)
			return;
	}
	process->end_ns = event->time_ns;
}

int tl_state_apply(struct tl_state *state, const struct tl_event *event, struct tl_step *step, struct tl_error *error)
{
	struct tl_task *task = tl_tables_recent(state, event->task);

	if (!task && !(task = tl_tables_task(state, event->task, event->time_ns)))
		return no_memory(error);
	step->task = task;
	step->other = NULL;
	step->cause_ns = step->doubt_ns = INT64_MIN;
	step->odd = step->missing = 0;
	step->reason = TL_N_REASONS;
	if (!is_next(state, task, event) && !look_twice(state, event, step))
		return 0;
	step->before = task->state;
	if (task->depth > 0 && event->kind != TL_EVENT_START)
		step->odd |= TL_ODD_INSIDE;
	/* Whoever speaks, runs: an event fixes a state that is not known. */
	if (task->state == TL_TASK_UNKNOWN)
		tl_state_enter(task, TL_TASK_RUNNING, event->time_ns);
	if (take(state, event, step) != 0)
		return no_memory(error);
	note_last(task, event);
	return 0;
}
