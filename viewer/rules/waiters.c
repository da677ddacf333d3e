/*
 * What several tasks do wrong with one object that they wait for:
 * destroy-while-waited, cond-two-mutexes, double-unblock. And what they may
 * see happen, spurious-wakeup.
 */
#include <stdlib.h>

#include "viewer/base/vec.h"
#include "viewer/rules/rules.h"

/* ---- destroy-while-waited ---------------------------------------------------- */

/* Who has arrived at a barrier since it began. */
struct barrier {
	uint64_t arrived;
	uint32_t count;
};

/* A waiter that was reported: how its wait ends may show that it was leaving after all. */
struct suspect {
	const struct tl_task *task;
	uint32_t wait;
	size_t finding;
	int64_t destroyed_ns;
};

struct ends {
	TL_VEC(struct suspect) suspects;
	/* The latest destroy that was reported: its own misuse event adds nothing. */
	uint64_t task, object;
	uint32_t seq;
};

static void finish_ends(void *self)
{
	struct ends *ends = self;

	tl_vec_finish(&ends->suspects);
}

static struct barrier *find_barrier(const struct tl_judge *judge, uint64_t task, uint64_t object)
{
	return tl_places_part(judge->places, TL_PLACE_BARRIER, tl_object_key(task, object));
}

static int take_arrival(const struct tl_judge *judge, const struct tl_event *event)
{
	struct barrier *barrier = tl_places_get_part(
		judge->places, TL_PLACE_BARRIER, tl_object_key(event->task, event->u.arrive.object), sizeof *barrier);

	if (!barrier)
		return -1;
	barrier->arrived++;
	barrier->count = event->u.arrive.count;
	return 0;
}

/*
 * Is the waiter on its way already? Who was signalled, or was in the last round of a
 * barrier, leaves when it runs next, and destroying what it waited for is allowed. A
 * lock it would still take.
 */
static bool may_be_leaving(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_object *object;
	const struct barrier *barrier;

	if (tl_is_owned(task->wait.reason))
		return false;
	if (task->wait.reason == TL_REASON_BARRIER) {
		barrier = find_barrier(judge, task->id, task->wait.object);
		return !barrier || barrier->count == 0 || barrier->arrived % barrier->count == 0;
	}
	object = tl_objects_of_wait(judge->places, task);
	return object && (object->heard_ns >= task->wait.begin_ns ||
			  (object->has_missed && object->missed.time_ns >= task->wait.begin_ns));
}

static int report_waited(struct ends *ends, const struct tl_rule *rule, struct tl_judge *judge,
			 const struct tl_event *event, const struct tl_task *by, const struct tl_task *waiter)
{
	const struct tl_task *tasks[] = {waiter, by};
	char label[TL_TASK_LABEL], whose[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof wait = tl_proof_of_wait(waiter), destroy = tl_proof_of(event);
	struct tl_finding *finding;
	struct suspect suspect = {waiter, waiter->wait.number, judge->findings->list.n, event->time_ns};
	int repeats = tl_report_here(rule, judge, waiter, waiter->wait.stack, 2);

	ends->task = event->task;
	ends->object = event->u.destroy.object;
	ends->seq = event->seq;
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, tasks, 2, "%s destroyed %s while %s waited for it", tl_task_label(by, label),
			    tl_object_label(judge, waiter, waiter->wait.reason, waiter->wait.object, object),
			    tl_task_label(waiter, whose));
	if (!finding)
		return -1;
	finding->evidence = tl_is_owned(waiter->wait.reason) ? "the waiter has not got the lock yet"
							     : "nothing has released the waiter since it came";
	tl_prove(judge, finding, &wait, "waits for %s", object);
	tl_prove(judge, finding, &destroy, "destroys it, or begins another at its address");
	judge->has |= TL_HAS_SUSPECTS;
	return tl_vec_push(&ends->suspects, suspect);
}

static int take_destroy(struct ends *ends, const struct tl_rule *rule, struct tl_judge *judge,
			const struct tl_event *event, const struct tl_step *step)
{
	size_t n = tl_state_task_count(judge->state);
	struct barrier *barrier;
	int result = 0;

	/* Without waiters, as is usual, nobody needs to be looked for. */
	for (size_t i = 0; i < n && event->u.destroy.waiters > 0 && result == 0; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);

		if (task->state == TL_TASK_BLOCKED && task->process == step->task->process && !task->wait.is_shared &&
		    task->wait.object == event->u.destroy.object && task->wait.reason != TL_REASON_JOIN &&
		    !may_be_leaving(judge, task))
			result = report_waited(ends, rule, judge, event, step->task, task);
	}
	barrier = find_barrier(judge, event->task, event->u.destroy.object);
	if (barrier)
		barrier->arrived = barrier->count = 0;
	return result;
}

/*
 * A release that fell between the waiter's registration and its block is stamped
 * before the wait that it ends: the waiter names it.
 */
static void take_suspects_start(struct ends *ends, struct tl_judge *judge, const struct tl_event *event,
				const struct tl_step *step)
{
	for (size_t i = 0; i < ends->suspects.n; i++) {
		const struct suspect *suspect = &ends->suspects.items[i];
		struct tl_finding *finding = &judge->findings->list.items[suspect->finding];

		if (suspect->task != step->task || suspect->wait != event->u.start.wait)
			continue;
		if (step->cause_ns != INT64_MIN && step->cause_ns <= suspect->destroyed_ns &&
		    !tl_is_owned(step->task->wait.reason)) {
			finding->severity = TL_INFO;
			finding->evidence = "the waiter names a release from before the destroy: it was leaving";
		}
		ends->suspects.items[i] = ends->suspects.items[--ends->suspects.n];
		return;
	}
}

static int ends_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		      const struct tl_step *step)
{
	struct ends *ends = self;

	switch (event->kind) {
	case TL_EVENT_ARRIVE: return take_arrival(judge, event);
	case TL_EVENT_START: take_suspects_start(ends, judge, event, step); return 0;
	case TL_EVENT_DESTROY: return take_destroy(ends, rule, judge, event, step);
	case TL_EVENT_MISUSE:
		if (ends->task == event->task && ends->object == event->u.misuse.object && ends->seq + 1 == event->seq)
			return 0;
		return tl_rule_misuse.event(NULL, rule, judge, event, step);
	default: return 0;
	}
}

const struct tl_rule_ops tl_rule_destroy_while_waited = {
	.size = sizeof(struct ends),
	.hears = {{.kinds = TL_ON(ARRIVE) | TL_ON(DESTROY) | TL_ON(MISUSE)},
		  {.kinds = TL_ON(START), .has = TL_HAS_SUSPECTS}},
	.event = ends_event,
	.finish = finish_ends,
};

/* ---- cond-two-mutexes ---------------------------------------------------------- */

/* A task that waits, or waited, on a condition. */
struct bound {
	const struct tl_task *task;
	struct tl_wait wait;
};

/* Is it in that wait still, and has no signal come for it? Who was signalled is bound no more. */
static bool still_waits(const struct tl_judge *judge, const struct bound *bound)
{
	const struct tl_object *object;

	if (!bound->task || bound->task->state != TL_TASK_BLOCKED || bound->task->wait.number != bound->wait.number)
		return false;
	object = tl_objects_of_wait(judge->places, bound->task);
	return !object || object->heard_ns < bound->wait.begin_ns;
}

static int report_two_mutexes(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			      const struct tl_task *task, const struct bound *bound)
{
	const struct tl_task *tasks[] = {task, bound->task};
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL], mutex[TL_OBJECT_LABEL];
	struct tl_proof earlier = tl_proof_of_wait(bound->task), proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats = tl_report_here(rule, judge, task, event->u.block.stack, 0);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, tasks, 2, "two tasks wait on %s at the same time with different mutexes",
			    tl_object_label(judge, task, TL_REASON_COND, event->u.block.object, object));
	if (!finding)
		return -1;
	tl_prove(judge, finding, &earlier, "%s waits with %s", tl_task_label(bound->task, label),
		 tl_object_label(judge, task, TL_REASON_MUTEX, bound->wait.object2, mutex));
	tl_prove(judge, finding, &proof, "%s begins to wait with %s", tl_task_label(task, label),
		 tl_object_label(judge, task, TL_REASON_MUTEX, event->u.block.object2, mutex));
	return 0;
}

static int bound_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	const struct tl_ev_block *block = &event->u.block;
	struct bound *bound;

	(void)self;
	if (!block->object2 || block->how & TL_BLOCK_SHARED)
		return 0;
	bound = tl_places_get_part(judge->places, TL_PLACE_BOUND, tl_object_key(event->task, block->object),
				   sizeof *bound);
	if (!bound)
		return -1;
	/* The one that waits longest stays: whoever comes is compared with it. */
	if (bound->task != step->task && still_waits(judge, bound))
		return bound->wait.object2 == block->object2
			       ? 0
			       : report_two_mutexes(rule, judge, event, step->task, bound);
	bound->task = step->task;
	bound->wait = step->task->wait;
	return 0;
}

const struct tl_rule_ops tl_rule_cond_two_mutexes = {
	.hears = {{.kinds = TL_ON(BLOCK), .reasons = TL_REASON(COND)}},
	.event = bound_event,
};

/* ---- double-unblock -------------------------------------------------------------- */

static int double_unblock(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			  const struct tl_step *step)
{
	const struct tl_task *tasks[] = {step->other, step->task};
	const struct tl_woken *woken = &step->other->woken;
	char label[TL_TASK_LABEL];
	struct tl_proof again = tl_proof_of(event), unblock = again;
	struct tl_finding *finding;
	int repeats = tl_report_repeats(rule, judge, step->other, TL_REPORTS_MOST);

	(void)self;
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, tasks, 2, "wait %u of %s was ended twice", (unsigned)woken->wait,
			    tl_task_label(step->other, label));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	unblock.task = woken->task;
	unblock.seq = woken->seq;
	unblock.time_ns = woken->time_ns;
	unblock.object = woken->object;
	tl_prove(judge, finding, &unblock, "unblocks wait %u", (unsigned)woken->wait);
	tl_prove(judge, finding, &again, "unblocks the same wait again");
	return 0;
}

const struct tl_rule_ops tl_rule_double_unblock = {
	.hears = {{.kinds = TL_ON(UNBLOCK), .reasons = TL_REASONS_TARGETED, .odd = TL_ODD_TWICE}},
	.event = double_unblock,
};

/* ---- spurious-wakeup --------------------------------------------------------------- */

/* By the waiter's own word; one finding for each place. */
static int spurious_wakeup(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			   const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof wait, proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats;

	(void)self;
	if (task->wait.number != event->u.start.wait)
		return 0;
	repeats = tl_report_here(rule, judge, task, task->wait.stack, 0);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s went on from its wait for %s without a signal",
			    tl_task_label(task, label),
			    tl_object_label(judge, task, task->wait.reason, task->wait.object, object));
	if (!finding)
		return -1;
	wait = tl_proof_of_wait(task);
	tl_prove(judge, finding, &wait, "begins to wait");
	tl_prove(judge, finding, &proof, "goes on");
	return 0;
}

const struct tl_rule_ops tl_rule_spurious_wakeup = {.hears = {{.kinds = TL_ON(START), .causes = TL_CAUSE(SPURIOUS)}},
						    .event = spurious_wakeup};
