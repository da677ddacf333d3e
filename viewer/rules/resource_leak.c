/* resource-leak: opened, never closed; grouped by kind and the opening stack. */
#include "viewer/rules/rules.h"

#include <inttypes.h>

#include "viewer/base/text.h"

static int report(const struct tl_resource_group *group, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct tl_process *process = tl_state_find_process(judge->state, group->key.nonce);
	const struct tl_task *opener = group->shown[0]->opener;
	struct tl_finding *finding;
	uint64_t n = group->leaked;
	char kind[64];

	tl_text_escape_to(kind, sizeof kind, group->kind[0] ? group->kind : "resource");
	finding = tl_report(rule, judge, &opener, 1, "%" PRIu64 " of %" PRIu64 " %s%s opened here %s %s", n,
			    group->opened, kind, group->opened == 1 ? "" : "s", n == 1 ? "was" : "were",
			    process->ended ? "never closed" : "still open at the end of the trace");
	if (!finding)
		return -1;
	finding->count = n;
	finding->certainty = TL_PROVEN;
	for (uint64_t i = 0; i < n && i < TL_RESOURCES_SHOWN; i++) {
		const struct tl_resource *r = group->shown[i];
		struct tl_proof proof = {
			.kind = TL_EVENT_OPEN,
			.task = r->opener->id,
			.seq = r->seq,
			.time_ns = r->opened_ns,
			.stack = group->key.stack,
			.about = group->kind,
		};

		tl_prove(judge, finding, &proof, "opens %s 0x%" PRIx64, kind, r->key.resource);
	}
	/* A process that goes on may close it yet. */
	if (!process->ended) {
		finding->severity = TL_INFO;
		finding->softened = false;
		finding->evidence = process->replaced ? "the process became another program"
						      : "the process was still running at the end of the trace";
	} else {
		finding->evidence = "the process has ended in order";
	}
	return 0;
}

static int end(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	(void)self;
	for (const struct tl_resource *r = tl_resources_open(judge->resources); r; r = r->hh.next) {
		struct tl_resource_group *group = r->group;

		if (group->leaked < TL_RESOURCES_SHOWN)
			group->shown[group->leaked] = r;
		group->leaked++;
	}
	for (const struct tl_resource_group *group = tl_resources_groups(judge->resources); group;
	     group = group->hh.next)
		if (group->leaked > 0 && report(group, rule, judge) != 0)
			return -1;
	return 0;
}

const struct tl_rule_ops tl_rule_resource_leak = {.end = end};
