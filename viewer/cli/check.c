/* threadline check TRACE: the headless ordering check, for people and for CI. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/base/text.h"
#include "viewer/cli/check_options.h"
#include "viewer/cli/commands.h"
#include "viewer/cli/follow.h"
#include "viewer/cli/progress.h"
#include "viewer/rules/rule.h"

#define PREFIX "threadline check: "

/* Errors first, then by time: qsort is not stable, so the place in the list decides last. */
static int by_severity(const void *a, const void *b)
{
	const struct tl_finding *x = ((const struct tl_shown *)a)->finding, *y = ((const struct tl_shown *)b)->finding;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The findings that were asked for, and what the user has said of each; NULL: out of memory. */
static struct tl_shown *choose(struct tl_check_command *command, struct tl_report *report)
{
	const struct tl_findings *findings = &report->check->findings;
	struct tl_shown *list = calloc(findings->list.n + 1, sizeof *list);

	report->n_list = 0;
	for (size_t i = 0; list && i < findings->list.n; i++) {
		const struct tl_finding *finding = &findings->list.items[i];
		struct tl_shown *shown = &list[report->n_list];

		if (!tl_report_has_rule(report, finding->rule) || !tl_report_in_window(report, finding))
			continue;
		shown->finding = finding;
		tl_report_fingerprint(report, finding, shown->fingerprint);
		shown->is_known = command->baseline &&
				  tl_baseline_knows(command->baseline, shown->fingerprint, finding->severity);
		report->n_list++;
	}
	if (!list)
		return NULL;
	qsort(list, report->n_list, sizeof *list, by_severity);
	for (size_t i = 0; i < report->n_list; i++)
		list[i].ignored = tl_ignore_find(&command->ignore, report, list[i].finding);
	return list;
}

/* A suppression that fits nothing any more hides the next bug: it should go. */
static void say_unused(const struct tl_check_command *command, const struct tl_report *report)
{
	for (size_t i = 0; i < command->ignore.list.n; i++) {
		const struct tl_ignore_entry *entry = &command->ignore.list.items[i];

		/* Those of which nothing was asked, or not of the whole trace, could not be used. */
		if (entry->used || !tl_report_has_rule(report, entry->rule) || report->has_window || report->partial)
			continue;
		tl_text_escape(stderr, entry->file);
		fprintf(stderr, ":%d: this suppression of %s was not used\n", entry->line, entry->rule);
	}
}

static int status_of(const struct tl_report *report)
{
	const struct tl_check *check = report->check;

	if (report->partial)
		return TL_CHECK_FAILED;
	for (size_t i = 0; i < report->n_list; i++)
		if (tl_report_fails(report, &report->list[i]))
			return TL_CHECK_FINDINGS;
	if (check->incomplete || check->truncated || check->info.malformed || check->info.events == 0)
		return TL_CHECK_WEAK;
	return TL_CHECK_CLEAN;
}

static bool wants_colour(const struct tl_check_command *command)
{
	const char *no = getenv("NO_COLOR");

	if (command->colour != TL_COLOUR_AUTO)
		return command->colour == TL_COLOUR_ALWAYS;
	/* no-color.org: when it is there and not empty. */
	return isatty(STDOUT_FILENO) && !(no && *no);
}

static int report(struct tl_check_command *command, const struct tl_check *check, bool partial)
{
	int64_t start_ns = check->info.start_ns;
	char *folder = getcwd(NULL, 0);
	struct tl_report report = {
		.check = check,
		.path = command->path,
		.folder = folder,
		.symbols = tl_symbols_create(check->state),
		.rules = command->rules,
		.n_rules = command->n_rules,
		.fail_on = command->fail_on,
		.has_baseline = command->baseline != NULL,
		.has_window = command->window.has_from || command->window.has_to,
		.from_ns = command->window.has_from ? tl_when_since_epoch(&command->window.from, start_ns) : INT64_MIN,
		.to_ns = command->window.has_to ? tl_when_since_epoch(&command->window.to, start_ns) : INT64_MAX,
		.use_colour = wants_colour(command),
		.partial = partial,
	};
	struct tl_shown *list = choose(command, &report);
	struct tl_error error;
	int status = TL_CHECK_FAILED;

	tl_error_init(&error);
	report.list = list;
	if (!list)
		tl_error_set(&error, TL_ENOMEM, "out of memory");
	else if (command->format->write(&report, stdout, &error) == 0)
		status = status_of(&report);
	if (error.n)
		tl_error_print(&error, PREFIX, stderr);
	else
		say_unused(command, &report);
	free(list);
	free(folder);
	tl_symbols_destroy(report.symbols);
	return status;
}

static int check_trace(struct tl_check_command *command)
{
	struct tl_error error;
	struct tl_check check;
	struct tl_check_options options = {0};
	struct tl_progress progress;
	struct tl_source *source;
	struct tl_follow follow;
	int result, status = TL_CHECK_FAILED;

	tl_error_init(&error);
	if (tl_check_init(&check, &error) != 0) {
		tl_error_print(&error, PREFIX, stderr);
		return TL_CHECK_FAILED;
	}
	source = tl_reading_open("check", &command->reading, command->path, &error);
	if (source) {
		tl_progress_init(&progress, &check, &options);
		if (command->is_live)
			tl_follow_init(&follow, command, &check, &options);
		result = tl_check_run(&check, source, &options, &error);
		tl_progress_end(&progress);
		if (check.stopped)
			fputs(PREFIX "ended here; what comes later in the session was not looked at\n", stderr);
		if (result != 0)
			tl_error_add(&error, "the trace could not be read to its end; what comes before is reported");
		status = report(command, &check, result != 0);
	} else if (command->format != &tl_formats[0]) {
		/* Programs are told in their own language: an empty file may pass for a good one. */
		report(command, &check, true);
	}
	if (error.n)
		tl_error_print(&error, PREFIX, stderr);
	tl_source_destroy(source);
	tl_check_finish(&check);
	return status;
}

int tl_cli_check(int argc, char **argv)
{
	struct tl_check_command command;
	int status = tl_check_command_parse(&command, argc, argv);

	if (status < 0)
		status = check_trace(&command);
	tl_check_command_finish(&command);
	return status;
}
