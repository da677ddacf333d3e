/* The table of formats, and what all of them need; see report.h. */
#include "viewer/report/report.h"

#include <string.h>

const struct tl_format tl_formats[] = {
	{"text", tl_report_write_text},
	{"json", tl_report_write_json},
};
const size_t tl_n_formats = sizeof tl_formats / sizeof *tl_formats;

const struct tl_format *tl_format_find(const char *name)
{
	for (size_t i = 0; i < tl_n_formats; i++)
		if (strcmp(tl_formats[i].name, name) == 0)
			return &tl_formats[i];
	return NULL;
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

	for (size_t i = 0; i < report->n_findings; i++)
		n += report->findings[i]->severity == severity;
	return n;
}
