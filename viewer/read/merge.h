/*
 * The k-way merge: which of many streams, each in order of time, comes next.
 * A binary heap of (time, index); a stream that stays first costs two
 * comparisons. Knows numbers only.
 */
#ifndef TL_READ_MERGE_H
#define TL_READ_MERGE_H

#include <stdbool.h>
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

/* Puts `entry`, which was taken from the top, where it belongs. */
void tl_merge_sink(struct tl_merge *merge, struct tl_merge_entry entry);

static inline bool tl_merge_before(struct tl_merge_entry a, struct tl_merge_entry b)
{
	return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.index < b.index;
}

/*
 * The first stream has moved on to `time_ns`. Of two, as threads on two processors make
 * them, that may be for every event.
 */
static inline void tl_merge_move_first(struct tl_merge *merge, int64_t time_ns)
{
	struct tl_merge_entry *first = &merge->entries[0], *second = first + 1, moved = {time_ns, first->index};

	if (merge->n > 2) {
		tl_merge_sink(merge, moved);
		return;
	}
	/* Member by member: an entry that is read as one, just after they were written, has to wait for them. */
	if (merge->n == 2 && tl_merge_before(*second, moved)) {
		first->time_ns = second->time_ns;
		first->index = second->index;
		second->time_ns = moved.time_ns;
		second->index = moved.index;
		return;
	}
	first->time_ns = moved.time_ns;
}

/* The time of the second stream; INT64_MAX: there is none. */
static inline int64_t tl_merge_second(const struct tl_merge *merge)
{
	int64_t second = merge->n > 1 ? merge->entries[1].time_ns : INT64_MAX;

	return merge->n > 2 && merge->entries[2].time_ns < second ? merge->entries[2].time_ns : second;
}

/* The first stream has ended. */
void tl_merge_remove_first(struct tl_merge *merge);

#endif
