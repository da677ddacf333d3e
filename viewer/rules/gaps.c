/* trace-gap: whatever is missing, and what that weakens. */
#include "viewer/rules/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What the tracer itself says it lost. */
struct gaps {
	uint64_t events, packets, tails;
	bool uncounted_events, uncounted_packets;
	int64_t first_ns;
	bool any;
};

static void count(const struct tl_loss *loss, uint64_t *sum, bool *uncounted)
{
	if (!loss->count_known)
		*uncounted = true;
	else
		*sum = loss->count > UINT64_MAX - *sum ? UINT64_MAX : *sum + loss->count;
}

static int loss(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_loss *loss)
{
	struct gaps *gaps = self;

	(void)rule, (void)judge;
	if (!gaps->any)
		gaps->first_ns = loss->begin_ns;
	gaps->any = true;
	if (loss->kind == TL_LOSS_EVENTS)
		count(loss, &gaps->events, &gaps->uncounted_events);
	else if (loss->kind == TL_LOSS_PACKETS)
		count(loss, &gaps->packets, &gaps->uncounted_packets);
	else
		gaps->tails++;
	return 0;
}

static uint64_t count_gaps(const struct tl_judge *judge, const struct tl_task ***tasks, size_t *n_tasks)
{
	size_t n = tl_state_task_count(judge->state);
	uint64_t missing = 0;

	*n_tasks = 0;
	*tasks = calloc(n ? n : 1, sizeof **tasks);
	for (size_t i = 0; *tasks && i < n; i++) {
		const struct tl_task *task = tl_state_task_at(judge->state, (uint32_t)i);

		if (!task->lost)
			continue;
		missing += task->lost;
		(*tasks)[(*n_tasks)++] = task;
	}
	return missing;
}

/* Only what there is: "12 by the tasks' own numbers (of 2 tasks), 40 discarded by the tracer". */
static void describe(const struct gaps *gaps, uint64_t missing, size_t n_tasks, char *text, size_t size)
{
	size_t at = 0;

	text[0] = '\0';
	if (missing)
		at += (size_t)snprintf(text, size, "%" PRIu64 " by the tasks' own numbers (of %zu task%s)", missing,
				       n_tasks, n_tasks == 1 ? "" : "s");
	if (gaps->events || gaps->uncounted_events)
		at += (size_t)snprintf(text + at, size - at, "%s%" PRIu64 "%s discarded by the tracer", at ? ", " : "",
				       gaps->events, gaps->uncounted_events ? " or more" : "");
	if (gaps->packets || gaps->uncounted_packets)
		at += (size_t)snprintf(text + at, size - at, "%s%" PRIu64 "%s packets overwritten", at ? ", " : "",
				       gaps->packets, gaps->uncounted_packets ? " or more" : "");
	if (gaps->tails)
		snprintf(text + at, size - at, "%s%" PRIu64 " streams cut at their last whole packet", at ? ", " : "",
			 gaps->tails);
}

/* The rules whose findings it made info, each once: " (here double-close)"; "" for none. */
static void list_weakened(const struct tl_judge *judge, char *text, size_t size)
{
	const struct tl_findings *findings = judge->findings;
	size_t at = 0;

	text[0] = '\0';
	for (size_t r = 0; r < tl_n_rules && at < size; r++) {
		size_t i = 0;

		while (i < findings->list.n &&
		       !(findings->list.items[i].softened && findings->list.items[i].rule == tl_rules[r].id))
			i++;
		if (i < findings->list.n)
			at += (size_t)snprintf(text + at, size - at, "%s%s", at ? ", " : ": here ", tl_rules[r].id);
	}
}

static int end(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct gaps *gaps = self;
	const struct tl_task **tasks;
	size_t n_tasks;
	uint64_t missing = count_gaps(judge, &tasks, &n_tasks);
	struct tl_finding *finding;
	char what[256], weakened[1024];

	if (!tasks)
		return -1;
	if (missing == 0 && !gaps->any) {
		free(tasks);
		return 0;
	}
	describe(gaps, missing, n_tasks, what, sizeof what);
	finding = tl_report(rule, judge, tasks, n_tasks, "events are missing: %s", what);
	free(tasks);
	if (!finding)
		return -1;
	finding->count = missing > gaps->events ? missing : gaps->events;
	if (finding->count == 0)
		finding->count = 1;
	finding->certainty = TL_PROVEN;
	/* Where the source does not know since when: from the trace's start. */
	finding->time_ns = gaps->any && gaps->first_ns != INT64_MIN ? gaps->first_ns : judge->start_ns;
	list_weakened(judge, weakened, sizeof weakened);
	finding->evidence = tl_judge_text(judge,
					  "errors that rest on the tasks concerned, and conclusions from what is "
					  "absent, count as info%s",
					  weakened);
	return finding->evidence ? 0 : -1;
}

const struct tl_rule_ops tl_rule_trace_gap = {.size = sizeof(struct gaps), .loss = loss, .end = end};
