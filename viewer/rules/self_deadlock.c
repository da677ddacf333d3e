/*
 * self-deadlock: a task that waits for a lock which it holds itself, by the word of
 * the wrapper or by the list that its wait carries.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/rules/rules.h"

/* A task that has found itself to be the owner, or waits for itself: the latest of each. */
struct relock {
	const struct tl_task *task;
	uint64_t object; /* of the misuse that was told, until its wait begins; 0: none */
	uint32_t wait;   /* the wait for itself that was reported; 0: none */
	size_t finding;  /* its place in the list; SIZE_MAX: counted with an earlier one */
	UT_hash_handle hh;
};

struct relocks {
	struct relock *table;
};

static void finish_relocks(void *self)
{
	struct relocks *relocks = self;
	struct relock *entry, *next;

	HASH_ITER(hh, relocks->table, entry, next) {
		HASH_DEL(relocks->table, entry);
		free(entry);
	}
}

static struct relock *find_relock(const struct relocks *relocks, const struct tl_task *task)
{
	struct relock *found;

	HASH_FIND_PTR(relocks->table, &task, found);
	return found;
}

static struct relock *get_relock(struct relocks *relocks, struct tl_judge *judge, const struct tl_task *task)
{
	struct relock *found = find_relock(relocks, task);

	if (found)
		return found;
	judge->has |= TL_HAS_RELOCKS;
	found = calloc(1, sizeof *found);
	if (!found)
		return NULL;
	found->task = task;
	HASH_ADD_PTR(relocks->table, task, found);
	return found;
}

/* Does the task say, as it begins to wait, that it holds what keeps it out? */
static bool holds_it_itself(const struct tl_judge *judge, const struct tl_event *event)
{
	const struct tl_ev_block *block = &event->u.block;

	for (uint32_t i = 0; i < block->n_held; i++)
		if (tl_held_lock(block->held[i]) == block->object &&
		    tl_is_kept_out(block->reason, tl_held_is_shared(block->held[i])))
			return !tl_locks_is_muddled(judge->locks, tl_task_process(event->task), block->object);
	return false;
}

/* It was told at once that it holds the lock: it may handle that. */
static int report_refused(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			  const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_ID_TEXT];
	struct tl_proof proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats = tl_report_here(rule, judge, task, event->u.misuse.stack, 1);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s locked again what it holds (%s), and was refused",
			    tl_task_label(task, label), tl_object_id_text(event->u.misuse.object, object));
	if (!finding)
		return -1;
	if (finding->severity > TL_WARNING)
		finding->severity = TL_WARNING;
	finding->certainty = TL_PROVEN;
	finding->evidence = tl_judge_text(judge, "the call said: %s", strerror(event->u.misuse.error));
	tl_prove(judge, finding, &proof, "locks it again");
	return finding->evidence ? 0 : -1;
}

static int report_relock(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			 struct relock *relock)
{
	const struct tl_ev_block *block = &event->u.block;
	const struct tl_task *task = relock->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats = tl_report_here(rule, judge, task, block->stack, block->timeout_ns >= 0 ? 2 : 0);

	relock->wait = block->wait;
	relock->finding = repeats > 0 ? SIZE_MAX : judge->findings->list.n;
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s waits for %s, which it holds itself", tl_task_label(task, label),
			    tl_object_label(judge, task, block->reason, block->object, object));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	if (block->timeout_ns >= 0 && finding->severity > TL_WARNING)
		finding->severity = TL_WARNING;
	finding->evidence = block->timeout_ns >= 0 ? "until its time is over" : "for ever";
	tl_prove(judge, finding, &proof, "waits for itself");
	return 0;
}

static int take_relock_wait(struct relocks *relocks, const struct tl_rule *rule, struct tl_judge *judge,
			    const struct tl_event *event, const struct tl_step *step)
{
	struct relock *relock = find_relock(relocks, step->task);
	bool was_told = relock && relock->object != 0 && relock->object == event->u.block.object;

	if (relock)
		relock->object = 0;
	if (event->u.block.how & TL_BLOCK_SHARED || (!was_told && !holds_it_itself(judge, event)))
		return 0;
	relock = get_relock(relocks, judge, step->task);
	return relock ? report_relock(rule, judge, event, relock) : -1;
}

/* It went on: somebody unlocked it in the owner's place. */
static int take_relock_end(const struct relocks *relocks, struct tl_judge *judge, const struct tl_event *event,
			   const struct tl_step *step)
{
	struct relock *relock = find_relock(relocks, step->task);
	struct tl_finding *finding;

	if (!relock || relock->wait == 0 || relock->wait != event->u.start.wait)
		return 0;
	relock->wait = 0;
	if (relock->finding == SIZE_MAX)
		return 0; /* counted with an earlier one */
	finding = &judge->findings->list.items[relock->finding];
	if (finding->severity > TL_WARNING)
		finding->severity = TL_WARNING;
	if (event->u.start.cause != TL_CAUSE_TIMEOUT)
		finding->evidence = "it went on: another has unlocked it in its place";
	return 0;
}

static int self_deadlock(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			 const struct tl_step *step)
{
	struct relocks *relocks = self;
	struct relock *relock;

	switch (event->kind) {
	case TL_EVENT_BLOCK: return take_relock_wait(relocks, rule, judge, event, step);
	case TL_EVENT_START: return take_relock_end(relocks, judge, event, step);
	case TL_EVENT_MISUSE: break;
	default: return 0;
	}
	if (event->u.misuse.kind != TL_MISUSE_RELOCK_BY_OWNER)
		return 0;
	if (event->u.misuse.error)
		return report_refused(rule, judge, event, step);
	relock = get_relock(relocks, judge, step->task);
	if (!relock)
		return -1;
	relock->object = event->u.misuse.object;
	return 0;
}

/* Who waits for itself to the end hangs for that, and needs no other reason. */
static int self_deadlocks_end(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct relocks *relocks = self;

	(void)rule;
	for (const struct relock *relock = relocks->table; relock; relock = relock->hh.next)
		if (relock->wait && relock->task->state == TL_TASK_BLOCKED &&
		    relock->task->wait.number == relock->wait && tl_tell_stuck(judge, relock->task) != 0)
			return -1;
	return 0;
}

const struct tl_rule_ops tl_rule_self_deadlock = {
	.size = sizeof(struct relocks),
	.hears = {{.kinds = TL_ON(MISUSE)},
		  {.kinds = TL_ON(BLOCK), .reasons = TL_REASONS_OWNED, .odd = TL_ODD_HOLDING},
		  {.kinds = TL_ON(BLOCK) | TL_ON(START), .reasons = TL_REASONS_OWNED, .has = TL_HAS_RELOCKS}},
	.event = self_deadlock,
	.end = self_deadlocks_end,
	.finish = finish_relocks,
};
