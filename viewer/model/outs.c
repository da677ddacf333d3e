/*
 * The edges that leave each row, in the order in which they leave it. They are found where
 * they arrive, in order of time there: nearly sorted, so that each goes a few places back. Rows
 * of which this is not so are sorted when they are asked for: by a radix sort, as there may be
 * as many edges as wake-ups. What leaves at the same time is in the order in which it arrives.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"
#include "viewer/model/large.h"

#define NEAR 32  /* places that an edge goes back at most */
#define DIGIT 11 /* bits */
#define VALUES (1u << DIGIT)

static int64_t leaves_at(const struct tl_model *model, struct tl_edge_ref ref)
{
	return model->rows.items[ref.row].edges.items[ref.edge].from_ns;
}

/* Brings the row's last one, which leaves at `from_ns`, to its place. */
static void sort_in(const struct tl_model *model, struct tl_row *row, int64_t from_ns)
{
	size_t at = row->n_outs - 1, least = at < NEAR ? 0 : at - NEAR;
	struct tl_edge_ref ref = row->outs[at];

	for (; at > least && leaves_at(model, row->outs[at - 1]) > from_ns; at--)
		row->outs[at] = row->outs[at - 1];
	row->outs[at] = ref;
	row->outs_mixed = at > 0 && leaves_at(model, row->outs[at - 1]) > from_ns;
}

int tl_outs_add(struct tl_model *model, uint32_t from_row, int64_t from_ns, struct tl_edge_ref ref)
{
	struct tl_row *row = &model->rows.items[from_row];
	size_t at = row->n_outs;

	if (at == row->outs_room) {
		struct tl_edge_ref *moved = at < UINT32_MAX
						    ? tl_large_grow(row->outs, at, &row->outs_room, sizeof ref, false)
						    : NULL;

		if (!moved)
			return -1;
		row->outs = moved;
	}
	tl_large_ahead(row->outs + at);
	row->outs[row->n_outs++] = ref;
	if (at > 0 && !row->outs_mixed && leaves_at(model, row->outs[at - 1]) > from_ns)
		sort_in(model, row, from_ns);
	return 0;
}

struct out {
	uint64_t since_ns; /* the earliest of the row's */
	struct tl_edge_ref ref;
};

/* Stable. Where the result is. */
static struct out *sort(struct out *outs, struct out *spare, size_t n, uint64_t most)
{
	for (unsigned shift = 0; shift < 64 && most >> shift; shift += DIGIT) {
		uint32_t counts[VALUES] = {0}, sum = 0;
		struct out *sorted = spare;

		for (size_t i = 0; i < n; i++)
			counts[outs[i].since_ns >> shift & (VALUES - 1)]++;
		for (size_t v = 0; v < VALUES; v++) {
			uint32_t count = counts[v];

			counts[v] = sum;
			sum += count;
		}
		for (size_t i = 0; i < n; i++)
			sorted[counts[outs[i].since_ns >> shift & (VALUES - 1)]++] = outs[i];
		spare = outs;
		outs = sorted;
	}
	return outs;
}

static int sort_row(const struct tl_model *model, struct tl_row *row)
{
	struct out *outs = malloc(2 * (size_t)row->n_outs * sizeof *outs), *sorted;
	int64_t least = INT64_MAX, most = INT64_MIN;

	if (!outs)
		return -1;
	for (uint32_t i = 0; i < row->n_outs; i++) {
		int64_t from_ns = leaves_at(model, row->outs[i]);

		least = from_ns < least ? from_ns : least;
		most = from_ns > most ? from_ns : most;
		outs[i] = (struct out){(uint64_t)from_ns, row->outs[i]};
	}
	for (uint32_t i = 0; i < row->n_outs; i++)
		outs[i].since_ns -= (uint64_t)least;
	sorted = sort(outs, outs + row->n_outs, row->n_outs, (uint64_t)most - (uint64_t)least);
	for (uint32_t i = 0; i < row->n_outs; i++)
		row->outs[i] = sorted[i].ref;
	free(outs);
	row->outs_mixed = false;
	return 0;
}

int tl_outs_settle(struct tl_model *model)
{
	for (size_t r = 0; r < model->rows.n; r++)
		if (model->rows.items[r].outs_mixed && sort_row(model, &model->rows.items[r]) != 0)
			return -1;
	return 0;
}
