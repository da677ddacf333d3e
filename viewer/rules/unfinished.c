/*
 * Tasks whose life has a loose end: created-never-started, never-exited,
 * never-joined. One finding for each place that creates such tasks.
 */
#include <stdlib.h>

#include "viewer/rules/births.h"
#include "viewer/rules/rules.h"
#include "viewer/rules/stuck.h"

static const char *plural(const struct tl_birth *group)
{
	return group->members.n == 1 ? "" : "s";
}

static const char *were(const struct tl_birth *group)
{
	return group->members.n == 1 ? "was" : "were";
}

/* Groups the tasks that `is_one` finds, and reports them. */
static int report_all(void *self, const struct tl_rule *rule, struct tl_judge *judge,
		      bool (*is_one)(const void *self, const struct tl_judge *judge, const struct tl_task *task),
		      struct tl_finding *(*report)(const struct tl_rule *, struct tl_judge *, const struct tl_birth *))
{
	size_t n = tl_state_task_count(judge->state);
	struct tl_births births = {0};
	int result = 0;

	for (size_t i = 0; i < n && result == 0; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);

		if (task->create_seen && !task->create_failed && is_one(self, judge, task))
			result = tl_births_add(&births, task);
	}
	if (result == 0)
		result = tl_births_report(&births, rule, judge, report);
	tl_births_finish(&births);
	return result;
}

/* ---- created-never-started ---------------------------------------------------- */

static bool has_not_started(const void *self, const struct tl_judge *judge, const struct tl_task *task)
{
	(void)self, (void)judge;
	return !task->seen && task->process->ended;
}

static struct tl_finding *report_not_started(const struct tl_rule *rule, struct tl_judge *judge,
					     const struct tl_birth *group)
{
	char label[TL_TASK_LABEL];

	if (group->members.n == 1)
		return tl_report(rule, judge, group->members.items, 1,
				 "%s was created and had not run when the process ended",
				 tl_task_label(group->members.items[0], label));
	return tl_report(rule, judge, group->members.items, group->members.n,
			 "%zu tasks were created here and had not run when the process ended", group->members.n);
}

static int never_started(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	return report_all(self, rule, judge, has_not_started, report_not_started);
}

const struct tl_rule_ops tl_rule_created_never_started = {.end = never_started};

/* ---- what became of each task --------------------------------------------------- */

enum {
	JOINED = 1,
	DETACHED = 2,
	ENDED_PROCESS = 4, /* it said the end of its process */
};

/* By index of the task. */
struct fates {
	TL_VEC(uint8_t) flags;
};

static int note(struct fates *fates, const struct tl_task *task, uint8_t flag)
{
	while (fates->flags.n <= task->index)
		if (tl_vec_push(&fates->flags, 0) != 0)
			return -1;
	fates->flags.items[task->index] |= flag;
	return 0;
}

static bool has_fate(const struct fates *fates, const struct tl_task *task, uint8_t flags)
{
	return task->index < fates->flags.n && fates->flags.items[task->index] & flags;
}

static int take_fate(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		     const struct tl_step *step)
{
	const struct tl_task *child;
	uint32_t number;

	(void)rule;
	switch (event->kind) {
	case TL_EVENT_PROCESS_END: return note(self, step->task, ENDED_PROCESS);
	case TL_EVENT_JOIN: number = event->u.join.child; break;
	case TL_EVENT_DETACH: number = event->u.detach.child; break;
	default: return 0;
	}
	child = number ? tl_state_find_task(judge->state, tl_task_sibling(event->task, number)) : NULL;
	return child ? note(self, child, event->kind == TL_EVENT_JOIN ? JOINED : DETACHED) : 0;
}

static void finish_fates(void *self)
{
	struct fates *fates = self;

	tl_vec_finish(&fates->flags);
}

/*
 * Linux: the first thread has the process's id, which the fibers that it carries do not
 * become. Who ends the process need not end itself before.
 */
static bool is_main(const struct tl_task *task)
{
	return task->kind == TL_TASK_KIND_THREAD && task->carrier == task->process->pid;
}

/* ---- never-exited ---------------------------------------------------------------- */

/*
 * Who waits when the process ends is never-unblocked's, or idle. A detached thread
 * is meant to go on as long as the process does.
 */
static bool is_running_still(const void *self, const struct tl_judge *judge, const struct tl_task *task)
{
	(void)judge;
	return task->process->ended && !task->process->replaced && task->start_seen && !task->lost &&
	       (task->state == TL_TASK_RUNNING || task->state == TL_TASK_RUNNABLE) && !is_main(task) &&
	       !has_fate(self, task, DETACHED | ENDED_PROCESS);
}

static struct tl_finding *report_running(const struct tl_rule *rule, struct tl_judge *judge,
					 const struct tl_birth *group)
{
	struct tl_finding *finding = tl_report(rule, judge, group->members.items, group->members.n,
					       "%zu task%s created here %s still running when the process ended",
					       group->members.n, plural(group), were(group));

	if (finding)
		finding->evidence = "neither joined nor detached, and not in any wait that is seen";
	return finding;
}

static int never_exited(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	return report_all(self, rule, judge, is_running_still, report_running);
}

const struct tl_rule_ops tl_rule_never_exited = {
	.size = sizeof(struct fates),
	.hears = {{.kinds = TL_ON(PROCESS_END) | TL_ON(JOIN) | TL_ON(DETACH)}},
	.event = take_fate,
	.end = never_exited,
	.finish = finish_fates,
};

/* ---- never-joined ------------------------------------------------------------------ */

/* Only threads are joined, and only where joins are seen. */
static bool is_unjoined(const void *self, const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_process *process = task->process;

	if (task->kind != TL_TASK_KIND_THREAD || !task->exit_seen || is_main(task) || process->replaced ||
	    process->execs || !(process->capabilities & TL_CAN_THREADS) || has_fate(self, task, JOINED | DETACHED))
		return false;
	/* Where the program goes on, it is given a moment. */
	return process->ended || tl_elapsed_ns(task->exit_ns, judge->end_ns) >= TL_LONG_WAIT_NS;
}

static struct tl_finding *report_unjoined(const struct tl_rule *rule, struct tl_judge *judge,
					  const struct tl_birth *group)
{
	const struct tl_process *process = group->members.items[0]->process;
	struct tl_finding *finding = tl_report(
		rule, judge, group->members.items, group->members.n,
		"%zu thread%s created here had ended and %s still not joined or detached at the end of %s",
		group->members.n, plural(group), were(group), process->ended ? "the process" : "the trace");

	if (!finding)
		return NULL;
	if (judge->lost_any)
		finding->evidence = "events are missing: the join may be among them";
	finding->has_growth = true;
	for (int quarter = 0; quarter < TL_GROWTH; quarter++)
		for (size_t i = 0; i < group->members.n; i++)
			finding->growth[quarter] += tl_is_by_quarter(judge, group->members.items[i]->exit_ns, quarter);
	return finding;
}

/* Who is being joined when the trace ends is not forgotten. */
static int note_joiners(struct fates *fates, const struct tl_judge *judge)
{
	size_t n = tl_state_task_count(judge->state);

	for (size_t i = 0; i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);
		const struct tl_task *joined = task->state == TL_TASK_BLOCKED && task->wait.reason == TL_REASON_JOIN
						       ? tl_state_find_task(judge->state, task->wait.object)
						       : NULL;

		if (joined && note(fates, joined, JOINED) != 0)
			return -1;
	}
	return 0;
}

static int never_joined(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	if (note_joiners(self, judge) != 0)
		return -1;
	return report_all(self, rule, judge, is_unjoined, report_unjoined);
}

const struct tl_rule_ops tl_rule_never_joined = {
	.size = sizeof(struct fates),
	.hears = {{.kinds = TL_ON(PROCESS_END) | TL_ON(JOIN) | TL_ON(DETACH)}},
	.event = take_fate,
	.end = never_joined,
	.finish = finish_fates,
};
