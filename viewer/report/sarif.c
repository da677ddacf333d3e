/*
 * Findings as a SARIF 2.1.0 log (docs.oasis-open.org/sarif/sarif/v2.1.0, the
 * numbers are its sections): one run, one result for each finding, and in it one
 * thread flow for each task with the events that prove it.
 */
#include "viewer/report/sarif.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/report/ignore.h"
#include "viewer/rules/help.h"
#include "viewer/rules/rule.h"

#define text tl_json_text
#define add tl_json_add

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"
#define FINGERPRINT "stackFunctions/v1" /* a new way of making it is a new number */

static const char *level(enum tl_severity severity)
{
	static const char *const levels[] = {[TL_INFO] = "note", [TL_WARNING] = "warning", [TL_ERROR] = "error"};

	return levels[severity];
}

static struct json_object *array_of(struct json_object *only)
{
	struct json_object *array = json_object_new_array();

	json_object_array_add(array, only);
	return array;
}

static struct json_object *help_message(const struct tl_rule *rule)
{
	const struct tl_rule_help *help = tl_rule_help_find(rule->id);
	struct json_object *message;
	char *page = NULL;

	if (help && asprintf(&page, "%s\n\nExample:\n\n%s\n\nHow to fix it: %s\n\nWhen it is a false alarm: %s",
			     help->means, help->example, help->fix, help->false_alarm) < 0)
		page = NULL;
	message = tl_sarif_message(page ? page : rule->meaning);
	free(page);
	return message;
}

static struct json_object *rule_object(const struct tl_rule *rule)
{
	struct json_object *object = json_object_new_object(), *configuration = json_object_new_object();

	add(object, "id", text(rule->id));
	add(object, "shortDescription", tl_sarif_message(rule->meaning));
	add(object, "help", help_message(rule));
	add(configuration, "level", text(level(rule->severity)));
	add(object, "defaultConfiguration", configuration);
	return object;
}

static struct json_object *tool_object(void)
{
	struct json_object *tool = json_object_new_object(), *driver = json_object_new_object();
	struct json_object *rules = json_object_new_array();

	for (size_t i = 0; i < tl_n_rules; i++)
		json_object_array_add(rules, rule_object(&tl_rules[i]));
	add(driver, "name", text("Threadline"));
	add(driver, "version", text(THREADLINE_VERSION));
	add(driver, "rules", rules);
	add(tool, "driver", driver);
	return tool;
}

/* The proofs in the order of time, as indices. */
static void order_proofs(const struct tl_finding *finding, size_t order[TL_FINDING_PROOFS])
{
	for (size_t i = 0; i < finding->n_proofs; i++) {
		size_t at = i;

		for (; at > 0 && finding->proofs[order[at - 1]].time_ns > finding->proofs[i].time_ns; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

static struct json_object *step_object(const struct tl_report *report, const struct tl_proof *proof, size_t rank)
{
	struct json_object *object = json_object_new_object(), *stack = tl_sarif_stack(report, proof);
	struct json_object *properties = json_object_new_object();

	add(object, "location", tl_sarif_location(report, tl_report_place_of_proof(report, proof), proof->note));
	if (stack)
		add(object, "stack", stack);
	/* 3.38.11: from 1, over all thread flows; the times themselves are no times of day in every trace. */
	add(object, "executionOrder", json_object_new_uint64(rank + 1));
	add(object, "kinds", array_of(text(tl_kinds[proof->kind].name)));
	add(properties, "time_ns", json_object_new_int64(tl_report_since_start(report, proof->time_ns)));
	add(object, "properties", properties);
	return object;
}

static struct json_object *thread_flow(const struct tl_report *report, const struct tl_finding *finding,
				       const size_t order[TL_FINDING_PROOFS], uint64_t id)
{
	const struct tl_task *task = tl_state_find_task(report->check->state, id);
	struct json_object *object = json_object_new_object(), *steps = json_object_new_array();
	char label[TL_TASK_LABEL];

	for (size_t i = 0; i < finding->n_proofs; i++)
		if (finding->proofs[order[i]].task == id)
			json_object_array_add(steps, step_object(report, &finding->proofs[order[i]], i));
	add(object, "message", tl_sarif_message(task ? tl_task_label(task, label) : "?"));
	add(object, "locations", steps);
	return object;
}

static struct json_object *code_flow(const struct tl_report *report, const struct tl_finding *finding)
{
	struct json_object *object = json_object_new_object(), *flows = json_object_new_array();
	size_t order[TL_FINDING_PROOFS];

	order_proofs(finding, order);
	for (size_t i = 0, before; i < finding->n_proofs; i++) {
		uint64_t id = finding->proofs[order[i]].task;

		for (before = 0; before < i && finding->proofs[order[before]].task != id; before++)
			;
		if (before == i)
			json_object_array_add(flows, thread_flow(report, finding, order, id));
	}
	add(object, "threadFlows", flows);
	return object;
}

static struct json_object *result_message(const struct tl_finding *finding)
{
	struct json_object *message;
	char *all;

	if (asprintf(&all, "%s.%s%s\nIt means: %s.", finding->message, finding->evidence[0] ? "\nEvidence: " : "",
		     finding->evidence, finding->meaning) < 0)
		return tl_sarif_message(finding->message);
	message = tl_sarif_message(all);
	free(all);
	return message;
}

static struct json_object *suppression_object(const struct tl_ignore_entry *entry)
{
	struct json_object *object = json_object_new_object();

	add(object, "kind", text("external"));
	add(object, "status", text("accepted"));
	add(object, "justification", text(entry->reason));
	return object;
}

static struct json_object *properties_object(const struct tl_report *report, const struct tl_finding *finding)
{
	struct json_object *object = json_object_new_object();

	add(object, "certainty", text(tl_certainty_text(finding->certainty)));
	add(object, "count", json_object_new_uint64(finding->count));
	add(object, "time_ns", json_object_new_int64(tl_report_since_start(report, finding->time_ns)));
	return object;
}

static struct json_object *result_object(const struct tl_report *report, const struct tl_shown *shown)
{
	const struct tl_finding *finding = shown->finding;
	const struct tl_rule *rule = tl_rule_find(finding->rule);
	const struct tl_frame *place = tl_report_place(report, finding);
	struct json_object *object = json_object_new_object(), *prints = json_object_new_object();

	add(object, "ruleId", text(finding->rule));
	if (rule)
		add(object, "ruleIndex", json_object_new_int64(rule - tl_rules));
	add(object, "level", text(level(finding->severity)));
	add(object, "message", result_message(finding));
	if (place)
		add(object, "locations", array_of(tl_sarif_location(report, place, NULL)));
	if (finding->n_proofs)
		add(object, "codeFlows", array_of(code_flow(report, finding)));
	add(prints, FINGERPRINT, text(shown->fingerprint));
	add(object, "partialFingerprints", prints);
	if (report->has_baseline)
		add(object, "baselineState", text(shown->is_known ? "unchanged" : "new"));
	/* 3.27.23: an empty array says that suppressions were looked for, and this has none. */
	add(object, "suppressions",
	    shown->ignored ? array_of(suppression_object(shown->ignored)) : json_object_new_array());
	add(object, "properties", properties_object(report, finding));
	return object;
}

static void add_notification(struct json_object *array, const char *severity, const char *message)
{
	struct json_object *object = json_object_new_object();

	add(object, "level", text(severity));
	add(object, "message", tl_sarif_message(message));
	json_object_array_add(array, object);
}

static struct json_object *invocation_object(const struct tl_report *report)
{
	struct json_object *object = json_object_new_object(), *told = json_object_new_array();

	add(object, "executionSuccessful", json_object_new_boolean(!report->partial));
	if (report->partial)
		add_notification(told, "error", "the trace could not be read to its end");
	else if (report->check->incomplete || report->check->truncated)
		add_notification(told, "warning", "events were lost: the verdict is weaker than it looks");
	add(object, "toolExecutionNotifications", told);
	return object;
}

static struct json_object *bases_object(void)
{
	struct json_object *object = json_object_new_object(), *root = json_object_new_object();

	add(root, "description", tl_sarif_message("the folder in which the check ran"));
	add(object, TL_SARIF_ROOT, root);
	return object;
}

int tl_report_write_sarif(const struct tl_report *report, FILE *out, struct tl_error *error)
{
	struct json_object *root = json_object_new_object(), *run = json_object_new_object();
	struct json_object *results = json_object_new_array();

	for (size_t i = 0; i < report->n_list; i++)
		json_object_array_add(results, result_object(report, &report->list[i]));
	add(run, "tool", tool_object());
	add(run, "invocations", array_of(invocation_object(report)));
	add(run, "originalUriBaseIds", bases_object());
	add(run, "columnKind", text("utf16CodeUnits"));
	add(run, "results", results);
	add(root, "$schema", text(SCHEMA));
	add(root, "version", text("2.1.0"));
	add(root, "runs", array_of(run));
	return tl_json_write(root, out, error);
}
