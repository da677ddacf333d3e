/*
 * What the user says of clocks that are wrong: the times of a host, or of a trace, are
 * shifted by so much before anything is compared. Known clocks need none: each trace says
 * how its own stands to the epoch.
 */
#ifndef TL_READ_OFFSETS_H
#define TL_READ_OFFSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "viewer/base/error.h"

#define TL_OFFSETS_MAX 64
#define TL_OFFSET_NAME 512

struct tl_offset {
	char of[TL_OFFSET_NAME]; /* a host's name, or a path */
	int64_t ns;
	bool used; /* there is such a host or trace */
};

struct tl_offsets {
	struct tl_offset list[TL_OFFSETS_MAX];
	size_t n;
};

/* Adds "HOST=+1.5ms" or "PATH=-20us". TL_EUSAGE: it is none, or there are too many. */
int tl_offsets_add(struct tl_offsets *offsets, const char *text, struct tl_error *error);

/*
 * What is to be added to the times of the trace at `path`; 0 for `offsets` NULL. Marks what
 * it uses. `host`: where the trace is from; NULL: what its metadata says.
 */
int64_t tl_offsets_find(struct tl_offsets *offsets, const char *path, const char *host);

/* One that fits nothing was mistyped. 0, or TL_EUSAGE. */
int tl_offsets_judge(const struct tl_offsets *offsets, struct tl_error *error);

#endif
