/*
 * How a cache lies in its file, for viewer/cache alone:
 *
 *     header | small | sums | begins | spans | more | edges | outs
 *
 * `small` is a run of numbers and texts (keep.c, take.c) that says among others how much
 * of the large arrays each row has; the arrays follow as they lie in memory, all rows one
 * behind the other, each array at a multiple of TL_CACHE_PAGE. `sums` are checksums of the pieces
 * (pieces.c) of all of them but begins, which follow from the spans. Spans are words, with the
 * levels of detail among them (viewer/model/span.h).
 */
#ifndef TL_CACHE_LAYOUT_H
#define TL_CACHE_LAYOUT_H

#include "viewer/base/bytes.h"
#include "viewer/cache/cache.h"

#define TL_CACHE_LAYOUT 2 /* one more whenever bytes mean something else */
#define TL_CACHE_PAGE 4096
#define TL_CACHE_ORDER UINT32_C(0x01020304)

struct tl_cache_header {
	char magic[8];
	uint32_t order, layout;
	uint64_t build[2]; /* tl_cache_build */
	uint64_t key[2];   /* of the trace */
	uint64_t small_size, small_sum;
	uint64_t n_pieces, sums_sum;
	uint64_t file_size;
	uint64_t sum; /* of all before it */
};

/* What tells one build of the program from another: build id, version, sizes. */
void tl_cache_build(uint64_t build[2]);

enum tl_cache_part { TL_CACHE_BEGINS, TL_CACHE_SPANS, TL_CACHE_MORE, TL_CACHE_EDGES, TL_CACHE_OUTS, TL_CACHE_PARTS };

/* Where each array begins in the file, and ends; [TL_CACHE_PARTS] is the file's end. */
struct tl_cache_map {
	uint64_t at[TL_CACHE_PARTS + 1];
	uint64_t sums_at;
};

/* By the rows' numbers of items. False: more than any file holds. */
bool tl_cache_map_make(struct tl_cache_map *map, const struct tl_model *model, uint64_t small_size, uint64_t n_pieces);

/* A part of one row's array: what is verified at once, while it is in the processor's cache. */
struct tl_cache_piece {
	enum tl_cache_part part; /* not BEGINS */
	uint32_t row;
	size_t first, n; /* of the row's array; of SPANS: of spans, not words */
};

#define TL_CACHE_PIECE 16384 /* items of a piece at most; a multiple of TL_SPAN_BLOCK */

/* So many pieces do the model's rows have. */
uint64_t tl_cache_count_pieces(const struct tl_model *model);
/* All of them, in the order of the file. NULL: out of memory. */
struct tl_cache_piece *tl_cache_list_pieces(const struct tl_model *model, size_t n);
/* The bytes of a piece. */
const void *tl_cache_piece_bytes(const struct tl_model *model, const struct tl_cache_piece *piece, size_t *size);

/* Times of a model are within this, and so are their differences' sums within an int64_t. */
#define TL_CACHE_FAR (TL_SPAN_NS_MOST + 1)

/* `small`: puts all of model and check but the large arrays. */
void tl_cache_keep(struct tl_bytes *bytes, const struct tl_model *model, const struct tl_check *check);
/*
 * Fills `model` and `check`, both zeroed; rows have the numbers of their items, and
 * no arrays yet. 0 or -1; what was filled is freed by the caller.
 */
int tl_cache_take(struct tl_taker *taker, struct tl_model *model, struct tl_check *check);

/*
 * Are the arrays, which the rows point into by now, what a model can have, and their sums these?
 * By as many threads as there are processors.
 */
bool tl_cache_verify(const struct tl_model *model, const uint64_t *sums, size_t n_pieces);

/* "PATH.new", where a cache is before it is whole. NULL: out of memory. */
char *tl_cache_new_name(const char *path);

#endif
