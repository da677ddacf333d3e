/*
 * The k-way merge: which of many streams, each in order of time, comes next.
 * A binary heap of (time, index); a stream that stays first costs two
 * comparisons. Knows numbers only.
 */
#ifndef TL_READ_MERGE_H
#define TL_READ_MERGE_H

#include <stddef.h>
#include <stdint.h>

struct tl_merge_entry {
	int64_t time_ns;
	uint32_t index; /* of the stream; breaks ties, so that the order is always the same */
};

struct tl_merge {
	struct tl_merge_entry *entries; /* entries[0] is first */
	size_t n, room;
};

/* Room for `n` streams. 0, or -1 when out of memory. */
int tl_merge_init(struct tl_merge *merge, size_t n);
void tl_merge_finish(struct tl_merge *merge);

/* Adds a stream; at most as many as init was told. */
void tl_merge_add(struct tl_merge *merge, uint32_t index, int64_t time_ns);

/* The first stream has moved on to `time_ns`. */
void tl_merge_move_first(struct tl_merge *merge, int64_t time_ns);

/* The time of the second stream; INT64_MAX: there is none. */
int64_t tl_merge_second(const struct tl_merge *merge);

/* The first stream has ended. */
void tl_merge_remove_first(struct tl_merge *merge);

#endif
