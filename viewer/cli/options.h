/* What the command lines of `threadline check` and `threadline report` share. */
#ifndef TL_CLI_OPTIONS_H
#define TL_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "viewer/base/when.h"
#include "viewer/read/source.h"

/* A part of the trace; an end that was not given is open. */
struct tl_window {
	struct tl_when from, to;
	bool has_from, has_to;
};

/* How a trace is read. */
struct tl_reading {
	enum tl_reader reader;
	bool is_verbose;
	struct tl_offsets offsets; /* of clocks that are wrong */
};

/* "threadline COMMAND: WHAT 'VALUE'" on stderr, without the line's end; VALUE is escaped, NULL: none. */
void tl_option_say(const char *command, const char *what, const char *value);
/* The same, and where help is; returns TL_EXIT_USAGE, as all below when they complain, else -1. */
int tl_option_error(const char *command, const char *what, const char *value);
/* The formats are called name_at(0), name_at(1) ... up to NULL. */
int tl_option_no_format(const char *command, const char *name, const char *(*name_at)(size_t));
/* --from (or else --to) TEXT. */
int tl_option_window(const char *command, struct tl_window *window, bool is_from, const char *text);
/* --reader NAME. */
int tl_option_reader(const char *command, struct tl_reading *reading, const char *name);
/* --clock-offset WHAT=TIME. */
int tl_option_offset(const char *command, struct tl_reading *reading, const char *text);
/* Opens the trace; says which reader reads it, and why, if asked. NULL with `error` set. */
struct tl_source *tl_reading_open(const char *command, struct tl_reading *reading, const char *path,
				  struct tl_error *error);
/* After all options: one trace, into `path`; and the window is one. `optind` is getopt's. */
int tl_option_trace(const char *command, const struct tl_window *window, int argc, char **argv, const char **path);

#endif
