/*
 * How tasks come to be: start-before-create, duplicate-create. Whether they run
 * at all is in unfinished.c.
 */
#include "viewer/rules/rules.h"

#include <stdbool.h>

static struct tl_proof first_start(const struct tl_task *task)
{
	return (struct tl_proof){
		.kind = TL_EVENT_START,
		.task = task->id,
		.seq = task->first_start.seq,
		.time_ns = task->first_start.time_ns,
		.note = "",
	};
}

static struct tl_finding *report_early_start(const struct tl_rule *rule, struct tl_judge *judge,
					     const struct tl_task *child, const struct tl_task *creator)
{
	const struct tl_task *tasks[] = {child, creator};
	char label[TL_TASK_LABEL], by[TL_TASK_LABEL];
	struct tl_proof start = first_start(child);
	struct tl_finding *finding = tl_report(rule, judge, tasks, 2, "%s started before %s created it",
					       tl_task_label(child, label), tl_task_label(creator, by));

	if (finding)
		tl_prove(judge, finding, &start, "starts, although nobody has created it yet");
	return finding;
}

/* A create of a task that has been running already. */
static int late_create(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	const struct tl_task *child = step->other;
	struct tl_finding *finding;
	struct tl_proof create;
	int repeats;

	(void)self;
	if (!child || step->odd & TL_ODD_REPEATED || !child->start_seen)
		return 0;
	/* Seen mid-trace: its create may belong to another life of the number. */
	if (child->first_start.cause != TL_CAUSE_FIRST)
		return 0;
	repeats = tl_report_repeats(rule, judge, step->task, TL_REPORTS_MOST);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = report_early_start(rule, judge, child, step->task);
	if (!finding)
		return -1;
	create = tl_proof_of(event);
	tl_prove(judge, finding, &create, "creates it only now");
	if (child->first_start.waker == (uint32_t)event->task && child->first_start.waker_seq == event->seq)
		finding->certainty = TL_PROVEN;
	return 0;
}

/* A start that names its create, of which the creator knows nothing. */
static int missing_create(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	(void)self;
	for (size_t i = 0; i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i), *creator;
		struct tl_finding *finding;

		if (!task->start_seen || task->create_seen || task->first_start.waker == 0 ||
		    task->first_start.cause != TL_CAUSE_FIRST)
			continue;
		creator = tl_state_find_task(judge->state, tl_task_sibling(task->id, task->first_start.waker));
		/* The creator's own numbers must have passed the create without a gap, from the first on. */
		if (!creator || creator->lost || creator->events < creator->last_seq ||
		    tl_seq_diff(creator->last_seq, task->first_start.waker_seq) < 0)
			continue;
		finding = report_early_start(rule, judge, task, creator);
		if (!finding)
			return -1;
		finding->certainty = TL_PROVEN;
		finding->evidence = "every event of the creator is in the trace, and none creates it";
	}
	return 0;
}

const struct tl_rule_ops tl_rule_start_before_create = {
	.hears = {{.kinds = TL_ON(CREATE)}}, .event = late_create, .end = missing_create};

static int repeated_create(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			   const struct tl_step *step)
{
	const struct tl_task *tasks[] = {step->other, step->task};
	char label[TL_TASK_LABEL], by[TL_TASK_LABEL];
	struct tl_proof earlier, again;
	struct tl_finding *finding;
	int repeats;

	(void)self;
	repeats = tl_report_repeats(rule, judge, step->task, TL_REPORTS_MOST);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, tasks, 2, "%s was created again by %s", tl_task_label(step->other, label),
			    tl_task_label(step->task, by));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	earlier = tl_proof_of_create(step->other);
	again = tl_proof_of(event);
	tl_prove(judge, finding, &earlier, "creates it");
	tl_prove(judge, finding, &again, "creates it again, under the same id");
	return 0;
}

const struct tl_rule_ops tl_rule_duplicate_create = {.hears = {{.kinds = TL_ON(CREATE), .odd = TL_ODD_REPEATED}},
						     .event = repeated_create};
