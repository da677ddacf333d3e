/*
 * How long a command takes from its beginning to its end, in the environment of
 * this program.
 *
 *     spawn TIMES FILE COMMAND [ARG...]    writes the median, in ms, to FILE
 *
 * Run inside of a recording it times the command alone, without the recorder's
 * own beginning and end.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tests/bench/programs/clock.h"

#define TIMES_MAX 1000

extern char **environ;

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static int64_t taken[TIMES_MAX];
	long times = argc > 3 ? atol(argv[1]) : 0;
	FILE *file;

	if (times <= 0 || times > TIMES_MAX) {
		fputs("usage: spawn TIMES FILE COMMAND [ARG...]\n", stderr);
		return 2;
	}
	for (long i = 0; i < times; i++) {
		int64_t begin = now_ns();
		int status;
		pid_t child;

		if (posix_spawnp(&child, argv[3], NULL, NULL, argv + 3, environ) != 0 ||
		    waitpid(child, &status, 0) != child || status != 0)
			return 1;
		taken[i] = now_ns() - begin;
	}
	qsort(taken, (size_t)times, sizeof *taken, by_size);
	file = fopen(argv[2], "w");
	if (!file)
		return 1;
	fprintf(file, "%.6f\n", (double)(taken[(times - 1) / 2] + taken[times / 2]) / 2e6);
	return fclose(file) == 0 ? 0 : 1;
}
