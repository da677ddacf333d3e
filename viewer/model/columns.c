/*
 * What each pixel column shows of a row: the question that every frame asks for
 * every row in sight. The answer is exact at every zoom; its cost follows the
 * columns, because a column's sums are the difference of two prefix sums.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/internal.h"

#define AHEAD 16 /* columns whose memory is asked for before it is needed */

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

/* A place on the way through a row: the span that covers a time. */
struct walk {
	size_t span;                /* TL_NO_SPAN: before the first */
	uint64_t word;              /* its own */
	int64_t before[TL_N_LOOKS]; /* how long each look lasted before that span */
	int64_t sums[TL_N_LOOKS];   /* and before the time itself */
};

/*
 * The last block that begins at or before `t`, from `from` on, which does: by steps from
 * `guess` on or back that double, so that a good guess touches little.
 */
static size_t gallop_blocks(const struct tl_row *row, size_t from, size_t guess, int64_t t)
{
	const int64_t *begins = row->block_begins;
	size_t n = (row->spans.n + TL_SPAN_BLOCK - 1) / TL_SPAN_BLOCK, low = from, step = 1, high;

	guess = guess < n ? guess : n - 1;
	if (guess > low && begins[guess] > t) {
		for (high = guess; high - low > step && begins[high - step] > t; step *= 2)
			high -= step;
		low = high - low > step ? high - step : low;
	} else {
		for (low = guess > low ? guess : low; low + step < n && begins[low + step] <= t; step *= 2)
			low += step;
		high = low + step < n ? low + step : n;
	}
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (begins[middle] <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Sets what was before block `block` > 0. */
static void enter_block(const struct tl_row *row, struct walk *walk, size_t block)
{
	const struct tl_level *level = tl_span_level(row->spans.words, block);
	int64_t exited = row->block_begins[block] - row->block_begins[0];

	memcpy(walk->before + TL_LOOK_CREATED, level->sums, sizeof level->sums);
	for (unsigned look = TL_LOOK_CREATED; look < TL_N_LOOKS; look++)
		exited -= walk->before[look];
	walk->before[TL_LOOK_EXITED] = exited;
}

/* From span `i` on, before which walk->before is right, to the span that covers `t`: in the same block. */
static void walk_on(const struct tl_row *row, struct walk *walk, size_t i, int64_t t)
{
	const uint64_t *word = row->spans.words + tl_span_word(i), *first = word, *last;
	size_t left = TL_SPAN_BLOCK - 1 - i % TL_SPAN_BLOCK;

	last = word + (row->spans.n - 1 - i < left ? row->spans.n - 1 - i : left);
	for (; word < last && tl_word_begin(word[1]) <= t; word++)
		walk->before[tl_word_look(*word)] += tl_word_begin(word[1]) - tl_word_begin(*word);
	walk->span = i + (size_t)(word - first);
	walk->word = *word;
}

/* The same from the begin of `block`, which is not the last one and ends after `t`, back. */
static void walk_back(const struct tl_row *row, struct walk *walk, size_t block, int64_t t)
{
	const uint64_t *first = row->spans.words + tl_span_word(block * TL_SPAN_BLOCK), *word = first + TL_SPAN_BLOCK;
	int64_t end_ns = row->block_begins[block + 1], begin_ns;

	enter_block(row, walk, block + 1);
	do {
		begin_ns = tl_word_begin(*--word);
		walk->before[tl_word_look(*word)] -= end_ns - begin_ns;
		end_ns = begin_ns;
	} while (begin_ns > t);
	walk->span = block * TL_SPAN_BLOCK + (size_t)(word - first);
	walk->word = *word;
}

/* Is `t` nearer to a block's end than to its begin? By time, which tells without a look into the block. */
static bool is_late(const struct tl_row *row, size_t block, int64_t t)
{
	const int64_t *begin_ns = row->block_begins + block;

	return (block + 1) * TL_SPAN_BLOCK < row->spans.n && t - begin_ns[0] > (begin_ns[1] - begin_ns[0]) / 2;
}

static void walk_into(const struct tl_row *row, struct walk *walk, size_t block, int64_t t)
{
	size_t first = block * TL_SPAN_BLOCK;

	if (is_late(row, block, t)) {
		walk_back(row, walk, block, t);
		return;
	}
	if (block > 0)
		enter_block(row, walk, block);
	walk_on(row, walk, first, t);
}

/*
 * Goes on to time `t`, which is not before the walk's last one and lies in
 * `block` (see gallop_blocks): from the nearer end of the block, if that is another.
 */
static void walk_to(const struct tl_model *model, const struct tl_row *row, struct walk *walk, int64_t t, size_t block)
{
	if (walk->span == TL_NO_SPAN && tl_row_begin(row, 0) > t)
		return;
	if (walk->span != TL_NO_SPAN && walk->span / TL_SPAN_BLOCK == block)
		walk_on(row, walk, walk->span, t);
	else
		walk_into(row, walk, block, t);
	memcpy(walk->sums, walk->before, sizeof walk->sums);
	/* The span covers `t`, unless it is the last one. */
	if (walk->span + 1 == row->spans.n && t > model->end_ns)
		t = model->end_ns;
	if (t > tl_word_begin(walk->word))
		walk->sums[tl_word_look(walk->word)] += t - tl_word_begin(walk->word);
}

/* One column [t0, t1); the walk goes from t0 to t1. */
static void fill(const struct tl_model *model, const struct tl_row *row, struct walk *walk, int64_t t0, int64_t t1,
		 size_t block, struct tl_column *column)
{
	int64_t sums[TL_N_LOOKS], first_ns = tl_word_begin(walk->word);
	size_t first = walk->span, last, changes;

	memcpy(sums, walk->sums, sizeof sums);
	walk_to(model, row, walk, t1, block);
	if (walk->span == TL_NO_SPAN)
		return;
	for (unsigned look = 0; look < TL_N_LOOKS; look++)
		sums[look] = walk->sums[look] - sums[look];
	judge(column, sums);
	/* A span that begins at t1 belongs to the next column. */
	last = walk->span;
	if (tl_word_begin(walk->word) >= t1) {
		while (last > 0 && (first == TL_NO_SPAN || last > first) && tl_row_begin(row, last) >= t1)
			last--;
		if (tl_row_begin(row, last) >= t1)
			return;
	}
	column->span = (uint32_t)(first == TL_NO_SPAN ? 0 : first);
	changes = first == TL_NO_SPAN ? last + 1 : last - first + (first_ns >= t0);
	column->changes = (uint8_t)(changes > 255 ? 255 : changes);
}

/*
 * Asks for the memory that a walk to `t` in a block will touch: in a wide view
 * each column's lies in another place, and waiting for it is the cost. Always
 * inline: a compiler takes a function that only asks for memory for one that
 * does nothing, and leaves out the call.
 */
__attribute__((always_inline)) static inline void fetch(const struct tl_row *row, size_t block, int64_t t)
{
	const char *at = (const char *)(row->spans.words + tl_span_word(block * TL_SPAN_BLOCK));

	if (is_late(row, block, t)) {
		__builtin_prefetch(at + TL_SPAN_BLOCK * sizeof(uint64_t));
		__builtin_prefetch(at + TL_SPAN_BLOCK * sizeof(uint64_t) - 64);
		__builtin_prefetch(at + TL_SPAN_BLOCK * sizeof(uint64_t) - 128);
	} else {
		__builtin_prefetch(at - sizeof(struct tl_level));
		__builtin_prefetch(at);
		__builtin_prefetch(at + 64);
	}
}

/* Runs ahead of the times that are walked to: finds the block of each, and has its memory fetched. */
struct ahead {
	size_t blocks[AHEAD]; /* of times done - AHEAD .. done - 1 */
	size_t done;
	size_t last; /* of these, the last one's; */
	size_t step; /* and so many blocks is it behind the one before: as far will the next be, about */
};

/* Looks at the times before `to`; never at more than AHEAD that are still to be walked to. */
static void look_ahead(const struct tl_row *row, struct ahead *ahead, const int64_t *times, size_t to)
{
	for (; ahead->done < to; ahead->done++) {
		size_t block = gallop_blocks(row, ahead->last, ahead->last + ahead->step, times[ahead->done]);

		ahead->blocks[ahead->done % AHEAD] = block;
		if (block != ahead->last)
			fetch(row, block, times[ahead->done]);
		ahead->step = block - ahead->last;
		ahead->last = block;
	}
}

/* The block of time `i` of `n`, which is to be walked to next. */
static size_t next_block(const struct tl_row *row, struct ahead *ahead, const int64_t *times, size_t i, size_t n)
{
	look_ahead(row, ahead, times, n - i < AHEAD ? n : i + AHEAD);
	return ahead->blocks[i % AHEAD];
}

static void flag_columns(const struct tl_row *row, const int64_t *bounds, size_t n, struct tl_column *columns)
{
	bool flagged = row->extra && row->extra->flags.n > 0;

	for (size_t i = 0; i < n; i++) {
		int64_t t0 = bounds[i], t1 = bounds[i + 1];

		columns[i] = empty_column();
		if (flagged)
			columns[i].severity = (uint8_t)tl_model_flag_worst(row, t0, t1 > t0 ? t1 : t0 + 1);
	}
}

void tl_model_columns(const struct tl_model *model, const struct tl_row *row, const int64_t *bounds, size_t n,
		      struct tl_column *columns)
{
	struct walk walk = {.span = TL_NO_SPAN};
	struct ahead ahead = {.done = 0};

	flag_columns(row, bounds, n, columns);
	if (n == 0 || row->spans.n == 0)
		return;
	if (tl_row_begin(row, 0) <= bounds[0])
		ahead.last = gallop_blocks(row, 0, 0, bounds[0]);
	walk_to(model, row, &walk, bounds[0], ahead.last);
	for (size_t i = 0; i < n && bounds[i] < model->end_ns; i++) {
		int64_t t0 = bounds[i], t1 = bounds[i + 1];
		struct walk further;
		/* Of each column its end. */
		size_t block = next_block(row, &ahead, bounds + 1, i, n);

		if (t1 > t0) {
			fill(model, row, &walk, t0, t1, block, &columns[i]);
			continue;
		}
		/* The same nanosecond again in the next column: the walk stays. */
		further = walk;
		fill(model, row, &further, t0, t0 + 1, gallop_blocks(row, block, block, t0 + 1), &columns[i]);
	}
}

void tl_model_sums_along(const struct tl_model *model, const struct tl_row *row, const int64_t *times_ns, size_t n,
			 int64_t (*sums)[TL_N_LOOKS])
{
	struct walk walk = {.span = TL_NO_SPAN};
	struct ahead ahead = {.done = 0};

	for (size_t i = 0; i < n; i++) {
		if (row->spans.n > 0)
			walk_to(model, row, &walk, times_ns[i], next_block(row, &ahead, times_ns, i, n));
		memcpy(sums[i], walk.sums, sizeof walk.sums);
	}
}

void tl_model_sums(const struct tl_model *model, const struct tl_row *row, int64_t time_ns, int64_t sums[TL_N_LOOKS])
{
	tl_model_sums_along(model, row, &time_ns, 1, (int64_t(*)[TL_N_LOOKS])sums);
}

struct tl_column tl_model_column_of(const int64_t sums[TL_N_LOOKS])
{
	struct tl_column column = empty_column();

	judge(&column, sums);
	return column;
}
