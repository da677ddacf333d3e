/*
 * What one task may not do by itself: double-block, event-while-blocked,
 * event-after-exit, event-by-wrong-carrier.
 */
#include "viewer/rules/rules.h"

#include <stdlib.h>
#include <string.h>

static int double_block(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL];
	struct tl_finding *finding;
	struct tl_proof proof;
	int repeats;

	(void)self;
	repeats = tl_report_repeats(rule, judge, task, TL_REPORTS_MOST);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	proof = tl_proof_of(event);
	if (event->kind == TL_EVENT_BLOCK) {
		finding = tl_report(rule, judge, &task, 1, "%s blocked in wait %u, in which it is already",
				    tl_task_label(task, label), (unsigned)event->u.block.wait);
		if (finding)
			tl_prove(judge, finding, &proof, "begins the same wait again");
	} else {
		struct tl_proof inner = tl_proof_of_wait(task);

		finding = tl_report(
			rule, judge, &task, 1, "%s ended wait %u while a wait inside of it, wait %u, had not ended",
			tl_task_label(task, label), (unsigned)event->u.start.wait, (unsigned)task->wait.number);
		if (finding) {
			tl_prove(judge, finding, &inner, "begins the inner wait");
			tl_prove(judge, finding, &proof, "ends the outer one first");
		}
	}
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	return 0;
}

const struct tl_rule_ops tl_rule_double_block = {.hears = {{.odd = TL_ODD_UNENDED}}, .event = double_block};

/* What the library says through whatever task is at hand proves nothing of that task. */
static bool speaks_for_others(uint8_t kind)
{
	return kind == TL_EVENT_PROCESS_BEGIN || kind == TL_EVENT_PROCESS_END || kind == TL_EVENT_STATUS ||
	       kind == TL_EVENT_DUMP_END || kind == TL_EVENT_STACK || kind == TL_EVENT_MODULE;
}

/* ---- event-while-blocked ---------------------------------------------------------- */

/* Told by the program itself: a task of its own stops then, and its thread goes on as another task. */
static bool is_announced(uint8_t reason)
{
	return tl_reason_class(reason) == TL_CLASS_TARGETED || reason == TL_REASON_PERMIT ||
	       reason == TL_REASON_USER_LEVEL;
}

/* The innermost wait that the task was in before the event; NULL: none that is known. */
static const struct tl_wait *wait_before(const struct tl_event *event, const struct tl_task *task)
{
	uint32_t depth = task->depth;

	/* The event's own wait, unless there was no room for it. */
	if (event->kind == TL_EVENT_BLOCK && depth > 0 && tl_task_open(task, depth - 1)->number == event->u.block.wait)
		depth--;
	return depth > 0 ? tl_task_open(task, depth - 1) : NULL;
}

/*
 * A signal handler may do anything in the middle of a thread's wait, even end the
 * process and run all that comes then. So of threads only what no handler does is
 * judged: to end, and to begin waits without end.
 */
static bool may_not_be(const struct tl_event *event, const struct tl_step *step, const struct tl_wait *wait)
{
	const struct tl_task *task = step->task;

	if (event->kind == TL_EVENT_EXIT)
		return true;
	if (event->kind == TL_EVENT_BLOCK && wait == &task->open[TL_OPEN_WAITS - 1])
		return true;
	return task->kind != TL_TASK_KIND_THREAD && is_announced(wait->reason);
}

static int event_while_blocked(void *self, const struct tl_rule *rule, struct tl_judge *judge,
			       const struct tl_event *event, const struct tl_step *step)
{
	const struct tl_wait *wait = wait_before(event, step->task);
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof block, proof;
	struct tl_finding *finding;
	int repeats;

	(void)self;
	/* The same wait once more is double-block. */
	if (!wait || step->odd & (TL_ODD_UNENDED | TL_ODD_AFTER_EXIT) || speaks_for_others(event->kind) ||
	    !may_not_be(event, step, wait))
		return 0;
	/* A kernel's tracer may leave out the switch that ended the wait. */
	if (tl_process_is_kernels(task->process))
		return 0;
	repeats = tl_report_here(rule, judge, task, wait->stack, event->kind);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s has %s %s event in the middle of its wait for %s",
			    tl_task_label(task, label), strchr("aeou", tl_kinds[event->kind].name[0]) ? "an" : "a",
			    tl_kinds[event->kind].name,
			    tl_object_label(judge, task, wait->reason, wait->object, object));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	block = (struct tl_proof){
		.kind = TL_EVENT_BLOCK,
		.task = task->id,
		.seq = wait->seq,
		.time_ns = wait->begin_ns,
		.stack = wait->stack,
		.object = wait->object,
	};
	proof = tl_proof_of(event);
	tl_prove(judge, finding, &block, "begins wait %u, which no start has ended", (unsigned)wait->number);
	tl_prove(judge, finding, &proof, "goes on all the same");
	return 0;
}

const struct tl_rule_ops tl_rule_event_while_blocked = {.hears = {{.odd = TL_ODD_INSIDE}},
							.event = event_while_blocked};

/* ---- event-after-exit -------------------------------------------------------------- */

/* One finding a task, counting all its events after the exit. */
static int event_after_exit(void *self, const struct tl_rule *rule, struct tl_judge *judge,
			    const struct tl_event *event, const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	struct tl_proof exit = {.kind = TL_EVENT_EXIT, .task = task->id, .time_ns = task->exit_ns, .note = ""};
	struct tl_proof after = tl_proof_of(event);
	char label[TL_TASK_LABEL];
	struct tl_finding *finding;
	int repeats;

	(void)self;
	if (speaks_for_others(event->kind))
		return 0;
	repeats = tl_report_repeats(rule, judge, task, 1);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s has a %s event after its exit", tl_task_label(task, label),
			    tl_kinds[event->kind].name);
	if (!finding)
		return -1;
	exit.seq = task->exit_seq;
	finding->certainty = TL_PROVEN;
	tl_prove(judge, finding, &exit, "ends");
	tl_prove(judge, finding, &after, "goes on");
	return 0;
}

const struct tl_rule_ops tl_rule_event_after_exit = {.hears = {{.odd = TL_ODD_AFTER_EXIT}}, .event = event_after_exit};

/* ---- event-by-wrong-carrier --------------------------------------------------------- */

/* Only a start says on which thread; the task's own numbers say what came between two of them. */
static int wrong_carrier(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			 const struct tl_step *step)
{
	const struct tl_carried *before = &step->carried;
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL];
	struct tl_proof proof = tl_proof_of(event), start = proof;
	struct tl_finding *finding;
	/* Tasks that are created in one place are run by the same scheduler. */
	int repeats = tl_report_here(rule, judge, task, task->create_stack, 0);

	(void)self;
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s was started on thread %u while it ran on thread %u",
			    tl_task_label(task, label), (unsigned)event->u.start.carrier, (unsigned)before->carrier);
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	finding->evidence = "between the two it has said no block, no schedule and no exit";
	start.seq = before->seq;
	start.time_ns = before->time_ns;
	tl_prove(judge, finding, &start, "starts on thread %u", (unsigned)before->carrier);
	tl_prove(judge, finding, &proof, "starts on thread %u, though it has not left the other",
		 (unsigned)event->u.start.carrier);
	return 0;
}

const struct tl_rule_ops tl_rule_event_by_wrong_carrier = {
	.hears = {{.kinds = TL_ON(START), .odd = TL_ODD_CARRIED}},
	.event = wrong_carrier,
};
