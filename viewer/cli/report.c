/* threadline report TRACE: what the trace says in numbers, after the check. */
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/cli/commands.h"
#include "viewer/cli/options.h"
#include "viewer/cli/progress.h"
#include "viewer/report/summary.h"

#define PREFIX "threadline report: "
#define TOP 10
#define TASKS 20

struct command {
	const char *path;
	const struct tl_summary_format *format;
	struct tl_window window;
	struct tl_reading reading;
	size_t top, rows;
};

static const char usage[] = "usage: threadline report TRACE [OPTION]...\n"
			    "\n"
			    "Says in numbers what a trace holds: what the check found; how long each task ran,\n"
			    "could have run and was blocked, by what for; what was waited for most and longest,\n"
			    "where, and who held it; how soon who was woken ran; who woke whom; what is still\n"
			    "blocked or open at the end. docs/report.md explains each number.\n"
			    "TRACE is a folder with a CTF trace, or an event list in text.\n"
			    "\n"
			    "  --from T, --to T     only this time: ns since the start of the trace, or 1.5s, 250us,\n"
			    "                       or 2026-05-01T12:30:00 (Z: UTC); what reaches beyond is cut\n"
			    "  --top N              rows of each table but that of tasks (default 10; 0: all)\n"
			    "  --tasks N            rows of the table of tasks (default 20); if there are more\n"
			    "                       tasks, those of like names count as one everywhere\n"
			    "  --all                each task by itself\n";

static const char statuses[] =
	"  --reader READER      direct or babeltrace, as in check\n"
	"  --clock-offset WHAT=TIME\n"
	"                       add TIME (+1.5ms, -20us) to the times of a host or of a trace below\n"
	"                       a path, whose clock is wrong; may be given several times\n"
	"  -v, --verbose        say which reader reads, and why\n"
	"\n"
	"Exit status: 0 reported; 2 the trace could not be read, or not to its end (what came\n"
	"before is reported). It does not depend on what was found: that is check's.\n";

static int print_help(void)
{
	fputs(usage, stdout);
	fputs("  --format FORMAT      ", stdout);
	for (size_t i = 0; i < tl_n_summary_formats; i++)
		printf("%s%s: %s%s\n", i ? "                       " : "", tl_summary_formats[i].name,
		       tl_summary_formats[i].summary, i ? "" : " (default)");
	fputs(statuses, stdout);
	return 0;
}

static const char *format_at(size_t i)
{
	return i < tl_n_summary_formats ? tl_summary_formats[i].name : NULL;
}

static int take_number(size_t *number, const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value > UINT_MAX)
		return tl_option_error("report", "--top and --tasks take a number of rows, not", text);
	*number = value ? value : SIZE_MAX;
	return -1;
}

/* -1: go on; else the exit status. */
static int take_option(struct command *command, int option)
{
	switch (option) {
	case 'f':
		command->format = tl_summary_format_find(optarg);
		return command->format ? -1 : tl_option_no_format("report", optarg, format_at);
	case 'F':
	case 'T': return tl_option_window("report", &command->window, option == 'F', optarg);
	case 'n': return take_number(&command->top, optarg);
	case 't': return take_number(&command->rows, optarg);
	case 'O': return tl_option_offset("report", &command->reading, optarg);
	case 'R': return tl_option_reader("report", &command->reading, optarg);
	case 'v': command->reading.is_verbose = true; return -1;
	case 'a': command->rows = SIZE_MAX; return -1;
	case 'h': return print_help();
	default: return tl_option_error("report", "an option is not right", NULL);
	}
}

static int parse(struct command *command, int argc, char **argv)
{
	static const struct option known[] = {
		{"format", required_argument, NULL, 'f'},
		{"from", required_argument, NULL, 'F'},
		{"to", required_argument, NULL, 'T'},
		{"top", required_argument, NULL, 'n'},
		{"tasks", required_argument, NULL, 't'},
		{"all", no_argument, NULL, 'a'},
		{"clock-offset", required_argument, NULL, 'O'},
		{"reader", required_argument, NULL, 'R'},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option, status;

	*command = (struct command){.format = &tl_summary_formats[0], .top = TOP, .rows = TASKS};
	optind = 1;
	while ((option = getopt_long(argc, argv, "hv", known, NULL)) != -1) {
		status = take_option(command, option);
		if (status >= 0)
			return status;
	}
	return tl_option_trace("report", &command->window, argc, argv, &command->path);
}

/* The findings of the window. NULL: out of memory. */
static struct tl_shown *choose(struct tl_report *report)
{
	const struct tl_findings *findings = &report->check->findings;
	struct tl_shown *list = calloc(findings->list.n + 1, sizeof *list);

	for (size_t i = 0; list && i < findings->list.n; i++)
		if (tl_report_in_window(report, &findings->list.items[i]))
			list[report->n_list++].finding = &findings->list.items[i];
	return list;
}

static int print(const struct command *command, const struct tl_check *check, const struct tl_stats *stats,
		 bool partial, struct tl_error *error)
{
	char *folder = getcwd(NULL, 0);
	struct tl_report report = {
		.check = check,
		.path = command->path,
		.folder = folder,
		.symbols = tl_symbols_create(check->state),
		.has_window = command->window.has_from || command->window.has_to,
		.from_ns = stats->from_ns,
		.to_ns = stats->to_ns,
		.partial = partial,
	};
	struct tl_summary summary = {.report = &report, .stats = stats, .top = command->top, .rows = command->rows};
	struct tl_shown *list = choose(&report);
	int result;

	report.list = list;
	result = list ? command->format->write(&summary, stdout, error)
		      : tl_error_set(error, TL_ENOMEM, "out of memory");
	free(list);
	free(folder);
	tl_symbols_destroy(report.symbols);
	return result;
}

static int report_trace(const struct command *command, struct tl_source *source, struct tl_check *check,
			struct tl_error *error)
{
	const struct tl_window *window = &command->window;
	struct tl_stats *stats = tl_stats_create(&check->info, window->has_from ? &window->from : NULL,
						 window->has_to ? &window->to : NULL);
	struct tl_observer observer = tl_stats_observer(stats);
	struct tl_check_options options = {.observer = &observer};
	struct tl_progress progress;
	struct tl_error own;
	int result, printed;

	if (!stats)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	tl_error_init(&own);
	tl_progress_init(&progress, check, &options);
	result = tl_check_run(check, source, &options, error);
	tl_progress_end(&progress);
	if (result != 0)
		tl_error_add(error, "the trace could not be read to its end; what comes before is reported");
	printed = tl_stats_end(stats, check->state, command->rows, &own);
	if (printed == 0)
		printed = print(command, check, stats, result != 0, &own);
	if (printed != 0)
		tl_error_print(&own, PREFIX, stderr);
	tl_stats_destroy(stats);
	return result ? result : printed;
}

int tl_cli_report(int argc, char **argv)
{
	struct command command;
	struct tl_check check;
	struct tl_source *source;
	struct tl_error error;
	int status = parse(&command, argc, argv);

	if (status >= 0)
		return status;
	status = TL_EXIT_USAGE;
	tl_error_init(&error);
	if (tl_check_init(&check, &error) == 0) {
		source = tl_reading_open("report", &command.reading, command.path, &error);
		if (source && report_trace(&command, source, &check, &error) == 0)
			status = 0;
		tl_source_destroy(source);
		tl_check_finish(&check);
	}
	if (error.n)
		tl_error_print(&error, PREFIX, stderr);
	return status;
}
