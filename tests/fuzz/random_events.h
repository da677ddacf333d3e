/*
 * A source of well-formed events that say whatever comes: kinds, fields, numbers
 * and times from given bytes, or from a generator; extremes among them.
 */
#ifndef TL_TESTS_FUZZ_RANDOM_EVENTS_H
#define TL_TESTS_FUZZ_RANDOM_EVENTS_H

#include "viewer/read/source.h"

#define RANDOM_TASKS 8

struct random_events {
	struct tl_source base;
	const uint8_t *at, *end; /* the bytes, or */
	uint64_t seed, most;     /* not 0: `most` events of a generator */
	int64_t now_ns;
	uint32_t seq[RANDOM_TASKS];
};

/* The first of `bytes` chooses when the trace begins. They are borrowed. */
struct random_events random_events_of(const uint8_t *bytes, size_t size);
struct random_events random_events_made(uint64_t seed, uint64_t n);

#endif
