/* What is visible: searches in a sealed model's rows; see model.h. */
#include "viewer/model/model.h"

#include "viewer/model/internal.h"

/* The last span that begins at or before `t`, searched from `from` on by doubling steps. */
static size_t gallop(const struct tl_row *row, size_t from, int64_t t)
{
	size_t low = from, step = 1, high;

	while (low + step < row->spans.n && tl_row_begin(row, low + step) <= t) {
		low += step;
		step *= 2;
	}
	high = low + step < row->spans.n ? low + step : row->spans.n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (tl_row_begin(row, middle) <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The record of span `i`, which has one: so many spans before it have one, too. */
static const struct tl_span_more *more_of(const struct tl_row *row, size_t i)
{
	size_t b = i / TL_SPAN_BLOCK;
	const uint64_t *word = row->spans.words + tl_span_word(b * TL_SPAN_BLOCK);
	uint64_t n = b > 0 ? tl_span_level(row->spans.words, b)->more : 0;

	for (const uint64_t *end = word + i % TL_SPAN_BLOCK; word < end; word++)
		n += tl_word_has_more(*word);
	return &row->more.items[n];
}

struct tl_span tl_row_span(const struct tl_row *row, size_t i)
{
	uint64_t word = row->spans.words[tl_span_word(i)];
	struct tl_span span = {.begin_ns = tl_word_begin(word), .look = (uint8_t)tl_word_look(word)};

	if (tl_word_has_more(word)) {
		const struct tl_span_more *more = more_of(row, i);

		span.object = more->object;
		span.stack = more->stack;
		span.wait = more->wait;
	}
	if (tl_word_is_wait(word))
		span.reason = tl_word_why(word);
	else
		span.cause = tl_word_why(word);
	return span;
}

size_t tl_row_last_wait(const struct tl_row *row)
{
	size_t last = row->spans.n - 1;

	if (row->spans.n == 0)
		return TL_NO_SPAN;
	/* Whoever exits by itself runs: a wait right before an exit was cut by the end of the process. */
	if (tl_row_look(row, last) == TL_LOOK_EXITED && last > 0)
		last--;
	return tl_look_state(tl_row_look(row, last)) == TL_TASK_BLOCKED ? last : TL_NO_SPAN;
}

int64_t tl_row_exit(const struct tl_row *row, int64_t otherwise_ns)
{
	size_t last = row->spans.n - 1;

	return row->spans.n > 0 && tl_row_look(row, last) == TL_LOOK_EXITED ? tl_row_begin(row, last) : otherwise_ns;
}

size_t tl_model_span_at(const struct tl_row *row, int64_t time_ns)
{
	if (row->spans.n == 0 || tl_row_begin(row, 0) > time_ns)
		return TL_NO_SPAN;
	return gallop(row, 0, time_ns);
}

int64_t tl_model_span_end(const struct tl_model *model, const struct tl_row *row, size_t i)
{
	if (i + 1 < row->spans.n)
		return tl_row_begin(row, i + 1);
	return tl_row_begin(row, i) > model->end_ns ? tl_row_begin(row, i) : model->end_ns;
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

size_t tl_model_edge_next(const struct tl_row *row, size_t from, int64_t time_ns)
{
	const struct tl_edge *edges = row->edges.items;
	size_t low = from, step = 1, high;

	if (from >= row->edges.n || edges[from].to_ns >= time_ns)
		return from;
	while (low + step < row->edges.n && edges[low + step].to_ns < time_ns) {
		low += step;
		step *= 2;
	}
	high = low + step < row->edges.n ? low + step : row->edges.n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (edges[middle].to_ns < time_ns)
			low = middle;
		else
			high = middle;
	}
	return low + 1;
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
	int64_t begin_ns = tl_row_begin(row, i);
	size_t e = tl_model_edge_from(row, begin_ns);

	if (tl_row_look(row, i) != TL_LOOK_RUNNING || e >= row->edges.n || row->edges.items[e].to_ns != begin_ns)
		return NULL;
	return &row->edges.items[e];
}

size_t tl_model_mark_from(const struct tl_row *row, int64_t time_ns)
{
	size_t low = 0, high = row->extra ? row->extra->marks.n : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row->extra->marks.items[middle].time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
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
