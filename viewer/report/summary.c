/* The table of the report's formats, and how they call things; see summary.h. */
#include "viewer/report/summary.h"

#include <inttypes.h>
#include <string.h>

#include "viewer/base/text.h"

const struct tl_summary_format tl_summary_formats[] = {
	{"text", "tables for people", tl_summary_write_text},
	{"json", "for programs", tl_summary_write_json},
	{"folded", "blocked time as folded stacks, for flame graphs", tl_summary_write_folded},
	{"prometheus", "metrics, for the textfile collector of node_exporter", tl_summary_write_prometheus},
};
const size_t tl_n_summary_formats = sizeof tl_summary_formats / sizeof *tl_summary_formats;

const struct tl_summary_format *tl_summary_format_find(const char *name)
{
	for (size_t i = 0; i < tl_n_summary_formats; i++)
		if (strcmp(tl_summary_formats[i].name, name) == 0)
			return &tl_summary_formats[i];
	return NULL;
}

static const struct tl_state *state_of(const struct tl_summary *summary)
{
	return summary->report->check->state;
}

char *tl_summary_task(const struct tl_summary *summary, uint32_t index, char *buffer)
{
	const struct tl_task *task = tl_state_task_at(state_of(summary), index);
	char label[TL_TASK_LABEL];

	snprintf(buffer, TL_SUMMARY_LABEL, "%s", task ? tl_task_label(task, label) : "?");
	return buffer;
}

char *tl_summary_frame(const struct tl_frame *frame, char *buffer)
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;
	char module[128];

	if (frame->function) {
		tl_text_escape_to(buffer, TL_SUMMARY_LABEL, frame->function);
	} else if (frame->module) {
		tl_text_escape_to(module, sizeof module, slash ? slash + 1 : frame->module);
		snprintf(buffer, TL_SUMMARY_LABEL, "%s+0x%" PRIx64, module, frame->offset);
	} else {
		snprintf(buffer, TL_SUMMARY_LABEL, "0x%" PRIx64, frame->address);
	}
	return buffer;
}

/* "in produce", or "in pigz+0x6a10": what threads run. "": unknown. Of TL_SUMMARY_LABEL / 2 bytes. */
static void describe_entry(const struct tl_summary *summary, const struct tl_task *task, char *buffer)
{
	struct tl_frame frame = {.address = task->entry};
	char function[TL_SUMMARY_LABEL];

	buffer[0] = '\0';
	if (!task->entry)
		return;
	if (summary->report->symbols)
		frame.function = tl_symbols_function(summary->report->symbols, tl_task_process(task->id), task->entry);
	for (const struct tl_module *m = task->process->modules; m && !frame.module; m = m->next)
		if (task->entry >= m->base && task->entry - m->base < m->size) {
			frame.module = m->path;
			frame.offset = task->entry - m->base;
		}
	snprintf(buffer, TL_SUMMARY_LABEL / 2, "in %s", tl_summary_frame(&frame, function));
}

char *tl_summary_group(const struct tl_summary *summary, const struct tl_stats_group *group, char *buffer)
{
	const struct tl_task *first = tl_state_task_at(state_of(summary), group->first);
	char entry[TL_SUMMARY_LABEL / 2];

	if (group->n == 1 || !first)
		return tl_summary_task(summary, group->first, buffer);
	tl_text_escape_to(buffer, TL_SUMMARY_LABEL, group->name);
	if (buffer[0] != '\0')
		return buffer;
	describe_entry(summary, first, entry);
	snprintf(buffer, TL_SUMMARY_LABEL, "%s %s", tl_task_kind_text(first->kind), entry[0] ? entry : "*");
	return buffer;
}

char *tl_summary_object(const struct tl_summary *summary, const struct tl_stats_object *object, char *buffer)
{
	const struct tl_state *state = state_of(summary);
	const char *kind = object->key.reason == TL_REASON_RWLOCK_READ ? "rwlock" : tl_reason_text(object->key.reason);
	const char *given = tl_state_object_name(state, object->key.nonce, object->key.object);
	const struct tl_task *joined = object->key.reason == TL_REASON_JOIN
					       ? tl_state_find_task(state, object->key.object)
					       : NULL;
	char name[128], id[TL_OBJECT_ID_TEXT], label[TL_TASK_LABEL];

	tl_text_escape_to(name, sizeof name, given);
	if (joined)
		snprintf(buffer, TL_SUMMARY_LABEL, "the end of %s", tl_task_label(joined, label));
	else if (object->key.object == 0)
		snprintf(buffer, TL_SUMMARY_LABEL, "%s", kind);
	else
		snprintf(buffer, TL_SUMMARY_LABEL, "%s %s", kind,
			 name[0] ? name : tl_object_id_text(object->key.object, id));
	return buffer;
}

char *tl_summary_place(const struct tl_summary *summary, uint32_t nonce, uint32_t stack, bool brief, char *buffer)
{
	struct tl_proof proof = {.task = (uint64_t)nonce << 32, .stack = stack};
	const struct tl_frame *place = tl_report_place_of_proof(summary->report, &proof);
	char path[TL_SOURCE_PATH], safe[256];
	const char *slash;
	size_t n, used;
	const struct tl_frame *frames = tl_report_stack(summary->report, &proof, &n);
	bool relative;

	buffer[0] = '\0';
	/* A line of the C library tells less than the program's file. */
	for (size_t i = 0; i < n && !(place && tl_report_is_own(place)); i++)
		if (tl_report_is_own(&frames[i]) && (frames[i].function || frames[i].module))
			place = &frames[i];
	if (!place && n > 0)
		place = &frames[0];
	if (!place)
		return buffer;
	tl_summary_frame(place, buffer);
	if (!place->file)
		return buffer;
	used = strlen(buffer);
	tl_report_source(summary->report, place->file, &relative, path);
	slash = brief ? strrchr(path, '/') : NULL;
	tl_text_escape_to(safe, sizeof safe, slash ? slash + 1 : path);
	snprintf(buffer + used, TL_SUMMARY_LABEL - used, "  %s:%d", safe, place->line);
	return buffer;
}

int64_t tl_summary_from(const struct tl_summary *summary)
{
	int64_t from_ns = tl_report_since_start(summary->report, summary->stats->from_ns);

	return from_ns > 0 ? from_ns : 0;
}

int64_t tl_summary_to(const struct tl_summary *summary)
{
	int64_t to_ns = tl_report_since_start(summary->report, summary->stats->to_ns);
	int64_t end_ns = tl_report_duration(summary->report);

	return to_ns < end_ns ? to_ns : end_ns;
}

int tl_summary_main_reason(const uint64_t *by_reason_ns)
{
	int most = -1;

	for (int r = 0; r < TL_N_REASONS; r++)
		if (by_reason_ns[r] > (most < 0 ? 0 : by_reason_ns[most]))
			most = r;
	return most;
}

const char *tl_summary_leak_reason(const struct tl_summary *summary, const struct tl_finding *finding)
{
	const struct tl_task *task = finding->n_tasks ? tl_state_find_task(state_of(summary), finding->tasks[0]) : NULL;

	return tl_reason_text(task ? task->wait.reason : TL_REASON_UNKNOWN);
}

const struct tl_proof *tl_summary_leak_create(const struct tl_finding *finding)
{
	for (size_t i = 0; i < finding->n_proofs; i++)
		if (finding->proofs[i].kind == TL_EVENT_CREATE)
			return &finding->proofs[i];
	return NULL;
}
