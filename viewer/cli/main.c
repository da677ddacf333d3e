/* threadline: finds the command in the table and runs it. Results on stdout, the rest on stderr. */
#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/cli/commands.h"

static void print_help(FILE *out)
{
	fputs("usage: threadline COMMAND ...\n\nRecords, checks and shows what the threads of a program did.\n\n", out);
	for (size_t i = 0; i < tl_n_commands; i++)
		if (tl_commands[i].summary)
			fprintf(out, "  threadline %s %s\n        %s\n", tl_commands[i].name, tl_commands[i].arguments,
				tl_commands[i].summary);
	fputs("  threadline help [COMMAND]\n        this text, or a command's\n"
	      "  threadline --version\n        which version this is\n",
	      out);
}

static int unknown(const char *name)
{
	const struct tl_command *meant = tl_command_suggest(name);

	fputs("threadline: there is no command '", stderr);
	tl_text_escape(stderr, name);
	fputs("'", stderr);
	if (meant)
		fprintf(stderr, "; did you mean '%s'?", meant->name);
	fputs("\nthreadline --help lists the commands\n", stderr);
	return TL_EXIT_USAGE;
}

static int run(int argc, char **argv)
{
	const struct tl_command *command = tl_command_find(argv[0]);

	if (!command)
		return unknown(argv[0]);
	return command->run ? command->run(argc, argv) : tl_command_start(command, argc, argv);
}

static int help(int argc, char **argv)
{
	static char option[] = "--help";
	char *words[3] = {NULL, option, NULL};

	if (argc < 2) {
		print_help(stdout);
		return 0;
	}
	words[0] = argv[1];
	return run(2, words);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return TL_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("threadline %s\n", THREADLINE_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return help(1, argv + 1);
	if (strcmp(argv[1], "help") == 0)
		return help(argc - 1, argv + 1);
	return run(argc - 1, argv + 1);
}
