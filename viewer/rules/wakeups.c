/*
 * Wakeups that name their target: unblock-before-block and
 * start-without-unblock.
 */
#include "viewer/rules/rules.h"

#include <stdlib.h>

/* An unblock of a wait that had not begun: the latest one for each task. */
struct early {
	uint64_t target;
	uint32_t wait;
	uint32_t target_seq;
	uint8_t reason;
	uint64_t object;
	bool told;
	struct tl_proof unblock;
	UT_hash_handle hh;
};

struct early_table {
	struct early *table;
};

static void finish(void *self)
{
	struct early_table *early = self;
	struct early *entry, *next;

	HASH_ITER(hh, early->table, entry, next) {
		HASH_DEL(early->table, entry);
		free(entry);
	}
}

static struct early *find_early(const struct early_table *early, uint64_t target)
{
	struct early *entry;

	HASH_FIND(hh, early->table, &target, sizeof target, entry);
	return entry;
}

static int remember(struct early_table *early, const struct tl_event *event)
{
	uint64_t target = tl_event_peer(event, event->u.unblock.target);
	struct early *entry = find_early(early, target);

	if (!entry) {
		entry = calloc(1, sizeof *entry);
		if (!entry)
			return -1;
		entry->target = target;
		HASH_ADD(hh, early->table, target, sizeof entry->target, entry);
	}
	entry->wait = event->u.unblock.target_wait;
	entry->target_seq = event->u.unblock.target_seq;
	entry->reason = event->u.unblock.reason;
	entry->object = event->u.unblock.object;
	entry->unblock = tl_proof_of(event);
	entry->told = false;
	return 0;
}

static int report_early(const struct tl_rule *rule, struct tl_judge *judge, const struct early *early,
			const struct tl_task *target, const struct tl_event *block)
{
	const struct tl_task *waker = tl_state_find_task(judge->state, early->unblock.task);
	const struct tl_task *tasks[] = {target, waker};
	char label[TL_TASK_LABEL], by[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof blocks = tl_proof_of(block);
	struct tl_finding *finding = tl_report(rule, judge, tasks, 2, "%s was unblocked by %s before it blocked on %s",
					       tl_task_label(target, label), tl_task_label(waker, by),
					       tl_object_label(judge, target, early->reason, early->object, object));

	if (!finding)
		return -1;
	if (tl_reason_class(early->reason) == TL_CLASS_EDGE)
		finding->severity = TL_INFO;
	tl_prove(judge, finding, &early->unblock, "unblocks wait %u of %s, which it has not begun",
		 (unsigned)early->wait, tl_task_label(target, label));
	tl_prove(judge, finding, &blocks, "begins that wait: the wakeup is lost");
	/* The waker saw the target's number: the block has a later one, whatever the clocks say. */
	finding->certainty = TL_PROVEN;
	finding->evidence = tl_judge_text(judge, "the waker found the task at its event %u, the block is its event %u",
					  (unsigned)early->target_seq, (unsigned)block->seq);
	return finding->evidence ? 0 : -1;
}

static int early_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	struct early_table *early = self;
	struct early *entry;
	int repeats;

	if (event->kind == TL_EVENT_UNBLOCK)
		return remember(early, event);
	entry = find_early(early, event->task);
	if (!entry || entry->told || entry->wait != event->u.block.wait)
		return 0;
	entry->told = true;
	/* The waker saw this very block: only the stamps came in the wrong order. */
	if (entry->target_seq != 0 && tl_seq_diff(event->seq, entry->target_seq) <= 0)
		return 0;
	repeats = tl_report_repeats(rule, judge, step->task, TL_REPORTS_MOST);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	return report_early(rule, judge, entry, step->task, event);
}

const struct tl_rule_ops tl_rule_unblock_before_block = {
	.size = sizeof(struct early_table),
	.hears = {{.kinds = TL_ON(UNBLOCK) | TL_ON(BLOCK),
		   .reasons = TL_REASONS_TARGETED | TL_REASONS_EDGE,
		   .odd = TL_ODD_EARLY}},
	.event = early_event,
	.finish = finish,
};

/* Causes by which the waiter itself says that no unblock is to be expected. */
static bool explains_itself(uint8_t cause)
{
	return cause != TL_CAUSE_UNKNOWN && cause != TL_CAUSE_HANDOFF && cause != TL_CAUSE_FIRST;
}

/* A finding that holds only if the unblock was not lost: known when the trace is at its end. */
struct doubt {
	size_t finding;
	const struct tl_task *waker; /* NULL: not named, it could be anybody's */
	uint32_t waker_seq;
};

/* Remembers early unblocks too: they explain a start, and have their own rule. */
struct starts {
	struct early_table early;
	TL_VEC(struct doubt) doubts;
};

static bool is_unexplained(const struct starts *starts, const struct tl_event *event, const struct tl_step *step)
{
	const struct tl_ev_start *start = &event->u.start;
	const struct tl_task *task = step->task;
	const struct early *entry;

	if (task->wait.number != start->wait || explains_itself(start->cause))
		return false;
	entry = find_early(&starts->early, event->task);
	if (entry && entry->wait == start->wait)
		return false;
	/* The waker is told, but is not recorded from its beginning: nothing is known. */
	return !start->waker || (step->other && !step->other->lost);
}

static struct tl_finding *report_start(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
				       const struct tl_step *step)
{
	const struct tl_ev_start *start = &event->u.start;
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof blocks = tl_proof_of_wait(task), starts = tl_proof_of(event);
	struct tl_finding *finding = tl_report(
		rule, judge, &task, 1, "%s went on from its wait for %s though nobody unblocked it",
		tl_task_label(task, label), tl_object_label(judge, task, task->wait.reason, task->wait.object, object));

	if (!finding)
		return NULL;
	tl_prove(judge, finding, &blocks, "begins wait %u", (unsigned)start->wait);
	tl_prove(judge, finding, &starts, "goes on, and no unblock names that wait");
	if (start->waker && tl_seq_diff(step->other->last_seq, start->waker_seq) >= 0)
		finding->certainty = TL_PROVEN;
	return finding;
}

static int unexplained_start(void *self, const struct tl_rule *rule, struct tl_judge *judge,
			     const struct tl_event *event, const struct tl_step *step)
{
	struct starts *starts = self;
	struct doubt doubt = {.finding = judge->findings->list.n, .waker_seq = event->u.start.waker_seq};
	struct tl_finding *finding;
	int repeats;

	if (event->kind == TL_EVENT_UNBLOCK)
		return remember(&starts->early, event);
	if (!is_unexplained(starts, event, step))
		return 0;
	repeats = tl_report_repeats(rule, judge, step->task, TL_REPORTS_MOST);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = report_start(rule, judge, event, step);
	if (!finding)
		return -1;
	doubt.waker = event->u.start.waker ? step->other : NULL;
	return finding->certainty == TL_PROVEN ? 0 : tl_vec_push(&starts->doubts, doubt);
}

static void soften(struct tl_finding *finding)
{
	finding->severity = TL_INFO;
	finding->softened = true;
}

/* A hole shows only at the next event of who made it: what was not proven is looked at again. */
static int soften_starts(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct starts *starts = self;

	(void)rule;
	for (size_t i = 0; i < starts->doubts.n; i++) {
		const struct doubt *doubt = &starts->doubts.items[i];
		const struct tl_task *waker = doubt->waker;

		if (waker ? waker->lost || tl_seq_diff(waker->last_seq, doubt->waker_seq) < 0 : judge->lost_any)
			soften(&judge->findings->list.items[doubt->finding]);
	}
	return 0;
}

static void finish_starts(void *self)
{
	struct starts *starts = self;

	tl_vec_finish(&starts->doubts);
	finish(&starts->early);
}

const struct tl_rule_ops tl_rule_start_without_unblock = {
	.size = sizeof(struct starts),
	.hears = {{.kinds = TL_ON(UNBLOCK), .reasons = TL_REASONS_TARGETED, .odd = TL_ODD_EARLY},
		  {.kinds = TL_ON(START), .reasons = TL_REASONS_TARGETED, .odd = TL_ODD_UNCAUSED}},
	.event = unexplained_start,
	.end = soften_starts,
	.finish = finish_starts,
};
