/*
 * The report as metrics, in Prometheus' text exposition format, version 0.0.4:
 * https://prometheus.io/docs/instrumenting/exposition_formats/. Label values are
 * of closed sets but for kinds of resources and the trace's own; tasks and objects,
 * of which there may be any number, have no place in it. Times are seconds.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/summary.h"
#include "viewer/rules/rule.h"

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP threadline_%s %s\n# TYPE threadline_%s %s\n", name, help, name, type);
}

/* One metric without labels. */
static void single(FILE *out, const char *name, const char *type, const char *help, uint64_t value)
{
	head(out, name, type, help);
	fprintf(out, "threadline_%s %" PRIu64 "\n", name, value);
}

/* Exact, whatever the locale: all nine decimals. */
static void seconds(FILE *out, uint64_t ns)
{
	fprintf(out, " %" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000u, ns % 1000000000u);
}

/* NAME="VALUE": what is no text for a terminal is escaped as ever, then what would end the value. */
static void label(FILE *out, const char *name, const char *raw)
{
	char safe[TL_STATS_KIND * 8]; /* kinds that differ stay different */

	tl_text_escape_to(safe, sizeof safe, raw);
	fprintf(out, "%s=\"", name);
	for (const char *c = safe; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

static void write_trace(const struct tl_summary *summary, FILE *out)
{
	const struct tl_check *check = summary->report->check;
	const struct tl_process *first = tl_state_processes(check->state);

	head(out, "trace_info", "gauge", "What was recorded; always 1.");
	fputs("threadline_trace_info{", out);
	label(out, "path", summary->report->path);
	fputc(',', out);
	label(out, "host", check->info.host);
	fputc(',', out);
	label(out, "program", first ? first->program : "");
	fputs("} 1\n", out);
	head(out, "trace_duration_seconds", "gauge", "From the first event to the last.");
	fputs("threadline_trace_duration_seconds", out);
	seconds(out, (uint64_t)tl_report_duration(summary->report));
	single(out, "trace_complete", "gauge", "1 if the trace could be read to its end.", !summary->report->partial);
	single(out, "events_total", "counter", "Events of the trace.", check->info.events);
	single(out, "lost_events_total", "counter", "Events that are missing from the trace.", check->lost);
	single(out, "lost_packets_total", "counter", "Packets that the tracer overwrote.", check->info.lost_packets);
}

static void write_states(const struct tl_summary *summary, FILE *out)
{
	uint64_t running = 0, runnable = 0, blocked = 0, unknown = 0;

	for (size_t i = 0; i < summary->stats->groups.n; i++) {
		const struct tl_stats_group *group = summary->stats->groups.items[i];

		running = tl_add_capped(running, group->running_ns);
		runnable = tl_add_capped(runnable, group->runnable_ns);
		blocked = tl_add_capped(blocked, group->blocked_ns);
		unknown = tl_add_capped(unknown, group->unknown_ns);
	}
	head(out, "task_seconds_total", "counter", "Time of all tasks by what they did.");
	fputs("threadline_task_seconds_total{state=\"running\"}", out);
	seconds(out, running);
	fputs("threadline_task_seconds_total{state=\"runnable\"}", out);
	seconds(out, runnable);
	fputs("threadline_task_seconds_total{state=\"blocked\"}", out);
	seconds(out, blocked);
	fputs("threadline_task_seconds_total{state=\"unknown\"}", out);
	seconds(out, unknown);
}

/* One value for each reason that occurs. */
static void by_reason(FILE *out, const char *name, const char *help, const uint64_t *values, const uint64_t *present,
		      bool are_seconds)
{
	head(out, name, "counter", help);
	for (unsigned r = 0; r < TL_N_REASONS; r++) {
		if (present[r] == 0)
			continue;
		fprintf(out, "threadline_%s{reason=\"%s\"}", name, tl_reason_text(r));
		if (are_seconds)
			seconds(out, values[r]);
		else
			fprintf(out, " %" PRIu64 "\n", values[r]);
	}
}

static void write_latency(const struct tl_quantiles *quantiles, FILE *out)
{
	static const struct {
		const char *text;
		unsigned permille;
	} shown[] = {{"0.5", 500}, {"0.9", 900}, {"0.99", 990}, {"1", 1000}};

	head(out, "wake_latency_seconds", "summary", "From being woken to running.");
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		fprintf(out, "threadline_wake_latency_seconds{quantile=\"%s\"}", shown[i].text);
		if (quantiles->n == 0)
			fputs(" NaN\n", out);
		else
			seconds(out, shown[i].permille == 1000 ? quantiles->max
							       : tl_quantiles_at(quantiles, shown[i].permille));
	}
	fputs("threadline_wake_latency_seconds_sum", out);
	seconds(out, quantiles->sum);
	fprintf(out, "threadline_wake_latency_seconds_count %" PRIu64 "\n", quantiles->n);
}

static int write_resources(const struct tl_summary *summary, FILE *out)
{
	size_t n;
	struct tl_summary_kind *kinds = tl_summary_kinds(summary, &n);

	if (!kinds)
		return -1;
	head(out, "resources_opened_total", "counter", "Resources opened, by kind.");
	for (size_t i = 0; i < n; i++) {
		fputs("threadline_resources_opened_total{", out);
		label(out, "kind", kinds[i].kind);
		fprintf(out, "} %" PRIu64 "\n", kinds[i].opened);
	}
	head(out, "resources_leaked", "gauge", "Resources opened and never closed, by kind.");
	for (size_t i = 0; i < n; i++) {
		fputs("threadline_resources_leaked{", out);
		label(out, "kind", kinds[i].kind);
		fprintf(out, "} %" PRIu64 "\n", kinds[i].leaked);
	}
	single(out, "resources_closed_total", "counter", "Resources closed.", summary->stats->counts.closed);
	free(kinds);
	return 0;
}

static uint64_t found(const struct tl_summary_rule *rules, size_t n, const char *rule, enum tl_severity severity)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rules[i].rule, rule) == 0 && rules[i].severity == severity)
			return rules[i].findings;
	return 0;
}

/* All rules, so that an alert has a value to look at before it is too late. */
static int write_findings(const struct tl_summary *summary, FILE *out)
{
	size_t n;
	struct tl_summary_rule *rules = tl_summary_rules(summary, &n);

	if (!rules)
		return -1;
	head(out, "findings", "gauge", "Findings of threadline check, by rule and severity.");
	for (size_t i = 0; i < tl_n_rules; i++)
		for (int s = TL_INFO; s <= TL_ERROR; s++) {
			uint64_t value = found(rules, n, tl_rules[i].id, (enum tl_severity)s);

			if (value || tl_rules[i].severity == (enum tl_severity)s)
				fprintf(out, "threadline_findings{rule=\"%s\",severity=\"%s\"} %" PRIu64 "\n",
					tl_rules[i].id, tl_severity_text((enum tl_severity)s), value);
		}
	free(rules);
	return 0;
}

int tl_summary_write_prometheus(const struct tl_summary *summary, FILE *out, struct tl_error *error)
{
	const struct tl_stats_counts *counts = &summary->stats->counts;

	write_trace(summary, out);
	single(out, "tasks", "gauge", "Tasks of the trace.", tl_state_task_count(summary->report->check->state));
	single(out, "tasks_created_total", "counter", "Tasks created.", counts->created);
	single(out, "tasks_exited_total", "counter", "Tasks that ended.", counts->exited);
	write_states(summary, out);
	by_reason(out, "waits_total", "Waits, by what for.", counts->waits, counts->waits, false);
	by_reason(out, "blocked_seconds_total", "Time of all waits, by what for.", counts->wait_ns, counts->waits,
		  true);
	by_reason(out, "unblocks_total", "Releases and signals, by of what.", counts->unblocks, counts->unblocks,
		  false);
	write_latency(&summary->stats->wake_ns, out);
	if (write_resources(summary, out) != 0 || write_findings(summary, out) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory while writing the report");
	if (fflush(out) != 0 || ferror(out))
		return tl_error_set(error, TL_EIO, "the report could not be written");
	return 0;
}
