/*
 * The whole trace at one glance, and what else is asked for before the rows can be drawn. Two
 * threads share the rows of a large model: every second one each, so that sums come out
 * the same every time.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"

/* Of rows with more spans the levels of detail are asked instead: so much faster are they. */
#define SPANS_MOST (16 * TL_OVERVIEW)
#define TIMES 128 /* that are asked about at once */
#define STEP 8    /* buckets that share what is in them, while more is to come: TIMES * STEP divides TL_OVERVIEW */

/* The overview while it is summed up: of each bucket how long what begins or ends within it takes, and the steps at its begin. */
struct sums {
	double parts[TL_OVERVIEW][TL_N_LOOKS], steps[TL_OVERVIEW][TL_N_LOOKS];
	uint8_t worst[TL_OVERVIEW];
	int step;
	int64_t bucket, begin_ns, end_ns; /* the bucket that was met last, and its bounds: mostly the next one's, too */
};

/* Adds a span to the overview: its ends to their buckets, its middle as a step up and down. */
static void overview_span(struct sums *sums, int64_t bucket_ns, int64_t begin_ns, int64_t end_ns, unsigned look)
{
	int64_t first, last;

	if (begin_ns < 0)
		begin_ns = 0;
	if (end_ns <= begin_ns)
		return;
	if (begin_ns >= sums->begin_ns && end_ns <= sums->end_ns) {
		sums->parts[sums->bucket][look] += (double)(end_ns - begin_ns);
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
			sums->parts[first][look] += (double)(end_ns - begin_ns);
		return;
	}
	sums->parts[first][look] += (double)((first + 1) * bucket_ns - begin_ns);
	sums->parts[last][look] += (double)(end_ns - last * bucket_ns);
	sums->steps[first + 1][look] += 1;
	sums->steps[last][look] -= 1;
}

static void overview_spans(const struct tl_model *model, const struct tl_row *row, struct sums *sums)
{
	for (size_t i = 0; i < row->spans.n; i++)
		if (row->spans.items[i].look > TL_LOOK_CREATED)
			overview_span(sums, model->overview->bucket_ns, row->spans.items[i].begin_ns,
				      tl_model_span_end(model, row, i), row->spans.items[i].look);
}

/* The same by what the levels of detail say of the ends of every `step` buckets, which share what is between. */
static void overview_levels(const struct tl_model *model, const struct tl_row *row, struct sums *sums)
{
	int64_t width_ns = model->overview->bucket_ns * sums->step, times[TIMES], at[TIMES][TL_N_LOOKS],
		before[TL_N_LOOKS];

	tl_model_sums(model, row, 0, before);
	for (int first = 0; first < TL_OVERVIEW; first += TIMES * sums->step) {
		for (int i = 0; i < TIMES; i++)
			times[i] = (first / sums->step + i + 1) * width_ns;
		tl_model_sums_along(model, row, times, TIMES, at);
		for (int i = 0; i < TIMES; i++) {
			for (unsigned look = TL_LOOK_CREATED + 1; look < TL_N_LOOKS; look++)
				for (int b = first + i * sums->step; b < first + (i + 1) * sums->step; b++)
					sums->parts[b][look] += (double)(at[i][look] - before[look]) / sums->step;
			memcpy(before, at[i], sizeof before);
		}
	}
}

static void overview_flags(const struct tl_model *model, const struct tl_row *row, struct sums *sums)
{
	int64_t bucket_ns = model->overview->bucket_ns;

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

static void overview_row(struct tl_model *model, size_t r, void *data)
{
	const struct tl_row *row = &model->rows.items[r];
	struct sums *sums = (struct sums *)data + r % TL_MODEL_SHARES;

	if (row->spans.n > SPANS_MOST)
		overview_levels(model, row, sums);
	else
		overview_spans(model, row, sums);
	overview_flags(model, row, sums);
}

static void sum_up(struct tl_overview *overview, const struct sums *sums)
{
	double level[TL_N_LOOKS] = {0}, width = (double)overview->bucket_ns;

	for (size_t b = 0; b < TL_OVERVIEW; b++) {
		double sum = 0;

		for (unsigned look = 0; look < TL_N_LOOKS; look++) {
			double part = 0;

			for (int share = 0; share < TL_MODEL_SHARES; share++) {
				level[look] += sums[share].steps[b][look];
				part += sums[share].parts[b][look];
			}
			overview->looks[b][look] = (float)(part / width + level[look]);
			sum += overview->looks[b][look];
		}
		if (sum > overview->most)
			overview->most = sum;
		for (int share = 0; share < TL_MODEL_SHARES; share++)
			if (overview->worst[b] < sums[share].worst[b])
				overview->worst[b] = sums[share].worst[b];
	}
}

static int make_overview(struct tl_model *model, bool is_part)
{
	struct sums *sums = calloc(TL_MODEL_SHARES, sizeof *sums);

	free(model->overview);
	model->overview = calloc(1, sizeof *model->overview);
	if (!sums || !model->overview) {
		free(sums);
		return -1;
	}
	for (int i = 0; i < TL_MODEL_SHARES; i++)
		sums[i].step = is_part ? STEP : 1;
	model->overview->bucket_ns = model->end_ns / TL_OVERVIEW + 1;
	tl_model_share(model, overview_row, sums);
	sum_up(model->overview, sums);
	free(sums);
	return 0;
}

int tl_model_index(struct tl_model *model, bool is_part)
{
	for (size_t r = 0; r < model->rows.n; r++)
		if (tl_row_fill_last_block(model, &model->rows.items[r]) != 0)
			return -1;
	return tl_outs_settle(model) != 0 || make_overview(model, is_part) != 0 ? -1 : 0;
}
