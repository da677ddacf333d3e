/*
 * Stuck or idle? What decides, by evidence; docs/rules.md says what counts. That
 * a task was woken before from the same place proves nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/rules/stuck.h"

#define GROWING_LEAST 8 /* members, before growth alone decides */

/* Does no member wait for what the oldest waits for, as all do in a pool with one queue? */
static bool own_objects(const struct tl_stuck_group *group)
{
	for (size_t i = 1; i < group->members.n; i++)
		if (group->members.items[i]->wait.object == group->members.items[0]->wait.object)
			return false;
	return group->members.n > 1;
}

/*
 * For each waker of the group: the latest time T such that it has woken, after T,
 * a member that was created after T. With `forget`, takes that back.
 */
static void note_turns(const struct tl_judge *judge, struct tl_stuck_profile *profile,
		       const struct tl_stuck_group *group, bool forget)
{
	for (size_t i = 0; i < group->members.n; i++) {
		const struct tl_task *member = group->members.items[i];
		const struct tl_object *object = tl_objects_of_wait(judge->places, member);

		for (uint32_t w = 0; object && w < tl_object_known_wakers(object); w++) {
			int64_t *turned_ns = &profile->turned_ns[object->wakers[w].task->index];
			int64_t last_ns = object->wakers[w].last_ns;

			last_ns = last_ns < member->created_ns ? last_ns : member->created_ns;
			if (forget || last_ns > *turned_ns)
				*turned_ns = forget ? INT64_MIN : last_ns;
		}
	}
}

/*
 * Have the wakers of `task` turned to younger members of the group, created when
 * `task` already waited, or ended? A pool would have given the idle one the work.
 */
static bool is_abandoned(const struct tl_judge *judge, const struct tl_stuck_profile *profile,
			 const struct tl_task *task)
{
	const struct tl_object *own = tl_objects_of_wait(judge->places, task);
	bool turned = false;

	/* More wakers than are known: one of those may come yet. */
	if (!own || own->n_wakers > TL_WAKERS)
		return false;
	for (uint32_t w = 0; w < own->n_wakers; w++) {
		const struct tl_task *waker = own->wakers[w].task;

		if (profile->turned_ns[waker->index] > task->wait.begin_ns)
			turned = true;
		else if (!waker->exit_seen)
			return false;
	}
	return turned;
}

static int older_task(const void *a, const void *b)
{
	const struct tl_task *x = *(const struct tl_task *const *)a, *y = *(const struct tl_task *const *)b;

	if (x->created_ns != y->created_ns)
		return x->created_ns < y->created_ns ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/*
 * Was the last thing that the task signalled before its wait listened to, then or
 * later? So does a worker that reports its job as done and waits for the next one.
 * Who is in the middle of a conversation signals a partner that has gone.
 */
static bool has_reported(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_unblock *last = task->n_recent ? &task->recent[(task->n_recent - 1) % TL_RECENT_UNBLOCKS]
						       : NULL;
	const struct tl_object *object;

	if (!last || last->target || tl_reason_class(last->reason) != TL_CLASS_EDGE)
		return false;
	object = tl_objects_find(judge->places, task->id, last->object);
	return object && object->heard_ns >= last->time_ns;
}

/*
 * Did one waker finish with `older` for good, after several wakeups, before
 * `younger` was created, and serve that one from then on?
 */
static bool was_left_for(const struct tl_judge *judge, const struct tl_task *older, const struct tl_task *younger)
{
	const struct tl_object *a = tl_objects_of_wait(judge->places, older);
	const struct tl_object *b = tl_objects_of_wait(judge->places, younger);

	if (has_reported(judge, older))
		return false;

	for (uint32_t i = 0; a && b && i < tl_object_known_wakers(a); i++)
		for (uint32_t j = 0; j < tl_object_known_wakers(b); j++)
			if (a->wakers[i].task == b->wakers[j].task && a->wakers[i].n > 1 &&
			    a->wakers[i].last_ns < younger->created_ns)
				return true;
	return false;
}

/*
 * One after the other, each is talked to and left for the next: conversations
 * that were broken off. A pool's workers are served in turns. 0, or -1 without
 * memory; the answer goes to `left`.
 */
static int are_left_in_turn(const struct tl_judge *judge, const struct tl_stuck_group *group, bool *left)
{
	size_t n = group->members.n, pairs = 0;
	const struct tl_task **by_age;

	*left = false;
	if (!own_objects(group))
		return 0;
	by_age = malloc(n * sizeof *by_age);
	if (!by_age)
		return -1;
	memcpy(by_age, group->members.items, n * sizeof *by_age);
	qsort(by_age, n, sizeof *by_age, older_task);
	for (size_t i = 0; i + 1 < n; i++)
		pairs += was_left_for(judge, by_age[i], by_age[i + 1]);
	*left = pairs * 2 > n - 1;
	free(by_age);
	return 0;
}

static void count_growth(const struct tl_judge *judge, const struct tl_stuck_group *group, uint32_t growth[TL_GROWTH])
{
	for (int quarter = 0; quarter < TL_GROWTH; quarter++) {
		growth[quarter] = 0;
		for (size_t i = 0; i < group->members.n; i++)
			growth[quarter] += tl_is_by_quarter(judge, group->members.items[i]->wait.begin_ns, quarter);
	}
}

/*
 * Do ever more come to wait, most of them created when the oldest already
 * waited? The workers of a pool that runs out of work also come to wait one
 * after the other, but were there before.
 */
static bool is_growing(const struct tl_stuck_group *group, const uint32_t growth[TL_GROWTH])
{
	size_t younger = 0;

	for (size_t i = 0; i < group->members.n; i++)
		younger += group->members.items[i]->created_ns > group->members.items[0]->wait.begin_ns;
	if (younger * 2 <= group->members.n)
		return false;
	return growth[3] >= GROWING_LEAST && growth[0] < growth[1] && growth[1] < growth[2] && growth[2] < growth[3];
}

/* Does nothing of the process run any more, nor wait for the world, though it has not ended? */
bool tl_stuck_whole_process(const struct tl_stuck_profile *profile, const struct tl_stuck_group *group)
{
	const struct tl_process *process = group->members.items[0]->process;

	return !process->ended && !tl_stuck_find_lively(profile, process);
}

static bool every_partner_is_gone(const struct tl_judge *judge, const struct tl_stuck_group *group)
{
	for (size_t i = 0; i < group->members.n; i++)
		if (!tl_object_partner_is_gone(tl_objects_of_wait(judge->places, group->members.items[i])))
			return false;
	/* Several that share one object are a pool, which others may feed later. */
	return !group->shares;
}

static bool any_is_abandoned(const struct tl_judge *judge, struct tl_stuck_profile *profile,
			     const struct tl_stuck_group *group)
{
	bool any = false;

	if (!own_objects(group))
		return false;
	note_turns(judge, profile, group, false);
	for (size_t i = 0; i + 1 < group->members.n && !any; i++)
		any = is_abandoned(judge, profile, group->members.items[i]);
	note_turns(judge, profile, group, true);
	return any;
}

static bool nobody_ever_woke(const struct tl_judge *judge, const struct tl_stuck_group *group)
{
	for (size_t i = 0; i < group->members.n; i++)
		if (tl_objects_of_wait(judge->places, group->members.items[i]))
			return false;
	return true;
}

/* Have all those ended that woke waiters here? Of more than are remembered, that is not known. */
static bool every_waker_is_gone(const struct tl_judge *judge, const struct tl_stuck_group *group)
{
	for (size_t i = 0; i < group->members.n; i++) {
		const struct tl_object *object = tl_objects_of_wait(judge->places, group->members.items[i]);

		if (object && object->n_wakers > TL_WAKERS)
			return false;
		for (uint32_t w = 0; object && w < object->n_wakers; w++)
			if (!object->wakers[w].task->exit_seen)
				return false;
	}
	return true;
}

/* In this order: what is surest comes first. */
static const char *find_evidence(const struct tl_judge *judge, struct tl_stuck_profile *profile,
				 const struct tl_stuck_group *group, const uint32_t growth[TL_GROWTH],
				 bool left_in_turn, bool *stuck)
{
	*stuck = true;
	if (tl_stuck_whole_process(profile, group))
		return "every task of the process waits, and the process has not ended";
	if (any_is_abandoned(judge, profile, group))
		return "each waits for an object of its own, and whoever woke the older ones "
		       "has turned to younger ones, created when they already waited";
	if (left_in_turn)
		return "each waits for an object of its own; one after the other was woken "
		       "several times and then left for the next, which was created after";
	if (every_partner_is_gone(judge, group))
		return "only one task ever woke it, and that has ended";
	if (is_growing(group, growth))
		return "more and more come to wait here through the trace, and none goes on";
	*stuck = false;
	if (nobody_ever_woke(judge, group))
		return "nobody woke a waiter here in this trace, and the number does not grow";
	if (every_waker_is_gone(judge, group))
		return "those who woke waiters here have ended; as they were several, others may follow";
	return "a task that has woken waiters here still lives: idle, as workers are";
}

int tl_stuck_judge(const struct tl_judge *judge, struct tl_stuck_profile *profile, const struct tl_stuck_group *group,
		   struct tl_stuck_verdict *verdict)
{
	bool left_in_turn;

	count_growth(judge, group, verdict->growth);
	if (are_left_in_turn(judge, group, &left_in_turn) != 0)
		return -1;
	verdict->evidence = find_evidence(judge, profile, group, verdict->growth, left_in_turn, &verdict->stuck);
	return 0;
}
