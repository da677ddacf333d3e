/* Reads the command line of `threadline check`; see check_options.h. */
#include "viewer/cli/check_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/near.h"
#include "viewer/base/text.h"
#include "viewer/rules/help.h"
#include "viewer/rules/rule.h"

static const char usage[] =
	"usage: threadline check TRACE [OPTION]...\n"
	"\n"
	"Checks the order of events in a trace and reports what cannot be right.\n"
	"TRACE is a folder with a CTF trace, or an event list in text.\n"
	"With --live it is net://HOST[:PORT], or net://HOST[:PORT]/host/NAME/SESSION: a session\n"
	"that runs (threadline record --to) is followed to its end or to Ctrl+C. What is found is\n"
	"told on stderr at once, and the report comes at the end.\n"
	"\n"
	"What is checked:\n"
	"  --rule ID            only this rule; may be given several times\n"
	"  --list-rules         the rules, their severity and meaning\n"
	"  --explain ID         a page about a rule: example, fix, false alarms\n"
	"  --from T, --to T     only findings with an event in this time: ns since the start\n"
	"                       of the trace, or 1.5s, 250us, or 2026-05-01T12:30:00 (Z: UTC);\n"
	"                       the whole trace is read all the same\n"
	"\n"
	"What fails:\n"
	"  --fail-on SEVERITY   error, warning (default), info or never: what makes the exit\n"
	"                       status 1\n"
	"  --ignore FILE        suppressions, one a line; may be given several times:\n"
	"                       RULE [function=GLOB] [file=GLOB] [object=GLOB] [task=GLOB] reason=TEXT\n"
	"  --baseline FILE      an earlier JSON report: what stands in it does not fail\n"
	"\n"
	"How it is told:\n";

static const char statuses[] =
	"  --color WHEN         always, never, or auto: on a terminal without NO_COLOR (default)\n"
	"  --reader READER      direct (what LTTng writes, fast) or babeltrace (any CTF 1.8);\n"
	"                       default: direct, and babeltrace where that one refuses\n"
	"  --clock-offset WHAT=TIME\n"
	"                       add TIME (+1.5ms, -20us) to the times of a host or of a trace below a\n"
	"                       path, whose clock is wrong; may be given several times\n"
	"  -v, --verbose        say which reader reads, and why\n"
	"\n"
	"Exit status: 0 nothing found at or above that severity; 1 findings; 2 could not\n"
	"check; 3 nothing found, but events were lost, a tail was left out, or nothing in\n"
	"the trace is for us.\n";

static int print_help(void)
{
	fputs(usage, stdout);
	fputs("  --format FORMAT      ", stdout);
	for (size_t i = 0; i < tl_n_formats; i++)
		printf("%s%s: %s%s\n", i ? "                       " : "", tl_formats[i].name, tl_formats[i].summary,
		       i ? "" : " (default)");
	fputs(statuses, stdout);
	return TL_CHECK_CLEAN;
}

static int usage_error(const char *what, const char *value)
{
	return tl_option_error("check", what, value);
}

static int unknown_rule(const char *id)
{
	const char *before = "; did you mean ";

	tl_option_say("check", "there is no rule", id);
	for (size_t i = 0; i < tl_n_rules; i++)
		if (tl_near_is(id, tl_rules[i].id)) {
			fprintf(stderr, "%s'%s'", before, tl_rules[i].id);
			before = ", ";
		}
	fputs("\nthreadline check --list-rules lists them\n", stderr);
	return TL_CHECK_FAILED;
}

static const char *format_at(size_t i)
{
	return i < tl_n_formats ? tl_formats[i].name : NULL;
}

static int list_rules(void)
{
	for (size_t i = 0; i < tl_n_rules; i++)
		printf("%-24s %-8s %s\n", tl_rules[i].id, tl_severity_text(tl_rules[i].severity), tl_rules[i].meaning);
	return TL_CHECK_CLEAN;
}

static void print_part(const char *title, const char *text, const char *indent)
{
	printf("\n%s:\n\n", title);
	while (*text) {
		int n = (int)strcspn(text, "\n");

		printf("%s%.*s\n", n ? indent : "", n, text);
		text += n + (text[n] == '\n');
	}
}

static int explain(const char *id)
{
	const struct tl_rule *rule = tl_rule_find(id);
	const struct tl_rule_help *help = tl_rule_help_find(id);

	if (!rule)
		return unknown_rule(id);
	printf("%s (%s): %s\n", rule->id, tl_severity_text(rule->severity), rule->meaning);
	if (!help)
		return TL_CHECK_CLEAN;
	print_part("What it means", help->means, "");
	print_part("Example", help->example, "    ");
	print_part("How to fix it", help->fix, "");
	print_part("When it is a false alarm", help->false_alarm, "");
	return TL_CHECK_CLEAN;
}

static int severity_of(const char *text)
{
	if (strcmp(text, "never") == 0)
		return TL_FAIL_NEVER;
	for (int s = TL_INFO; s <= TL_ERROR; s++)
		if (strcmp(tl_severity_text((enum tl_severity)s), text) == 0)
			return s;
	return -1;
}

static int take_rule(struct tl_check_command *command, const char *id)
{
	if (!tl_rule_find(id))
		return unknown_rule(id);
	command->rules[command->n_rules++] = id;
	return -1;
}

static int take_colour(struct tl_check_command *command, const char *when)
{
	static const char *const names[] = {"auto", "always", "never"};

	for (int i = 0; i < 3; i++)
		if (strcmp(names[i], when) == 0) {
			command->colour = i;
			return -1;
		}
	return usage_error("--color: auto, always or never, not", when);
}

static int told(const struct tl_error *error)
{
	tl_error_print(error, "threadline check: ", stderr);
	return TL_CHECK_FAILED;
}

static int take_file(struct tl_check_command *command, int option, const char *path)
{
	struct tl_error error;

	tl_error_init(&error);
	if (option == 'i')
		return tl_ignore_read(&command->ignore, path, &error) == 0 ? -1 : told(&error);
	if (command->baseline)
		return usage_error("only one --baseline at a time; the second is", path);
	command->baseline = tl_baseline_read(path, &error);
	return command->baseline ? -1 : told(&error);
}

/* -1: go on; else the exit status. */
static int take_option(struct tl_check_command *command, int option)
{
	switch (option) {
	case 'f':
		command->format = tl_format_find(optarg);
		return command->format ? -1 : tl_option_no_format("check", optarg, format_at);
	case 'r': return take_rule(command, optarg);
	case 's':
		command->fail_on = severity_of(optarg);
		return command->fail_on >= 0 ? -1 : usage_error("there is no severity", optarg);
	case 'c': return take_colour(command, optarg);
	case 'i':
	case 'b': return take_file(command, option, optarg);
	case 'F':
	case 'T': return tl_option_window("check", &command->window, option == 'F', optarg);
	case 'O': return tl_option_offset("check", &command->reading, optarg);
	case 'R': return tl_option_reader("check", &command->reading, optarg);
	case 'L': command->is_live = true; return -1;
	case 'v': command->reading.is_verbose = true; return -1;
	case 'l': return list_rules();
	case 'e': return explain(optarg);
	case 'h': return print_help();
	default: return usage_error("an option is not right", NULL);
	}
}

int tl_check_command_parse(struct tl_check_command *command, int argc, char **argv)
{
	static const struct option known[] = {
		{"format", required_argument, NULL, 'f'},  {"rule", required_argument, NULL, 'r'},
		{"fail-on", required_argument, NULL, 's'}, {"color", required_argument, NULL, 'c'},
		{"ignore", required_argument, NULL, 'i'},  {"baseline", required_argument, NULL, 'b'},
		{"from", required_argument, NULL, 'F'},    {"to", required_argument, NULL, 'T'},
		{"live", no_argument, NULL, 'L'},          {"list-rules", no_argument, NULL, 'l'},
		{"explain", required_argument, NULL, 'e'}, {"clock-offset", required_argument, NULL, 'O'},
		{"reader", required_argument, NULL, 'R'},  {"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},          {0},
	};
	int option, status;

	memset(command, 0, sizeof *command);
	tl_ignore_init(&command->ignore);
	command->format = &tl_formats[0];
	command->fail_on = TL_WARNING;
	command->rules = calloc((size_t)argc + 1, sizeof *command->rules);
	if (!command->rules)
		return usage_error("out of memory", NULL);
	optind = 1;
	while ((option = getopt_long(argc, argv, "hv", known, NULL)) != -1) {
		status = take_option(command, option);
		if (status >= 0)
			return status;
	}
	status = tl_option_trace("check", &command->window, argc, argv, &command->path);
	if (status >= 0 || tl_source_is_live(command->path) == command->is_live)
		return status;
	return usage_error(command->is_live ? "--live takes net://HOST[:PORT], not"
					    : "to follow a session that runs, give --live with",
			   command->path);
}

void tl_check_command_finish(struct tl_check_command *command)
{
	free(command->rules);
	tl_ignore_finish(&command->ignore);
	tl_baseline_destroy(command->baseline);
}
