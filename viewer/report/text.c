/* Findings for people: what happened, when, who, where in the source, what it means. */
#include <inttypes.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/report/report.h"

#define TASKS_SHOWN 8
#define FRAMES_SHOWN 12

static const char *const colours[] = {[TL_INFO] = "\033[36m", [TL_WARNING] = "\033[33m", [TL_ERROR] = "\033[31m"};

static const char *paint(const struct tl_report *report, const char *colour)
{
	return report->use_colour ? colour : "";
}

static void write_frame(const struct tl_frame *frame, FILE *out)
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;
	const char *module = slash ? slash + 1 : frame->module;

	fprintf(out, "        %s ", frame->is_inline ? "|" : "at");
	if (frame->function) {
		tl_text_escape(out, frame->function);
	} else if (module) {
		/* The same in every run, unlike the address. */
		tl_text_escape(out, module);
		fprintf(out, "+0x%" PRIx64, frame->offset);
	} else {
		fprintf(out, "0x%" PRIx64, frame->address);
	}
	if (frame->file) {
		fputs("  ", out);
		tl_text_escape(out, frame->file);
		if (frame->line)
			fprintf(out, ":%d", frame->line);
	} else if (module && frame->function) {
		fputs("  in ", out);
		tl_text_escape(out, module);
	}
	fputc('\n', out);
}

static void write_stack(const struct tl_report *report, const struct tl_proof *proof, FILE *out)
{
	size_t n;
	const struct tl_frame *frames = tl_report_stack(report, proof, &n);

	for (size_t i = 0; i < n && i < FRAMES_SHOWN; i++)
		write_frame(&frames[i], out);
	if (n > FRAMES_SHOWN)
		fprintf(out, "        ... %zu more\n", n - FRAMES_SHOWN);
}

static void write_task(const struct tl_report *report, uint64_t id, FILE *out)
{
	const struct tl_task *task = tl_state_find_task(report->check->state, id);
	char label[TL_TASK_LABEL];

	fputs(task ? tl_task_label(task, label) : "?", out);
}

/* `before`: the proof that was written before it, or NULL. */
static void write_proof(const struct tl_report *report, const struct tl_proof *proof, const struct tl_proof *before,
			FILE *out)
{
	char time[TL_TIME_TEXT];

	fprintf(out, "    %s  ", tl_text_time(time, tl_report_since_start(report, proof->time_ns)));
	write_task(report, proof->task, out);
	fprintf(out, "  %s: ", tl_kinds[proof->kind].name);
	/* Like the message: rules escape what they take from the trace. */
	fprintf(out, "%s\n", proof->note);
	if (before && proof->stack && proof->stack == before->stack &&
	    tl_task_process(proof->task) == tl_task_process(before->task))
		fputs("        (the same stack)\n", out);
	else
		write_stack(report, proof, out);
}

static void write_tasks(const struct tl_report *report, const struct tl_finding *finding, FILE *out)
{
	if (finding->n_tasks == 0)
		return;
	fputs("  tasks: ", out);
	for (size_t i = 0; i < finding->n_tasks && i < TASKS_SHOWN; i++) {
		fputs(i ? ", " : "", out);
		write_task(report, finding->tasks[i], out);
	}
	if (finding->n_tasks > TASKS_SHOWN)
		fprintf(out, " and %zu more", finding->n_tasks - TASKS_SHOWN);
	fputc('\n', out);
}

void tl_report_text_finding(const struct tl_report *report, const struct tl_finding *finding, FILE *out)
{
	fprintf(out, "%s%s%s: ", paint(report, colours[finding->severity]), tl_severity_text(finding->severity),
		paint(report, "\033[0m"));
	/* The message holds labels that are escaped already. */
	fprintf(out, "%s%s%s [%s, %s]\n", paint(report, "\033[1m"), finding->message, paint(report, "\033[0m"),
		finding->rule, tl_certainty_text(finding->certainty));
	for (size_t i = 0; i < finding->n_proofs; i++)
		write_proof(report, &finding->proofs[i], i ? &finding->proofs[i - 1] : NULL, out);
	write_tasks(report, finding, out);
	if (finding->has_growth)
		fprintf(out, "  growth: %u, %u, %u, %u at 25, 50, 75, 100 %% of the trace\n",
			(unsigned)finding->growth[0], (unsigned)finding->growth[1], (unsigned)finding->growth[2],
			(unsigned)finding->growth[3]);
	if (finding->repeats)
		fprintf(out, "  again: %" PRIu64 " more of the same task are not shown\n", finding->repeats);
	if (finding->evidence[0] != '\0')
		fprintf(out, "  evidence: %s\n", finding->evidence);
	fprintf(out, "  means: %s\n\n", finding->meaning);
}

/* What of it the kernel says, of how many threads and processes. */
static void write_kernel(const struct tl_report *report, FILE *out)
{
	const struct tl_check *check = report->check;
	size_t threads = 0, processes = 0, n = tl_state_task_count(check->state);

	for (size_t i = 0; i < n; i++)
		threads += tl_process_is_kernels(tl_state_task_at(check->state, (uint32_t)i)->process);
	for (const struct tl_process *process = tl_state_processes(check->state); process; process = process->hh.next)
		processes += tl_process_is_kernels(process);
	fprintf(out,
		"\nkernel trace: %" PRIu64 " of the events are the scheduler's, of %zu thread%s in %zu process%s; when "
		"these ran is exact%s",
		check->info.kernel_events, threads, threads == 1 ? "" : "s", processes, processes == 1 ? "" : "es",
		check->incomplete ? ", but for what was lost" : "");
}

void tl_report_text_trace(const struct tl_report *report, FILE *out)
{
	const struct tl_check *check = report->check;
	char duration[TL_TIME_TEXT];

	tl_text_escape(out, report->path);
	fprintf(out, ": %" PRIu64 " event%s of %zu task%s in %s", check->info.events,
		check->info.events == 1 ? "" : "s", tl_state_task_count(check->state),
		tl_state_task_count(check->state) == 1 ? "" : "s",
		tl_text_duration(duration, tl_report_duration(report)));
	if (check->lost)
		fprintf(out, ", %" PRIu64 " events lost", check->lost);
	if (check->info.lost_packets)
		fprintf(out, ", %" PRIu64 " packets overwritten", check->info.lost_packets);
	if (check->truncated)
		fprintf(out, ", %" PRIu64 " bytes after the last whole packets left out", check->info.tail_bytes);
	if (check->info.malformed)
		fprintf(out, ", %" PRIu64 " malformed events left out", check->info.malformed);
	if (check->again)
		fprintf(out, ", %" PRIu64 " events there twice, which count once", check->again);
	if (check->info.events == 0 && check->info.foreign_events)
		fprintf(out, " (and %" PRIu64 " of other tracers, none of which says anything about tasks)",
			check->info.foreign_events);
	if (check->info.kernel_events)
		write_kernel(report, out);
}

/* What is not shown, and why. */
static void write_left_out(const struct tl_report *report, FILE *out)
{
	size_t ignored = tl_report_ignored(report), known = tl_report_known(report);
	char from[TL_TIME_TEXT], to[TL_TIME_TEXT];

	if (ignored)
		fprintf(out, "; %zu suppressed", ignored);
	if (known)
		fprintf(out, "; %zu known from the baseline", known);
	if (!report->has_window)
		return;
	tl_text_time(from, tl_report_since_start(report, report->from_ns));
	tl_text_time(to, tl_report_since_start(report, report->to_ns));
	fprintf(out, "\nthe whole trace was read; only findings with an event between %s and %s are shown",
		report->from_ns == INT64_MIN ? "its start" : from, report->to_ns == INT64_MAX ? "its end" : to);
}

int tl_report_write_text(const struct tl_report *report, FILE *out, struct tl_error *error)
{
	size_t errors = tl_report_count(report, TL_ERROR), warnings = tl_report_count(report, TL_WARNING);
	size_t infos = tl_report_count(report, TL_INFO);

	for (size_t i = 0; i < report->n_list; i++)
		if (tl_shown_counts(&report->list[i]))
			tl_report_text_finding(report, report->list[i].finding, out);
	tl_report_text_trace(report, out);
	fprintf(out, "\n%zu error%s, %zu warning%s, %zu info%s", errors, errors == 1 ? "" : "s", warnings,
		warnings == 1 ? "" : "s", infos, report->partial ? " before the trace could not be read on" : "");
	write_left_out(report, out);
	fputc('\n', out);
	if (fflush(out) != 0 || ferror(out))
		return tl_error_set(error, TL_EIO, "the report could not be written");
	return 0;
}
