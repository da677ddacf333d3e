/* Tells what a recording yielded; see summary.h. */
#include "tracer/record/summary.h"

#include <inttypes.h>
#include <string.h>

#include "viewer/base/text.h"

#define PREFIX "threadline: "

/* "967,700" */
static const char *grouped(char *buffer, size_t size, uint64_t value)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%" PRIu64, value), out = 0;

	for (int i = 0; i < n && out < (int)size - 2; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buffer[out++] = ',';
		buffer[out++] = digits[i];
	}
	buffer[out] = '\0';
	return buffer;
}

static void print_number(uint64_t value, const char *one, const char *many, FILE *out)
{
	char text[40];

	fprintf(out, "%s %s", grouped(text, sizeof text, value), value == 1 ? one : many);
}

static void print_bytes(uint64_t bytes, FILE *out)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1024 && unit + 1 < sizeof units / sizeof *units) {
		value /= 1024;
		unit++;
	}
	fprintf(out, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

void tl_summary_quote(const char *path, FILE *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
	bool control = false;

	if (*path && *path != '-' && path[strspn(path, plain)] == '\0') {
		fputs(path, out);
		return;
	}
	for (const char *at = path; *at; at++)
		control |= (unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7f;
	if (control) {
		/* What could trick a terminal goes as an escape that bash and others know. */
		fputs("$'", out);
		for (const char *at = path; *at; at++) {
			if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7f)
				fprintf(out, "\\x%02x", (unsigned char)*at);
			else
				fprintf(out, strchr("'\\", *at) ? "\\%c" : "%c", *at);
		}
		fputc('\'', out);
		return;
	}
	fputs(*path == '-' ? "./'" : "'", out);
	for (const char *at = path; *at; at++)
		fputs(*at == '\'' ? "'\\''" : (char[]){*at, '\0'}, out);
	fputc('\'', out);
}

static uint64_t lost_in_all(const struct tl_summary *summary)
{
	uint64_t lost = summary->counted ? summary->lost : 0;

	return summary->lost_events > lost ? summary->lost_events : lost;
}

void tl_summary_loss(const struct tl_summary *summary, FILE *out)
{
	uint64_t lost = lost_in_all(summary);

	if (lost == 0 && summary->lost_packets == 0) {
		fputs(summary->counted || summary->lost_known ? "no events lost" : "lost events not known", out);
		return;
	}
	print_number(lost, "EVENT LOST", "EVENTS LOST", out);
	if (summary->lost_packets) {
		fputs(" and ", out);
		print_number(summary->lost_packets, "PACKET OVERWRITTEN", "PACKETS OVERWRITTEN", out);
	}
}

static void print_losers(const char *losers, FILE *out)
{
	for (size_t n; *losers; losers += n + (losers[n] == '\n')) {
		n = strcspn(losers, "\n");
		fprintf(out, PREFIX "  %.*s\n", (int)n, losers);
	}
}

static void print_counts(const struct tl_summary *summary, FILE *out)
{
	char duration[TL_TIME_TEXT];

	fputs(PREFIX "recorded ", out);
	if (summary->counted) {
		print_number(summary->events, "event", "events", out);
		fputs(" of ", out);
		print_number(summary->tasks, "task", "tasks", out);
	} else {
		fputs("events (not counted)", out);
	}
	fprintf(out, " in %s, ", tl_text_duration(duration, summary->run_ns));
	print_bytes(summary->bytes, out);
	fputs("; ", out);
	tl_summary_loss(summary, out);
	fputc('\n', out);
	print_losers(summary->losers, out);
	if (lost_in_all(summary) > 0)
		fputs(PREFIX "  the buffers were full for a moment: a larger /dev/shm and --buffer-size lose less\n",
		      out);
}

static bool names_memory(const char *complaint)
{
	return strstr(complaint, "No space left") || strstr(complaint, "shm") || strstr(complaint, "Cannot allocate");
}

/* The buffers are made when the first program appears; there was room when we looked. */
static bool print_no_memory(const struct tl_summary *summary, FILE *out)
{
	if (summary->shm_free >= summary->shm_needed && !names_memory(summary->complaint))
		return false;
	fprintf(out, "/dev/shm filled up: the buffers take %" PRIu64 " KiB, %" PRIu64 " KiB are free",
		summary->shm_needed / 1024, summary->shm_free / 1024);
	return true;
}

/* Why there is nothing: the surest reason first. */
static void print_reason(const struct tl_summary *summary, FILE *out)
{
	fputs(PREFIX "  nothing was recorded: ", out);
	if (summary->trouble) {
		fputs("the recording failed, see above", out);
	} else if (summary->no_library) {
		fputs("Threadline's library was not found, so the command ran untraced", out);
	} else if (print_no_memory(summary, out)) {
		/* said */
	} else if (!summary->program) {
		fputs("no process that carries Threadline's library was there, or it did nothing that is recorded: "
		      "nothing waited",
		      out);
	} else if (summary->program->obstacle != TL_OBSTACLE_NONE) {
		tl_text_escape(out, summary->program->seen);
		fprintf(out, " %s", tl_obstacle_text(summary->program->obstacle));
	} else if (summary->complaint[0]) {
		fputs("the session daemon says: ", out);
		tl_text_escape(out, summary->complaint);
	} else {
		fputs("no process of the command loaded Threadline's library, or none could reach the session "
		      "daemon (a cleared environment, a container, another user?)",
		      out);
	}
	fputc('\n', out);
}

void tl_summary_print(const struct tl_summary *summary, FILE *out)
{
	if (summary->trouble)
		tl_error_print(summary->trouble, PREFIX, out);
	print_counts(summary, out);
	if (summary->counted && summary->events == 0)
		print_reason(summary, out);
	if (summary->survivors > 0)
		fprintf(out, PREFIX "  %d process%s of the command still run%s, no longer recorded\n",
			summary->survivors, summary->survivors == 1 ? "" : "es", summary->survivors == 1 ? "s" : "");
	if (summary->is_checked)
		return;
	fputs(PREFIX "trace: ", out);
	tl_summary_quote(summary->output->name, out);
	fputs("\n" PREFIX "next:  threadline check ", out);
	tl_summary_quote(summary->output->name, out);
	fputc('\n', out);
}
