/* The report for programs, as docs/report.md and report.schema.json describe; written with json-c. */
#include <stdlib.h>

#include "viewer/report/json_text.h"
#include "viewer/report/summary.h"

#define text tl_json_text
#define add tl_json_add

/* Nanoseconds and counts: no more than what readers of JSON take for an integer. */
static struct json_object *number(uint64_t value)
{
	return json_object_new_int64(value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static struct json_object *reasons(const uint64_t *by_reason_ns)
{
	struct json_object *object = json_object_new_object();

	for (unsigned r = 0; r < TL_N_REASONS; r++)
		if (by_reason_ns[r])
			add(object, tl_reason_text(r), number(by_reason_ns[r]));
	return object;
}

static struct json_object *place(const struct tl_summary *summary, uint32_t nonce, uint32_t stack)
{
	char buffer[TL_SUMMARY_LABEL];

	tl_summary_place(summary, nonce, stack, false, buffer);
	return buffer[0] ? text(buffer) : NULL;
}

static struct json_object *task_name(const struct tl_summary *summary, uint32_t index)
{
	char label[TL_SUMMARY_LABEL];

	return text(tl_summary_task(summary, index, label));
}

static struct json_object *group_name(const struct tl_summary *summary, uint32_t group)
{
	char label[TL_SUMMARY_LABEL];

	return text(tl_summary_group(summary, summary->stats->groups.items[group], label));
}

/* ---- tasks ----------------------------------------------------------------- */

static void add_times(struct json_object *object, uint64_t life_ns, uint64_t running_ns, uint64_t runnable_ns,
		      uint64_t blocked_ns, uint64_t unknown_ns, const uint64_t *by_reason_ns)
{
	add(object, "life_ns", number(life_ns));
	add(object, "running_ns", number(running_ns));
	add(object, "runnable_ns", number(runnable_ns));
	add(object, "blocked_ns", number(blocked_ns));
	add(object, "unknown_ns", number(unknown_ns));
	add(object, "blocked_by_reason_ns", reasons(by_reason_ns));
}

static void add_counts(struct json_object *object, uint64_t waits, uint64_t woken, uint64_t wakes)
{
	add(object, "waits", number(waits));
	add(object, "woken", number(woken));
	add(object, "wakes", number(wakes));
}

static struct json_object *task_object(const struct tl_summary *summary, uint32_t index)
{
	const struct tl_stats_task *row = &summary->stats->tasks.items[index];
	const struct tl_task *task = tl_state_task_at(summary->report->check->state, index);
	struct json_object *object = json_object_new_object();
	char hex[24];

	snprintf(hex, sizeof hex, "0x%016llx", (unsigned long long)task->id);
	add(object, "id", text(hex));
	add(object, "name", task_name(summary, index));
	if (task->carrier)
		add(object, "tid", number(task->carrier));
	if (task->process->pid)
		add(object, "pid", number(task->process->pid));
	add(object, "begin_ns", json_object_new_int64(tl_report_since_start(summary->report, row->begin_ns)));
	add_times(object, tl_stats_life(row), row->running_ns, row->runnable_ns, row->blocked_ns, row->unknown_ns,
		  row->by_reason_ns);
	add_counts(object, row->waits, row->woken, row->wakes);
	return object;
}

static struct json_object *group_object(const struct tl_summary *summary, const struct tl_stats_group *group)
{
	struct json_object *object = json_object_new_object();

	add(object, "name", group_name(summary, group->index));
	add(object, "tasks", number(group->n));
	add_times(object, group->life_ns, group->running_ns, group->runnable_ns, group->blocked_ns, group->unknown_ns,
		  group->by_reason_ns);
	add_counts(object, group->waits, group->woken, group->wakes);
	return object;
}

static void add_tasks(struct json_object *root, const struct tl_summary *summary)
{
	struct json_object *tasks = json_object_new_array(), *groups = json_object_new_array();
	size_t n, n_groups;
	uint32_t *list = tl_summary_tasks(summary, &n);
	const struct tl_stats_group **group_list = tl_summary_groups(summary, &n_groups);

	for (size_t i = 0; list && i < n && i < summary->rows; i++)
		json_object_array_add(tasks, task_object(summary, list[i]));
	for (size_t i = 0; group_list && i < n_groups && i < summary->rows; i++)
		json_object_array_add(groups, group_object(summary, group_list[i]));
	add(root, "tasks", tasks);
	add(root, "groups", groups);
	free(list);
	free(group_list);
}

/* ---- objects --------------------------------------------------------------- */

static struct json_object *quantiles_object(const struct tl_quantiles *quantiles)
{
	struct json_object *object = json_object_new_object();

	add(object, "count", number(quantiles->n));
	add(object, "p50_ns", quantiles->n ? number(tl_quantiles_at(quantiles, 500)) : NULL);
	add(object, "p90_ns", quantiles->n ? number(tl_quantiles_at(quantiles, 900)) : NULL);
	add(object, "p99_ns", quantiles->n ? number(tl_quantiles_at(quantiles, 990)) : NULL);
	add(object, "max_ns", quantiles->n ? number(quantiles->max) : NULL);
	return object;
}

static int heavier(const void *a, const void *b)
{
	const struct tl_tally_entry *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->who < y->who ? -1 : x->who > y->who;
}

static struct json_object *tally_array(const struct tl_summary *summary, struct tl_tally tally, const char *unit)
{
	struct json_object *array = json_object_new_array();

	qsort(tally.entries, tally.n, sizeof *tally.entries, heavier);
	for (uint32_t i = 0; i < tally.n; i++) {
		struct json_object *entry = json_object_new_object();

		add(entry, "task", task_name(summary, tally.entries[i].who));
		add(entry, unit, number(tally.entries[i].weight));
		json_object_array_add(array, entry);
	}
	return array;
}

static struct json_object *object_object(const struct tl_summary *summary, const struct tl_stats_object *row)
{
	struct json_object *object = json_object_new_object();
	char label[TL_SUMMARY_LABEL], hex[24];

	snprintf(hex, sizeof hex, "0x%llx", (unsigned long long)row->key.object);
	add(object, "name", text(tl_summary_object(summary, row, label)));
	add(object, "address", text(hex));
	add(object, "reason", text(tl_reason_text(row->key.reason)));
	add(object, "waits", number(row->waits));
	add(object, "waiters", number(row->n_waiters));
	add(object, "more_waiters", json_object_new_boolean(row->more_waiters));
	add(object, "total_ns", number(row->total_ns));
	add(object, "longest_ns", number(row->longest_ns));
	add(object, "longest_by", row->waits ? task_name(summary, row->longest_task) : NULL);
	add(object, "longest_at", place(summary, row->key.nonce, row->longest_stack));
	add(object, "unblocks", number(row->unblocks));
	add(object, "unblocked_by", tally_array(summary, row->unblockers, "times"));
	add(object, "held_by", tally_array(summary, row->owners, "waited_ns"));
	add(object, "wake_latency", quantiles_object(&row->wake_ns));
	return object;
}

static void add_objects(struct json_object *root, const char *key, const struct tl_summary *summary,
			enum tl_object_order order)
{
	struct json_object *array = json_object_new_array();
	size_t n;
	const struct tl_stats_object **list = tl_summary_objects(summary, order, &n);

	for (size_t i = 0; list && i < n && i < summary->top; i++)
		json_object_array_add(array, object_object(summary, list[i]));
	add(root, key, array);
	free(list);
}

/* ---- pairs ----------------------------------------------------------------- */

static void add_places(struct json_object *root, const struct tl_summary *summary)
{
	struct json_object *array = json_object_new_array();
	size_t n;
	struct tl_summary_place *list = tl_summary_places(summary, &n);

	for (size_t i = 0; list && i < n && i < summary->top; i++) {
		struct json_object *object = json_object_new_object();

		add(object, "task", group_name(summary, list[i].pair->key.a));
		add(object, "reason", text(tl_reason_text(list[i].pair->key.reason)));
		add(object, "at", list[i].at[0] ? text(list[i].at) : NULL);
		add(object, "waits", number(list[i].waits));
		add(object, "total_ns", number(list[i].total_ns));
		add(object, "longest_ns", number(list[i].longest_ns));
		json_object_array_add(array, object);
	}
	add(root, "places", array);
	tl_summary_places_free(list, n);
}

static void add_wakes(struct json_object *root, const struct tl_summary *summary)
{
	struct json_object *array = json_object_new_array();
	size_t n;
	const struct tl_stats_pair **list = tl_summary_pairs(&summary->stats->wakes, &n);
	char label[TL_SUMMARY_LABEL];

	for (size_t i = 0; list && i < n && i < summary->top; i++) {
		struct json_object *object = json_object_new_object();

		add(object, "from", group_name(summary, list[i]->key.a));
		add(object, "to", group_name(summary, list[i]->key.b));
		add(object, "reason", text(tl_reason_text(list[i]->key.reason)));
		add(object, "times", number(list[i]->n));
		/* One, or several: then none is named. */
		add(object, "object",
		    list[i]->many_objects ? NULL : text(tl_summary_object(summary, list[i]->object, label)));
		json_object_array_add(array, object);
	}
	add(root, "wakes", array);
	add(root, "wakes_left_out", number(summary->stats->wakes.left_out));
	add(root, "places_left_out", number(summary->stats->places.left_out));
	free(list);
}

/* ---- what was found -------------------------------------------------------- */

static void add_findings(struct json_object *root, const struct tl_summary *summary)
{
	struct json_object *array = json_object_new_array();
	size_t n;
	struct tl_summary_rule *rules = tl_summary_rules(summary, &n);

	for (size_t i = 0; rules && i < n; i++) {
		struct json_object *object = json_object_new_object();

		add(object, "rule", text(rules[i].rule));
		add(object, "severity", text(tl_severity_text(rules[i].severity)));
		add(object, "findings", number(rules[i].findings));
		add(object, "occurrences", number(rules[i].occurrences));
		json_object_array_add(array, object);
	}
	add(root, "findings", array);
	free(rules);
}

static struct json_object *leak_object(const struct tl_summary *summary, const struct tl_finding *finding)
{
	struct json_object *object = json_object_new_object(), *growth = json_object_new_array();
	const struct tl_proof *oldest = &finding->proofs[0], *create = tl_summary_leak_create(finding);
	const struct tl_task *creator = create ? tl_state_find_task(summary->report->check->state, create->task) : NULL;

	add(object, "tasks", number(finding->count));
	add(object, "reason", text(tl_summary_leak_reason(summary, finding)));
	add(object, "severity", text(tl_severity_text(finding->severity)));
	add(object, "evidence", text(finding->evidence));
	add(object, "since_ns", json_object_new_int64(tl_report_since_start(summary->report, oldest->time_ns)));
	add(object, "at", place(summary, tl_task_process(oldest->task), oldest->stack));
	add(object, "created_by", creator ? task_name(summary, creator->index) : NULL);
	add(object, "created_at", create ? place(summary, tl_task_process(create->task), create->stack) : NULL);
	for (int i = 0; i < TL_GROWTH; i++)
		json_object_array_add(growth, number(finding->growth[i]));
	add(object, "growth", growth);
	return object;
}

static void add_leaks(struct json_object *root, const struct tl_summary *summary)
{
	struct json_object *array = json_object_new_array();
	size_t n;
	const struct tl_finding **list = tl_summary_leaks(summary, &n);

	for (size_t i = 0; list && i < n; i++)
		json_object_array_add(array, leak_object(summary, list[i]));
	add(root, "still_blocked", array);
	free(list);
}

static struct json_object *resources_object(const struct tl_summary *summary)
{
	struct json_object *object = json_object_new_object(), *array = json_object_new_array();
	size_t n;
	struct tl_summary_kind *kinds = tl_summary_kinds(summary, &n);

	add(object, "opened", number(summary->stats->counts.opened));
	add(object, "closed", number(summary->stats->counts.closed));
	for (size_t i = 0; kinds && i < n; i++) {
		struct json_object *kind = json_object_new_object();

		add(kind, "kind", text(kinds[i].kind));
		add(kind, "opened", number(kinds[i].opened));
		add(kind, "leaked", number(kinds[i].leaked));
		json_object_array_add(array, kind);
	}
	add(object, "kinds", array);
	free(kinds);
	return object;
}

static struct json_object *trace_object(const struct tl_report *report)
{
	struct json_object *trace = json_object_new_object();

	add(trace, "path", text(report->path));
	add(trace, "start_unix_ns", json_object_new_int64(report->check->info.start_ns));
	add(trace, "host", text(report->check->info.host));
	return trace;
}

static struct json_object *summary_object(const struct tl_summary *summary)
{
	const struct tl_check *check = summary->report->check;
	const struct tl_stats_counts *counts = &summary->stats->counts;
	struct json_object *object = json_object_new_object(), *window = json_object_new_object();

	add(object, "events", number(check->info.events));
	add(object, "tasks", number(tl_state_task_count(check->state)));
	add(object, "lost", number(check->lost));
	add(object, "lost_packets", number(check->info.lost_packets));
	add(object, "truncated", json_object_new_boolean(check->truncated));
	add(object, "complete", json_object_new_boolean(!summary->report->partial));
	add(object, "duration_ns", json_object_new_int64(tl_report_duration(summary->report)));
	add(window, "from_ns", json_object_new_int64(tl_summary_from(summary)));
	add(window, "to_ns", json_object_new_int64(tl_summary_to(summary)));
	add(object, "window", window);
	add(object, "tasks_created", number(counts->created));
	add(object, "tasks_exited", number(counts->exited));
	return object;
}

int tl_summary_write_json(const struct tl_summary *summary, FILE *out, struct tl_error *error)
{
	struct json_object *root = json_object_new_object();

	add(root, "trace", trace_object(summary->report));
	add(root, "summary", summary_object(summary));
	add_findings(root, summary);
	add_leaks(root, summary);
	add_tasks(root, summary);
	add_objects(root, "objects_by_total", summary, TL_BY_TOTAL);
	add_objects(root, "objects_by_longest", summary, TL_BY_LONGEST);
	add_places(root, summary);
	add(root, "wake_latency", quantiles_object(&summary->stats->wake_ns));
	add_objects(root, "objects_by_wake_latency", summary, TL_BY_WAKE);
	add_wakes(root, summary);
	add(root, "resources", resources_object(summary));
	return tl_json_write(root, out, error);
}
