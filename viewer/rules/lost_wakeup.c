/*
 * lost-wakeup: a task waits for ever for a signal that was sent before, to nobody.
 * signal-not-consumed: the signal came when the task was about to wait, and had not
 * quite begun. In step with never-unblocked, which leaves such tasks to these rules.
 */
#include "viewer/rules/rules.h"
#include "viewer/rules/stuck.h"

#define COMES_NS 1000000u /* from its registration, which the signaller sees, to its block */

/*
 * The waiter came after a signal that found nobody, sent without the mutex, and
 * nothing was signalled since; and whoever signals this object has ended, so
 * nothing will be.
 */
const struct tl_object *tl_lost_wakeup_of(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_object *object;

	if (!tl_stuck_waits(task) || tl_reason_class(task->wait.reason) != TL_CLASS_EDGE)
		return NULL;
	object = tl_objects_of_wait(judge->places, task);
	if (!object || !object->has_missed || !object->missed.no_mutex || !tl_object_partner_is_gone(object))
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
	struct tl_finding *finding;
	int repeats = tl_report_here(rule, judge, task, task->wait.stack, 0);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(
		rule, judge, tasks, 2,
		"%s still waits at the end of the trace for a signal on %s that %s has sent before, to nobody",
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
		const struct tl_object *object = tl_lost_wakeup_of(judge, task);

		if (object && report_lost_wakeup(rule, judge, task, object) != 0)
			return -1;
	}
	return 0;
}

const struct tl_rule_ops tl_rule_lost_wakeup = {.end = lost_wakeups};

/* Is the mutex of the task's condition held by somebody who waits? Then it may be all that keeps the task. */
static bool may_wait_for_mutex(const struct tl_judge *judge, const struct tl_task *task)
{
	size_t n = tl_state_task_count(judge->state);

	for (size_t i = 0; i < n; i++) {
		const struct tl_task *other = tl_state_task_at(judge->state, (uint32_t)i);
		const struct tl_held *held = other != task && other->state == TL_TASK_BLOCKED
						     ? tl_locks_held(judge->locks, other)
						     : NULL;

		for (uint32_t h = 0; held && other->process == task->process && h < held->n; h++)
			if (tl_held_lock(held->locks[h]) == task->wait.object2)
				return true;
		if (other->process == task->process && tl_locks_left(judge->locks, other).n > 0)
			return true;
	}
	return false;
}

/*
 * The signal found somebody on the way to wait, was sent without the mutex, and
 * nobody went on since; and whoever signals this object has ended. The waiter takes
 * its mutex again unseen, so a second must have passed, and nobody be known to hold it.
 */
const struct tl_object *tl_not_consumed_of(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_object *object;

	if (!tl_stuck_waits(task) || task->wait.reason != TL_REASON_COND)
		return NULL;
	object = tl_objects_of_wait(judge->places, task);
	if (!object || object->heard_ns < task->created_ns || !object->heard.no_mutex ||
	    !tl_object_partner_is_gone(object))
		return NULL;
	/* The signaller counts who is about to say that it waits, and has not yet. */
	if (tl_elapsed_ns(object->heard_ns, task->wait.begin_ns) > COMES_NS || object->taken_ns >= object->heard_ns ||
	    (object->has_missed && object->missed.time_ns > object->heard_ns) ||
	    tl_elapsed_ns(object->heard_ns, judge->end_ns) < TL_LONG_WAIT_NS)
		return NULL;
	return may_wait_for_mutex(judge, task) ? NULL : object;
}

static int report_not_consumed(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task,
			       const struct tl_object *object)
{
	const struct tl_task *tasks[] = {task, object->heard.task};
	char label[TL_TASK_LABEL], by[TL_TASK_LABEL], what[TL_OBJECT_LABEL];
	struct tl_proof block = tl_proof_of_wait(task);
	struct tl_proof signal = {
		.kind = TL_EVENT_UNBLOCK,
		.task = object->heard.task->id,
		.seq = object->heard.seq,
		.time_ns = object->heard_ns,
	};
	struct tl_finding *finding;
	int repeats = tl_report_here(rule, judge, task, task->wait.stack, 0);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(
		rule, judge, tasks, 2,
		"%s still waits at the end of the trace on %s, which %s has signalled when it came, and nobody woke",
		tl_task_label(task, label), tl_object_label(judge, task, task->wait.reason, task->wait.object, what),
		tl_task_label(object->heard.task, by));

	if (!finding)
		return -1;
	tl_prove(judge, finding, &block, "is about to wait");
	tl_prove(judge, finding, &signal, "signals without holding the mutex, before that wait has really begun");
	finding->evidence = tl_judge_text(
		judge, "nobody went on after that signal; %s alone ever signalled it, and has ended", by);
	return finding->evidence ? 0 : -1;
}

static int not_consumed(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	(void)self;
	for (size_t i = 0; i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);
		const struct tl_object *object = tl_not_consumed_of(judge, task);

		if (object && report_not_consumed(rule, judge, task, object) != 0)
			return -1;
	}
	return 0;
}

const struct tl_rule_ops tl_rule_signal_not_consumed = {.end = not_consumed};
