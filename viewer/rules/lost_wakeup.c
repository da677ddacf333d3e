/*
 * lost-wakeup: a task waits for ever for a signal that was sent before, to nobody.
 * In step with never-unblocked, which leaves such tasks to this rule.
 */
#include "viewer/rules/rules.h"
#include "viewer/rules/stuck.h"

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
	object = tl_objects_of_wait(judge->objects, task);
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
		const struct tl_object *object = tl_lost_wakeup_of(judge, task);

		if (object && report_lost_wakeup(rule, judge, task, object) != 0)
			return -1;
	}
	return 0;
}

const struct tl_rule_ops tl_rule_lost_wakeup = {.end = lost_wakeups};
