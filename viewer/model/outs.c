/*
 * The edges that leave each row, in the order in which they leave it. They are found row by
 * row of where they arrive, and sorted: by a radix sort, as there are as many of them as wake-ups.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"

#define DIGIT 11 /* bits */
#define VALUES (1u << DIGIT)
#define FEW 64 /* are sorted by insertion */

struct out {
	uint64_t since_ns; /* the earliest of the row's */
	struct tl_edge_ref ref;
};

static void insert_all(struct out *outs, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct out one = outs[i];
		size_t at = i;

		for (; at > 0 && outs[at - 1].since_ns > one.since_ns; at--)
			outs[at] = outs[at - 1];
		outs[at] = one;
	}
}

/* Stable: what leaves at the same time stays in the order of rows and edges. Where the result is. */
static struct out *sort(struct out *outs, struct out *spare, size_t n, uint64_t most)
{
	if (n <= FEW) {
		insert_all(outs, n);
		return outs;
	}
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

/* For the sorting of one row after the other: twice `n`. */
struct room {
	struct out *outs;
	size_t n;
};

/* Sorts the references of one row by the time at which they leave it. */
static void sort_row(struct tl_model *model, size_t r, void *data)
{
	struct tl_row *row = &model->rows.items[r];
	struct room *room = (struct room *)data + r % TL_MODEL_SHARES;
	int64_t least = INT64_MAX, most = INT64_MIN;
	struct out *outs = room->outs, *sorted;

	if (row->n_outs < 2)
		return;
	for (uint32_t i = 0; i < row->n_outs; i++) {
		int64_t from_ns = tl_model_edge(model, row->outs[i])->from_ns;

		least = from_ns < least ? from_ns : least;
		most = from_ns > most ? from_ns : most;
		outs[i] = (struct out){(uint64_t)from_ns, row->outs[i]};
	}
	for (uint32_t i = 0; i < row->n_outs; i++)
		outs[i].since_ns -= (uint64_t)least;
	sorted = sort(outs, outs + row->n_outs, row->n_outs, (uint64_t)most - (uint64_t)least);
	for (uint32_t i = 0; i < row->n_outs; i++)
		row->outs[i] = sorted[i].ref;
}

/* Room for the longest row of each share, used again for all others. */
static int make_rooms(const struct tl_model *model, struct room rooms[TL_MODEL_SHARES])
{
	int result = 0;

	for (size_t r = 0; r < model->rows.n; r++)
		if (model->rows.items[r].n_outs > rooms[r % TL_MODEL_SHARES].n)
			rooms[r % TL_MODEL_SHARES].n = model->rows.items[r].n_outs;
	for (size_t i = 0; i < TL_MODEL_SHARES; i++) {
		rooms[i].outs = tl_model_memory((2 * rooms[i].n + 1) * sizeof *rooms[i].outs);
		result |= rooms[i].outs ? 0 : -1;
	}
	return result;
}

int tl_model_index_outs(struct tl_model *model)
{
	struct room rooms[TL_MODEL_SHARES] = {{NULL, 0}};
	size_t n = 0;
	int result;

	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		for (size_t e = 0; e < row->edges.n; e++)
			if (row->edges.items[e].from_row < model->rows.n)
				model->rows.items[row->edges.items[e].from_row].n_outs++;
	}
	for (size_t r = 0; r < model->rows.n; r++)
		n += model->rows.items[r].n_outs;
	model->outs = tl_model_memory(n * sizeof *model->outs);
	if (!model->outs)
		return -1;
	n = 0;
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		row->outs = model->outs + n;
		n += row->n_outs;
		row->n_outs = 0;
	}
	for (uint32_t r = 0; r < model->rows.n; r++) {
		for (uint32_t e = 0; e < model->rows.items[r].edges.n; e++) {
			uint32_t from = model->rows.items[r].edges.items[e].from_row;
			struct tl_row *row = from < model->rows.n ? &model->rows.items[from] : NULL;

			if (row)
				row->outs[row->n_outs++] = (struct tl_edge_ref){r, e};
		}
	}
	result = make_rooms(model, rooms);
	if (result == 0)
		tl_model_share(model, sort_row, rooms);
	for (size_t i = 0; i < TL_MODEL_SHARES; i++)
		free(rooms[i].outs);
	return result;
}
