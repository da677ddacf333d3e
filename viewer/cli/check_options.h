/* The command line of `threadline check`. */
#ifndef TL_CLI_CHECK_OPTIONS_H
#define TL_CLI_CHECK_OPTIONS_H

#include "viewer/cli/options.h"
#include "viewer/report/baseline.h"
#include "viewer/report/ignore.h"
#include "viewer/report/report.h"

enum {
	TL_CHECK_CLEAN = 0,
	TL_CHECK_FINDINGS = 1,
	TL_CHECK_FAILED = 2, /* could not check */
	TL_CHECK_WEAK = 3,   /* nothing found, but less was seen than happened */
};

struct tl_check_command {
	const char *path;
	const struct tl_format *format;
	int fail_on;        /* enum tl_severity, or TL_FAIL_NEVER */
	const char **rules; /* only these; none: all */
	size_t n_rules;
	struct tl_ignore ignore;
	struct tl_baseline *baseline; /* NULL: none given */
	struct tl_window window;
	struct tl_reading reading;
	bool is_live; /* the trace is a session that runs: findings are told as they come */
	enum { TL_COLOUR_AUTO, TL_COLOUR_ALWAYS, TL_COLOUR_NEVER } colour;
};

/*
 * Reads the options and the files that they name; points into argv. Returns -1: a
 * trace is to be checked; else the exit status, everything being said and done.
 * Finish it in either case.
 */
int tl_check_command_parse(struct tl_check_command *command, int argc, char **argv);
void tl_check_command_finish(struct tl_check_command *command);

#endif
