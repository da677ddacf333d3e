/* Rows that a thread of their own fills are those that are filled at once. */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"

static void fill(struct tl_synth *synth, uint64_t events, unsigned peeks)
{
	for (unsigned i = 0; i < peeks; i++) {
		tl_synth_pool(synth, 30 + i, events, 7 + i);
		if (i + 1 < peeks)
			assert_int_equal(tl_model_peek(synth->model, synth->state), 0);
	}
	tl_synth_seal(synth, NULL);
}

static void assert_same_span(struct tl_span x, struct tl_span y)
{
	assert_true(x.begin_ns == y.begin_ns);
	assert_true(x.object == y.object && x.stack == y.stack && x.wait == y.wait);
	assert_true(x.look == y.look && x.reason == y.reason && x.cause == y.cause);
}

static void assert_same_rows(const struct tl_model *a, const struct tl_model *b)
{
	assert_int_equal(a->rows.n, b->rows.n);
	for (size_t r = 0; r < a->rows.n; r++) {
		const struct tl_row *x = &a->rows.items[r], *y = &b->rows.items[r];

		assert_true(x->task == y->task && x->last_ns == y->last_ns);
		assert_int_equal(x->spans.n, y->spans.n);
		for (size_t i = 0; i < x->spans.n; i++)
			assert_same_span(tl_row_span(x, i), tl_row_span(y, i));
		assert_int_equal(x->edges.n, y->edges.n);
		for (size_t e = 0; e < x->edges.n; e++) {
			assert_true(x->edges.items[e].from_ns == y->edges.items[e].from_ns);
			assert_true(x->edges.items[e].to_ns == y->edges.items[e].to_ns);
			assert_int_equal(x->edges.items[e].from_row, y->edges.items[e].from_row);
			assert_int_equal(x->edges.items[e].kind, y->edges.items[e].kind);
		}
		assert_int_equal(x->n_outs, y->n_outs);
		if (x->n_outs)
			assert_memory_equal(x->outs, y->outs, x->n_outs * sizeof *x->outs);
	}
	assert_memory_equal(a->overview->looks, b->overview->looks, sizeof a->overview->looks);
}

static void test_a_thread_changes_nothing(void **state)
{
	struct tl_synth plain, hurried;

	(void)state;
	tl_synth_init(&plain, 1000);
	tl_synth_init(&hurried, 1000);
	/* On a machine with one processor, too. */
	setenv("THREADLINE_THREADS", "2", 1);
	tl_model_hurry(hurried.model);
	assert_non_null(hurried.model->feed);
	fill(&plain, 100000, 4);
	fill(&hurried, 100000, 4);
	assert_null(hurried.model->feed);
	assert_same_rows(plain.model, hurried.model);
	tl_synth_finish(&plain);
	tl_synth_finish(&hurried);
}

/* Of a model that nobody wants any more, what is still to be done is left out. */
static void test_it_may_end_at_any_time(void **state)
{
	(void)state;
	for (uint64_t events = 0; events < 20000; events += 4999) {
		struct tl_synth synth;

		tl_synth_init(&synth, 0);
		tl_model_hurry(synth.model);
		tl_synth_pool(&synth, 5, events, 1);
		tl_synth_finish(&synth);
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_a_thread_changes_nothing), cmocka_unit_test(test_it_may_end_at_any_time))
