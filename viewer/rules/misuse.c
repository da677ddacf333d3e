/*
 * Calls that were wrong, as the wrapper itself saw them: one rule for each kind,
 * one finding for each place in the code. The relock is in self_deadlock.c, as the
 * wait that follows decides about it.
 */
#include <string.h>

#include "viewer/rules/rules.h"

struct wrong {
	const char *rule;
	uint8_t kind;     /* enum tl_misuse */
	uint8_t reason;   /* of waits for the object, to name it by; TL_REASON_UNKNOWN: it is a lock */
	bool is_task;     /* the object is a task's number or id, or 0 */
	const char *did;  /* "TASK did OBJECT" */
	const char *note; /* of the proof */
};

static const struct wrong wrongs[] = {
	{"unlock-not-owner", TL_MISUSE_UNLOCK_NOT_OWNER, TL_REASON_UNKNOWN, false, "unlocked, without holding it,",
	 "unlocks what it does not hold"},
	{"wait-without-mutex", TL_MISUSE_WAIT_WITHOUT_MUTEX, TL_REASON_COND, false,
	 "waited, without holding the mutex, on", "begins to wait, and does not hold the mutex"},
	{"destroy-while-waited", TL_MISUSE_DESTROY_WHILE_HELD, TL_REASON_UNKNOWN, false,
	 "destroyed, while it was held,", "destroys a lock that is held"},
	{"destroy-while-waited", TL_MISUSE_DESTROY_WHILE_WAITED, TL_REASON_UNKNOWN, false,
	 "destroyed, while others waited for it,", "destroys what others wait for"},
	{"join-self", TL_MISUSE_JOIN_SELF, TL_REASON_JOIN, true, "tried to join itself:", "joins itself"},
	{"join-detached", TL_MISUSE_JOIN_DETACHED, TL_REASON_JOIN, true, "tried to join, though it is detached,",
	 "joins a detached thread"},
	{"double-join", TL_MISUSE_JOIN_TWICE, TL_REASON_JOIN, true, "tried to join once more", "joins it once more"},
	{"double-detach", TL_MISUSE_DETACH_DETACHED, TL_REASON_JOIN, true, "tried to detach once more",
	 "detaches it once more"},
	{"abandoned-wait", TL_MISUSE_ABANDONED_WAIT, TL_REASON_UNKNOWN, false, "jumped out of its wait for",
	 "leaves a wait by a jump"},
};

static const struct wrong *find_wrong(const char *rule, uint8_t kind)
{
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++)
		if (wrongs[i].kind == kind && strcmp(wrongs[i].rule, rule) == 0)
			return &wrongs[i];
	return NULL;
}

/* "mutex 0x10", "lock 0x10", "worker-3": what the call was made on. */
static const char *label_of(const struct tl_judge *judge, const struct tl_task *task, const struct wrong *wrong,
			    uint64_t object, char label[TL_OBJECT_LABEL])
{
	if (wrong->is_task) {
		uint64_t id = object <= UINT32_MAX ? tl_task_sibling(task->id, (uint32_t)object) : object;
		const struct tl_task *meant = id ? tl_state_find_task(judge->state, id) : NULL;

		return meant ? tl_task_label(meant, label) : "a thread";
	}
	return tl_object_label(judge, task, wrong->reason, object, label) + (wrong->reason ? 0 : strlen("unknown "));
}

/* A handler may jump out of a call that waits for the world outside: nothing of the program's is left half done. */
static bool may_be_left(const struct tl_task *task, const struct tl_ev_misuse *misuse)
{
	if (misuse->kind != TL_MISUSE_ABANDONED_WAIT || task->wait.object != misuse->object)
		return false;
	switch (task->wait.reason) {
	case TL_REASON_SLEEP:
	case TL_REASON_IO:
	case TL_REASON_CHILD:
	case TL_REASON_SIGNAL: return true;
	default: return false;
	}
}

static int report_wrong(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step, const struct wrong *wrong)
{
	const struct tl_ev_misuse *misuse = &event->u.misuse;
	const struct tl_task *task = step->task;
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	struct tl_proof proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats = tl_report_here(rule, judge, task, misuse->stack, misuse->error != 0);

	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s %s %s%s", tl_task_label(task, label), wrong->did,
			    wrong->reason || wrong->is_task ? "" : "object ",
			    label_of(judge, task, wrong, misuse->object, object));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	finding->evidence = misuse->error ? tl_judge_text(judge, "the call was refused: %s", strerror(misuse->error))
					  : "the call did not say that anything was wrong";
	tl_prove(judge, finding, &proof, "%s", wrong->note);
	return finding->evidence ? 0 : -1;
}

static int misuse_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step)
{
	const struct wrong *wrong;

	(void)self;
	wrong = find_wrong(rule->id, event->u.misuse.kind);
	return wrong && !may_be_left(step->task, &event->u.misuse) ? report_wrong(rule, judge, event, step, wrong) : 0;
}

const struct tl_rule_ops tl_rule_misuse = {.hears = {{.kinds = TL_ON(MISUSE)}}, .event = misuse_event};

/* The create that failed stands in the state: where it was, and of which task. */
static int create_failed(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			 const struct tl_step *step)
{
	const struct tl_task *task = step->task, *child;
	char label[TL_TASK_LABEL];
	struct tl_proof create, proof = tl_proof_of(event);
	struct tl_finding *finding;
	int repeats;

	(void)self;
	if (event->u.misuse.kind != TL_MISUSE_CREATE_FAILED)
		return 0;
	child = event->u.misuse.object <= UINT32_MAX
			? tl_state_find_task(judge->state, tl_task_sibling(task->id, (uint32_t)event->u.misuse.object))
			: NULL;
	repeats = tl_report_here(rule, judge, task, child ? child->create_stack : 0, 0);
	if (repeats != 0)
		return repeats < 0 ? -1 : 0;
	finding = tl_report(rule, judge, &task, 1, "%s could not create a thread: %s", tl_task_label(task, label),
			    strerror(event->u.misuse.error));
	if (!finding)
		return -1;
	finding->certainty = TL_PROVEN;
	if (child && child->create_seen) {
		create = tl_proof_of_create(child);
		tl_prove(judge, finding, &create, "is about to create it");
	}
	tl_prove(judge, finding, &proof, "says that it failed");
	return 0;
}

const struct tl_rule_ops tl_rule_create_failed = {.hears = {{.kinds = TL_ON(MISUSE)}}, .event = create_failed};
