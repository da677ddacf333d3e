/*
 * The levels of detail: per row, prefix sums of the time in each look at every
 * TL_SPAN_BLOCK spans; per row, the edges that leave it; and the overview of
 * the whole trace.
 */
#include "viewer/model/model.h"

#include <string.h>
#include <sys/mman.h>

#include "viewer/model/internal.h"

#define LARGE_PAGE ((size_t)2 << 20)

static size_t blocks_of(const struct tl_row *row)
{
	return row->spans.n > TL_SPAN_BLOCK ? (row->spans.n + TL_SPAN_BLOCK - 1) / TL_SPAN_BLOCK : 0;
}

static int index_row(const struct tl_model *model, struct tl_row *row, struct tl_block *blocks)
{
	int64_t sum[TL_N_LOOKS] = {0};

	_Static_assert(TL_N_LOOKS <= 1 << TL_TICK_SHIFT, "a look fits beside a tick");
	if (blocks_of(row) == 0)
		return 0;
	row->block_begins = malloc(blocks_of(row) * sizeof *row->block_begins);
	if (!row->block_begins)
		return -1;
	row->blocks = blocks;
	for (size_t i = 0; i < row->spans.n; i++) {
		const struct tl_span *span = &row->spans.items[i];
		struct tl_block *block = &blocks[i / TL_SPAN_BLOCK];

		if (i % TL_SPAN_BLOCK == 0) {
			row->block_begins[i / TL_SPAN_BLOCK] = span->begin_ns;
			memcpy(block->sums, sum + 1, sizeof block->sums);
		}
		block->ticks[i % TL_SPAN_BLOCK] = tl_model_tick(span, row->block_begins[i / TL_SPAN_BLOCK]);
		sum[span->look] += tl_model_span_end(model, row, i) - span->begin_ns;
	}
	return 0;
}

/* One piece of memory in large pages: a wide view jumps about in it, and would else wait for the page table. */
static struct tl_block *make_blocks(size_t n)
{
	size_t size = (n * sizeof(struct tl_block) + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	bool is_large = n * sizeof(struct tl_block) >= LARGE_PAGE;
	struct tl_block *blocks = is_large ? aligned_alloc(LARGE_PAGE, size) : calloc(n, sizeof *blocks);

#ifdef MADV_HUGEPAGE
	/* Where the system refuses, pages are small, and that is all. */
	if (blocks && is_large)
		(void)!madvise(blocks, size, MADV_HUGEPAGE);
#endif
	return blocks;
}

int tl_model_index(struct tl_model *model)
{
	size_t at = 0;

	for (size_t r = 0; r < model->rows.n; r++)
		model->n_blocks += blocks_of(&model->rows.items[r]);
	if (model->n_blocks == 0)
		return 0;
	model->blocks = make_blocks(model->n_blocks);
	if (!model->blocks)
		return -1;
	for (size_t r = 0; r < model->rows.n; r++) {
		if (index_row(model, &model->rows.items[r], model->blocks + at) != 0)
			return -1;
		at += blocks_of(&model->rows.items[r]);
	}
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

/* The overview while it is summed up: of each bucket what begins or ends within it, and the steps at its begin. */
struct sums {
	double parts[TL_OVERVIEW][TL_N_LOOKS], steps[TL_OVERVIEW][TL_N_LOOKS];
};

/* Adds a span to the overview: its ends to their buckets, its middle as a step up and down. */
static void overview_span(struct sums *sums, int64_t bucket_ns, int64_t begin_ns, int64_t end_ns, unsigned look)
{
	double width = (double)bucket_ns;
	int64_t first, last;

	if (begin_ns < 0)
		begin_ns = 0;
	if (end_ns <= begin_ns)
		return;
	first = begin_ns / bucket_ns;
	last = (end_ns - 1) / bucket_ns;
	if (last >= TL_OVERVIEW)
		last = TL_OVERVIEW - 1;
	if (first >= last) {
		if (first < TL_OVERVIEW)
			sums->parts[first][look] += (double)(end_ns - begin_ns) / width;
		return;
	}
	sums->parts[first][look] += (double)((first + 1) * bucket_ns - begin_ns) / width;
	sums->parts[last][look] += (double)(end_ns - last * bucket_ns) / width;
	sums->steps[first + 1][look] += 1;
	sums->steps[last][look] -= 1;
}

static void overview_row(const struct tl_model *model, const struct tl_row *row, struct sums *sums)
{
	struct tl_overview *overview = model->overview;

	for (size_t i = 0; i < row->spans.n; i++)
		if (row->spans.items[i].look > TL_LOOK_CREATED)
			overview_span(sums, overview->bucket_ns, row->spans.items[i].begin_ns,
				      tl_model_span_end(model, row, i), row->spans.items[i].look);
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
	struct tl_overview *overview = calloc(1, sizeof *overview);
	struct sums *sums = calloc(1, sizeof *sums);
	double level[TL_N_LOOKS] = {0};

	model->overview = overview;
	if (!sums || !overview) {
		free(sums);
		return -1;
	}
	overview->bucket_ns = model->end_ns / TL_OVERVIEW + 1;
	for (size_t r = 0; r < model->rows.n; r++)
		overview_row(model, &model->rows.items[r], sums);
	for (size_t b = 0; b < TL_OVERVIEW; b++) {
		double sum = 0;

		for (unsigned look = 0; look < TL_N_LOOKS; look++) {
			level[look] += sums->steps[b][look];
			overview->looks[b][look] = (float)(sums->parts[b][look] + level[look]);
			sum += overview->looks[b][look];
		}
		if (sum > overview->most)
			overview->most = sum;
	}
	free(sums);
	return 0;
}
