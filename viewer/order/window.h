/*
 * The items that were read and not yet given away, in chunks that do not move: an
 * item is decoded into its place, stays there while its cause is looked for and
 * while another thread looks at it, and the chunk is used again when it is released.
 * Memory: as many chunks as hold items that are in use.
 */
#ifndef TL_ORDER_WINDOW_H
#define TL_ORDER_WINDOW_H

#include "viewer/order/pointed.h"

#define TL_CHUNK_ITEMS 256

/* Memory for what a chunk's items point to; a chunk has more of it where one is not enough. */
struct tl_texts;

struct tl_chunk {
	struct tl_chunk *next; /* what was read after it */
	uint64_t number;
	size_t n;
	int64_t times[TL_CHUNK_ITEMS]; /* of the items, where they are looked at one after the other */
	bool given[TL_CHUNK_ITEMS];    /* out of turn */
	struct tl_item items[TL_CHUNK_ITEMS];
	struct tl_texts *texts; /* the last one first */
};

/* An item, or where the next one will be: chunk->items[at]. */
struct tl_place {
	struct tl_chunk *chunk;
	size_t at;
};

struct tl_window {
	struct tl_pointed pointed;
	struct tl_chunk *oldest, *last; /* in use */
	struct tl_chunk *free;
};

/* 0, or negative without memory; tl_window_finish is called in either case. */
int tl_window_init(struct tl_window *window);
void tl_window_finish(struct tl_window *window);

/*
 * The chunk that takes the next items and their times, from place n on, of which there is
 * at least one. NULL: out of memory.
 */
struct tl_chunk *tl_window_room(struct tl_window *window);
/*
 * Keeps the `n` items that were put there, with copies of what they point to. 0, or
 * negative without memory.
 */
int tl_window_keep(struct tl_window *window, size_t n);

/* Nobody uses the chunks before this number any more. */
void tl_window_release(struct tl_window *window, uint64_t number);

#endif
