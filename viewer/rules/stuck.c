/*
 * Tasks that wait for ever: lost-wakeup and never-unblocked (the leak profile).
 *
 * Whoever still waits when the trace ends is either stuck or idle, and only
 * evidence tells which; docs/rules.md says what counts. That a task was woken
 * before from the same place proves nothing.
 */
#include "viewer/rules/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GROWING_LEAST 8 /* members, before growth alone decides */
#define LONG_WAIT_NS 1000000000u

/* Tasks that wait at the end for the same reason on the same stack. */
struct group {
	struct {
		uint32_t nonce, stack;
		uint64_t object; /* only where there is no stack to tell places apart */
		uint64_t reason;
	} key;
	TL_VEC(const struct tl_task *) members; /* oldest wait first */
	bool shares;                            /* two of them wait for the same object */
	UT_hash_handle hh;
};

/* A process in which a task may still run, or be woken from outside. */
struct lively {
	const struct tl_process *process;
	UT_hash_handle hh;
};

/* Everything that waits at the end. */
struct profile {
	struct group *groups;
	struct lively *lively;
	/*
	 * By index of a waker, for the group at hand: the latest time before which
	 * a member waits in vain for it. See note_turns.
	 */
	int64_t *turned_ns;
};

/* What decided about a group. */
struct verdict {
	bool stuck;
	const char *evidence;
};

/* Waits without a deadline, for what only this process can give, which an exec has not ended. */
static bool waits_at_end(const struct tl_task *task)
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
	const struct tl_object *object = tl_objects_of_wait(judge->objects, task);

	return object && object->all_ns >= task->wait.begin_ns &&
	       tl_elapsed_ns(object->all_ns, judge->end_ns) < LONG_WAIT_NS;
}

static bool has_ended(const struct tl_task *task)
{
	return task->exit_seen;
}

static uint32_t known_wakers(const struct tl_object *object)
{
	return object->n_wakers < TL_WAKERS ? object->n_wakers : TL_WAKERS;
}

/* Was `object` only ever woken by one task, its partner, and has that ended? */
static bool partner_is_gone(const struct tl_object *object)
{
	return object && object->n_wakers == 1 && has_ended(object->wakers[0].task);
}

/* ---- lost-wakeup ----------------------------------------------------------- */

/*
 * The waiter came after a signal that found nobody, sent without the mutex, and
 * nothing was signalled since; and whoever signals this object has ended, so
 * nothing will be.
 */
static const struct tl_object *lost_wakeup_of(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_object *object;

	if (!waits_at_end(task) || tl_reason_class(task->wait.reason) != TL_CLASS_EDGE)
		return NULL;
	object = tl_objects_of_wait(judge->objects, task);
	if (!object || !object->has_missed || !object->missed.no_mutex || !partner_is_gone(object))
		return NULL;
	if (object->missed.time_ns > task->wait.begin_ns || object->heard_ns > object->missed.time_ns ||
	    object->missed.time_ns < task->created_ns)
		return NULL;
	return object;
}

static int report_lost_wakeup(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task,
			      const struct tl_object *object)
{
	const struct tl_task *tasks[] = {task, object->missed.task};
	char label[TL_TASK_LABEL], by[TL_TASK_LABEL], what[TL_OBJECT_LABEL];
	struct tl_proof block = tl_proof_of_wait(task);
	struct tl_proof signal = {
		.kind = TL_EVENT_UNBLOCK,
		.task = object->missed.task->id,
		.seq = object->missed.seq,
		.time_ns = object->missed.time_ns,
	};
	struct tl_finding *finding = tl_report(
		rule, judge, tasks, 2, "%s waits for a signal on %s that %s has sent before, to nobody",
		tl_task_label(task, label), tl_object_label(judge, task, task->wait.reason, task->wait.object, what),
		tl_task_label(object->missed.task, by));

	if (!finding)
		return -1;
	tl_prove(judge, finding, &signal, "signals without holding the mutex, and nobody waits");
	tl_prove(judge, finding, &block, "begins to wait, and still does at the end of the trace");
	finding->evidence = tl_judge_text(judge, "%s alone ever signalled it, and has ended", by);
	return finding->evidence ? 0 : -1;
}

static int lost_wakeups(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	(void)self;
	for (size_t i = 0; i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);
		const struct tl_object *object = lost_wakeup_of(judge, task);

		if (object && report_lost_wakeup(rule, judge, task, object) != 0)
			return -1;
	}
	return 0;
}

const struct tl_rule_ops tl_rule_lost_wakeup = {.end = lost_wakeups};

/* ---- never-unblocked: who waits, in groups ---------------------------------- */

static struct group *get_group(struct group **groups, const struct tl_task *task)
{
	struct group wanted, *group;

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

static void sort_members(struct group *group)
{
	const struct tl_task **members = group->members.items;

	qsort(members, group->members.n, sizeof *members, by_object);
	for (size_t i = 1; i < group->members.n; i++)
		group->shares |= members[i]->wait.object == members[i - 1]->wait.object;
	qsort(members, group->members.n, sizeof *members, older_wait);
}

static struct lively *find_lively(const struct profile *profile, const struct tl_process *process)
{
	struct lively *found;

	HASH_FIND_PTR(profile->lively, &process, found);
	return found;
}

static int add_lively(struct profile *profile, const struct tl_process *process)
{
	struct lively *added;

	if (find_lively(profile, process))
		return 0;
	added = calloc(1, sizeof *added);
	if (!added)
		return -1;
	added->process = process;
	HASH_ADD_PTR(profile->lively, process, added);
	return 0;
}

static int collect(struct profile *profile, const struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	profile->turned_ns = malloc((n ? n : 1) * sizeof *profile->turned_ns);
	if (!profile->turned_ns)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);
		bool waits = waits_at_end(task) && !is_on_its_way(judge, task);
		struct group *group;

		profile->turned_ns[i] = INT64_MIN;
		if ((!waits || waits_for_the_world(task)) && task->state != TL_TASK_EXITED && !task->create_failed &&
		    add_lively(profile, task->process) != 0)
			return -1;
		if (!waits || lost_wakeup_of(judge, task))
			continue;
		group = get_group(&profile->groups, task);
		if (!group || tl_vec_push(&group->members, task) != 0)
			return -1;
	}
	for (struct group *group = profile->groups; group; group = group->hh.next)
		sort_members(group);
	return 0;
}

static void finish_profile(struct profile *profile)
{
	struct group *group, *next;
	struct lively *lively, *after;

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

/* ---- never-unblocked: the evidence ------------------------------------------ */

/* Does no member wait for what the oldest waits for, as all do in a pool with one queue? */
static bool own_objects(const struct group *group)
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
static void note_turns(const struct tl_judge *judge, struct profile *profile, const struct group *group, bool forget)
{
	for (size_t i = 0; i < group->members.n; i++) {
		const struct tl_task *member = group->members.items[i];
		const struct tl_object *object = tl_objects_of_wait(judge->objects, member);

		for (uint32_t w = 0; object && w < known_wakers(object); w++) {
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
static bool is_abandoned(const struct tl_judge *judge, const struct profile *profile, const struct tl_task *task)
{
	const struct tl_object *own = tl_objects_of_wait(judge->objects, task);
	bool turned = false;

	/* More wakers than are known: one of those may come yet. */
	if (!own || own->n_wakers > TL_WAKERS)
		return false;
	for (uint32_t w = 0; w < own->n_wakers; w++) {
		const struct tl_task *waker = own->wakers[w].task;

		if (profile->turned_ns[waker->index] > task->wait.begin_ns)
			turned = true;
		else if (!has_ended(waker))
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
 * Did one waker finish with `older` for good, after several wakeups, before
 * `younger` was created, and serve that one from then on?
 */
static bool was_left_for(const struct tl_judge *judge, const struct tl_task *older, const struct tl_task *younger)
{
	const struct tl_object *a = tl_objects_of_wait(judge->objects, older);
	const struct tl_object *b = tl_objects_of_wait(judge->objects, younger);

	for (uint32_t i = 0; a && b && i < known_wakers(a); i++)
		for (uint32_t j = 0; j < known_wakers(b); j++)
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
static int are_left_in_turn(const struct tl_judge *judge, const struct group *group, bool *left)
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

static void count_growth(const struct tl_judge *judge, const struct group *group, uint32_t growth[TL_GROWTH])
{
	uint64_t length = tl_elapsed_ns(judge->start_ns, judge->end_ns);

	for (int quarter = 0; quarter < TL_GROWTH; quarter++) {
		uint64_t until = length / TL_GROWTH * (unsigned)(quarter + 1);

		growth[quarter] = 0;
		for (size_t i = 0; i < group->members.n; i++)
			growth[quarter] += quarter == TL_GROWTH - 1 ||
					   tl_elapsed_ns(judge->start_ns, group->members.items[i]->wait.begin_ns) <=
						   until;
	}
}

/*
 * Do ever more come to wait, most of them created when the oldest already
 * waited? The workers of a pool that runs out of work also come to wait one
 * after the other, but were there before.
 */
static bool is_growing(const struct group *group, const uint32_t growth[TL_GROWTH])
{
	size_t younger = 0;

	for (size_t i = 0; i < group->members.n; i++)
		younger += group->members.items[i]->created_ns > group->members.items[0]->wait.begin_ns;
	if (younger * 2 <= group->members.n)
		return false;
	return growth[3] >= GROWING_LEAST && growth[0] < growth[1] && growth[1] < growth[2] && growth[2] < growth[3];
}

/* Does nothing of the process run any more, nor wait for the world, though it has not ended? */
static bool whole_process_waits(const struct profile *profile, const struct group *group)
{
	const struct tl_process *process = group->members.items[0]->process;

	return !process->ended && !find_lively(profile, process);
}

static bool every_partner_is_gone(const struct tl_judge *judge, const struct group *group)
{
	for (size_t i = 0; i < group->members.n; i++)
		if (!partner_is_gone(tl_objects_of_wait(judge->objects, group->members.items[i])))
			return false;
	/* Several that share one object are a pool, which others may feed later. */
	return !group->shares;
}

static bool any_is_abandoned(const struct tl_judge *judge, struct profile *profile, const struct group *group)
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

static bool nobody_ever_woke(const struct tl_judge *judge, const struct group *group)
{
	for (size_t i = 0; i < group->members.n; i++)
		if (tl_objects_of_wait(judge->objects, group->members.items[i]))
			return false;
	return true;
}

static struct verdict judge_group(const struct tl_judge *judge, struct profile *profile, const struct group *group,
				  const uint32_t growth[TL_GROWTH], bool left_in_turn)
{
	if (whole_process_waits(profile, group))
		return (struct verdict){true, "every task of the process waits, and the process has not ended"};
	if (any_is_abandoned(judge, profile, group))
		return (struct verdict){true, "each waits for an object of its own, and whoever woke the older ones "
					      "has turned to younger ones, created when they already waited"};
	if (left_in_turn)
		return (struct verdict){true, "each waits for an object of its own; one after the other was woken "
					      "several times and then left for the next, which was created after"};
	if (every_partner_is_gone(judge, group))
		return (struct verdict){true, "only one task ever woke it, and that has ended"};
	if (is_growing(group, growth))
		return (struct verdict){true, "more and more come to wait here through the trace, and none goes on"};
	if (nobody_ever_woke(judge, group))
		return (struct verdict){false, "nobody woke a waiter here in this trace, and the number does not grow"};
	return (struct verdict){false, "a task that has woken waiters here still lives: idle, as workers are"};
}

/*
 * Locks and joins: who waits when the trace ends is not stuck for that alone. A
 * lock is, when its owner has ended, or after long; a join follows its thread.
 */
static bool is_worth_telling(const struct tl_judge *judge, const struct profile *profile, const struct group *group)
{
	const struct tl_task *oldest = group->members.items[0];

	switch (oldest->wait.reason) {
	case TL_REASON_MUTEX:
	case TL_REASON_RWLOCK_READ:
	case TL_REASON_RWLOCK_WRITE:
	case TL_REASON_SPIN:
	case TL_REASON_ONCE:
		return tl_elapsed_ns(oldest->wait.begin_ns, judge->end_ns) >= LONG_WAIT_NS ||
		       whole_process_waits(profile, group);
	case TL_REASON_JOIN:
	case TL_REASON_CHILD:
	case TL_REASON_SLEEP:
	case TL_REASON_IO:
	case TL_REASON_SIGNAL:
	case TL_REASON_KERNEL: return false;
	default: return true;
	}
}

/* ---- never-unblocked: the report -------------------------------------------- */

static void prove_members(struct tl_judge *judge, struct tl_finding *finding, const struct group *group)
{
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	const struct tl_task *oldest = group->members.items[0];

	for (size_t i = 0; i < group->members.n && i < 3; i++) {
		const struct tl_task *task = group->members.items[i];
		struct tl_proof proof = tl_proof_of_wait(task);

		/* Of three: the two oldest and the youngest. */
		if (i == 2) {
			task = group->members.items[group->members.n - 1];
			proof = tl_proof_of_wait(task);
		}
		tl_prove(judge, finding, &proof, "%s begins to wait for %s", tl_task_label(task, label),
			 tl_object_label(judge, task, task->wait.reason, task->wait.object, object));
	}
	if (oldest->create_seen) {
		struct tl_proof create = tl_proof_of_create(oldest);

		tl_prove(judge, finding, &create, "creates %s", tl_task_label(oldest, label));
	}
}

static int report_group(const struct tl_rule *rule, struct tl_judge *judge, struct profile *profile,
			const struct group *group)
{
	const struct tl_task *oldest = group->members.items[0];
	uint32_t growth[TL_GROWTH];
	struct verdict verdict;
	struct tl_finding *finding;
	bool left_in_turn;

	count_growth(judge, group, growth);
	if (are_left_in_turn(judge, group, &left_in_turn) != 0)
		return -1;
	verdict = judge_group(judge, profile, group, growth, left_in_turn);
	finding = tl_report(rule, judge, group->members.items, group->members.n,
			    "%zu task%s still wait%s (%s) at the end of the trace%s", group->members.n,
			    group->members.n == 1 ? "" : "s", group->members.n == 1 ? "s" : "",
			    tl_reason_text(oldest->wait.reason),
			    verdict.stuck ? ", and nothing will wake them" : ": idle");
	if (!finding)
		return -1;
	if (!verdict.stuck) {
		finding->severity = TL_INFO;
		finding->meaning = "nothing is known to be wrong: so looks a worker that waits for its next job";
	}
	finding->count = group->members.n;
	finding->evidence = verdict.evidence;
	finding->has_growth = true;
	memcpy(finding->growth, growth, sizeof growth);
	prove_members(judge, finding, group);
	return 0;
}

static int never_unblocked(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	struct profile profile = {0};
	int result = collect(&profile, judge);

	(void)self;
	for (const struct group *group = profile.groups; group && result == 0; group = group->hh.next)
		if (is_worth_telling(judge, &profile, group))
			result = report_group(rule, judge, &profile, group);
	finish_profile(&profile);
	return result;
}

const struct tl_rule_ops tl_rule_never_unblocked = {.end = never_unblocked};
