/*
 * The levels of detail against brute force: whatever the range and the zoom,
 * each pixel column says what a walk over all spans says.
 */
#include "tests/unit/unit.h"

#include "tests/unit/model/brute.h"
#include "tests/unit/model/synth.h"

#define COLUMNS 300

static void compare_range(const struct tl_model *model, const struct tl_row *row, int64_t t0, int64_t t1, size_t n)
{
	static int64_t bounds[COLUMNS + 1];
	static struct tl_column columns[COLUMNS];

	for (size_t i = 0; i <= n; i++)
		bounds[i] = t0 + (int64_t)((double)(t1 - t0) * (double)i / (double)n);
	tl_model_columns(model, row, bounds, n, columns);
	for (size_t i = 0; i < n; i++) {
		struct tl_column want = brute_column(model, row, bounds[i], bounds[i + 1]);

		assert_int_equal(columns[i].looks, want.looks);
		assert_int_equal(columns[i].look, want.look);
		assert_int_equal(columns[i].severity, want.severity);
		assert_int_equal(columns[i].span, want.span);
		assert_int_equal(columns[i].changes, want.changes);
	}
}

/* At each edge of columns: the searches for edges and flags, and the worst flag up to the next one. */
static void compare_searches(const struct tl_model *model, const struct tl_row *row, int64_t t0, int64_t t1, size_t n)
{
	size_t edge = 0, out = 0, flag = 0, before = 0, flags = row->extra ? row->extra->flags.n : 0;

	for (size_t i = 0; i <= n; i++) {
		int64_t t = t0 + (int64_t)((double)(t1 - t0) * (double)i / (double)n);
		int64_t next = t0 + (int64_t)((double)(t1 - t0) * (double)(i + 1) / (double)n);
		unsigned worst = 0;

		while (edge < row->edges.n && row->edges.items[edge].to_ns < t)
			edge++;
		while (out < row->n_outs && tl_model_edge(model, row->outs[out])->from_ns < t)
			out++;
		while (flag < flags && row->extra->flags.items[flag].time_ns < t)
			flag++;
		assert_int_equal(tl_model_edge_from(row, t), edge);
		assert_int_equal(tl_model_edge_next(row, before, t), edge);
		assert_int_equal(tl_model_out_from(model, row, t), out);
		assert_int_equal(tl_model_flag_from(row, t), flag);
		for (size_t f = flag; f < flags && row->extra->flags.items[f].time_ns < next; f++)
			if (row->extra->flags.items[f].severity + 1u > worst)
				worst = row->extra->flags.items[f].severity + 1u;
		assert_int_equal(tl_model_flag_worst(row, t, next), worst);
		before = edge;
	}
}

/* The same time range at every level, from all of the trace down to some nanoseconds. */
static void compare_levels(const struct tl_model *model, const struct tl_row *row, int64_t middle)
{
	for (int64_t width = model->end_ns * 2; width > 8; width = width * 5 / 8) {
		compare_range(model, row, middle - width / 2, middle + width / 2, 97);
		compare_searches(model, row, middle - width / 2, middle + width / 2, 97);
		compare_searches(model, row, middle - width / 2, middle + width / 2, 3);
	}
}

/* Findings at random places, many of them in a row. */
static void random_findings(struct tl_synth *synth, struct tl_findings *findings, uint64_t *tasks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct tl_finding finding = {.rule = "x", .tasks = &tasks[i], .n_tasks = 1, .n_proofs = 1};

		tasks[i] = (uint64_t)1 << 32 | (1 + tl_synth_random(synth, 4));
		finding.proofs[0].task = tasks[i];
		finding.proofs[0].time_ns = synth->epoch_ns + tl_synth_random(synth, 2000000);
		/* Bad ones are few, and late: whole blocks of notices come before them. */
		finding.severity = tl_synth_random(synth, 40) == 0 ? TL_WARNING : TL_INFO;
		if (finding.proofs[0].time_ns > synth->epoch_ns + 1500000 && tl_synth_random(synth, 20) == 0)
			finding.severity = TL_ERROR;
		assert_int_equal(tl_vec_push(&findings->list, finding), 0);
	}
}

static void test_every_column_equals_brute_force(void **state)
{
	enum { N = 400 };

	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		static uint64_t tasks[N];
		struct tl_synth synth;
		struct tl_findings findings;

		tl_synth_init(&synth, 1700000000000000000);
		tl_synth_pool(&synth, (uint32_t)seed, 4000 / seed, seed);
		tl_findings_init(&findings);
		random_findings(&synth, &findings, tasks, N);
		tl_synth_seal(&synth, &findings);
		for (int round = 0; round < 30; round++) {
			int64_t end = synth.model->end_ns;
			int64_t t0 = (int64_t)tl_synth_random(&synth, (uint32_t)end) - end / 10;
			int64_t t1 = t0 + 1 + tl_synth_random(&synth, round % 3 ? 5000 : (uint32_t)end);
			size_t row = tl_synth_random(&synth, (uint32_t)synth.model->rows.n);

			compare_range(synth.model, &synth.model->rows.items[row], t0, t1,
				      1 + tl_synth_random(&synth, COLUMNS));
			if (round % 6 == 0)
				compare_levels(synth.model, &synth.model->rows.items[row], t0);
		}
		compare_range(synth.model, &synth.model->rows.items[1], 0, synth.model->end_ns, COLUMNS);
		tl_findings_finish(&findings);
		tl_synth_finish(&synth);
	}
}

/* Spans of a second and of a nanosecond in turn: no block of them fits into the short form of a begin. */
static void test_spans_far_apart_equal_brute_force(void **state)
{
	struct tl_synth synth;
	int64_t t = 0;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	for (uint32_t i = 0; i < 400; i++) {
		t += 1 + tl_synth_random(&synth, i % 7 ? 100 : 2000000000);
		if (i % 2)
			tl_synth_start(&synth, t, 1, 0, 0);
		else
			tl_synth_block(&synth, t, 1, i % 3 ? TL_REASON_MUTEX : TL_REASON_SLEEP, 1);
	}
	tl_synth_exit(&synth, t + 5, 1);
	tl_synth_seal(&synth, NULL);
	for (int round = 0; round < 60; round++) {
		const struct tl_row *row = &synth.model->rows.items[0];
		int64_t begin_ns = tl_row_begin(row, tl_synth_random(&synth, (uint32_t)row->spans.n));
		int64_t width = round % 3 ? 1 + tl_synth_random(&synth, 3000) : synth.model->end_ns / (1 + round);

		compare_range(synth.model, row, begin_ns - width / 2, begin_ns + width,
			      1 + tl_synth_random(&synth, COLUMNS));
	}
	tl_synth_finish(&synth);
}

static void test_a_column_of_no_width_shows_its_nanosecond(void **state)
{
	struct tl_synth synth;
	struct tl_column columns[3];
	const int64_t bounds[] = {10, 10, 11, 11};

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_block(&synth, 11, 1, TL_REASON_MUTEX, 1);
	tl_synth_exit(&synth, 20, 1);
	tl_synth_seal(&synth, NULL);
	tl_model_columns(synth.model, &synth.model->rows.items[0], bounds, 3, columns);
	assert_int_equal(columns[0].look, TL_LOOK_RUNNING);
	assert_int_equal(columns[1].look, TL_LOOK_RUNNING);
	assert_int_equal(columns[2].look, TL_LOOK_LOCK);
	tl_synth_finish(&synth);
}

static void test_the_worst_look_is_never_lost(void **state)
{
	struct tl_synth synth;
	struct tl_column column;
	int64_t bounds[2] = {0, 0};

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_block(&synth, 500000, 1, TL_REASON_MUTEX, 1);
	tl_synth_start(&synth, 500001, 1, 0, 0); /* a nanosecond of waiting */
	tl_synth_exit(&synth, 1000000, 1);
	tl_synth_seal(&synth, NULL);
	bounds[1] = synth.model->end_ns;
	tl_model_columns(synth.model, &synth.model->rows.items[0], bounds, 1, &column);
	assert_int_equal(column.look, TL_LOOK_RUNNING);
	assert_true(column.looks & 1u << TL_LOOK_LOCK);
	tl_synth_finish(&synth);
}

static void test_overview_holds_all_the_time(void **state)
{
	struct tl_synth synth;
	double sum = 0, want = 0;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_pool(&synth, 8, 5000, 3);
	tl_synth_seal(&synth, NULL);
	for (size_t b = 0; b < TL_OVERVIEW; b++)
		for (unsigned look = TL_LOOK_RUNNING; look < TL_N_LOOKS; look++)
			sum += synth.model->overview->looks[b][look] * (double)synth.model->overview->bucket_ns;
	for (size_t r = 0; r < synth.model->rows.n; r++)
		for (size_t i = 0; i < synth.model->rows.items[r].spans.n; i++)
			if (tl_row_look(&synth.model->rows.items[r], i) >= TL_LOOK_RUNNING)
				want += (double)(brute_end(synth.model, &synth.model->rows.items[r], i) -
						 tl_row_begin(&synth.model->rows.items[r], i));
	assert_true(sum > want * 0.999999 && sum < want * 1.000001);
	tl_synth_finish(&synth);
}

TL_UNIT_MAIN(cmocka_unit_test(test_every_column_equals_brute_force),
	     cmocka_unit_test(test_spans_far_apart_equal_brute_force),
	     cmocka_unit_test(test_a_column_of_no_width_shows_its_nanosecond),
	     cmocka_unit_test(test_the_worst_look_is_never_lost), cmocka_unit_test(test_overview_holds_all_the_time))
