/* A span in its 8 bytes, and its record apart, is what it was; so are times as far as any trace has them. */
#include "tests/unit/unit.h"

#include "tests/unit/model/brute.h"
#include "tests/unit/model/synth.h"
#include "viewer/model/internal.h"
#include "viewer/model/large.h"

#define MOST 3000
#define DAY_NS ((int64_t)86400 * 1000000000)

/* A row, and beside it its spans as they were given. */
struct pair {
	struct tl_row row;
	struct tl_span spans[MOST];
	size_t n;
};

static void finish(struct pair *pair)
{
	tl_large_free(pair->row.spans.words, pair->row.spans.room, sizeof *pair->row.spans.words);
	tl_large_free(pair->row.more.items, pair->row.more.room, sizeof *pair->row.more.items);
	tl_large_free(pair->row.block_begins, pair->row.begins_room, sizeof *pair->row.block_begins);
	free(pair);
}

/* The plain definition of what pushing does. */
static void push(struct pair *pair, struct tl_span span)
{
	struct tl_span *last = pair->n > 0 ? &pair->spans[pair->n - 1] : NULL;

	assert_int_equal(tl_row_push(&pair->row, span), 0);
	if (last && span.begin_ns <= last->begin_ns) {
		span.begin_ns = last->begin_ns;
		if (tl_look_state((enum tl_look)last->look) != TL_TASK_BLOCKED)
			pair->n--;
	}
	pair->spans[pair->n++] = span;
}

static void assert_same(const struct pair *pair, size_t i)
{
	struct tl_span is = tl_row_span(&pair->row, i), was = pair->spans[i];

	if (is.begin_ns != was.begin_ns || is.look != was.look || is.reason != was.reason || is.cause != was.cause ||
	    is.object != was.object || is.stack != was.stack || is.wait != was.wait)
		fail_msg("span %zu of %zu, of look %u", i, pair->n, was.look);
	assert_true(tl_row_begin(&pair->row, i) == was.begin_ns);
	assert_int_equal(tl_row_look(&pair->row, i), was.look);
}

static void test_whatever_a_span_says_is_kept(void **state)
{
	static const int64_t times[] = {-TL_SPAN_NS_MOST - 1, -TL_MODEL_FAR,  -DAY_NS, -1, 0, 1, DAY_NS,
					TL_MODEL_FAR,         TL_SPAN_NS_MOST};

	(void)state;
	for (size_t t = 0; t < sizeof times / sizeof *times; t++) {
		struct pair *pair = calloc(1, sizeof *pair);

		assert_non_null(pair);
		/* Waits first: what follows them at the same time takes no other's place, but for the last. */
		for (uint8_t reason = 0; reason < TL_N_REASONS; reason++)
			push(pair, (struct tl_span){.begin_ns = times[t],
						    .object = UINT32_MAX - reason,
						    .stack = UINT32_MAX - 100 - reason,
						    .wait = UINT32_MAX - 200 - reason,
						    .look = (uint8_t)tl_look_of_reason(reason),
						    .reason = reason});
		for (uint8_t cause = 0; cause < TL_N_CAUSES; cause++) {
			push(pair, (struct tl_span){.begin_ns = times[t], .look = TL_LOOK_RUNNING, .cause = cause});
			assert_same(pair, pair->n - 1);
		}
		for (unsigned look = TL_LOOK_NONE + 1; look < TL_N_LOOKS; look++) {
			if (tl_look_state((enum tl_look)look) == TL_TASK_BLOCKED)
				continue;
			push(pair, (struct tl_span){.begin_ns = times[t],
						    .stack = look == TL_LOOK_CREATED ? UINT32_MAX : 0,
						    .look = (uint8_t)look});
			assert_same(pair, pair->n - 1);
		}
		assert_int_equal(pair->n, TL_N_REASONS + 1);
		assert_int_equal(pair->row.spans.n, pair->n);
		for (size_t i = 0; i < pair->n; i++)
			assert_same(pair, i);
		finish(pair);
	}
}

static void test_what_has_no_name_is_unknown(void **state)
{
	struct pair *pair = calloc(1, sizeof *pair);

	(void)state;
	assert_non_null(pair);
	for (unsigned number = TL_N_REASONS; number <= UINT8_MAX; number++) {
		struct tl_span wait = {.begin_ns = number, .look = TL_LOOK_WAIT, .reason = (uint8_t)number};
		struct tl_span run = {.begin_ns = number, .look = TL_LOOK_RUNNING, .cause = (uint8_t)number};

		pair->row.spans.n = pair->row.more.n = 0;
		assert_int_equal(tl_row_push(&pair->row, wait), 0);
		assert_int_equal(tl_row_span(&pair->row, 0).reason, TL_REASON_UNKNOWN);
		assert_int_equal(tl_row_look(&pair->row, 0), TL_LOOK_WAIT);
		assert_int_equal(tl_row_push(&pair->row, run), 0);
		assert_int_equal(tl_row_span(&pair->row, 1).cause, TL_CAUSE_UNKNOWN);
		assert_int_equal(tl_row_look(&pair->row, 1), TL_LOOK_RUNNING);
	}
	finish(pair);
}

static struct tl_span any_span(struct tl_synth *chance, int64_t begin_ns, uint32_t waits)
{
	struct tl_span span = {.begin_ns = begin_ns};

	if (tl_synth_random(chance, 100) < waits) {
		span.reason = (uint8_t)tl_synth_random(chance, TL_N_REASONS);
		span.look = (uint8_t)tl_look_of_reason(span.reason);
		span.object = tl_synth_random(chance, UINT32_MAX);
		span.wait = tl_synth_random(chance, UINT32_MAX);
		span.stack = tl_synth_random(chance, UINT32_MAX);
		return span;
	}
	switch (tl_synth_random(chance, 5)) {
	case 0: span.look = TL_LOOK_CREATED; break;
	case 1: span.look = TL_LOOK_EXITED; break;
	case 2: span.look = TL_LOOK_GAP; break;
	case 3: span.look = TL_LOOK_RUNNABLE; break;
	default: span.look = TL_LOOK_RUNNING; span.cause = (uint8_t)tl_synth_random(chance, TL_N_CAUSES);
	}
	if (span.look == TL_LOOK_CREATED)
		span.stack = tl_synth_random(chance, UINT32_MAX);
	return span;
}

/* Columns over all of the row and a little more, with odd bounds: all spans begin at even times. */
static void assert_columns(const struct pair *pair)
{
	struct tl_model model = {.end_ns = pair->spans[pair->n - 1].begin_ns + 50};
	int64_t begin_ns = pair->spans[0].begin_ns - 31, width_ns = 2 * ((model.end_ns - begin_ns) / 74 + 1),
		bounds[41];
	struct tl_column columns[40];

	for (int64_t i = 0; i < 41; i++)
		bounds[i] = begin_ns + i * width_ns;
	tl_model_columns(&model, &pair->row, bounds, 40, columns);
	for (size_t i = 0; i < 40; i++) {
		struct tl_column want = brute_column(&model, &pair->row, bounds[i], bounds[i + 1]);

		assert_int_equal(columns[i].span, want.span);
		assert_int_equal(columns[i].looks, want.looks);
		assert_int_equal(columns[i].look, want.look);
		assert_int_equal(columns[i].changes, want.changes);
	}
}

static void fill(struct pair *pair, struct tl_synth *chance, size_t n, uint32_t waits, int64_t begin_ns)
{
	while (pair->n < n) {
		/* At times no time passes, or it goes back: spans take the place of others. */
		begin_ns += tl_synth_random(chance, 4) ? 2 * (int64_t)tl_synth_random(chance, 50)
						       : -2 * (int64_t)tl_synth_random(chance, 5);
		push(pair, any_span(chance, begin_ns, waits));
	}
}

static void test_records_are_found_in_rows_of_any_mix(void **state)
{
	struct tl_synth chance = {.random = 12345};

	(void)state;
	for (size_t n = 1; n <= MOST; n += n < 140 ? 1 : 953) {
		for (uint32_t waits = 0; waits <= 100; waits += 25) {
			struct pair *pair = calloc(1, sizeof *pair);

			assert_non_null(pair);
			fill(pair, &chance, n, waits, -1000);
			assert_int_equal(pair->row.spans.n, n);
			for (size_t i = 0; i < n; i++)
				assert_same(pair, i);
			assert_columns(pair);
			finish(pair);
		}
	}
}

/* As far away as a sealed model's times can be, levels of detail add up as ever. */
static void test_levels_hold_for_times_far_away(void **state)
{
	struct tl_synth chance = {.random = 777};
	struct pair *pair = calloc(1, sizeof *pair);

	(void)state;
	assert_non_null(pair);
	fill(pair, &chance, 500, 50, -TL_MODEL_FAR - TL_MODEL_FAR / 2);
	fill(pair, &chance, 1000, 50, 0);
	fill(pair, &chance, 1500, 50, TL_MODEL_FAR + TL_MODEL_FAR / 2 - 100000);
	for (size_t i = 0; i < pair->n; i++)
		assert_same(pair, i);
	assert_columns(pair);
	finish(pair);
}

static const struct tl_row *row_of(const struct tl_synth *synth, uint32_t task)
{
	return &synth->model->rows.items[tl_state_find_task(synth->state, (uint64_t)1 << 32 | task)->index];
}

static void test_far_times_saturate(void **state)
{
	/* Years from the first event, and the trace's start within what all times are moved by, or not. */
	static const struct {
		int64_t start_ns, by_ns;
	} cases[] = {{100 * DAY_NS, -100 * DAY_NS}, {-100 * DAY_NS, 100 * DAY_NS}, {300 * DAY_NS, 0}, {0, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tl_synth synth;

		tl_synth_init(&synth, 0);
		tl_synth_start(&synth, 0, 1, 0, 0);
		tl_synth_block(&synth, 200 * DAY_NS, 1, TL_REASON_MUTEX, 0x10);
		tl_synth_start(&synth, 20000 * DAY_NS, 1, 0, 0);
		tl_synth_exit(&synth, 30000 * DAY_NS, 1);
		tl_synth_start(&synth, -20000 * DAY_NS, 2, 0, 0);
		assert_true(tl_model_time(synth.model, INT64_MAX) == TL_MODEL_FAR);
		assert_true(tl_model_time(synth.model, INT64_MIN) == -TL_MODEL_FAR);
		assert_true(tl_model_time(synth.model, 208 * DAY_NS) == 208 * DAY_NS);
		assert_true(tl_model_time(synth.model, -208 * DAY_NS) == -208 * DAY_NS);
		assert_int_equal(tl_model_seal(synth.model, synth.state, NULL, cases[i].start_ns, NULL), 0);
		assert_true(tl_row_begin(row_of(&synth, 1), 0) == cases[i].by_ns);
		assert_true(tl_row_begin(row_of(&synth, 1), 1) == 200 * DAY_NS + cases[i].by_ns);
		assert_true(tl_row_begin(row_of(&synth, 1), 2) == TL_MODEL_FAR + cases[i].by_ns);
		assert_true(tl_row_begin(row_of(&synth, 2), 0) == -TL_MODEL_FAR + cases[i].by_ns);
		assert_true(row_of(&synth, 1)->last_ns == TL_MODEL_FAR + cases[i].by_ns);
		assert_int_equal(tl_row_look(row_of(&synth, 1), 1), TL_LOOK_LOCK);
		assert_int_equal(tl_row_span(row_of(&synth, 1), 1).wait, 1);
		tl_synth_finish(&synth);
	}
}

/* Of three events, two of them waits' ends: a wait, runnable, running, and an edge. */
static void test_an_event_takes_few_bytes(void **state)
{
	struct tl_synth synth;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_pool(&synth, 8, 600000, 3);
	tl_synth_seal(&synth, NULL);
	assert_true(tl_model_bytes(synth.model) < 26 * synth.model->events);
	assert_true(tl_model_bytes(synth.model) > 20 * synth.model->events);
	tl_synth_finish(&synth);
}

TL_UNIT_MAIN(cmocka_unit_test(test_whatever_a_span_says_is_kept), cmocka_unit_test(test_what_has_no_name_is_unknown),
	     cmocka_unit_test(test_records_are_found_in_rows_of_any_mix),
	     cmocka_unit_test(test_levels_hold_for_times_far_away), cmocka_unit_test(test_far_times_saturate),
	     cmocka_unit_test(test_an_event_takes_few_bytes))
