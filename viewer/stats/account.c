/*
 * The time of a task: one open span, closed into its sums, its object's and its
 * place's whenever the state machine says that the task has gone over into
 * another. So the states add up to the task's life.
 */
#include "viewer/rules/rule.h"
#include "viewer/stats/internal.h"

struct tl_stats_task *tl_stats_task_at(struct tl_stats *stats, uint32_t index)
{
	while (stats->tasks.n <= index)
		if (tl_vec_push(&stats->tasks, (struct tl_stats_task){0}) != 0)
			return NULL;
	return &stats->tasks.items[index];
}

bool tl_stats_touches(const struct tl_stats *stats, int64_t from_ns, int64_t to_ns)
{
	return from_ns <= stats->to_ns && to_ns >= stats->from_ns;
}

uint64_t tl_stats_cut(const struct tl_stats *stats, int64_t from_ns, int64_t to_ns)
{
	return tl_elapsed_ns(from_ns > stats->from_ns ? from_ns : stats->from_ns,
			     to_ns < stats->to_ns ? to_ns : stats->to_ns);
}

static void add_owner(const struct tl_stats *stats, const struct tl_task *task, const struct tl_stats_task *row,
		      uint64_t ns)
{
	struct tl_stats_carrier *carrier, wanted = {.key = {tl_task_process(task->id), row->owner}};

	if (row->owner == 0)
		return;
	HASH_FIND(hh, stats->carriers, &wanted.key, sizeof wanted.key, carrier);
	if (carrier)
		tl_tally_add(&row->object->owners, carrier->task, ns);
}

/* A stretch of waiting. One wait may have several: a handler's wait breaks it. */
static int add_blocked(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task,
		       struct tl_stats_task *row, int64_t to_ns)
{
	uint64_t ns = tl_stats_cut(stats, row->since_ns, to_ns);
	struct tl_stats_object *object = row->object;
	bool is_new = row->waits == 0 || tl_seq_diff(row->wait, row->counted_wait) > 0;
	struct tl_stats_seen seen = {
		.a = task, .stack = row->stack, .reason = row->reason, .n = is_new, .ns = ns, .object = object};

	if (!tl_stats_touches(stats, row->since_ns, to_ns))
		return 0;
	row->blocked_ns = tl_add_capped(row->blocked_ns, ns);
	row->by_reason_ns[row->reason] = tl_add_capped(row->by_reason_ns[row->reason], ns);
	stats->counts.wait_ns[row->reason] = tl_add_capped(stats->counts.wait_ns[row->reason], ns);
	if (is_new) {
		row->counted_wait = row->wait;
		row->waits++;
		object->waits++;
		stats->counts.waits[row->reason]++;
	}
	object->total_ns = tl_add_capped(object->total_ns, ns);
	if (ns >= object->longest_ns) {
		object->longest_ns = ns;
		object->longest_task = task->index;
		object->longest_stack = row->stack;
	}
	add_owner(stats, task, row, ns);
	if (tl_stats_object_waited(stats, object, task->index) != 0)
		return -1;
	return tl_stats_pair_add(stats, state, &stats->places, &seen);
}

int tl_stats_close(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns)
{
	struct tl_stats_task *row = &stats->tasks.items[task->index];
	uint64_t *sum = NULL;
	int result = 0;

	if (time_ns < row->since_ns)
		time_ns = row->since_ns;
	switch ((enum tl_task_state)row->state) {
	case TL_TASK_RUNNING: sum = &row->running_ns; break;
	case TL_TASK_CREATED:
	case TL_TASK_RUNNABLE: sum = &row->runnable_ns; break;
	case TL_TASK_UNKNOWN: sum = &row->unknown_ns; break;
	case TL_TASK_BLOCKED: result = add_blocked(stats, state, task, row, time_ns); break;
	case TL_TASK_EXITED: break;
	}
	if (sum)
		*sum = tl_add_capped(*sum, tl_stats_cut(stats, row->since_ns, time_ns));
	row->since_ns = time_ns;
	return result;
}

static bool is_same(const struct tl_stats_task *row, const struct tl_task *task)
{
	return row->begun && row->state == task->state &&
	       (task->state != TL_TASK_BLOCKED || row->wait == task->wait.number);
}

static int open_span(struct tl_stats *stats, const struct tl_task *task, struct tl_stats_task *row)
{
	row->state = (uint8_t)task->state;
	if (task->state == TL_TASK_EXITED) {
		row->ended = true;
		row->end_ns = row->since_ns;
	}
	if (task->state != TL_TASK_BLOCKED)
		return 0;
	row->reason = task->wait.reason;
	row->wait = task->wait.number;
	row->stack = task->wait.stack;
	row->owner = task->wait.owner;
	row->waker = 0;
	row->object = tl_stats_object_get(stats, tl_task_process(task->id), task->wait.object, task->wait.reason);
	return row->object ? 0 : -1;
}

int tl_stats_follow(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns)
{
	struct tl_stats_task *row = tl_stats_task_at(stats, task->index);

	if (!row)
		return -1;
	/* What comes after its end is for the rules to tell. */
	if (row->ended || is_same(row, task) || (!row->begun && task->state == TL_TASK_UNKNOWN))
		return 0;
	if (!row->begun) {
		row->begun = true;
		row->begin_ns = row->since_ns = row->said_ns = time_ns;
	} else if (tl_stats_close(stats, state, task, time_ns) != 0) {
		return -1;
	}
	return open_span(stats, task, row);
}

int tl_stats_gap(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns)
{
	struct tl_stats_task *row = tl_stats_task_at(stats, task->index);

	if (!row)
		return -1;
	if (!row->begun || row->ended)
		return 0;
	if (tl_stats_close(stats, state, task, row->said_ns) != 0)
		return -1;
	row->state = TL_TASK_UNKNOWN;
	return tl_stats_close(stats, state, task, time_ns);
}

int tl_stats_woken(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns)
{
	struct tl_stats_task *row = &stats->tasks.items[task->index];

	if (tl_stats_close(stats, state, task, time_ns) != 0)
		return -1;
	row->state = TL_TASK_RUNNABLE;
	return 0;
}

uint64_t tl_stats_life(const struct tl_stats_task *task)
{
	return task->begun ? tl_elapsed_ns(task->begin_ns, task->end_ns) : 0;
}
