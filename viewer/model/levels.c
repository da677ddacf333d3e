/*
 * The levels of detail of a row: before each block of TL_SPAN_BLOCK spans but the first, the time in
 * each look until then. Each is made as soon as its block begins, while the spans of the
 * one before are still in the processor's cache; nothing is left to do in the end.
 */
#include <string.h>

#include "viewer/model/internal.h"
#include "viewer/model/large.h"

/* Notes where block `b`, the row's last one so far, begins; 0 or -1. */
static int note_begin(struct tl_row *row, size_t b, int64_t begin_ns)
{
	if (row->begins_room <= b) {
		/* Block 0 is noted with the next one. */
		int64_t *moved = tl_large_grow(row->block_begins, b > 1 ? b : 0, &row->begins_room,
					       sizeof *row->block_begins, false);

		if (!moved)
			return -1;
		row->block_begins = moved;
	}
	if (b == 1)
		row->block_begins[0] = tl_row_begin(row, 0);
	row->block_begins[b] = begin_ns;
	return 0;
}

int tl_row_begin_block(struct tl_row *row, int64_t begin_ns)
{
	size_t b = row->spans.n / TL_SPAN_BLOCK;
	struct tl_level *level = tl_span_level(row->spans.words, b);
	const uint64_t *word = (const uint64_t *)level - TL_SPAN_BLOCK, *last = word + TL_SPAN_BLOCK - 1;
	int64_t sums[TL_N_LOOKS] = {0};

	_Static_assert(sizeof(sums) == sizeof(level->sums) + TL_LOOK_CREATED * sizeof *sums, "from CREATED on");
	if (b > 1)
		memcpy(sums + TL_LOOK_CREATED, tl_span_level(row->spans.words, b - 1)->sums, sizeof level->sums);
	for (; word < last; word++)
		sums[tl_word_look(*word)] += tl_word_begin(word[1]) - tl_word_begin(*word);
	sums[tl_word_look(*last)] += begin_ns - tl_word_begin(*last);
	memcpy(level->sums, sums + TL_LOOK_CREATED, sizeof level->sums);
	level->more = row->more.n;
	return note_begin(row, b, begin_ns);
}
