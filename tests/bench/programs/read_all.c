/*
 * read_all direct|babeltrace TRACE: one reader and nothing else, to its end. Prints
 * how many events there were.
 */
#include <inttypes.h>
#include <stdio.h>

#include "viewer/read/source.h"

#define ITEMS 256 /* at once, as whoever orders them asks for them */

int main(int argc, char **argv)
{
	struct tl_source *source;
	struct tl_error error;
	static struct tl_item items[ITEMS];
	static int64_t times[ITEMS];
	enum tl_reader reader;
	int got;

	tl_error_init(&error);
	if (argc != 3 || !tl_reader_find(argv[1], &reader)) {
		fprintf(stderr, "usage: read_all direct|babeltrace TRACE\n");
		return 2;
	}
	source = tl_source_open_with(argv[2], reader, &error);
	if (!source) {
		tl_error_print(&error, "read_all: ", stderr);
		return 2;
	}
	do
		got = tl_source_fill(source, items, times, ITEMS, &error);
	while (got > 0);
	if (got < 0)
		tl_error_print(&error, "read_all: ", stderr);
	printf("%" PRIu64 "\n", source->info.events);
	tl_source_destroy(source);
	return got < 0 ? 2 : 0;
}
