/* The large arrays: where each lies in the file, and in which pieces they are verified; see layout.h. */
#include "viewer/cache/layout.h"

static bool place(uint64_t *at, uint64_t *end, uint64_t n, uint64_t size)
{
	uint64_t bytes;

	*at = (*end + TL_CACHE_PAGE - 1) / TL_CACHE_PAGE * TL_CACHE_PAGE;
	return !__builtin_mul_overflow(n, size, &bytes) && !__builtin_add_overflow(*at, bytes, end) &&
	       *end <= INT64_MAX / 2;
}

bool tl_cache_map_make(struct tl_cache_map *map, const struct tl_model *model, uint64_t small_size, uint64_t n_pieces)
{
	static const uint64_t sizes[TL_CACHE_PARTS] = {sizeof(int64_t), sizeof(uint64_t), sizeof(struct tl_span_more),
						       sizeof(struct tl_edge), sizeof(struct tl_edge_ref)};
	uint64_t n[TL_CACHE_PARTS] = {0}, end = sizeof(struct tl_cache_header);

	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		/* Places of spans and edges are kept in 32 bits: more of them has no row. */
		if (row->spans.n >= UINT32_MAX || row->edges.n >= UINT32_MAX || model->rows.n >= UINT32_MAX / 2 ||
		    row->more.n > row->spans.n)
			return false;
		n[TL_CACHE_BEGINS] += tl_row_blocks(row);
		n[TL_CACHE_SPANS] += tl_span_words(row->spans.n);
		n[TL_CACHE_MORE] += row->more.n;
		n[TL_CACHE_EDGES] += row->edges.n;
		n[TL_CACHE_OUTS] += row->n_outs;
	}
	if (__builtin_add_overflow(end, small_size, &end) || !place(&map->sums_at, &end, n_pieces, sizeof(uint64_t)))
		return false;
	for (int part = 0; part < TL_CACHE_PARTS; part++)
		if (!place(&map->at[part], &end, n[part], sizes[part]))
			return false;
	map->at[TL_CACHE_PARTS] = end;
	return true;
}

static size_t items_of(const struct tl_row *row, enum tl_cache_part part)
{
	switch (part) {
	case TL_CACHE_SPANS: return row->spans.n;
	case TL_CACHE_MORE: return row->more.n;
	case TL_CACHE_EDGES: return row->edges.n;
	default: return row->n_outs;
	}
}

uint64_t tl_cache_count_pieces(const struct tl_model *model)
{
	uint64_t n = 0;

	for (int part = TL_CACHE_SPANS; part < TL_CACHE_PARTS; part++)
		for (size_t r = 0; r < model->rows.n; r++)
			n += (items_of(&model->rows.items[r], (enum tl_cache_part)part) + TL_CACHE_PIECE - 1) /
			     TL_CACHE_PIECE;
	return n;
}

struct tl_cache_piece *tl_cache_list_pieces(const struct tl_model *model, size_t n)
{
	struct tl_cache_piece *pieces = calloc(n + 1, sizeof *pieces);
	size_t at = 0;

	if (!pieces)
		return NULL;
	for (int part = TL_CACHE_SPANS; part < TL_CACHE_PARTS; part++) {
		for (size_t r = 0; r < model->rows.n; r++) {
			size_t items = items_of(&model->rows.items[r], (enum tl_cache_part)part);

			for (size_t first = 0; first < items && at < n; first += TL_CACHE_PIECE)
				pieces[at++] = (struct tl_cache_piece){
					.part = (enum tl_cache_part)part,
					.row = (uint32_t)r,
					.first = first,
					.n = items - first < TL_CACHE_PIECE ? items - first : TL_CACHE_PIECE};
		}
	}
	return pieces;
}

/* The words of a piece's spans, and of the level behind them if more spans follow. */
static const void *span_bytes(const struct tl_row *row, const struct tl_cache_piece *piece, size_t *size)
{
	size_t first = tl_span_word(piece->first), end = piece->first + piece->n;

	end = end < row->spans.n ? tl_span_word(end) : tl_span_words(end);
	*size = (end - first) * sizeof *row->spans.words;
	return row->spans.words + first;
}

const void *tl_cache_piece_bytes(const struct tl_model *model, const struct tl_cache_piece *piece, size_t *size)
{
	const struct tl_row *row = &model->rows.items[piece->row];

	switch (piece->part) {
	case TL_CACHE_SPANS: return span_bytes(row, piece, size);
	case TL_CACHE_MORE: *size = piece->n * sizeof *row->more.items; return row->more.items + piece->first;
	case TL_CACHE_EDGES: *size = piece->n * sizeof *row->edges.items; return row->edges.items + piece->first;
	default: *size = piece->n * sizeof *row->outs; return row->outs + piece->first;
	}
}
