/*
 * A point of a trace as people give it: nanoseconds since its start (1.5s,
 * 250us, 12345), or a wall-clock time, 2026-05-01T12:30:00.25, with a Z behind it
 * for UTC and local without. Knows nothing of traces.
 */
#ifndef TL_BASE_WHEN_H
#define TL_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

struct tl_when {
	int64_t ns;    /* since the start of the trace, or since the Unix epoch */
	bool is_clock; /* the latter */
};

/* 0, or -1: `text` is neither. */
int tl_when_parse(struct tl_when *when, const char *text);

/* Since the epoch, in a trace that begins at `start_ns`; at most INT64_MAX. */
int64_t tl_when_since_epoch(const struct tl_when *when, int64_t start_ns);

#endif
