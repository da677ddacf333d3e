/* The table of formats, and what all of them count; see report.h. */
#include "viewer/report/report.h"

#include <string.h>

const struct tl_format tl_formats[] = {
	{"text", "for people", tl_report_write_text},
	{"json", "for programs", tl_report_write_json},
	{"sarif", "SARIF 2.1.0, for code scanning and editors", tl_report_write_sarif},
	{"junit", "JUnit's XML, for CI: a test case for each rule", tl_report_write_junit},
	{"github", "annotations of GitHub's workflows", tl_report_write_github},
};
const size_t tl_n_formats = sizeof tl_formats / sizeof *tl_formats;

const struct tl_format *tl_format_find(const char *name)
{
	for (size_t i = 0; i < tl_n_formats; i++)
		if (strcmp(tl_formats[i].name, name) == 0)
			return &tl_formats[i];
	return NULL;
}

bool tl_report_has_rule(const struct tl_report *report, const char *rule)
{
	for (size_t i = 0; i < report->n_rules; i++)
		if (strcmp(report->rules[i], rule) == 0)
			return true;
	return report->n_rules == 0;
}

bool tl_report_in_window(const struct tl_report *report, const struct tl_finding *finding)
{
	if (!report->has_window)
		return true;
	if (finding->n_proofs == 0)
		return finding->time_ns >= report->from_ns && finding->time_ns <= report->to_ns;
	for (size_t i = 0; i < finding->n_proofs; i++)
		if (finding->proofs[i].time_ns >= report->from_ns && finding->proofs[i].time_ns <= report->to_ns)
			return true;
	return false;
}

bool tl_report_fails(const struct tl_report *report, const struct tl_shown *shown)
{
	return tl_shown_counts(shown) && (int)shown->finding->severity >= report->fail_on;
}

int64_t tl_report_since_start(const struct tl_report *report, int64_t time_ns)
{
	int64_t since, start_ns = report->check->info.start_ns;

	if (__builtin_sub_overflow(time_ns, start_ns, &since))
		return time_ns < start_ns ? INT64_MIN : INT64_MAX;
	return since;
}

int64_t tl_report_duration(const struct tl_report *report)
{
	const struct tl_source_info *info = &report->check->info;

	if (info->events + info->foreign_events == 0)
		return 0;
	return tl_report_since_start(report, info->end_ns);
}

size_t tl_report_count(const struct tl_report *report, enum tl_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_list; i++)
		n += tl_shown_counts(&report->list[i]) && report->list[i].finding->severity == severity;
	return n;
}

size_t tl_report_ignored(const struct tl_report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_list; i++)
		n += report->list[i].ignored != NULL;
	return n;
}

size_t tl_report_known(const struct tl_report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_list; i++)
		n += !report->list[i].ignored && report->list[i].is_known;
	return n;
}

const struct tl_frame *tl_report_stack(const struct tl_report *report, const struct tl_proof *proof, size_t *n)
{
	*n = 0;
	if (!report->symbols || !proof->stack)
		return NULL;
	return tl_symbols_stack(report->symbols, tl_task_process(proof->task), proof->stack, n);
}
