/* What one task may not do by itself: double-block and event-after-exit. */
#include "viewer/rules/rules.h"

static int double_block(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL];
	struct tl_finding *finding;
	struct tl_proof proof;
	int repeats;

	(void)self;
	if ((event->kind != TL_EVENT_BLOCK && event->kind != TL_EVENT_START) || step->unended == 0)
		return 0;
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

const struct tl_rule_ops tl_rule_double_block = {.event = double_block};

/* What the library says through whatever task is at hand proves nothing of that task. */
static bool speaks_for_others(uint8_t kind)
{
	return kind == TL_EVENT_PROCESS_BEGIN || kind == TL_EVENT_PROCESS_END || kind == TL_EVENT_STATUS ||
	       kind == TL_EVENT_DUMP_END || kind == TL_EVENT_STACK || kind == TL_EVENT_MODULE;
}

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
	if (!step->after_exit || speaks_for_others(event->kind))
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

const struct tl_rule_ops tl_rule_event_after_exit = {.event = event_after_exit};
