/*
 * `threadline render TRACE -o FILE ...`: the viewer's program draws, asked
 * by its own option --render FILE.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "viewer/cli/commands.h"

/* Is argv[i] -o FILE, or -oFILE, or --output=FILE? Then FILE, and how many words it took. */
static char *output_at(char **argv, int i, int *words)
{
	static const char *const forms[] = {"--output=", "-o"};

	*words = 2;
	if (strcmp(argv[i], "-o") == 0 || strcmp(argv[i], "--output") == 0)
		return argv[i + 1];
	*words = 1;
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
		if (strncmp(argv[i], forms[f], strlen(forms[f])) == 0)
			return argv[i] + strlen(forms[f]);
	return NULL;
}

/* Moves "-o FILE" to the front as "--render FILE"; false when there is none. `out` holds argc + 2 words. */
static bool rewrite(int argc, char **argv, char **out, int *n)
{
	static char option[] = "--render";
	char *file = NULL;
	int words;

	*n = 3;
	out[0] = argv[0];
	for (int i = 1; i < argc; i += words) {
		char *found = output_at(argv, i, &words);

		if (found)
			file = found;
		else if (words == 1)
			out[(*n)++] = argv[i];
	}
	out[1] = option;
	out[2] = file;
	out[*n] = NULL;
	return file && *file;
}

int tl_cli_render(int argc, char **argv)
{
	static char help[] = "--help";
	char *words[64];
	int n;

	/* The viewer's own help tells of all that a picture may show. */
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], help) == 0 || strcmp(argv[i], "-h") == 0)
			return tl_command_start(tl_command_find("render"), 2, (char *[]){argv[0], help, NULL});
	if (argc + 3 > (int)(sizeof words / sizeof *words) || !rewrite(argc, argv, words, &n)) {
		fprintf(stderr, "usage: threadline render TRACE -o FILE.png|FILE.svg [OPTION]...\n"
				"threadline render --help tells the options\n");
		return TL_EXIT_USAGE;
	}
	return tl_command_start(tl_command_find("render"), n, words);
}
