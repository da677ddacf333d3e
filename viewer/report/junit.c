/*
 * JUnit's XML as CI systems read it: one suite, a test case for each rule that was
 * asked for. What makes the check fail is the rule's failure, as text; what does
 * not stands in the case's output, and a rule whose findings are all suppressed or
 * known is skipped. That the trace itself could be read is a case of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/report.h"
#include "viewer/rules/rule.h"

/* XML 1.0 has no way at all to write these (2.2 Char), and others are better seen. */
static bool is_forbidden(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0xFFFE || c == 0xFFFF;
}

/* For content and for attributes alike. */
static void write_xml(const char *text, FILE *out)
{
	uint32_t c = 0;
	size_t n = strlen(text), used;

	for (; n > 0; text += used, n -= used) {
		used = tl_text_utf8(text, n, &c);
		if (used == 0) {
			fprintf(out, "\\x%02x", (unsigned)(unsigned char)*text);
			used = 1;
		} else if (is_forbidden(c)) {
			fprintf(out, c < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)c);
		} else if (c == '&') {
			fputs("&amp;", out);
		} else if (c == '<') {
			fputs("&lt;", out);
		} else if (c == '>') {
			fputs("&gt;", out);
		} else if (c == '"') {
			fputs("&quot;", out);
		} else {
			fwrite(text, 1, used, out);
		}
	}
}

struct tally {
	size_t failing, others, dealt_with;
	const struct tl_finding *first; /* failing */
};

static struct tally count(const struct tl_report *report, const struct tl_rule *rule)
{
	struct tally tally = {0};

	for (size_t i = 0; i < report->n_list; i++) {
		const struct tl_shown *shown = &report->list[i];

		if (strcmp(shown->finding->rule, rule->id) != 0)
			continue;
		if (!tl_shown_counts(shown))
			tally.dealt_with++;
		else if (!tl_report_fails(report, shown))
			tally.others++;
		else if (tally.failing++ == 0)
			tally.first = shown->finding;
	}
	return tally;
}

/* The rule's findings that fail, or those that do not, as text. 0, or TL_ENOMEM. */
static int write_findings(const struct tl_report *report, const struct tl_rule *rule, bool failing, FILE *out,
			  struct tl_error *error)
{
	struct tl_report plain = *report;
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	plain.use_colour = false;
	for (size_t i = 0; i < report->n_list; i++)
		if (strcmp(report->list[i].finding->rule, rule->id) == 0 && tl_shown_counts(&report->list[i]) &&
		    tl_report_fails(report, &report->list[i]) == failing)
			tl_report_text_finding(&plain, report->list[i].finding, memory);
	fclose(memory);
	if (text)
		write_xml(text, out);
	free(text);
	return 0;
}

static int write_case(const struct tl_report *report, const struct tl_rule *rule, FILE *out, struct tl_error *error)
{
	struct tally tally = count(report, rule);
	int result = 0;

	fprintf(out, "    <testcase classname=\"threadline\" name=\"%s\"", rule->id);
	if (tally.failing + tally.others + tally.dealt_with == 0) {
		fputs("/>\n", out);
		return 0;
	}
	fputs(">\n", out);
	if (tally.failing) {
		fprintf(out, "      <failure type=\"%s\" message=\"", tl_severity_text(tally.first->severity));
		write_xml(tally.first->message, out);
		if (tally.failing > 1)
			fprintf(out, " (and %zu more)", tally.failing - 1);
		fputs("\">", out);
		result = write_findings(report, rule, true, out, error);
		fputs("</failure>\n", out);
	} else if (tally.dealt_with && !tally.others) {
		fprintf(out, "      <skipped message=\"%zu suppressed or known from the baseline\"/>\n",
			tally.dealt_with);
	}
	if (tally.others && result == 0) {
		fputs("      <system-out>", out);
		result = write_findings(report, rule, false, out, error);
		fputs("</system-out>\n", out);
	}
	fputs("    </testcase>\n", out);
	return result;
}

/* A trace that was not read, or not whole, must not look like one in which all is well. */
static void write_trace_case(const struct tl_report *report, FILE *out)
{
	fputs("    <testcase classname=\"threadline\" name=\"trace\"", out);
	if (report->partial)
		fputs(">\n      <error message=\"the trace could not be read to its end\"/>\n    </testcase>\n", out);
	else if (report->check->incomplete || report->check->truncated)
		fputs(">\n      <skipped message=\"events were lost: the verdict is weaker than it looks\"/>\n"
		      "    </testcase>\n",
		      out);
	else
		fputs("/>\n", out);
}

static void write_counts(const struct tl_report *report, FILE *out)
{
	size_t cases = 1, failures = 0,
	       skipped = !report->partial && (report->check->incomplete || report->check->truncated);

	for (size_t i = 0; i < tl_n_rules; i++) {
		struct tally tally = count(report, &tl_rules[i]);

		cases += tl_report_has_rule(report, tl_rules[i].id);
		failures += tally.failing > 0;
		skipped += tally.dealt_with && !tally.failing && !tally.others;
	}
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%d\" skipped=\"%zu\"", cases, failures, report->partial,
		skipped);
}

int tl_report_write_junit(const struct tl_report *report, FILE *out, struct tl_error *error)
{
	int64_t ns = tl_report_duration(report);
	int result = 0;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"threadline ", out);
	write_xml(report->path, out);
	fputs("\"", out);
	write_counts(report, out);
	fprintf(out, " time=\"%.6f\">\n", (double)ns / 1e9);
	write_trace_case(report, out);
	for (size_t i = 0; i < tl_n_rules && result == 0; i++)
		if (tl_report_has_rule(report, tl_rules[i].id))
			result = write_case(report, &tl_rules[i], out, error);
	fputs("  </testsuite>\n</testsuites>\n", out);
	if (result == 0 && (fflush(out) != 0 || ferror(out)))
		return tl_error_set(error, TL_EIO, "the report could not be written");
	return result;
}
