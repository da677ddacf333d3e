/*
 * Annotations of GitHub's workflows: one line a finding, "::error file=F,line=N,
 * title=T::MESSAGE", which the runner reads from the step's output
 * (docs.github.com, "Workflow commands"). Text from a trace must not begin a
 * command of its own: lines and terminals' controls are escaped first, then what
 * the command's syntax uses.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/report.h"

static const char *const commands[] = {[TL_INFO] = "notice", [TL_WARNING] = "warning", [TL_ERROR] = "error"};

/* Data ends with the line; in properties the signs between them are escaped, too. */
static void write_escaped(const char *text, bool is_property, FILE *out)
{
	for (; *text; text++)
		switch (*text) {
		case '%': fputs("%25", out); break;
		case '\r': fputs("%0D", out); break;
		case '\n': fputs("%0A", out); break;
		case ':': fputs(is_property ? "%3A" : ":", out); break;
		case ',': fputs(is_property ? "%2C" : ",", out); break;
		default: fputc(*text, out);
		}
}

/* What may hold anything at all: made harmless for a terminal first, which leaves it one line. */
static void write_untrusted(const char *text, bool is_property, FILE *out)
{
	size_t size = strlen(text) * 8 + 1;
	char *safe = malloc(size);

	if (!safe)
		return;
	tl_text_escape_to(safe, size, text);
	write_escaped(safe, is_property, out);
	free(safe);
}

static void write_place(const struct tl_report *report, const struct tl_finding *finding, FILE *out)
{
	const struct tl_frame *frame = tl_report_place(report, finding);
	char path[TL_SOURCE_PATH];
	bool relative;

	if (!frame)
		return;
	fputs("file=", out);
	write_untrusted(tl_report_source(report, frame->file, &relative, path), true, out);
	fprintf(out, ",line=%d,", frame->line);
}

static void write_finding(const struct tl_report *report, const struct tl_finding *finding, FILE *out)
{
	char time[TL_TIME_TEXT];

	fprintf(out, "::%s ", commands[finding->severity]);
	write_place(report, finding, out);
	fprintf(out, "title=threadline %s (%s)::", finding->rule, tl_certainty_text(finding->certainty));
	/* Rules escape what they take from the trace. */
	write_escaped(finding->message, false, out);
	for (size_t i = 0; i < finding->n_proofs; i++) {
		const struct tl_proof *proof = &finding->proofs[i];

		fprintf(out, "%%0A%s  ", tl_text_time(time, tl_report_since_start(report, proof->time_ns)));
		write_escaped(proof->note, false, out);
	}
	if (finding->evidence[0]) {
		fputs("%0Aevidence: ", out);
		write_escaped(finding->evidence, false, out);
	}
	fputs("%0Ameans: ", out);
	write_escaped(finding->meaning, false, out);
	fputc('\n', out);
}

int tl_report_write_github(const struct tl_report *report, FILE *out, struct tl_error *error)
{
	for (size_t i = 0; i < report->n_list; i++)
		if (tl_shown_counts(&report->list[i]))
			write_finding(report, report->list[i].finding, out);
	if (report->partial)
		fputs("::error title=threadline::the trace could not be read to its end\n", out);
	else if (report->check->incomplete || report->check->truncated)
		fputs("::warning title=threadline::events were lost: the verdict is weaker than it looks\n", out);
	if (fflush(out) != 0 || ferror(out))
		return tl_error_set(error, TL_EIO, "the report could not be written");
	return 0;
}
