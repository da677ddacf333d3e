/* What is visible: searches in a sealed model's rows; see model.h. */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"

/* The last span that begins at or before `t`, searched from `from` on by doubling steps. */
static size_t gallop(const struct tl_row *row, size_t from, int64_t t)
{
	const struct tl_span *spans = row->spans.items;
	size_t low = from, step = 1, high;

	while (low + step < row->spans.n && spans[low + step].begin_ns <= t) {
		low += step;
		step *= 2;
	}
	high = low + step < row->spans.n ? low + step : row->spans.n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (spans[middle].begin_ns <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t tl_model_span_at(const struct tl_row *row, int64_t time_ns)
{
	if (row->spans.n == 0 || row->spans.items[0].begin_ns > time_ns)
		return TL_NO_SPAN;
	return gallop(row, 0, time_ns);
}

int64_t tl_model_span_end(const struct tl_model *model, const struct tl_row *row, size_t i)
{
	if (i + 1 < row->spans.n)
		return row->spans.items[i + 1].begin_ns;
	return row->spans.items[i].begin_ns > model->end_ns ? row->spans.items[i].begin_ns : model->end_ns;
}

static int64_t overlap(const struct tl_model *model, const struct tl_row *row, size_t i, int64_t t0, int64_t t1)
{
	int64_t begin = row->spans.items[i].begin_ns, end = tl_model_span_end(model, row, i);

	begin = begin < t0 ? t0 : begin;
	end = end > t1 ? t1 : end;
	return end > begin ? end - begin : 0;
}

static void add_spans(const struct tl_model *model, const struct tl_row *row, size_t from, size_t to, int64_t t0,
		      int64_t t1, int64_t sum[TL_N_LOOKS])
{
	for (size_t i = from; i < to; i++)
		sum[row->spans.items[i].look] += overlap(model, row, i, t0, t1);
}

/* Time in each look within [t0, t1), where span `first` covers t0 and `last` t1. */
static void sum_looks(const struct tl_model *model, const struct tl_row *row, size_t first, size_t last, int64_t t0,
		      int64_t t1, int64_t sum[TL_N_LOOKS])
{
	size_t block = first / TL_SPAN_BLOCK + 1, end = last / TL_SPAN_BLOCK;

	if (!row->sums || end <= block) {
		add_spans(model, row, first, last + 1, t0, t1, sum);
		return;
	}
	add_spans(model, row, first, block * TL_SPAN_BLOCK, t0, t1, sum);
	for (unsigned look = 0; look < TL_N_LOOKS; look++)
		sum[look] += row->sums[end][look] - row->sums[block][look];
	add_spans(model, row, end * TL_SPAN_BLOCK, last + 1, t0, t1, sum);
}

static void judge(struct tl_column *column, const int64_t sum[TL_N_LOOKS])
{
	int64_t most = 0;

	for (unsigned look = 0; look < TL_N_LOOKS; look++) {
		if (sum[look] <= 0)
			continue;
		column->looks |= (uint16_t)(1u << look);
		if (sum[look] >= most) {
			most = sum[look];
			column->look = (uint8_t)look;
		}
	}
}

static struct tl_column empty_column(void)
{
	return (struct tl_column){.span = UINT32_MAX, .look = TL_LOOK_NONE};
}

/* One column, given the span that covers its begin (or the row's first); returns the one that covers its end. */
static size_t fill(const struct tl_model *model, const struct tl_row *row, size_t first, int64_t t0, int64_t t1,
		   struct tl_column *column)
{
	size_t last = gallop(row, first, t1 - 1);
	int64_t sum[TL_N_LOOKS] = {0};
	size_t changes = last - first + (row->spans.items[first].begin_ns >= t0);

	column->span = (uint32_t)first;
	column->changes = (uint8_t)(changes > 255 ? 255 : changes);
	if (last == first) {
		sum[row->spans.items[first].look] = overlap(model, row, first, t0, t1);
		judge(column, sum);
	} else {
		sum_looks(model, row, first, last, t0, t1, sum);
		judge(column, sum);
	}
	return last;
}

void tl_model_columns(const struct tl_model *model, const struct tl_row *row, const int64_t *bounds, size_t n,
		      struct tl_column *columns)
{
	size_t at = TL_NO_SPAN;
	bool flagged = row->extra && row->extra->flags.n > 0;

	for (size_t i = 0; i < n; i++) {
		int64_t t0 = bounds[i], t1 = bounds[i + 1] > t0 ? bounds[i + 1] : t0 + 1;

		columns[i] = empty_column();
		if (flagged)
			columns[i].severity = (uint8_t)tl_model_flag_worst(row, t0, t1);
		if (row->spans.n == 0 || row->spans.items[0].begin_ns >= t1 || t0 >= model->end_ns)
			continue;
		at = gallop(row, at == TL_NO_SPAN ? 0 : at, t0);
		fill(model, row, at, t0, t1, &columns[i]);
	}
}

size_t tl_model_edge_from(const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->edges.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row->edges.items[middle].to_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct tl_edge *tl_model_edge(const struct tl_model *model, struct tl_edge_ref ref)
{
	return &model->rows.items[ref.row].edges.items[ref.edge];
}

size_t tl_model_out_from(const struct tl_model *model, const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->n_outs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tl_model_edge(model, row->outs[middle])->from_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct tl_edge *tl_model_cause(const struct tl_row *row, size_t i)
{
	int64_t begin_ns = row->spans.items[i].begin_ns;
	size_t e = tl_model_edge_from(row, begin_ns);

	if (row->spans.items[i].look != TL_LOOK_RUNNING || e >= row->edges.n ||
	    row->edges.items[e].to_ns != begin_ns)
		return NULL;
	return &row->edges.items[e];
}

size_t tl_model_flag_from(const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->extra ? row->extra->flags.n : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row->extra->flags.items[middle].time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

unsigned tl_model_flag_worst(const struct tl_row *row, int64_t t0_ns, int64_t t1_ns)
{
	size_t i = tl_model_flag_from(row, t0_ns), end = tl_model_flag_from(row, t1_ns);
	unsigned worst = 0;

	while (i < end) {
		unsigned level;

		if (i % TL_FLAG_BLOCK == 0 && i + TL_FLAG_BLOCK <= end) {
			level = row->extra->flag_worst[i / TL_FLAG_BLOCK];
			i += TL_FLAG_BLOCK;
		} else {
			level = row->extra->flags.items[i++].severity + 1u;
		}
		worst = level > worst ? level : worst;
	}
	return worst;
}
