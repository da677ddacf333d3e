/*
 * never-unblocked, the leak profile: who waits at the end of the trace, grouped
 * by reason and stack, stuck or idle.
 */
#include <inttypes.h>
#include <string.h>

#include "viewer/rules/rules.h"
#include "viewer/rules/stuck.h"

/*
 * Locks and joins: who waits when the trace ends is not stuck for that alone. A
 * lock is, when its owner has ended, or after long; a join follows its thread.
 */
static bool is_worth_telling(const struct tl_judge *judge, const struct tl_stuck_profile *profile,
			     const struct tl_stuck_group *group)
{
	const struct tl_task *oldest = group->members.items[0];

	switch (oldest->wait.reason) {
	case TL_REASON_MUTEX:
	case TL_REASON_RWLOCK_READ:
	case TL_REASON_RWLOCK_WRITE:
	case TL_REASON_SPIN:
	case TL_REASON_ONCE:
		return tl_elapsed_ns(oldest->wait.begin_ns, judge->end_ns) >= TL_LONG_WAIT_NS ||
		       tl_stuck_whole_process(profile, group);
	case TL_REASON_JOIN:
	case TL_REASON_CHILD:
	case TL_REASON_SLEEP:
	case TL_REASON_IO:
	case TL_REASON_SIGNAL:
	case TL_REASON_KERNEL: return false;
	default: return true;
	}
}

static void prove_members(struct tl_judge *judge, struct tl_finding *finding, const struct tl_stuck_group *group)
{
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	const struct tl_task *oldest = group->members.items[0];

	for (size_t i = 0; i < group->members.n && i < 3; i++) {
		const struct tl_task *task = group->members.items[i];
		struct tl_proof proof = tl_proof_of_wait(task);

		/* Of three: the two oldest and the youngest. */
		if (i == 2) {
			task = group->members.items[group->members.n - 1];
			proof = tl_proof_of_wait(task);
		}
		tl_prove(judge, finding, &proof, "%s begins to wait for %s", tl_task_label(task, label),
			 tl_object_label(judge, task, task->wait.reason, task->wait.object, object));
	}
	if (oldest->create_seen) {
		struct tl_proof create = tl_proof_of_create(oldest);

		tl_prove(judge, finding, &create, "creates %s", tl_task_label(oldest, label));
	}
}

static int report_group(const struct tl_rule *rule, struct tl_judge *judge, struct tl_stuck_profile *profile,
			const struct tl_stuck_group *group)
{
	const struct tl_task *oldest = group->members.items[0];
	struct tl_stuck_verdict verdict;
	struct tl_finding *finding;

	if (tl_stuck_judge(judge, profile, group, &verdict) != 0)
		return -1;
	finding = tl_report(rule, judge, group->members.items, group->members.n,
			    "%zu task%s still wait%s (%s) at the end of the trace%s", group->members.n,
			    group->members.n == 1 ? "" : "s", group->members.n == 1 ? "s" : "",
			    tl_reason_text(oldest->wait.reason),
			    verdict.stuck ? ", and nothing will wake them" : ": idle");
	if (!finding)
		return -1;
	if (!verdict.stuck) {
		finding->severity = TL_INFO;
		finding->softened = false;
		finding->meaning = "nothing is known to be wrong: so looks a worker that waits for its next job";
	}
	finding->count = group->members.n;
	finding->evidence = verdict.evidence;
	finding->has_growth = true;
	memcpy(finding->growth, verdict.growth, sizeof verdict.growth);
	prove_members(judge, finding, group);
	return 0;
}

static int never_unblocked(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	struct tl_stuck_profile profile = {0};
	int result = tl_stuck_collect(&profile, judge);

	(void)self;
	for (const struct tl_stuck_group *group = profile.groups; group && result == 0; group = group->hh.next)
		if (is_worth_telling(judge, &profile, group))
			result = report_group(rule, judge, &profile, group);
	tl_stuck_finish(&profile);
	return result;
}

const struct tl_rule_ops tl_rule_never_unblocked = {.end = never_unblocked};
