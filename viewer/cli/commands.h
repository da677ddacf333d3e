/*
 * The commands of the `threadline` program: a table, so that a new command is a
 * row and a file. A command either runs here or is another program that is
 * started in our place; neither this program nor what it links needs graphics
 * or liblttng-ctl.
 */
#ifndef TL_CLI_COMMANDS_H
#define TL_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#define TL_EXIT_USAGE 2 /* bad usage, or the command cannot run here */

struct tl_command {
	const char *name;
	const char *arguments; /* for the help: "TRACE [--format text|json]" */
	const char *summary;   /* one line; NULL: not listed */
	/* Runs with argv[0] the command's name; returns the exit status. NULL: the */
	int (*run)(int argc, char **argv);
	/* program is started instead, */
	const char *program;
	/* and why it may be missing. */
	const char *missing;
	/* It is told by its first word which command it is. */
	bool by_name;
};

extern const struct tl_command tl_commands[];
extern const size_t tl_n_commands;

/* NULL when there is none of that name. */
const struct tl_command *tl_command_find(const char *name);

/* The command that was probably meant, or NULL. */
const struct tl_command *tl_command_suggest(const char *name);

/*
 * Starts command->program in place of this one: from this program's own folder,
 * then from where it was installed. Returns only on failure, the exit status.
 */
int tl_command_start(const struct tl_command *command, int argc, char **argv);

int tl_cli_check(int argc, char **argv);  /* check.c */
int tl_cli_count(int argc, char **argv);  /* count.c */
int tl_cli_report(int argc, char **argv); /* report.c */
int tl_cli_render(int argc, char **argv); /* render.c */

#endif
