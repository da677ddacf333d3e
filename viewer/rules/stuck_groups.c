/* Who waits at the end of the trace, in groups by reason and stack; see stuck.h. */
#include <stdlib.h>
#include <string.h>

#include "viewer/rules/stuck.h"

bool tl_stuck_waits(const struct tl_task *task)
{
	return task->state == TL_TASK_BLOCKED && task->wait.timeout_ns < 0 && !task->wait.is_shared &&
	       !task->process->replaced;
}

/* Who waits for the world outside hangs with nobody. */
static bool waits_for_the_world(const struct tl_task *task)
{
	switch (task->wait.reason) {
	case TL_REASON_UNKNOWN:
	case TL_REASON_SLEEP:
	case TL_REASON_IO:
	case TL_REASON_CHILD:
	case TL_REASON_SIGNAL:
	case TL_REASON_KERNEL: return true;
	default: return false;
	}
}

/* Was it woken just before the end of the trace, and could not say so any more? */
static bool is_on_its_way(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_object *object = tl_objects_of_wait(judge->places, task);

	return object && object->all_ns >= task->wait.begin_ns &&
	       tl_elapsed_ns(object->all_ns, judge->end_ns) < TL_LONG_WAIT_NS;
}

static struct tl_stuck_group *get_group(struct tl_stuck_group **groups, const struct tl_task *task)
{
	struct tl_stuck_group wanted, *group;

	memset(&wanted, 0, sizeof wanted);
	wanted.key.nonce = tl_task_process(task->id);
	wanted.key.stack = task->wait.stack;
	wanted.key.reason = task->wait.reason;
	wanted.key.object = task->wait.stack ? 0 : task->wait.object;
	HASH_FIND(hh, *groups, &wanted.key, sizeof wanted.key, group);
	if (group)
		return group;
	group = calloc(1, sizeof *group);
	if (!group)
		return NULL;
	group->key = wanted.key;
	HASH_ADD(hh, *groups, key, sizeof group->key, group);
	return group;
}

static int older_wait(const void *a, const void *b)
{
	const struct tl_task *x = *(const struct tl_task *const *)a, *y = *(const struct tl_task *const *)b;

	if (x->wait.begin_ns != y->wait.begin_ns)
		return x->wait.begin_ns < y->wait.begin_ns ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int by_object(const void *a, const void *b)
{
	const struct tl_task *x = *(const struct tl_task *const *)a, *y = *(const struct tl_task *const *)b;

	return x->wait.object < y->wait.object ? -1 : x->wait.object > y->wait.object;
}

static void sort_members(struct tl_stuck_group *group)
{
	const struct tl_task **members = group->members.items;

	qsort(members, group->members.n, sizeof *members, by_object);
	for (size_t i = 1; i < group->members.n; i++)
		group->shares |= members[i]->wait.object == members[i - 1]->wait.object;
	qsort(members, group->members.n, sizeof *members, older_wait);
}

struct tl_stuck_lively *tl_stuck_find_lively(const struct tl_stuck_profile *profile, const struct tl_process *process)
{
	struct tl_stuck_lively *found;

	HASH_FIND_PTR(profile->lively, &process, found);
	return found;
}

static int add_lively(struct tl_stuck_profile *profile, const struct tl_process *process)
{
	struct tl_stuck_lively *added;

	if (tl_stuck_find_lively(profile, process))
		return 0;
	added = calloc(1, sizeof *added);
	if (!added)
		return -1;
	added->process = process;
	HASH_ADD_PTR(profile->lively, process, added);
	return 0;
}

int tl_stuck_collect(struct tl_stuck_profile *profile, const struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	profile->turned_ns = malloc((n ? n : 1) * sizeof *profile->turned_ns);
	if (!profile->turned_ns)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);
		bool waits = tl_stuck_waits(task) && !is_on_its_way(judge, task);
		struct tl_stuck_group *group;

		profile->turned_ns[i] = INT64_MIN;
		if ((!waits || waits_for_the_world(task)) && task->state != TL_TASK_EXITED && !task->create_failed &&
		    add_lively(profile, task->process) != 0)
			return -1;
		if (!waits || tl_lost_wakeup_of(judge, task) || tl_not_consumed_of(judge, task) ||
		    tl_is_told_stuck(judge, task))
			continue;
		group = get_group(&profile->groups, task);
		if (!group || tl_vec_push(&group->members, task) != 0)
			return -1;
	}
	for (struct tl_stuck_group *group = profile->groups; group; group = group->hh.next)
		sort_members(group);
	return 0;
}

void tl_stuck_finish(struct tl_stuck_profile *profile)
{
	struct tl_stuck_group *group, *next;
	struct tl_stuck_lively *lively, *after;

	HASH_ITER(hh, profile->groups, group, next) {
		HASH_DEL(profile->groups, group);
		tl_vec_finish(&group->members);
		free(group);
	}
	HASH_ITER(hh, profile->lively, lively, after) {
		HASH_DEL(profile->lively, lively);
		free(lively);
	}
	free(profile->turned_ns);
}
