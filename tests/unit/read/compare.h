/*
 * Whether both readers of CTF make the same of a trace: every event with every
 * field, every loss, all counts, and whether it is damaged.
 */
#ifndef TL_TESTS_READ_COMPARE_H
#define TL_TESTS_READ_COMPARE_H

#include "viewer/read/source.h"

enum compared {
	COMPARED_SAME,
	COMPARED_REFUSED,   /* the direct reader leaves it to Babeltrace; `why` says why */
	COMPARED_DIFFERENT, /* `why` says in what */
};

/* `path` must be absolute: Babeltrace names streams so. */
enum compared compare_readers(const char *path, char *why, size_t size);

/* An item as text, of an event each field; the caller frees it. */
char *compare_line(const struct tl_item *item);

#endif
