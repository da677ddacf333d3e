/* threadline check TRACE: the headless ordering check, for people and for CI. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/base/text.h"
#include "viewer/cli/commands.h"
#include "viewer/report/report.h"
#include "viewer/rules/rule.h"

enum {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_FAILED = 2, /* could not check */
	EXIT_WEAK = 3,   /* nothing found, but less was seen than happened */
};

struct options {
	const char *path;
	const struct tl_format *format;
	int fail_on;        /* enum tl_severity */
	const char **rules; /* only these; none: all */
	size_t n_rules;
};

static const char help[] = "usage: threadline check TRACE [OPTION]...\n"
			   "\n"
			   "Checks the order of events in a trace and reports what cannot be right.\n"
			   "TRACE is a folder with a CTF trace, or an event list in text.\n"
			   "\n"
			   "  --format FORMAT     text (default) or json\n"
			   "  --rule ID           only this rule; may be given several times\n"
			   "  --list-rules        the rules, their severity and meaning\n"
			   "  --fail-on SEVERITY  error, warning (default) or info: what makes the exit status 1\n"
			   "\n"
			   "Exit status: 0 nothing found at or above that severity; 1 findings; 2 could not\n"
			   "check; 3 nothing found, but events were lost, a tail was left out, or nothing in\n"
			   "the trace is for us.\n";

static int usage_error(const char *what, const char *value)
{
	fprintf(stderr, "threadline check: %s", what);
	if (value) {
		fputs(" '", stderr);
		tl_text_escape(stderr, value);
		fputs("'", stderr);
	}
	fputs("\nthreadline check --help tells how it is used\n", stderr);
	return EXIT_FAILED;
}

static int list_rules(void)
{
	for (size_t i = 0; i < tl_n_rules; i++)
		printf("%-24s %-8s %s\n", tl_rules[i].id, tl_severity_text(tl_rules[i].severity), tl_rules[i].meaning);
	return EXIT_CLEAN;
}

static int severity_of(const char *text)
{
	for (int s = TL_INFO; s <= TL_ERROR; s++)
		if (strcmp(tl_severity_text((enum tl_severity)s), text) == 0)
			return s;
	return -1;
}

/* -1: go on; else the exit status. */
static int take_option(struct options *options, int option)
{
	switch (option) {
	case 'f':
		options->format = tl_format_find(optarg);
		return options->format ? -1 : usage_error("there is no format", optarg);
	case 'r':
		if (!tl_rule_find(optarg))
			return usage_error("there is no rule", optarg);
		options->rules[options->n_rules++] = optarg;
		return -1;
	case 's':
		options->fail_on = severity_of(optarg);
		return options->fail_on >= 0 ? -1 : usage_error("there is no severity", optarg);
	case 'l': return list_rules();
	case 'h': fputs(help, stdout); return EXIT_CLEAN;
	default: return usage_error("an option is not right", NULL);
	}
}

static int parse(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{"format", required_argument, NULL, 'f'},  {"rule", required_argument, NULL, 'r'},
		{"fail-on", required_argument, NULL, 's'}, {"list-rules", no_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},          {0},
	};
	int option, status;

	options->format = &tl_formats[0];
	options->fail_on = TL_WARNING;
	options->rules = calloc((size_t)argc + 1, sizeof *options->rules);
	if (!options->rules)
		return usage_error("out of memory", NULL);
	optind = 1;
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		status = take_option(options, option);
		if (status >= 0)
			return status;
	}
	if (optind + 1 != argc)
		return usage_error(optind == argc ? "which trace?" : "only one trace at a time:",
				   optind == argc ? NULL : argv[optind + 1]);
	options->path = argv[optind];
	return -1;
}

static bool is_wanted(const struct options *options, const struct tl_finding *finding)
{
	for (size_t i = 0; i < options->n_rules; i++)
		if (strcmp(options->rules[i], finding->rule) == 0)
			return true;
	return options->n_rules == 0;
}

/* Errors first, then by time: qsort is not stable, so the place in the list decides last. */
static int by_severity(const void *a, const void *b)
{
	const struct tl_finding *x = *(const struct tl_finding *const *)a, *y = *(const struct tl_finding *const *)b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x < y ? -1 : x > y;
}

static const struct tl_finding **choose(const struct options *options, const struct tl_check *check, size_t *n)
{
	size_t all = check->findings.list.n;
	const struct tl_finding **chosen = calloc(all + 1, sizeof *chosen);

	*n = 0;
	for (size_t i = 0; chosen && i < all; i++)
		if (is_wanted(options, &check->findings.list.items[i]))
			chosen[(*n)++] = &check->findings.list.items[i];
	if (chosen)
		qsort(chosen, *n, sizeof *chosen, by_severity);
	return chosen;
}

static int status_of(const struct options *options, const struct tl_report *report)
{
	const struct tl_check *check = report->check;

	if (report->partial)
		return EXIT_FAILED;
	for (size_t i = 0; i < report->n_findings; i++)
		if ((int)report->findings[i]->severity >= options->fail_on)
			return EXIT_FINDINGS;
	if (check->incomplete || check->truncated || check->info.malformed || check->info.events == 0)
		return EXIT_WEAK;
	return EXIT_CLEAN;
}

static int report(const struct options *options, const struct tl_check *check, bool partial)
{
	struct tl_report report = {
		.check = check,
		.path = options->path,
		.symbols = tl_symbols_create(check->state),
		.use_colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
		.partial = partial,
	};
	const struct tl_finding **chosen = choose(options, check, &report.n_findings);
	struct tl_error error;
	int status = EXIT_FAILED;

	tl_error_init(&error);
	report.findings = chosen;
	if (!chosen)
		tl_error_set(&error, TL_ENOMEM, "out of memory");
	else if (options->format->write(&report, stdout, &error) == 0)
		status = status_of(options, &report);
	if (error.n)
		tl_error_print(&error, "threadline check: ", stderr);
	free(chosen);
	tl_symbols_destroy(report.symbols);
	return status;
}

static int check_trace(const struct options *options)
{
	struct tl_error error;
	struct tl_check check;
	struct tl_source *source;
	int result, status = EXIT_FAILED;

	tl_error_init(&error);
	if (tl_check_init(&check, &error) != 0) {
		tl_error_print(&error, "threadline check: ", stderr);
		return EXIT_FAILED;
	}
	source = tl_source_open(options->path, &error);
	if (source) {
		result = tl_check_run(&check, source, NULL, &error);
		if (result != 0)
			tl_error_add(&error, "the trace could not be read to its end; what comes before is reported");
		status = report(options, &check, result != 0);
	}
	if (error.n)
		tl_error_print(&error, "threadline check: ", stderr);
	tl_source_destroy(source);
	tl_check_finish(&check);
	return status;
}

int tl_cli_check(int argc, char **argv)
{
	struct options options = {0};
	int status = parse(&options, argc, argv);

	if (status < 0)
		status = check_trace(&options);
	free(options.rules);
	return status;
}
