/*
 * Two owners of one handle: the reader closes the file when it comes to its end, and
 * whoever opened it closes it once more. In between the number may be another file's.
 *
 *   double_close           the bug
 *   double_close --fixed   the reader leaves it to the owner
 *
 * threadline record -o T -- double_close && threadline check T
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "threadline/threadline.h"

/* A small table of handles, as libraries have them. */
static bool in_use[4];

static int handle_open(void)
{
	for (int handle = 0; handle < 4; handle++) {
		if (in_use[handle])
			continue;
		in_use[handle] = true;
		threadline_open((void *)(uintptr_t)(handle + 1), "file");
		return handle;
	}
	return -1;
}

static void handle_close(int handle)
{
	threadline_close((void *)(uintptr_t)(handle + 1));
	in_use[handle] = false;
}

static void read_all(int handle, bool fixed)
{
	if (!fixed)
		handle_close(handle); /* at the end of the file: the first close */
}

int main(int argc, char **argv)
{
	bool fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	int handle = handle_open();

	read_all(handle, fixed);
	handle_close(handle); /* the owner's close: the second */
	puts("closed");
	return 0;
}
