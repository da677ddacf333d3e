/* The observer: what each event adds to the numbers; see stats.h. */
#include "viewer/stats/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/stats/internal.h"

struct tl_stats *tl_stats_create(const struct tl_source_info *info, const struct tl_when *from,
				 const struct tl_when *to)
{
	struct tl_stats *stats = calloc(1, sizeof *stats);

	if (!stats)
		return NULL;
	tl_arena_init(&stats->arena);
	stats->info = info;
	stats->has_from = from != NULL;
	stats->has_to = to != NULL;
	if (from)
		stats->from = *from;
	if (to)
		stats->to = *to;
	return stats;
}

void tl_stats_destroy(struct tl_stats *stats)
{
	struct tl_stats_carrier *carrier, *next_carrier;
	struct tl_stats_group *group, *next_group;
	struct tl_stats_kind *kind, *next_kind;

	if (!stats)
		return;
	HASH_ITER(hh, stats->carriers, carrier, next_carrier) {
		HASH_DEL(stats->carriers, carrier);
		free(carrier);
	}
	HASH_ITER(hh, stats->by_key, group, next_group) {
		HASH_DEL(stats->by_key, group);
		free(group);
	}
	HASH_ITER(hh, stats->kinds, kind, next_kind) {
		HASH_DEL(stats->kinds, kind);
		free(kind);
	}
	tl_stats_pairs_finish(&stats->places);
	tl_stats_pairs_finish(&stats->wakes);
	tl_stats_objects_finish(stats);
	tl_quantiles_finish(&stats->wake_ns);
	tl_vec_finish(&stats->tasks);
	tl_vec_finish(&stats->groups);
	tl_arena_finish(&stats->arena);
	free(stats);
}

/* Once the source knows when the trace begins. */
static void place_window(struct tl_stats *stats)
{
	int64_t start_ns = stats->info->start_ns;

	if (stats->placed)
		return;
	stats->placed = true;
	stats->from_ns = stats->has_from ? tl_when_since_epoch(&stats->from, start_ns) : start_ns;
	stats->to_ns = stats->has_to ? tl_when_since_epoch(&stats->to, start_ns) : INT64_MAX;
	if (stats->from_ns < start_ns)
		stats->from_ns = start_ns;
}

static bool is_inside(const struct tl_stats *stats, int64_t time_ns)
{
	return tl_stats_touches(stats, time_ns, time_ns);
}

/* Did somebody end the wait, or did it end by itself? */
static bool is_woken_by_cause(unsigned cause)
{
	switch (cause) {
	case TL_CAUSE_TIMEOUT:
	case TL_CAUSE_INTERRUPTED:
	case TL_CAUSE_CANCELLED:
	case TL_CAUSE_SPURIOUS:
	case TL_CAUSE_ERROR: return false;
	default: return true;
	}
}

static int note_carrier(struct tl_stats *stats, const struct tl_task *task)
{
	struct tl_stats_carrier wanted = {.key = {tl_task_process(task->id), task->carrier}}, *carrier;

	HASH_FIND(hh, stats->carriers, &wanted.key, sizeof wanted.key, carrier);
	if (!carrier) {
		carrier = calloc(1, sizeof *carrier);
		if (!carrier)
			return -1;
		carrier->key = wanted.key;
		HASH_ADD(hh, stats->carriers, key, sizeof carrier->key, carrier);
	}
	carrier->task = task->index;
	return 0;
}

/* `waker` has ended the wait that `row` was in. */
static int note_wake(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *waker,
		     const struct tl_task *task)
{
	struct tl_stats_task *from = tl_stats_task_at(stats, waker->index), *row;
	struct tl_stats_seen seen = {.a = waker, .b = task, .n = 1};

	if (!from)
		return -1;
	from->wakes++;
	row = &stats->tasks.items[task->index];
	row->woken++;
	seen.reason = row->reason;
	seen.object = row->object;
	return tl_stats_pair_add(stats, state, &stats->wakes, &seen);
}

static int end_wait(struct tl_stats *stats, const struct tl_state *state, const struct tl_event *event,
		    const struct tl_step *step)
{
	struct tl_stats_task *row = &stats->tasks.items[step->task->index];
	const struct tl_task *waker = step->other;
	bool is_wake = is_woken_by_cause(event->u.start.cause);

	if (row->state == TL_TASK_BLOCKED && step->cause_ns != INT64_MIN && is_wake &&
	    tl_stats_woken(stats, state, step->task, step->cause_ns < event->time_ns ? step->cause_ns : event->time_ns))
		return -1;
	if (!is_wake || !is_inside(stats, event->time_ns))
		return 0;
	if (row->state == TL_TASK_RUNNABLE) {
		uint64_t ns = event->time_ns > row->since_ns ? (uint64_t)event->time_ns - (uint64_t)row->since_ns : 0;

		if (tl_quantiles_add(&stats->wake_ns, ns) != 0 || tl_quantiles_add(&row->object->wake_ns, ns) != 0)
			return -1;
		if (!waker && row->waker)
			waker = tl_state_task_at(state, row->waker - 1);
	}
	return waker ? note_wake(stats, state, waker, step->task) : 0;
}

static int take_start(struct tl_stats *stats, const struct tl_state *state, const struct tl_event *event,
		      const struct tl_step *step)
{
	const struct tl_stats_task *row = &stats->tasks.items[step->task->index];
	bool waited = row->begun && !row->ended && row->object && row->wait == event->u.start.wait &&
		      (row->state == TL_TASK_BLOCKED || row->state == TL_TASK_RUNNABLE);

	if (event->u.start.wait != 0 && waited && end_wait(stats, state, event, step) != 0)
		return -1;
	return step->task->carrier ? note_carrier(stats, step->task) : 0;
}

static int take_unblock(struct tl_stats *stats, const struct tl_state *state, const struct tl_event *event,
			const struct tl_step *step)
{
	const struct tl_ev_unblock *unblock = &event->u.unblock;
	struct tl_stats_object *object;
	struct tl_stats_task *target;

	if (is_inside(stats, event->time_ns)) {
		object = tl_stats_object_get(stats, tl_task_process(event->task), unblock->object, unblock->reason);
		if (!object)
			return -1;
		object->unblocks++;
		tl_tally_add(&object->unblockers, step->task->index, 1);
		stats->counts.unblocks[unblock->reason]++;
	}
	if (!step->other)
		return 0;
	target = tl_stats_task_at(stats, step->other->index);
	if (!target)
		return -1;
	if (target->state == TL_TASK_BLOCKED && step->other->state == TL_TASK_RUNNABLE)
		target->waker = step->task->index + 1;
	return tl_stats_follow(stats, state, step->other, event->time_ns);
}

static int take_status(struct tl_stats *stats, const struct tl_state *state, const struct tl_event *event,
		       const struct tl_step *step)
{
	const struct tl_task *task = step->other;
	struct tl_stats_task *row = task ? tl_stats_task_at(stats, task->index) : NULL;
	int64_t time_ns = event->time_ns;

	if (!task)
		return 0;
	if (!row)
		return -1;
	/* The first word of it: it says since when. */
	if (!row->begun && task->since_ns < time_ns)
		time_ns = task->since_ns;
	return tl_stats_follow(stats, state, task, time_ns);
}

/* Whose exit was lost is known to have ended once it is joined; when, nobody knows. */
static int take_join(struct tl_stats *stats, const struct tl_state *state, const struct tl_event *event,
		     const struct tl_step *step)
{
	const struct tl_task *task = step->odd & TL_ODD_INFERRED
					     ? tl_state_find_task(state,
								  tl_task_sibling(event->task, event->u.join.child))
					     : NULL;

	if (!task)
		return 0;
	if (tl_stats_gap(stats, state, task, event->time_ns) != 0)
		return -1;
	return tl_stats_follow(stats, state, task, event->time_ns);
}

static int take_open(struct tl_stats *stats, const struct tl_event *event)
{
	char name[TL_STATS_KIND];
	struct tl_stats_kind *kind;

	snprintf(name, sizeof name, "%s", event->u.open.kind);
	stats->counts.opened++;
	if (HASH_COUNT(stats->kinds) >= TL_STATS_KINDS)
		snprintf(name, sizeof name, "(other kinds)");
	HASH_FIND_STR(stats->kinds, name, kind);
	if (!kind) {
		kind = calloc(1, sizeof *kind);
		if (!kind)
			return -1;
		kind->kind = tl_arena_string(&stats->arena, name);
		if (!kind->kind) {
			free(kind);
			return -1;
		}
		HASH_ADD_KEYPTR(hh, stats->kinds, kind->kind, strlen(kind->kind), kind);
	}
	kind->opened++;
	return 0;
}

static int take(struct tl_stats *stats, const struct tl_state *state, const struct tl_event *event,
		const struct tl_step *step)
{
	bool inside = is_inside(stats, event->time_ns);

	switch (event->kind) {
	case TL_EVENT_CREATE:
		stats->counts.created += inside && step->other && !(step->odd & TL_ODD_REPEATED);
		return step->other ? tl_stats_follow(stats, state, step->other, event->time_ns) : 0;
	case TL_EVENT_START: return take_start(stats, state, event, step);
	case TL_EVENT_UNBLOCK: return take_unblock(stats, state, event, step);
	case TL_EVENT_STATUS: return take_status(stats, state, event, step);
	case TL_EVENT_JOIN: return take_join(stats, state, event, step);
	case TL_EVENT_EXIT: stats->counts.exited += inside && !(step->odd & TL_ODD_AFTER_EXIT); return 0;
	case TL_EVENT_MISUSE:
		/* The create that announced it was in vain. */
		if (inside && event->u.misuse.kind == TL_MISUSE_CREATE_FAILED && stats->counts.created)
			stats->counts.created--;
		return 0;
	case TL_EVENT_OPEN: return inside ? take_open(stats, event) : 0;
	case TL_EVENT_CLOSE: stats->counts.closed += inside; return 0;
	default: return 0;
	}
}

static int observe(void *data, const struct tl_state *state, const struct tl_event *event, const struct tl_step *step,
		   struct tl_error *error)
{
	struct tl_stats *stats = data;
	const struct tl_task *task = step->task;

	place_window(stats);
	if (!tl_stats_task_at(stats, task->index) ||
	    (step->missing && tl_stats_gap(stats, state, task, event->time_ns) != 0) ||
	    take(stats, state, event, step) != 0 || tl_stats_follow(stats, state, task, event->time_ns) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory for the report's numbers");
	stats->tasks.items[task->index].said_ns = event->time_ns;
	return 0;
}

struct tl_observer tl_stats_observer(struct tl_stats *stats)
{
	return (struct tl_observer){.data = stats, .event = observe};
}

/* Nobody is there after the end of its process or of the trace. */
static int end_task(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task)
{
	struct tl_stats_task *row = tl_stats_task_at(stats, task->index);
	const struct tl_process *process = task->process;

	if (!row)
		return -1;
	if (!row->begun)
		return 0;
	if (!row->ended) {
		bool gone = process->ended || process->replaced;

		if (tl_stats_close(stats, state, task, gone ? process->end_ns : stats->info->end_ns) != 0)
			return -1;
		row = &stats->tasks.items[task->index];
		row->end_ns = row->since_ns;
	}
	row->begun = !task->create_failed && tl_stats_touches(stats, row->begin_ns, row->end_ns);
	if (row->begin_ns < stats->from_ns)
		row->begin_ns = stats->from_ns;
	if (row->end_ns > stats->to_ns)
		row->end_ns = stats->to_ns;
	return 0;
}

int tl_stats_end(struct tl_stats *stats, const struct tl_state *state, size_t single, struct tl_error *error)
{
	size_t n = tl_state_task_count(state), there = 0;
	int result = 0;

	place_window(stats);
	for (uint32_t i = 0; i < n && result == 0; i++)
		result = end_task(stats, state, tl_state_task_at(state, i));
	for (size_t i = 0; i < stats->tasks.n; i++)
		there += stats->tasks.items[i].begun;
	stats->each_alone = there <= single && !stats->grouped;
	if (result == 0)
		result = tl_stats_group_all(stats, state);
	if (result == 0)
		result = tl_stats_regroup(stats, state);
	return result == 0 ? 0 : tl_error_set(error, TL_ENOMEM, "out of memory for the report's numbers");
}
