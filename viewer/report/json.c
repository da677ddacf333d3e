/* Findings for programs, as docs/json.md describes; written with json-c. */
#include <string.h>

#include "viewer/report/ignore.h"
#include "viewer/report/json_text.h"
#include "viewer/report/report.h"

#define text tl_json_text
#define add tl_json_add

static struct json_object *number(uint64_t value)
{
	return json_object_new_uint64(value);
}

static struct json_object *time_since(const struct tl_report *report, int64_t time_ns)
{
	return json_object_new_int64(tl_report_since_start(report, time_ns));
}

static struct json_object *task_label(const struct tl_report *report, uint64_t id)
{
	const struct tl_task *task = tl_state_find_task(report->check->state, id);
	struct json_object *object = json_object_new_object();
	char hex[24], label[TL_TASK_LABEL];

	/* As text: 64 bits do not survive in readers that know only doubles. */
	snprintf(hex, sizeof hex, "0x%016llx", (unsigned long long)id);
	add(object, "id", text(hex));
	add(object, "name", text(task ? tl_task_label(task, label) : "?"));
	if (task && task->carrier)
		add(object, "tid", number(task->carrier));
	if (task && task->process->pid)
		add(object, "pid", number(task->process->pid));
	return object;
}

static struct json_object *frame_object(const struct tl_frame *frame)
{
	struct json_object *object = json_object_new_object();
	char hex[24];

	snprintf(hex, sizeof hex, "0x%llx", (unsigned long long)frame->address);
	add(object, "function", text(frame->function));
	add(object, "file", text(frame->file));
	add(object, "line", frame->line ? json_object_new_int(frame->line) : NULL);
	add(object, "module", text(frame->module));
	add(object, "address", text(hex));
	snprintf(hex, sizeof hex, "0x%llx", (unsigned long long)frame->offset);
	add(object, "offset", frame->module ? text(hex) : NULL);
	add(object, "inlined", json_object_new_boolean(frame->is_inline));
	return object;
}

static struct json_object *stack_array(const struct tl_report *report, const struct tl_proof *proof)
{
	struct json_object *array = json_object_new_array();
	size_t n;
	const struct tl_frame *frames = tl_report_stack(report, proof, &n);

	for (size_t i = 0; i < n; i++)
		json_object_array_add(array, frame_object(&frames[i]));
	return array;
}

static struct json_object *proof_object(const struct tl_report *report, const struct tl_proof *proof)
{
	struct json_object *object = json_object_new_object();

	add(object, "kind", text(tl_kinds[proof->kind].name));
	add(object, "task", task_label(report, proof->task));
	add(object, "seq", number(proof->seq));
	add(object, "time_ns", time_since(report, proof->time_ns));
	add(object, "note", text(proof->note));
	if (proof->about && proof->about[0])
		add(object, "about", text(proof->about));
	add(object, "stack", stack_array(report, proof));
	return object;
}

static struct json_object *suppression_object(const struct tl_ignore_entry *entry)
{
	struct json_object *object = json_object_new_object();

	add(object, "reason", text(entry->reason));
	add(object, "file", text(entry->file));
	add(object, "line", json_object_new_int(entry->line));
	return object;
}

static struct json_object *finding_object(const struct tl_report *report, const struct tl_shown *shown)
{
	const struct tl_finding *finding = shown->finding;
	struct json_object *object = json_object_new_object();
	struct json_object *tasks = json_object_new_array(), *events = json_object_new_array();

	add(object, "rule", text(finding->rule));
	add(object, "severity", text(tl_severity_text(finding->severity)));
	add(object, "certainty", text(tl_certainty_text(finding->certainty)));
	add(object, "message", text(finding->message));
	add(object, "meaning", text(finding->meaning));
	add(object, "evidence", text(finding->evidence));
	add(object, "fingerprint", text(shown->fingerprint));
	if (report->has_baseline)
		add(object, "baseline", text(shown->is_known ? "known" : "new"));
	if (shown->ignored)
		add(object, "suppressed", suppression_object(shown->ignored));
	add(object, "count", number(finding->count));
	add(object, "time_ns", time_since(report, finding->time_ns));
	for (size_t i = 0; i < finding->n_tasks; i++)
		json_object_array_add(tasks, task_label(report, finding->tasks[i]));
	for (size_t i = 0; i < finding->n_proofs; i++)
		json_object_array_add(events, proof_object(report, &finding->proofs[i]));
	add(object, "tasks", tasks);
	add(object, "events", events);
	if (finding->has_growth) {
		struct json_object *growth = json_object_new_array();

		for (int i = 0; i < TL_GROWTH; i++)
			json_object_array_add(growth, number(finding->growth[i]));
		add(object, "growth", growth);
	}
	return object;
}

/* An end that was not given is null. */
static struct json_object *window_object(const struct tl_report *report)
{
	struct json_object *object = json_object_new_object();

	add(object, "from_ns", report->from_ns == INT64_MIN ? NULL : time_since(report, report->from_ns));
	add(object, "to_ns", report->to_ns == INT64_MAX ? NULL : time_since(report, report->to_ns));
	return object;
}

static struct json_object *summary_object(const struct tl_report *report)
{
	const struct tl_check *check = report->check;
	struct json_object *object = json_object_new_object();

	add(object, "events", number(check->info.events));
	add(object, "kernel_events", number(check->info.kernel_events));
	add(object, "foreign_events", number(check->info.foreign_events));
	add(object, "malformed_events", number(check->info.malformed));
	add(object, "tasks", number(tl_state_task_count(check->state)));
	add(object, "repeated_events", number(check->again));
	add(object, "lost", number(check->lost));
	add(object, "lost_packets", number(check->info.lost_packets));
	add(object, "truncated", json_object_new_boolean(check->truncated));
	add(object, "duration_ns", json_object_new_int64(tl_report_duration(report)));
	add(object, "suppressed", number(tl_report_ignored(report)));
	if (report->has_baseline)
		add(object, "known", number(tl_report_known(report)));
	if (report->has_window)
		add(object, "window", window_object(report));
	add(object, "complete", json_object_new_boolean(!report->partial));
	return object;
}

int tl_report_write_json(const struct tl_report *report, FILE *out, struct tl_error *error)
{
	struct json_object *root = json_object_new_object(), *trace = json_object_new_object();
	struct json_object *findings = json_object_new_array(), *suppressed = json_object_new_array();

	add(trace, "path", text(report->path));
	add(trace, "start_unix_ns", json_object_new_int64(report->check->info.start_ns));
	add(trace, "host", text(report->check->info.host));
	/* Apart, so that whoever counts findings does not count what was dealt with. */
	for (size_t i = 0; i < report->n_list; i++)
		json_object_array_add(report->list[i].ignored ? suppressed : findings,
				      finding_object(report, &report->list[i]));
	add(root, "trace", trace);
	add(root, "summary", summary_object(report));
	add(root, "findings", findings);
	add(root, "suppressed", suppressed);
	return tl_json_write(root, out, error);
}
