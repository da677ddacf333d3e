/* The report for people: what was found, who took the time, what was waited for. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/columns.h"
#include "viewer/report/summary.h"

struct page {
	const struct tl_summary *summary;
	FILE *out;
	int failed;
};

static void duration(struct tl_columns *table, uint64_t ns)
{
	char text[TL_TIME_TEXT];

	tl_columns_cell(table, tl_text_duration(text, ns > INT64_MAX ? INT64_MAX : (int64_t)ns));
}

static void count(struct tl_columns *table, uint64_t n)
{
	tl_columns_format(table, "%" PRIu64, n);
}

/* "" for none, so that a column of nothing but those is left out. */
static void count_if(struct tl_columns *table, uint64_t n)
{
	if (n)
		count(table, n);
	else
		tl_columns_cell(table, "");
}

static void write_table(struct page *page, struct tl_columns *table)
{
	if (tl_columns_write(table, page->out) != 0)
		page->failed = 1;
}

static void write_more(struct page *page, size_t n, size_t shown, const char *option)
{
	if (n > shown)
		fprintf(page->out, "  ... and %zu more (%s)\n", n - shown, option);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- findings -------------------------------------------------------------- */

static void write_findings(struct page *page)
{
	static const char *const heads[] = {"SEVERITY", "RULE", ">FINDINGS", ">TIMES", NULL};
	struct tl_columns table;
	size_t n;
	struct tl_summary_rule *rules = tl_summary_rules(page->summary, &n);

	page->failed |= !rules;
	fputs("\nFindings (threadline check shows them)\n", page->out);
	if (n == 0)
		fputs("  none\n", page->out);
	tl_columns_init(&table, heads);
	for (size_t i = 0; i < n; i++) {
		tl_columns_cell(&table, tl_severity_text(rules[i].severity));
		tl_columns_cell(&table, rules[i].rule);
		count(&table, rules[i].findings);
		count(&table, rules[i].occurrences);
	}
	write_table(page, &table);
	free(rules);
}

/* ---- tasks ----------------------------------------------------------------- */

static const char *const task_heads[] = {"!TASK",    ">TASKS",   ">LIFE",  ">RUNNING",   ">RUNNABLE",
					 ">BLOCKED", ">UNKNOWN", ">WAITS", "BLOCKED BY", NULL};

/* "cond 80 %, mutex 20 %": the two that take most. */
static void add_reasons(struct tl_columns *table, const uint64_t *by_reason_ns, uint64_t blocked_ns)
{
	uint64_t left[TL_N_REASONS];
	char text[96] = "";

	memcpy(left, by_reason_ns, sizeof left);
	for (int i = 0; i < 2; i++) {
		int reason = tl_summary_main_reason(left);
		size_t n = strlen(text);

		/* A second that is next to nothing tells nothing. */
		if (reason < 0 || (i > 0 && left[reason] < blocked_ns / 100))
			break;
		snprintf(text + n, sizeof text - n, "%s%s %.0f %%", n ? ", " : "", tl_reason_text((unsigned)reason),
			 100.0 * (double)left[reason] / (double)blocked_ns);
		left[reason] = 0;
	}
	tl_columns_cell(table, text);
}

static void add_unknown(struct tl_columns *table, uint64_t ns)
{
	if (ns)
		duration(table, ns);
	else
		tl_columns_cell(table, "");
}

static void add_task(struct page *page, struct tl_columns *table, uint32_t index)
{
	const struct tl_stats_task *row = &page->summary->stats->tasks.items[index];
	char label[TL_SUMMARY_LABEL];

	tl_columns_cell(table, tl_summary_task(page->summary, index, label));
	tl_columns_cell(table, "");
	duration(table, tl_stats_life(row));
	duration(table, row->running_ns);
	duration(table, row->runnable_ns);
	duration(table, row->blocked_ns);
	add_unknown(table, row->unknown_ns);
	count(table, row->waits);
	add_reasons(table, row->by_reason_ns, row->blocked_ns);
}

static void add_group(struct page *page, struct tl_columns *table, const struct tl_stats_group *group)
{
	char label[TL_SUMMARY_LABEL];

	tl_columns_cell(table, tl_summary_group(page->summary, group, label));
	count(table, group->n);
	duration(table, group->life_ns);
	duration(table, group->running_ns);
	duration(table, group->runnable_ns);
	duration(table, group->blocked_ns);
	add_unknown(table, group->unknown_ns);
	count(table, group->waits);
	add_reasons(table, group->by_reason_ns, group->blocked_ns);
}

static void write_tasks(struct page *page)
{
	size_t rows = page->summary->rows, n, n_groups, shown;
	uint32_t *tasks = tl_summary_tasks(page->summary, &n);
	const struct tl_stats_group **groups = tl_summary_groups(page->summary, &n_groups);
	bool by_group = !page->summary->stats->each_alone && rows != SIZE_MAX;
	struct tl_columns table;

	page->failed |= !tasks || !groups;
	if (n)
		fprintf(page->out, "\nTasks%s (RUNNING: waits for nothing that was recorded)\n",
			by_group ? ", by name; --all: each by itself" : "");
	tl_columns_init(&table, task_heads);
	shown = least(by_group ? n_groups : n, rows);
	for (size_t i = 0; i < shown && !page->failed; i++)
		if (by_group)
			add_group(page, &table, groups[i]);
		else
			add_task(page, &table, tasks[i]);
	write_table(page, &table);
	write_more(page, by_group ? n_groups : n, shown, "--tasks N");
	free(tasks);
	free(groups);
}

/* ---- what was waited for ----------------------------------------------------- */

/* Who held the lock, as waiters saw; else who unblocked it most. */
static void add_partner(struct page *page, struct tl_columns *table, const struct tl_stats_object *object)
{
	const struct tl_tally_entry *owner = tl_tally_first(&object->owners),
				    *waker = tl_tally_first(&object->unblockers);
	char label[TL_SUMMARY_LABEL];

	if (owner)
		tl_columns_format(table, "held: %s", tl_summary_task(page->summary, owner->who, label));
	else if (waker)
		tl_columns_format(table, "woken: %s", tl_summary_task(page->summary, waker->who, label));
	else
		tl_columns_cell(table, "");
}

static void add_object(struct page *page, struct tl_columns *table, const struct tl_stats_object *object)
{
	char label[TL_SUMMARY_LABEL];

	tl_columns_cell(table, tl_summary_object(page->summary, object, label));
	count(table, object->waits);
	tl_columns_format(table, "%u%s", (unsigned)object->n_waiters, object->more_waiters ? "+" : "");
	duration(table, object->total_ns);
	duration(table, object->longest_ns);
	add_partner(page, table, object);
	tl_columns_cell(table, tl_summary_place(page->summary, object->key.nonce, object->longest_stack, true, label));
}

static void write_object_list(struct page *page, const char *title, const struct tl_stats_object **list, size_t n)
{
	static const char *const heads[] = {"!OBJECT",  ">WAITS",    ">TASKS",          ">TOTAL",
					    ">LONGEST", "MOSTLY BY", "LONGEST WAIT AT", NULL};
	struct tl_columns table;
	size_t shown = least(n, page->summary->top);

	fprintf(page->out, "\n%s\n", title);
	tl_columns_init(&table, heads);
	for (size_t i = 0; i < shown; i++)
		add_object(page, &table, list[i]);
	write_table(page, &table);
	write_more(page, n, shown, "--top N");
}

static void write_objects(struct page *page)
{
	size_t n, shown;
	const struct tl_stats_object **by_total = tl_summary_objects(page->summary, TL_BY_TOTAL, &n);
	const struct tl_stats_object **by_longest = tl_summary_objects(page->summary, TL_BY_LONGEST, &n);

	page->failed |= !by_total || !by_longest;
	shown = least(n, page->summary->top);
	if (!page->failed && n > 0) {
		write_object_list(page, "What was waited for, by all waits together", by_total, n);
		if (memcmp(by_total, by_longest, shown * sizeof *by_total) != 0)
			write_object_list(page, "What was waited for, by the longest wait", by_longest, n);
		else if (n > 1)
			fputs("  (by the longest wait: the same order)\n", page->out);
	}
	free(by_total);
	free(by_longest);
}

static void write_places(struct page *page)
{
	static const char *const heads[] = {"!TASK", "FOR", ">WAITS", ">TOTAL", ">LONGEST", "AT", NULL};
	size_t n, shown;
	struct tl_summary_place *list = tl_summary_places(page->summary, &n);
	struct tl_columns table;
	char label[TL_SUMMARY_LABEL];

	page->failed |= !list;
	shown = list ? least(n, page->summary->top) : 0;
	if (shown)
		fputs("\nWhere tasks waited\n", page->out);
	tl_columns_init(&table, heads);
	for (size_t i = 0; i < shown; i++) {
		const struct tl_stats_pair *pair = list[i].pair;
		const struct tl_stats_group *group = page->summary->stats->groups.items[pair->key.a];

		tl_columns_cell(&table, tl_summary_group(page->summary, group, label));
		tl_columns_cell(&table, tl_reason_text(pair->key.reason));
		count(&table, list[i].waits);
		duration(&table, list[i].total_ns);
		duration(&table, list[i].longest_ns);
		tl_columns_cell(&table, tl_summary_place(page->summary, pair->key.nonce, pair->key.b, true, label));
	}
	write_table(page, &table);
	write_more(page, n, shown, "--top N");
	tl_summary_places_free(list, n);
}

/* ---- who woke whom ----------------------------------------------------------- */

static void add_quantiles(struct tl_columns *table, const struct tl_quantiles *quantiles)
{
	count(table, quantiles->n);
	duration(table, tl_quantiles_at(quantiles, 500));
	duration(table, tl_quantiles_at(quantiles, 900));
	duration(table, tl_quantiles_at(quantiles, 990));
	duration(table, quantiles->max);
}

static void write_latency(struct page *page)
{
	static const char *const heads[] = {"!WAITED FOR", ">WAKES", ">P50", ">P90", ">P99", ">MAX", NULL};
	size_t n, shown;
	const struct tl_stats_object **list = tl_summary_objects(page->summary, TL_BY_WAKE, &n);
	struct tl_columns table;
	char label[TL_SUMMARY_LABEL];

	page->failed |= !list;
	if (!list || n == 0) {
		free(list);
		return;
	}
	shown = least(n, page->summary->top);
	fputs("\nWake latency: from being woken to running, most of it first\n", page->out);
	tl_columns_init(&table, heads);
	tl_columns_cell(&table, "everything");
	add_quantiles(&table, &page->summary->stats->wake_ns);
	for (size_t i = 0; i < shown; i++) {
		tl_columns_cell(&table, tl_summary_object(page->summary, list[i], label));
		add_quantiles(&table, &list[i]->wake_ns);
	}
	write_table(page, &table);
	write_more(page, n, shown, "--top N");
	free(list);
}

static void write_wakes(struct page *page)
{
	static const char *const heads[] = {"!TASK", "!WAKES", ">TIMES", "FROM WAITING FOR", NULL};
	const struct tl_stats *stats = page->summary->stats;
	size_t n, shown;
	const struct tl_stats_pair **list = tl_summary_pairs(&stats->wakes, &n);
	struct tl_columns table;
	char label[TL_SUMMARY_LABEL];

	page->failed |= !list;
	shown = list ? least(n, page->summary->top) : 0;
	if (shown)
		fputs("\nWho woke whom\n", page->out);
	tl_columns_init(&table, heads);
	for (size_t i = 0; i < shown; i++) {
		const struct tl_stats_pair *pair = list[i];

		tl_columns_cell(&table, tl_summary_group(page->summary, stats->groups.items[pair->key.a], label));
		tl_columns_cell(&table, tl_summary_group(page->summary, stats->groups.items[pair->key.b], label));
		count(&table, pair->n);
		if (pair->many_objects)
			tl_columns_format(&table, "%s (several)", tl_reason_text(pair->key.reason));
		else
			tl_columns_cell(&table, tl_summary_object(page->summary, pair->object, label));
	}
	write_table(page, &table);
	write_more(page, n, shown, "--top N");
	free(list);
}

/* ---- what is left at the end --------------------------------------------------- */

static void write_leak(struct page *page, const struct tl_finding *finding)
{
	const struct tl_proof *create = tl_summary_leak_create(finding);
	const struct tl_proof *oldest = &finding->proofs[0];
	char since[TL_TIME_TEXT], label[TL_TASK_LABEL], place[TL_SUMMARY_LABEL];
	const struct tl_task *creator = create ? tl_state_find_task(page->summary->report->check->state, create->task)
					       : NULL;

	fprintf(page->out, "  %" PRIu64 " by %s, %s: since %s", finding->count,
		tl_summary_leak_reason(page->summary, finding),
		finding->severity > TL_INFO ? "stuck" : "idle or not certain",
		tl_text_time(since, tl_report_since_start(page->summary->report, oldest->time_ns)));
	if (finding->has_growth)
		fprintf(page->out, "; %u, %u, %u, %u at 25, 50, 75, 100 %%", (unsigned)finding->growth[0],
			(unsigned)finding->growth[1], (unsigned)finding->growth[2], (unsigned)finding->growth[3]);
	fputc('\n', page->out);
	tl_summary_place(page->summary, tl_task_process(oldest->task), oldest->stack, false, place);
	if (place[0])
		fprintf(page->out, "      waiting at %s\n", place);
	if (!creator)
		return;
	tl_summary_place(page->summary, tl_task_process(create->task), create->stack, false, place);
	fprintf(page->out, "      created by %s%s%s\n", tl_task_label(creator, label), place[0] ? " at " : "", place);
}

static void write_leaks(struct page *page)
{
	size_t n, shown;
	const struct tl_finding **list = tl_summary_leaks(page->summary, &n);

	page->failed |= !list;
	shown = list ? least(n, page->summary->top) : 0;
	if (shown)
		fputs("\nStill blocked at the end, the oldest first\n", page->out);
	for (size_t i = 0; i < shown; i++)
		write_leak(page, list[i]);
	write_more(page, n, shown, "--top N");
	free(list);
}

static void write_resources(struct page *page)
{
	static const char *const heads[] = {"KIND", ">OPENED", ">NEVER CLOSED", NULL};
	const struct tl_stats_counts *counts = &page->summary->stats->counts;
	size_t n, shown;
	struct tl_summary_kind *kinds = tl_summary_kinds(page->summary, &n);
	struct tl_columns table;
	char kind[64];

	page->failed |= !kinds;
	shown = kinds ? least(n, page->summary->top) : 0;
	if (counts->opened || counts->closed)
		fprintf(page->out, "\nResources: %" PRIu64 " opened, %" PRIu64 " closed\n", counts->opened,
			counts->closed);
	tl_columns_init(&table, heads);
	for (size_t i = 0; i < shown; i++) {
		tl_text_escape_to(kind, sizeof kind, kinds[i].kind);
		tl_columns_cell(&table, kind[0] ? kind : "resource");
		count(&table, kinds[i].opened);
		count_if(&table, kinds[i].leaked);
	}
	write_table(page, &table);
	write_more(page, n, shown, "--top N");
	free(kinds);
}

static void write_head(struct page *page)
{
	const struct tl_report *report = page->summary->report;
	char from[TL_TIME_TEXT], to[TL_TIME_TEXT];

	tl_report_text_trace(report, page->out);
	fputc('\n', page->out);
	if (report->partial)
		fputs("The trace could not be read to its end: the numbers are of what came before.\n", page->out);
	if (report->has_window)
		fprintf(page->out, "Of this, only what lies between %s and %s is counted.\n",
			tl_text_time(from, tl_summary_from(page->summary)),
			tl_text_time(to, tl_summary_to(page->summary)));
}

int tl_summary_write_text(const struct tl_summary *summary, FILE *out, struct tl_error *error)
{
	static void (*const parts[])(struct page *) = {write_findings, write_leaks,   write_tasks, write_objects,
						       write_places,   write_latency, write_wakes, write_resources};
	struct page page = {.summary = summary, .out = out};

	write_head(&page);
	for (size_t i = 0; i < sizeof parts / sizeof *parts && !page.failed; i++)
		parts[i](&page);
	if (page.failed)
		return tl_error_set(error, TL_ENOMEM, "out of memory while writing the report");
	if (fflush(out) != 0 || ferror(out))
		return tl_error_set(error, TL_EIO, "the report could not be written");
	return 0;
}
