/*
 * The levels of detail: per row, prefix sums of the time in each look at every
 * TL_SPAN_BLOCK spans; per row, the edges that leave it; and the overview of
 * the whole trace.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"

static int index_row(const struct tl_model *model, struct tl_row *row)
{
	size_t n = (row->spans.n + TL_SPAN_BLOCK - 1) / TL_SPAN_BLOCK;
	int64_t sum[TL_N_LOOKS] = {0};

	if (n == 0)
		return 0;
	row->blocks = malloc(n * sizeof *row->blocks);
	if (!row->blocks)
		return -1;
	for (size_t i = 0; i < row->spans.n; i++) {
		const struct tl_span *span = &row->spans.items[i];

		if (i % TL_SPAN_BLOCK == 0) {
			row->blocks[i / TL_SPAN_BLOCK].begin_ns = span->begin_ns;
			memcpy(row->blocks[i / TL_SPAN_BLOCK].sums, sum, sizeof sum);
		}
		sum[span->look] += tl_model_span_end(model, row, i) - span->begin_ns;
	}
	return 0;
}

int tl_model_index(struct tl_model *model)
{
	for (size_t r = 0; r < model->rows.n; r++)
		if (index_row(model, &model->rows.items[r]) != 0)
			return -1;
	return 0;
}

struct out {
	int64_t from_ns;
	struct tl_edge_ref ref;
};

static int compare_outs(const void *a, const void *b)
{
	const struct out *x = a, *y = b;

	if (x->from_ns != y->from_ns)
		return x->from_ns < y->from_ns ? -1 : 1;
	if (x->ref.row != y->ref.row)
		return x->ref.row < y->ref.row ? -1 : 1;
	return x->ref.edge < y->ref.edge ? -1 : x->ref.edge > y->ref.edge;
}

/* Sorts the references of one row by the time at which they leave it. */
static int sort_outs(const struct tl_model *model, struct tl_row *row)
{
	struct out *outs = malloc(row->n_outs * sizeof *outs);

	if (!outs)
		return -1;
	for (uint32_t i = 0; i < row->n_outs; i++)
		outs[i] = (struct out){tl_model_edge(model, row->outs[i])->from_ns, row->outs[i]};
	qsort(outs, row->n_outs, sizeof *outs, compare_outs);
	for (uint32_t i = 0; i < row->n_outs; i++)
		row->outs[i] = outs[i].ref;
	free(outs);
	return 0;
}

int tl_model_index_outs(struct tl_model *model)
{
	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];

		for (size_t e = 0; e < row->edges.n; e++)
			if (row->edges.items[e].from_row < model->rows.n)
				model->rows.items[row->edges.items[e].from_row].n_outs++;
	}
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		if (row->n_outs == 0)
			continue;
		row->outs = malloc(row->n_outs * sizeof *row->outs);
		if (!row->outs)
			return -1;
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
	for (size_t r = 0; r < model->rows.n; r++)
		if (model->rows.items[r].n_outs > 1 && sort_outs(model, &model->rows.items[r]) != 0)
			return -1;
	return 0;
}

/* Adds a span to the overview: its ends to their buckets, its middle as a step up and down. */
static void overview_span(struct tl_overview *overview, double (*steps)[TL_N_LOOKS], int64_t begin_ns, int64_t end_ns,
			  unsigned look)
{
	int64_t first, last;
	double width = (double)overview->bucket_ns;

	if (begin_ns < 0)
		begin_ns = 0;
	if (end_ns <= begin_ns)
		return;
	first = begin_ns / overview->bucket_ns;
	last = (end_ns - 1) / overview->bucket_ns;
	if (last >= TL_OVERVIEW)
		last = TL_OVERVIEW - 1;
	if (first >= last) {
		if (first < TL_OVERVIEW)
			overview->looks[first][look] += (double)(end_ns - begin_ns) / width;
		return;
	}
	overview->looks[first][look] += (double)((first + 1) * overview->bucket_ns - begin_ns) / width;
	overview->looks[last][look] += (double)(end_ns - last * overview->bucket_ns) / width;
	steps[first + 1][look] += 1;
	steps[last][look] -= 1;
}

static void overview_row(const struct tl_model *model, const struct tl_row *row, double (*steps)[TL_N_LOOKS])
{
	struct tl_overview *overview = model->overview;

	for (size_t i = 0; i < row->spans.n; i++)
		if (row->spans.items[i].look > TL_LOOK_CREATED)
			overview_span(overview, steps, row->spans.items[i].begin_ns, tl_model_span_end(model, row, i),
				      row->spans.items[i].look);
	for (size_t i = 0; row->extra && i < row->extra->flags.n; i++) {
		const struct tl_flag *flag = &row->extra->flags.items[i];
		int64_t bucket = flag->time_ns < 0 ? 0 : flag->time_ns / overview->bucket_ns;
		uint8_t level = (uint8_t)(flag->severity + 1);

		if (bucket >= TL_OVERVIEW)
			bucket = TL_OVERVIEW - 1;
		if (overview->worst[bucket] < level)
			overview->worst[bucket] = level;
	}
}

int tl_model_overview(struct tl_model *model)
{
	double(*steps)[TL_N_LOOKS] = calloc(TL_OVERVIEW, sizeof *steps), level[TL_N_LOOKS] = {0};
	struct tl_overview *overview = calloc(1, sizeof *overview);

	if (!steps || !overview) {
		free(steps);
		free(overview);
		return -1;
	}
	model->overview = overview;
	overview->bucket_ns = model->end_ns / TL_OVERVIEW + 1;
	for (size_t r = 0; r < model->rows.n; r++)
		overview_row(model, &model->rows.items[r], steps);
	for (size_t b = 0; b < TL_OVERVIEW; b++) {
		double sum = 0;

		for (unsigned look = 0; look < TL_N_LOOKS; look++) {
			level[look] += steps[b][look];
			overview->looks[b][look] += level[look];
			sum += overview->looks[b][look];
		}
		if (sum > overview->most)
			overview->most = sum;
	}
	free(steps);
	return 0;
}
