/*
 * The one pass over the large arrays of a cache: their checksums, and that nothing in
 * them leads out of bounds. The levels of detail are not only looked at, but compared
 * with the spans that they were made of. Threads share it, in pieces that stay in a
 * processor's cache: memory is read once. A span whose record stands apart is found by how many
 * such there are before it, which the levels say: so no place leads out of bounds either.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "viewer/base/threads.h"
#include "viewer/cache/layout.h"

#define CODES (1u << TL_CODE_BITS)
#define THREADS_MOST 7 /* beside our own: memory is not faster for more */

struct verifying {
	const struct tl_model *model;
	const struct tl_cache_piece *pieces;
	const uint64_t *sums;
	size_t n;
	_Atomic size_t next;
	_Atomic bool is_bad;
	bool codes[CODES];
};

/* Codes that a span can have. */
static void list_codes(bool codes[CODES])
{
	for (unsigned look = TL_LOOK_NONE + 1; look < TL_N_LOOKS; look++)
		codes[tl_span_code((enum tl_look)look, 0, 0)] = true;
	codes[tl_code_of(TL_LOOK_WAIT)] = false;
	codes[tl_code_of(TL_LOOK_IDLE)] = codes[tl_code_of(TL_LOOK_LOCK)] = false;
	for (unsigned reason = 0; reason < TL_N_REASONS; reason++)
		codes[tl_code_of_wait(reason)] = true;
	for (unsigned cause = 0; cause < TL_N_CAUSES; cause++)
		codes[tl_code_of_run(cause)] = true;
}

/* What a row was before a place in it. */
struct sofar {
	uint64_t more;
	int64_t sums[TL_N_LOOKS];
};

static bool is_level_right(const struct tl_level *level, const struct sofar *sofar)
{
	return level->more == sofar->more &&
	       memcmp(level->sums, sofar->sums + TL_LOOK_CREATED, sizeof level->sums) == 0;
}

/* Block `b` of a row and the level behind it; `sofar` goes from its begin to the next one's. */
static bool is_block_right(const struct verifying *verifying, const struct tl_row *row, size_t b, struct sofar *sofar)
{
	size_t i = b * TL_SPAN_BLOCK, end = i + TL_SPAN_BLOCK < row->spans.n ? i + TL_SPAN_BLOCK : row->spans.n;
	const uint64_t *word = row->spans.words + tl_span_word(i);
	bool is_last = end == row->spans.n, is_bad = row->block_begins && row->block_begins[b] != tl_word_begin(*word);

	for (; i < end; i++, word++) {
		/* The last span of all lasts to the trace's end, and nothing comes after it. */
		int64_t begin_ns = tl_word_begin(*word),
			end_ns = i + 1 < row->spans.n ? tl_row_begin(row, i + 1) : begin_ns;

		is_bad |= (end_ns < begin_ns) | !verifying->codes[*word & (CODES - 1)];
		sofar->sums[tl_word_look(*word)] += end_ns - begin_ns;
		sofar->more += tl_word_has_more(*word);
	}
	return !is_bad &&
	       (is_last ? sofar->more == row->more.n : is_level_right(tl_span_level(row->spans.words, b + 1), sofar));
}

/* Rising times, codes that there are, and levels that follow from them. */
static bool are_spans_right(const struct verifying *verifying, const struct tl_cache_piece *piece)
{
	const struct tl_row *row = &verifying->model->rows.items[piece->row];
	size_t first = piece->first / TL_SPAN_BLOCK;
	struct sofar sofar = {0};

	/* What the piece begins with is behind those before it: they compare it, with their own. */
	if (first > 0) {
		const struct tl_level *level = tl_span_level(row->spans.words, first);

		memcpy(sofar.sums + TL_LOOK_CREATED, level->sums, sizeof level->sums);
		sofar.more = level->more;
	}
	for (int look = 0; look < TL_N_LOOKS; look++)
		if (sofar.sums[look] < 0 || sofar.sums[look] > 2 * TL_CACHE_FAR)
			return false;
	for (size_t b = first; b * TL_SPAN_BLOCK < piece->first + piece->n; b++)
		if (!is_block_right(verifying, row, b, &sofar))
			return false;
	return true;
}

static bool are_more_right(const struct tl_model *model, const struct tl_cache_piece *piece)
{
	const struct tl_span_more *more = model->rows.items[piece->row].more.items + piece->first;
	bool is_bad = false;

	for (size_t i = 0; i < piece->n; i++)
		is_bad |= more[i].object >= model->objects.n;
	return !is_bad;
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
	case TL_CACHE_SPANS: return are_spans_right(verifying, piece);
	case TL_CACHE_MORE: return are_more_right(model, piece);
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

	list_codes(verifying.codes);
	while (pieces && n + 1 < wanted && n < THREADS_MOST && pthread_create(&others[n], NULL, work, &verifying) == 0)
		n++;
	if (pieces)
		work(&verifying);
	while (n > 0)
		pthread_join(others[--n], NULL);
	free(pieces);
	return pieces && !atomic_load(&verifying.is_bad);
}
