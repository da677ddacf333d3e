/* Findings for programs, as docs/json.md describes; written with json-c. */
#include <json-c/json.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/report.h"

/* json-c writes bytes as they are: what is not UTF-8 is escaped before. */
static struct json_object *text(const char *raw)
{
	size_t n = raw ? strlen(raw) : 0;
	struct json_object *made;
	char *safe;

	for (size_t at = 0, used; at < n; at += used) {
		used = tl_text_utf8(raw + at, n - at, NULL);
		if (used != 0)
			continue;
		safe = malloc(n * 8 + 1);
		if (!safe)
			return NULL;
		tl_text_escape_to(safe, n * 8 + 1, raw);
		made = json_object_new_string(safe);
		free(safe);
		return made;
	}
	return raw ? json_object_new_string(raw) : NULL;
}

static struct json_object *number(uint64_t value)
{
	return json_object_new_uint64(value);
}

static struct json_object *time_since(const struct tl_report *report, int64_t time_ns)
{
	return json_object_new_int64(tl_report_since_start(report, time_ns));
}

static void add(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
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
	size_t n = 0;
	const struct tl_frame *frames = report->symbols && proof->stack
						? tl_symbols_stack(report->symbols, tl_task_process(proof->task),
								   proof->stack, &n)
						: NULL;

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
	add(object, "stack", stack_array(report, proof));
	return object;
}

static struct json_object *finding_object(const struct tl_report *report, const struct tl_finding *finding)
{
	struct json_object *object = json_object_new_object();
	struct json_object *tasks = json_object_new_array(), *events = json_object_new_array();

	add(object, "rule", text(finding->rule));
	add(object, "severity", text(tl_severity_text(finding->severity)));
	add(object, "certainty", text(tl_certainty_text(finding->certainty)));
	add(object, "message", text(finding->message));
	add(object, "meaning", text(finding->meaning));
	add(object, "evidence", text(finding->evidence));
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

static struct json_object *summary_object(const struct tl_report *report)
{
	const struct tl_check *check = report->check;
	struct json_object *object = json_object_new_object();

	add(object, "events", number(check->info.events));
	add(object, "foreign_events", number(check->info.foreign_events));
	add(object, "malformed_events", number(check->info.malformed));
	add(object, "tasks", number(tl_state_task_count(check->state)));
	add(object, "lost", number(check->lost));
	add(object, "lost_packets", number(check->info.lost_packets));
	add(object, "truncated", json_object_new_boolean(check->truncated));
	add(object, "duration_ns", json_object_new_int64(tl_report_duration(report)));
	add(object, "complete", json_object_new_boolean(!report->partial));
	return object;
}

int tl_report_write_json(const struct tl_report *report, FILE *out, struct tl_error *error)
{
	struct json_object *root = json_object_new_object(), *trace = json_object_new_object();
	struct json_object *findings = json_object_new_array();
	const char *written;

	add(trace, "path", text(report->path));
	add(trace, "start_unix_ns", json_object_new_int64(report->check->info.start_ns));
	add(trace, "host", text(report->check->info.host));
	for (size_t i = 0; i < report->n_findings; i++)
		json_object_array_add(findings, finding_object(report, report->findings[i]));
	add(root, "trace", trace);
	add(root, "summary", summary_object(report));
	add(root, "findings", findings);
	written = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
							       JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!written || fputs(written, out) == EOF || fputc('\n', out) == EOF || fflush(out) != 0) {
		json_object_put(root);
		return tl_error_set(error, TL_EIO, "the report could not be written");
	}
	json_object_put(root);
	return 0;
}
