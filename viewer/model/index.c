/*
 * The levels of detail: per row, prefix sums of the time in each look at every
 * TL_SPAN_BLOCK spans; and the overview of the whole trace. Two threads share the rows of
 * a large model: every second one each, so that sums come out the same every time.
 */
#include "viewer/model/model.h"

#include <string.h>
#include <sys/mman.h>

#include "viewer/model/internal.h"

#define LARGE_PAGE ((size_t)2 << 20)
#define CACHE_LINE ((size_t)64)

static size_t blocks_of(const struct tl_row *row)
{
	return row->spans.n > TL_SPAN_BLOCK ? (row->spans.n + TL_SPAN_BLOCK - 1) / TL_SPAN_BLOCK : 0;
}

/* One piece of memory in large pages: a wide view jumps about in it, and would else wait for the page table. */
void *tl_model_memory(size_t size)
{
	bool is_large = size >= LARGE_PAGE;
	size_t align = is_large ? LARGE_PAGE : CACHE_LINE, room = (size + align - 1) / align * align;
	void *memory = aligned_alloc(align, room ? room : align);

#ifdef MADV_HUGEPAGE
	/* Where the system refuses, pages are small, and that is all. */
	if (memory && is_large)
		(void)!madvise(memory, room, MADV_HUGEPAGE);
#endif
	return memory;
}

static void index_row(const struct tl_model *model, struct tl_row *row)
{
	int64_t sum[TL_N_LOOKS] = {0};

	_Static_assert(TL_N_LOOKS <= 1 << TL_TICK_SHIFT, "a look fits beside a tick");
	for (size_t i = 0; row->blocks && i < row->spans.n; i++) {
		const struct tl_span *span = &row->spans.items[i];
		struct tl_block *block = &row->blocks[i / TL_SPAN_BLOCK];

		if (i % TL_SPAN_BLOCK == 0) {
			row->block_begins[i / TL_SPAN_BLOCK] = span->begin_ns;
			memcpy(block->sums, sum + 1, sizeof block->sums);
			/* Of the last block, what is behind the last span. */
			if (row->spans.n - i < TL_SPAN_BLOCK)
				memset(block->ticks, 0, sizeof block->ticks);
		}
		block->ticks[i % TL_SPAN_BLOCK] = tl_model_tick(span, row->block_begins[i / TL_SPAN_BLOCK]);
		sum[span->look] += tl_model_span_end(model, row, i) - span->begin_ns;
	}
}

static int place_blocks(struct tl_model *model)
{
	size_t at = 0;

	for (size_t r = 0; r < model->rows.n; r++)
		model->n_blocks += blocks_of(&model->rows.items[r]);
	if (model->n_blocks == 0)
		return 0;
	model->blocks = tl_model_memory(model->n_blocks * sizeof *model->blocks);
	model->block_begins = tl_model_memory(model->n_blocks * sizeof *model->block_begins);
	if (!model->blocks || !model->block_begins)
		return -1;
	for (size_t r = 0; r < model->rows.n; r++) {
		struct tl_row *row = &model->rows.items[r];

		row->blocks = blocks_of(row) ? model->blocks + at : NULL;
		row->block_begins = blocks_of(row) ? model->block_begins + at : NULL;
		at += blocks_of(row);
	}
	return 0;
}

/* The overview while it is summed up: of each bucket what begins or ends within it, and the steps at its begin. */
struct sums {
	double parts[TL_OVERVIEW][TL_N_LOOKS], steps[TL_OVERVIEW][TL_N_LOOKS];
	uint8_t worst[TL_OVERVIEW];
	int64_t bucket, begin_ns, end_ns; /* the bucket that was met last, and its bounds: mostly the next one's, too */
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
	if (begin_ns >= sums->begin_ns && end_ns <= sums->end_ns) {
		sums->parts[sums->bucket][look] += (double)(end_ns - begin_ns) / width;
		return;
	}
	first = begin_ns / bucket_ns;
	last = (end_ns - 1) / bucket_ns;
	if (last >= TL_OVERVIEW)
		last = TL_OVERVIEW - 1;
	if (last >= 0) {
		sums->bucket = last;
		sums->begin_ns = last * bucket_ns;
		sums->end_ns = sums->begin_ns + bucket_ns;
	}
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
	int64_t bucket_ns = model->overview->bucket_ns;

	for (size_t i = 0; i < row->spans.n; i++)
		if (row->spans.items[i].look > TL_LOOK_CREATED)
			overview_span(sums, bucket_ns, row->spans.items[i].begin_ns, tl_model_span_end(model, row, i),
				      row->spans.items[i].look);
	for (size_t i = 0; row->extra && i < row->extra->flags.n; i++) {
		const struct tl_flag *flag = &row->extra->flags.items[i];
		int64_t bucket = flag->time_ns < 0 ? 0 : flag->time_ns / bucket_ns;
		uint8_t level = (uint8_t)(flag->severity + 1);

		if (bucket >= TL_OVERVIEW)
			bucket = TL_OVERVIEW - 1;
		if (sums->worst[bucket] < level)
			sums->worst[bucket] = level;
	}
}

/* Both passes over a row's spans, one right behind the other. */
static void detail_row(struct tl_model *model, size_t r, void *data)
{
	struct tl_row *row = &model->rows.items[r];

	index_row(model, row);
	overview_row(model, row, (struct sums *)data + r % TL_MODEL_SHARES);
}

static void sum_up(struct tl_overview *overview, const struct sums *sums)
{
	double level[TL_N_LOOKS] = {0};

	for (size_t b = 0; b < TL_OVERVIEW; b++) {
		double sum = 0;

		for (unsigned look = 0; look < TL_N_LOOKS; look++) {
			double part = 0;

			for (int share = 0; share < TL_MODEL_SHARES; share++) {
				level[look] += sums[share].steps[b][look];
				part += sums[share].parts[b][look];
			}
			overview->looks[b][look] = (float)(part + level[look]);
			sum += overview->looks[b][look];
		}
		if (sum > overview->most)
			overview->most = sum;
		for (int share = 0; share < TL_MODEL_SHARES; share++)
			if (overview->worst[b] < sums[share].worst[b])
				overview->worst[b] = sums[share].worst[b];
	}
}

int tl_model_index(struct tl_model *model)
{
	struct sums *sums = calloc(TL_MODEL_SHARES, sizeof *sums);

	model->overview = calloc(1, sizeof *model->overview);
	if (!sums || !model->overview || place_blocks(model) != 0) {
		free(sums);
		return -1;
	}
	model->overview->bucket_ns = model->end_ns / TL_OVERVIEW + 1;
	tl_model_share(model, detail_row, sums);
	sum_up(model->overview, sums);
	free(sums);
	return 0;
}
