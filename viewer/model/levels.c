/*
 * The levels of detail of a row: of each TL_SPAN_BLOCK spans, the time in each look before
 * them and where each begins. A block is made as soon as the row has the span behind it, while
 * its spans are still in the processor's cache; only the last one waits for the row's end.
 */
#include <string.h>

#include "viewer/model/internal.h"
#include "viewer/model/large.h"

/* Room for block `b`, and for the sums behind it, which stand where the next block will. */
static int reserve(struct tl_row *row, size_t b)
{
	void *moved;

	while (row->blocks_room < b + 2) {
		moved = tl_large_grow(row->blocks, row->blocks ? b + 1 : 0, &row->blocks_room, sizeof *row->blocks);
		if (!moved)
			return -1;
		row->blocks = moved;
	}
	while (row->begins_room < b + 1) {
		moved = tl_large_grow(row->block_begins, b, &row->begins_room, sizeof *row->block_begins);
		if (!moved)
			return -1;
		row->block_begins = moved;
	}
	if (b == 0)
		memset(row->blocks->sums, 0, sizeof row->blocks->sums);
	return 0;
}

/* Block `b`, which has `n` spans by now, the last of them up to `end_ns`. */
static int fill(struct tl_row *row, size_t b, size_t n, int64_t end_ns)
{
	const struct tl_span *span = row->spans.items + b * TL_SPAN_BLOCK;
	int64_t sums[TL_N_LOOKS] = {0}, block_ns = span->begin_ns;
	struct tl_block *block;

	_Static_assert(TL_N_LOOKS <= 1 << TL_TICK_SHIFT, "a look fits beside a tick");
	if (reserve(row, b) != 0)
		return -1;
	block = &row->blocks[b];
	row->block_begins[b] = block_ns;
	memcpy(sums + 1, block->sums, sizeof block->sums);
	for (size_t i = 0; i < n; i++, span++) {
		block->ticks[i] = tl_model_tick(span, block_ns);
		sums[span->look] += (i + 1 < n ? span[1].begin_ns : end_ns) - span->begin_ns;
	}
	memset(block->ticks + n, 0, (TL_SPAN_BLOCK - n) * sizeof *block->ticks);
	memcpy(block[1].sums, sums + 1, sizeof block->sums);
	for (size_t ahead = 0; ahead < sizeof *block; ahead += 64)
		tl_large_ahead((const char *)block + 128 + ahead);
	return 0;
}

int tl_row_fill_block(struct tl_row *row)
{
	size_t last = row->spans.n - 1;

	return fill(row, last / TL_SPAN_BLOCK - 1, TL_SPAN_BLOCK, row->spans.items[last].begin_ns);
}

int tl_row_fill_last_block(const struct tl_model *model, struct tl_row *row)
{
	size_t n = row->spans.n, b = tl_row_blocks(row) - 1;

	if (tl_row_blocks(row) == 0)
		return 0;
	return fill(row, b, n - b * TL_SPAN_BLOCK, tl_model_span_end(model, row, n - 1));
}
