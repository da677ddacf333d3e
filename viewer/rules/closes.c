/*
 * Resources whose end is wrong: double-close, close-unopened, use-after-close. What
 * happened to them is in resources.h; here it is told.
 */
#include <inttypes.h>

#include "viewer/base/text.h"
#include "viewer/rules/rules.h"

#define KIND_TEXT 64

/* "iterator", escaped; "resource" when the program does not say. */
static const char *kind_of(const struct tl_resource *resource, char kind[KIND_TEXT])
{
	const char *said = resource->group ? resource->group->kind : "";

	tl_text_escape_to(kind, KIND_TEXT, said[0] ? said : "resource");
	return kind;
}

/*
 * The close or wait at hand, after the earlier close: by the numbers of one task, or
 * only by the clock where two took part. NULL: nothing more is to be done, see `result`.
 */
static struct tl_finding *report(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
				 const struct tl_task *task, uint32_t stack, const char *did, int *result)
{
	const struct tl_resource *resource = tl_resources_step(judge->resources)->resource;
	const struct tl_task *tasks[] = {task, tl_state_find_task(judge->state, resource->close.task)};
	size_t n = tasks[1] && tasks[1] != task ? 2 : 1;
	char label[TL_TASK_LABEL], kind[KIND_TEXT];
	struct tl_proof opens, closes = resource->close, proof = tl_proof_of(event);
	struct tl_finding *finding;

	*result = tl_report_here(rule, judge, task, stack, 0);
	if (*result != 0) {
		*result = *result < 0 ? -1 : 0;
		return NULL;
	}
	finding = tl_report(rule, judge, tasks, n, "%s %s %s 0x%" PRIx64 "%s", tl_task_label(task, label), did,
			    kind_of(resource, kind), resource->key.resource,
			    event->kind == TL_EVENT_BLOCK ? ", which was closed" : "");
	if (!finding) {
		*result = -1;
		return NULL;
	}
	finding->certainty = n == 1 ? TL_PROVEN : TL_SEEN;
	if (resource->group) {
		opens = (struct tl_proof){
			.kind = TL_EVENT_OPEN,
			.task = resource->opener->id,
			.seq = resource->seq,
			.time_ns = resource->opened_ns,
			.stack = resource->group->key.stack,
			.about = resource->group->kind,
		};
		tl_prove(judge, finding, &opens, "opens it");
	}
	closes.about = proof.about = resource->group ? resource->group->kind : "";
	if (closes.task != event->task || closes.seq != event->seq)
		tl_prove(judge, finding, &closes, "closes it");
	tl_prove(judge, finding, &proof, "%s",
		 event->kind == TL_EVENT_BLOCK ? "begins to wait for it all the same" : "closes what is not open");
	return finding;
}

/* What was not seen may have been lost: known when the trace is at its end. */
static int soften(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	(void)self;
	for (size_t i = 0; judge->lost_any && i < judge->findings->list.n; i++) {
		struct tl_finding *finding = &judge->findings->list.items[i];

		if (finding->rule != rule->id)
			continue;
		finding->severity = TL_INFO;
		finding->softened = true;
		finding->certainty = TL_SEEN;
		finding->evidence = "events are missing: what would explain it may be among them";
	}
	return 0;
}

static int double_close(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step)
{
	int result = 0;

	(void)self;
	if (tl_resources_step(judge->resources)->act == TL_RESOURCE_CLOSED_AGAIN)
		report(rule, judge, event, step->task, event->u.close.stack, "closed, for the second time,", &result);
	return result;
}

const struct tl_rule_ops tl_rule_double_close = {
	.hears = {{.kinds = TL_ON(CLOSE)}}, .event = double_close, .end = soften};

static int close_unopened(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			  const struct tl_step *step)
{
	struct tl_finding *finding;
	int result = 0;

	(void)self;
	if (tl_resources_step(judge->resources)->act != TL_RESOURCE_CLOSED_UNOPENED)
		return 0;
	finding = report(rule, judge, event, step->task, event->u.close.stack, "closed, though nobody had opened it,",
			 &result);
	/* That no open came before it, on whatever thread, rests on the clock. */
	if (finding)
		finding->certainty = TL_SEEN;
	return result;
}

const struct tl_rule_ops tl_rule_close_unopened = {
	.hears = {{.kinds = TL_ON(CLOSE)}}, .event = close_unopened, .end = soften};

static int use_after_close(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			   const struct tl_step *step)
{
	int result = 0;

	(void)self;
	if (tl_resources_step(judge->resources)->act == TL_RESOURCE_WAITED_CLOSED)
		report(rule, judge, event, step->task, event->u.block.stack, "began to wait for", &result);
	return result;
}

const struct tl_rule_ops tl_rule_use_after_close = {
	.hears = {{.kinds = TL_ON(BLOCK), .reasons = TL_RESOURCES_REASONS, .has = TL_HAS_RESOURCES}},
	.event = use_after_close,
	.end = soften,
};
