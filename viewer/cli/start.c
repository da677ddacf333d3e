/* Starts the programs that are commands; see commands.h. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "viewer/cli/commands.h"

static bool in_folder(const char *folder, const char *program, char *path, size_t size)
{
	return snprintf(path, size, "%s/%s", folder, program) < (int)size && access(path, X_OK) == 0;
}

static bool beside_us(const char *program, char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	if (n <= 0)
		return false;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return in_folder(self, program, path, size);
}

static bool find(const char *program, char *path, size_t size)
{
	return beside_us(program, path, size) || in_folder(TL_INSTALLED_BINDIR, program, path, size) ||
	       in_folder(TL_INSTALLED_LIBEXECDIR "/threadline", program, path, size);
}

int tl_command_start(const struct tl_command *command, int argc, char **argv)
{
	char path[PATH_MAX];
	char **words;
	int n = 0;

	if (!find(command->program, path, sizeof path)) {
		fprintf(stderr, "threadline: %s: %s is missing: %s\n", command->name, command->program,
			command->missing);
		return TL_EXIT_USAGE;
	}
	words = calloc((size_t)argc + 2, sizeof *words);
	if (!words) {
		fprintf(stderr, "threadline: out of memory\n");
		return TL_EXIT_USAGE;
	}
	words[n++] = command->by_name ? (char *)command->name : path;
	for (int i = 1; i < argc; i++)
		words[n++] = argv[i];
	execv(path, words);
	fprintf(stderr, "threadline: cannot start %s: %s\n", path, strerror(errno));
	free(words);
	return TL_EXIT_USAGE;
}
