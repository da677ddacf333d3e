/*
 * Tasks that end, or are cancelled, with locks in their hands: exit-holding-lock,
 * owner-exited, cancel-in-wait.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "viewer/rules/rules.h"

/* ---- exit-holding-lock ------------------------------------------------------ */

/* An exit that was reported, and the lock that it left. */
struct left {
	struct tl_object_key key;
	size_t finding;
	UT_hash_handle hh;
};

struct lefts {
	struct left *table;
};

static void finish_lefts(void *self)
{
	struct lefts *lefts = self;
	struct left *entry, *next;

	HASH_ITER(hh, lefts->table, entry, next) {
		HASH_DEL(lefts->table, entry);
		free(entry);
	}
}

static struct left *find_left(const struct lefts *lefts, uint32_t nonce, uint64_t lock)
{
	struct left wanted = {.key = tl_object_key_in(nonce, lock)}, *found;

	HASH_FIND(hh, lefts->table, &wanted.key, sizeof wanted.key, found);
	return found;
}

static int remember_left(struct lefts *lefts, uint32_t nonce, uint64_t lock, size_t finding)
{
	struct left *left = find_left(lefts, nonce, lock);

	if (!left) {
		left = calloc(1, sizeof *left);
		if (!left)
			return -1;
		left->key = tl_object_key_in(nonce, lock);
		HASH_ADD(hh, lefts->table, key, sizeof left->key, left);
	}
	left->finding = finding;
	return 0;
}

static int report_exit(struct lefts *lefts, const struct tl_rule *rule, struct tl_judge *judge,
		       const struct tl_event *event, const struct tl_task *task)
{
	const struct tl_ev_exit *exit = &event->u.exit;
	uint64_t lock = tl_held_lock(exit->held);
	char label[TL_TASK_LABEL], object[TL_OBJECT_ID_TEXT];
	struct tl_proof proof = tl_proof_of(event), wait = tl_proof_of_wait(task), create = tl_proof_of_create(task);
	struct tl_finding *finding;
	/* Threads that were created in one place run the same code. */
	int repeats = tl_report_here(rule, judge, task, task->create_stack, 0);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	if (remember_left(lefts, tl_task_process(task->id), lock, judge->findings->list.n) != 0)
		return -1;
	finding = tl_report(rule, judge, &task, 1, "%s ended and still held %u lock%s, one of them %s",
			    tl_task_label(task, label), (unsigned)exit->held_count, exit->held_count == 1 ? "" : "s",
			    tl_object_id_text(lock, object));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	tl_prove(judge, finding, &proof, "ends, and has not unlocked it");
	if (task->wait.number)
		tl_prove(judge, finding, &wait, "its latest wait");
	if (task->create_seen)
		tl_prove(judge, finding, &create, "creates %s", label);
	return 0;
}

static int exit_holding(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step)
{
	struct lefts *lefts = self;
	uint32_t nonce = tl_task_process(event->task);
	struct left *left;

	if (event->kind == TL_EVENT_EXIT && event->u.exit.held_count > 0 && !(step->odd & TL_ODD_AFTER_EXIT)) {
		/* Another has unlocked it: who did that is told, and the list is wrong. */
		if (event->u.exit.held_count == 1 &&
		    tl_locks_is_muddled(judge->locks, nonce, tl_held_lock(event->u.exit.held)))
			return 0;
		return report_exit(lefts, rule, judge, event, step->task);
	}
	/* A robust mutex is made to be left: the next one is told, and repairs what it guards. */
	if (event->kind != TL_EVENT_START)
		return 0;
	left = find_left(lefts, nonce, step->task->wait.object);
	if (left) {
		judge->findings->list.items[left->finding].severity = TL_INFO;
		judge->findings->list.items[left->finding].evidence =
			"the mutex is robust: who took it next was told that its owner had died";
	}
	return 0;
}

const struct tl_rule_ops tl_rule_exit_holding_lock = {
	.size = sizeof(struct lefts),
	.hears = {{.kinds = TL_ON(EXIT) | TL_ON(START), .causes = TL_CAUSE(OWNER_DIED)}},
	.event = exit_holding,
	.finish = finish_lefts,
};

/* ---- owner-exited ----------------------------------------------------------- */

/* Which task has ended and left the lock that `task` waits for? NULL: none is known to. */
static const struct tl_task *find_gone_owner(const struct tl_judge *judge, const struct tl_task *task, bool *by_hint)
{
	size_t n = tl_state_task_count(judge->state);
	uint32_t generation = tl_locks_generation(judge->locks, tl_task_process(task->id), task->wait.object);
	const struct tl_task *hinted = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct tl_task *other = tl_state_task_at(judge->state, (uint32_t)i);
		struct tl_left left = tl_locks_left(judge->locks, other);

		if (other->process != task->process || other->state != TL_TASK_EXITED || left.n == 0)
			continue;
		*by_hint = false;
		if (tl_held_lock(left.lock) == task->wait.object && left.generation == generation &&
		    tl_is_kept_out(task->wait.reason, tl_held_is_shared(left.lock)))
			return other;
		/* Of several only one is told. */
		if (left.n > 1 && task->wait.owner && other->carrier == task->wait.owner)
			hinted = other;
	}
	*by_hint = true;
	return hinted;
}

static int report_gone_owner(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task,
			     const struct tl_task *owner, bool by_hint)
{
	const struct tl_task *tasks[] = {task, owner};
	char label[TL_TASK_LABEL], by[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof wait = tl_proof_of_wait(task), exit = {
							       .kind = TL_EVENT_EXIT,
							       .task = owner->id,
							       .seq = owner->exit_seq,
							       .time_ns = owner->exit_ns,
							       .note = "",
						       };
	struct tl_finding *finding;
	/* Everybody who waits for it in the same place. */
	int repeats = tl_report_here(rule, judge, task, task->wait.stack, 0);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(
		rule, judge, tasks, 2, "%s still waits at the end of the trace for %s, which %s held when it ended",
		tl_task_label(task, label), tl_object_label(judge, task, task->wait.reason, task->wait.object, object),
		tl_task_label(owner, by));
	if (!finding)
		return -1;
	finding->certainty = by_hint || judge->lost_any ? TL_SEEN : TL_PROVEN;
	finding->evidence = by_hint ? "the waiter found it to be the owner, and it ended with several locks"
				    : "its exit says that it held this lock";
	tl_prove(judge, finding, &wait, "waits for %s", object);
	tl_prove(judge, finding, &exit, "ends, and nobody is left to unlock it");
	return 0;
}

static int owners_exited(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	(void)self;
	for (size_t i = 0; i < n && tl_locks_any_left(judge->locks); i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i), *owner;
		bool by_hint;

		if (task->state != TL_TASK_BLOCKED || task->wait.timeout_ns >= 0 || task->wait.is_shared ||
		    task->process->replaced || !tl_is_owned(task->wait.reason) ||
		    tl_locks_is_muddled(judge->locks, tl_task_process(task->id), task->wait.object))
			continue;
		owner = find_gone_owner(judge, task, &by_hint);
		if (!owner)
			continue;
		if (report_gone_owner(rule, judge, task, owner, by_hint) != 0 || tl_tell_stuck(judge, task) != 0)
			return -1;
	}
	return 0;
}

const struct tl_rule_ops tl_rule_owner_exited = {.end = owners_exited};

/* ---- cancel-in-wait --------------------------------------------------------- */

/* Has it something to give up? A condition's waiter gets the mutex back before its handlers run. */
static bool holds_something(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_held *held = tl_locks_held(judge->locks, task);

	return (held && held->n > 0) || (task->wait.reason == TL_REASON_COND && task->wait.object2);
}

static int cancel_in_wait(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			  const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof wait, proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats;

	(void)self;
	if (task->wait.number != event->u.start.wait || !holds_something(judge, task))
		return 0;
	repeats = tl_report_here(rule, judge, task, task->wait.stack, 0);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s was cancelled while it waited for %s",
			    tl_task_label(task, label),
			    tl_object_label(judge, task, task->wait.reason, task->wait.object, object));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	wait = tl_proof_of_wait(task);
	tl_prove(judge, finding, &wait, "begins to wait");
	tl_prove(judge, finding, &proof, "is cancelled");
	return 0;
}

const struct tl_rule_ops tl_rule_cancel_in_wait = {.hears = {{.kinds = TL_ON(START), .causes = TL_CAUSE(CANCELLED)}},
						   .event = cancel_in_wait};
