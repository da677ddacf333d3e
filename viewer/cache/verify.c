/*
 * The one pass over the large arrays of a cache: their checksums, and that nothing in
 * them leads out of bounds. The levels of detail are not only looked at, but compared
 * with the spans that they were made of. Threads share it, in pieces that stay in a
 * processor's cache: memory is read once.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "viewer/base/threads.h"
#include "viewer/cache/layout.h"

#define THREADS_MOST 7 /* beside our own: memory is not faster for more */

struct verifying {
	const struct tl_model *model;
	const struct tl_cache_piece *pieces;
	const uint64_t *sums;
	size_t n;
	_Atomic size_t next;
	_Atomic bool is_bad;
};

/* The piece's own spans: rising times within bounds, looks and objects that exist. */
static bool are_spans_right(const struct tl_model *model, const struct tl_cache_piece *piece)
{
	const struct tl_span *spans = model->rows.items[piece->row].spans.items + piece->first;
	int64_t last_ns = piece->first ? spans[-1].begin_ns : -TL_CACHE_FAR;
	bool is_bad = false;

	for (size_t i = 0; i < piece->n; i++) {
		is_bad |= (spans[i].begin_ns < last_ns) | (spans[i].look >= TL_N_LOOKS) |
			  (spans[i].object >= model->objects.n);
		last_ns = spans[i].begin_ns;
	}
	return !is_bad && last_ns <= TL_CACHE_FAR;
}

/* Block `b` of a row, whose spans are right, against them; `sums` goes from its begin to the next one's. */
static bool is_block_right(const struct tl_row *row, size_t b, int64_t sums[TL_N_LOOKS])
{
	const struct tl_span *spans = row->spans.items;
	size_t i = b * TL_SPAN_BLOCK, end = i + TL_SPAN_BLOCK < row->spans.n ? i + TL_SPAN_BLOCK : row->spans.n;
	int64_t begin_ns = spans[i].begin_ns;
	const uint32_t *ticks = row->blocks[b].ticks;
	bool is_bad = row->block_begins[b] != begin_ns ||
		      memcmp(row->blocks[b].sums, sums + 1, sizeof row->blocks[b].sums) != 0;

	for (; i < end; i++) {
		is_bad |= *ticks++ != tl_model_tick(&spans[i], begin_ns);
		/* The last span of all lasts to the trace's end, and nothing comes after it. */
		if (i + 1 < row->spans.n)
			sums[spans[i].look] += spans[i + 1].begin_ns - spans[i].begin_ns;
	}
	return !is_bad;
}

static bool is_next_begin_right(const struct tl_row *row, size_t end)
{
	const struct tl_span *next = &row->spans.items[end];

	/* Of another piece, which may not have been looked at yet. */
	return next->begin_ns >= next[-1].begin_ns && next->begin_ns <= TL_CACHE_FAR;
}

static bool are_blocks_right(const struct tl_model *model, const struct tl_cache_piece *piece)
{
	const struct tl_row *row = &model->rows.items[piece->row];
	size_t first = piece->first / TL_SPAN_BLOCK, end = piece->first + piece->n;
	int64_t sums[TL_N_LOOKS] = {0};

	if (!row->blocks)
		return true;
	if (end < row->spans.n && !is_next_begin_right(row, end))
		return false;
	/* What the piece begins with is the sum of those before it: they compare it, with their own. */
	if (first > 0)
		memcpy(sums + 1, row->blocks[first].sums, sizeof row->blocks->sums);
	for (int look = 0; look < TL_N_LOOKS; look++)
		if (sums[look] < 0 || sums[look] > 2 * TL_CACHE_FAR)
			return false;
	for (size_t b = first; b * TL_SPAN_BLOCK < end; b++)
		if (!is_block_right(row, b, sums))
			return false;
	return end >= row->spans.n ||
	       memcmp(row->blocks[end / TL_SPAN_BLOCK].sums, sums + 1, sizeof row->blocks->sums) == 0;
}

static bool are_edges_right(const struct tl_model *model, const struct tl_cache_piece *piece)
{
	const struct tl_edge *edges = model->rows.items[piece->row].edges.items + piece->first;
	int64_t last_ns = piece->first ? edges[-1].to_ns : -TL_CACHE_FAR;
	bool is_bad = false;

	for (size_t i = 0; i < piece->n; i++) {
		is_bad |= (edges[i].to_ns < last_ns) | (edges[i].from_ns < -TL_CACHE_FAR) |
			  (edges[i].from_ns > TL_CACHE_FAR);
		last_ns = edges[i].to_ns;
	}
	return !is_bad && last_ns <= TL_CACHE_FAR;
}

static bool are_outs_right(const struct tl_model *model, const struct tl_cache_piece *piece)
{
	const struct tl_edge_ref *outs = model->rows.items[piece->row].outs + piece->first;

	for (size_t i = 0; i < piece->n; i++)
		if (outs[i].row >= model->rows.n || outs[i].edge >= model->rows.items[outs[i].row].edges.n)
			return false;
	return true;
}

static bool is_right(const struct verifying *verifying, size_t i)
{
	const struct tl_cache_piece *piece = &verifying->pieces[i];
	const struct tl_model *model = verifying->model;
	size_t size;
	const void *bytes = tl_cache_piece_bytes(model, piece, &size);

	if (tl_checksum(bytes, size, i) != verifying->sums[i])
		return false;
	switch (piece->part) {
	case TL_CACHE_SPANS: return are_spans_right(model, piece) && are_blocks_right(model, piece);
	case TL_CACHE_EDGES: return are_edges_right(model, piece);
	default: return are_outs_right(model, piece);
	}
}

static void *work(void *data)
{
	struct verifying *verifying = data;

	for (;;) {
		size_t i = atomic_fetch_add(&verifying->next, 1);

		if (i >= verifying->n || atomic_load(&verifying->is_bad))
			return NULL;
		if (!is_right(verifying, i))
			atomic_store(&verifying->is_bad, true);
	}
}

bool tl_cache_verify(const struct tl_model *model, const uint64_t *sums, size_t n_pieces)
{
	struct tl_cache_piece *pieces = tl_cache_list_pieces(model, n_pieces);
	struct verifying verifying = {.model = model, .pieces = pieces, .sums = sums, .n = n_pieces};
	/* Others are worth it for some megabytes; without any, this thread does it all. */
	size_t wanted = n_pieces > 16 ? tl_threads() : 1, n = 0;
	pthread_t others[THREADS_MOST];

	while (pieces && n + 1 < wanted && n < THREADS_MOST && pthread_create(&others[n], NULL, work, &verifying) == 0)
		n++;
	if (pieces)
		work(&verifying);
	while (n > 0)
		pthread_join(others[--n], NULL);
	free(pieces);
	return pieces && !atomic_load(&verifying.is_bad);
}
