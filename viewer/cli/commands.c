/* The command table; see commands.h. */
#include "viewer/cli/commands.h"

#include <string.h>

#include "viewer/base/near.h"

#define NO_RECORDER "this build has no recorder (it was built with -DTHREADLINE_TRACER=OFF)"
#define NO_VIEWER "this build has no viewer (it was built with -DTHREADLINE_VIEWER=OFF)"

const struct tl_command tl_commands[] = {
	{"record", "[-o DIR] [options] -- COMMAND [ARG...]", "record a program (its exit status is returned)",
	 .program = "threadline-record", .missing = NO_RECORDER},
	{"snapshot", "[NAME]", "save what a flight recording holds in memory", .program = "threadline-record",
	 .missing = NO_RECORDER, .by_name = true},
	{"status", "", "list what is being recorded", .program = "threadline-record", .missing = NO_RECORDER,
	 .by_name = true},
	{"stop", "", "end a recording; the programs go on", .program = "threadline-record", .missing = NO_RECORDER,
	 .by_name = true},
	{"recover", "TRACE", "take what a killed recording left in memory into its trace",
	 .program = "threadline-record", .missing = NO_RECORDER, .by_name = true},
	{"relay", "[-o DIR] [ADDRESS[:PORT]]", "take the traces that other hosts send (threadline record --to)",
	 .program = "threadline-record", .missing = NO_RECORDER, .by_name = true},
	{"doctor", "", "say what keeps programs from being recorded here, and how to mend it",
	 .program = "threadline-record", .missing = NO_RECORDER, .by_name = true},
	{"check", "TRACE [--format FORMAT] [options]", "prove from a trace whether the order of events makes sense",
	 .run = tl_cli_check},
	{"report", "TRACE [--format FORMAT] [options]",
	 "say in numbers who ran, who waited for what, and who woke whom", .run = tl_cli_report},
	{"view", "TRACE", "show a trace on a timeline, in a window", .program = "threadline-view",
	 .missing = NO_VIEWER},
	{"render", "TRACE -o FILE.png|FILE.svg [--from T --to T --size WxH]", "draw the same picture without a display",
	 .run = tl_cli_render, .program = "threadline-view", .missing = NO_VIEWER},
	/* For threadline-record's summary. */
	{"count", "TRACE", NULL, .run = tl_cli_count},
};
const size_t tl_n_commands = sizeof tl_commands / sizeof *tl_commands;

const struct tl_command *tl_command_find(const char *name)
{
	for (size_t i = 0; i < tl_n_commands; i++)
		if (strcmp(tl_commands[i].name, name) == 0)
			return &tl_commands[i];
	return NULL;
}

#define DISTANCE_MAX 2

const struct tl_command *tl_command_suggest(const char *name)
{
	const struct tl_command *best = NULL;
	unsigned least = DISTANCE_MAX + 1;

	for (size_t i = 0; i < tl_n_commands; i++) {
		unsigned d = tl_near_distance(name, tl_commands[i].name);

		if (tl_commands[i].summary && d < least) {
			least = d;
			best = &tl_commands[i];
		}
	}
	return best;
}
