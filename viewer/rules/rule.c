/* What rules have in common: reporting, proofs, labels, gates; see rule.h. */
#include "viewer/rules/rule.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"

const char *tl_severity_text(enum tl_severity severity)
{
	static const char *const texts[] = {"info", "warning", "error"};

	return texts[severity];
}

const char *tl_certainty_text(enum tl_certainty certainty)
{
	return certainty == TL_PROVEN ? "proven" : "seen";
}

void tl_findings_init(struct tl_findings *findings)
{
	memset(findings, 0, sizeof *findings);
	tl_arena_init(&findings->arena);
}

void tl_findings_finish(struct tl_findings *findings)
{
	tl_vec_finish(&findings->list);
	tl_arena_finish(&findings->arena);
}

int tl_findings_worst(const struct tl_findings *findings)
{
	int worst = -1;

	for (size_t i = 0; i < findings->list.n; i++)
		if ((int)findings->list.items[i].severity > worst)
			worst = (int)findings->list.items[i].severity;
	return worst;
}

const struct tl_rule *tl_rule_find(const char *id)
{
	for (size_t i = 0; i < tl_n_rules; i++)
		if (strcmp(tl_rules[i].id, id) == 0)
			return &tl_rules[i];
	return NULL;
}

/* The gates: what is missing makes an error a guess. */
static enum tl_severity soften(const struct tl_rule *rule, const struct tl_judge *judge,
			       const struct tl_task *const *tasks, size_t n)
{
	for (size_t i = 0; i < n && rule->gates & TL_GATE_LOSS; i++)
		if (tasks[i]->lost || tasks[i]->is_doubtful)
			return TL_INFO;
	if (rule->gates & TL_GATE_TAIL && rule->gates & TL_GATE_LOSS && judge->lost_any)
		return TL_INFO;
	return rule->severity;
}

static const char *format_text(struct tl_judge *judge, const char *format, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof text, format, args);
	return tl_arena_string(&judge->findings->arena, text);
}

const char *tl_judge_text(struct tl_judge *judge, const char *format, ...)
{
	va_list args;
	const char *text;

	va_start(args, format);
	text = format_text(judge, format, args);
	va_end(args);
	return text;
}

struct tl_finding *tl_report(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *const *tasks,
			     size_t n_tasks, const char *message, ...)
{
	struct tl_findings *findings = judge->findings;
	struct tl_finding finding = {
		.rule = rule->id,
		.meaning = rule->meaning,
		.severity = soften(rule, judge, tasks, n_tasks),
		.evidence = "",
		.count = 1,
		.n_tasks = n_tasks,
	};
	va_list args;

	finding.softened = finding.severity < rule->severity;
	finding.tasks = tl_arena_alloc(&findings->arena, n_tasks * sizeof *finding.tasks);
	va_start(args, message);
	finding.message = format_text(judge, message, args);
	va_end(args);
	if (!finding.tasks || !finding.message || tl_vec_push(&findings->list, finding) != 0)
		return NULL;
	for (size_t i = 0; i < n_tasks; i++)
		finding.tasks[i] = tasks[i]->id;
	return &findings->list.items[findings->list.n - 1];
}

/* What one rule has reported of one task, or of one place in the code. */
struct tl_repeats {
	struct {
		uint64_t task;
		uint32_t rule; /* its place in the registry */
		uint32_t here; /* of tl_report_here: 1 + the variant; else 0 */
	} key;
	uint32_t n;
	size_t last; /* place of the finding in the list */
	UT_hash_handle hh;
};

static struct tl_repeats *get_repeats(const struct tl_rule *rule, struct tl_judge *judge, uint64_t task, uint32_t here)
{
	struct tl_repeats wanted = {.key = {.task = task, .rule = (uint32_t)(rule - tl_rules), .here = here}}, *found;

	HASH_FIND(hh, judge->repeats, &wanted.key, sizeof wanted.key, found);
	if (found)
		return found;
	found = calloc(1, sizeof *found);
	if (!found)
		return NULL;
	found->key = wanted.key;
	HASH_ADD(hh, judge->repeats, key, sizeof found->key, found);
	return found;
}

int tl_report_repeats(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task, uint32_t most)
{
	struct tl_repeats *found = get_repeats(rule, judge, task->id, 0);

	if (!found)
		return -1;
	if (found->n >= most) {
		judge->findings->list.items[found->last].count++;
		judge->findings->list.items[found->last].repeats++;
		return 1;
	}
	found->n++;
	found->last = judge->findings->list.n;
	return 0;
}

int tl_report_here(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task, uint32_t stack,
		   uint32_t variant)
{
	uint64_t place = stack ? (uint64_t)tl_task_process(task->id) << 32 | stack : task->id;
	/* A stack's number may be a task's, too. */
	struct tl_repeats *found = get_repeats(rule, judge, place, 1 + 2 * variant + (stack != 0));

	if (!found)
		return -1;
	if (found->n++ > 0) {
		judge->findings->list.items[found->last].count++;
		return 1;
	}
	found->last = judge->findings->list.n;
	return 0;
}

void tl_repeats_destroy(struct tl_repeats *repeats)
{
	struct tl_repeats *entry, *next;

	HASH_ITER(hh, repeats, entry, next) {
		HASH_DEL(repeats, entry);
		free(entry);
	}
}

struct tl_told {
	const struct tl_task *task;
	UT_hash_handle hh;
};

bool tl_is_told_stuck(const struct tl_judge *judge, const struct tl_task *task)
{
	const struct tl_told *found;

	HASH_FIND_PTR(judge->told, &task, found);
	return found;
}

int tl_tell_stuck(struct tl_judge *judge, const struct tl_task *task)
{
	struct tl_told *told;

	if (tl_is_told_stuck(judge, task))
		return 0;
	told = calloc(1, sizeof *told);
	if (!told)
		return -1;
	told->task = task;
	HASH_ADD_PTR(judge->told, task, told);
	return 0;
}

void tl_told_destroy(struct tl_told *told)
{
	struct tl_told *entry, *next;

	HASH_ITER(hh, told, entry, next) {
		HASH_DEL(told, entry);
		free(entry);
	}
}

/* What the proof is about, by name, as people choose findings by it: kept, for names change. */
static void name_proof(struct tl_judge *judge, struct tl_proof *proof)
{
	const char *name = proof->about;
	char safe[TL_OBJECT_LABEL];

	if (!name && proof->object)
		name = tl_state_object_name(judge->state, tl_task_process(proof->task), proof->object);
	tl_text_escape_to(safe, sizeof safe, name);
	proof->about = safe[0] ? tl_arena_string(&judge->findings->arena, safe) : "";
	if (!proof->about)
		proof->about = "";
}

void tl_prove(struct tl_judge *judge, struct tl_finding *finding, const struct tl_proof *proof, const char *note, ...)
{
	struct tl_proof *place;
	va_list args;

	if (finding->n_proofs == TL_FINDING_PROOFS)
		return;
	place = &finding->proofs[finding->n_proofs++];
	*place = *proof;
	va_start(args, note);
	place->note = format_text(judge, note, args);
	va_end(args);
	if (!place->note)
		place->note = "";
	name_proof(judge, place);
	if (finding->n_proofs == 1)
		finding->time_ns = proof->time_ns;
}

struct tl_proof tl_proof_of(const struct tl_event *event)
{
	struct tl_proof proof = {
		.kind = event->kind,
		.task = event->task,
		.seq = event->seq,
		.time_ns = event->time_ns,
		.note = "",
	};

	switch (event->kind) {
	case TL_EVENT_BLOCK: proof.stack = event->u.block.stack; break;
	case TL_EVENT_CREATE: proof.stack = event->u.create.stack; break;
	case TL_EVENT_OPEN: proof.stack = event->u.open.stack; break;
	case TL_EVENT_CLOSE: proof.stack = event->u.close.stack; break;
	case TL_EVENT_MISUSE: proof.stack = event->u.misuse.stack; break;
	case TL_EVENT_LOCK_EDGE: proof.stack = event->u.lock_edge.stack_b; break;
	default: break;
	}
	switch (event->kind) {
	case TL_EVENT_BLOCK: proof.object = event->u.block.object; break;
	case TL_EVENT_UNBLOCK: proof.object = event->u.unblock.object; break;
	case TL_EVENT_DESTROY: proof.object = event->u.destroy.object; break;
	case TL_EVENT_MISUSE: proof.object = event->u.misuse.object; break;
	default: break;
	}
	return proof;
}

struct tl_proof tl_proof_of_wait(const struct tl_task *task)
{
	return (struct tl_proof){
		.kind = TL_EVENT_BLOCK,
		.task = task->id,
		.seq = task->wait.seq,
		.time_ns = task->wait.begin_ns,
		.stack = task->wait.stack,
		.note = "",
		.object = task->wait.object,
	};
}

struct tl_proof tl_proof_of_create(const struct tl_task *task)
{
	return (struct tl_proof){
		.kind = TL_EVENT_CREATE,
		.task = task->creator,
		.time_ns = task->created_ns,
		.stack = task->create_stack,
		.note = "",
	};
}

char *tl_object_label(const struct tl_judge *judge, const struct tl_task *task, unsigned reason, uint64_t object,
		      char *buffer)
{
	char name[64], label[TL_TASK_LABEL], id[TL_OBJECT_ID_TEXT];
	const struct tl_task *joined = reason == TL_REASON_JOIN ? tl_state_find_task(judge->state, object) : NULL;

	if (joined) {
		snprintf(buffer, TL_OBJECT_LABEL, "the end of %s", tl_task_label(joined, label));
		return buffer;
	}
	tl_text_escape_to(name, sizeof name, tl_state_object_name(judge->state, tl_task_process(task->id), object));
	if (name[0] != '\0')
		snprintf(buffer, TL_OBJECT_LABEL, "%s %s", tl_reason_text(reason), name);
	else
		snprintf(buffer, TL_OBJECT_LABEL, "%s %s", tl_reason_text(reason), tl_object_id_text(object, id));
	return buffer;
}
