/* The edges that leave a row are in order, in whatever order they arrive. */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"

#define MOST 200
#define FEW 30 /* unblocks that the state remembers of a task */

static const struct tl_row *row_of(const struct tl_synth *synth, uint32_t task)
{
	return &synth->model->rows.items[tl_state_find_task(synth->state, (uint64_t)1 << 32 | task)->index];
}

/* Takes one of the `n` that are left. */
typedef uint32_t order_fn(struct tl_synth *synth, uint32_t n);

/* Numbers 0..n-1 in that order. */
static void arrange(struct tl_synth *synth, uint32_t *numbers, uint32_t n, order_fn *order)
{
	uint32_t left[MOST];

	for (uint32_t k = 0; k < n; k++)
		left[k] = k;
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = order(synth, n - k);

		numbers[k] = left[i];
		memmove(left + i, left + i + 1, (n - k - 1 - i) * sizeof *left);
	}
}

/* Task 1 creates `n` tasks from `first` on, two at a time, which start in that order. */
static void create(struct tl_synth *synth, int64_t t, uint32_t first, uint32_t n, order_fn *order)
{
	uint32_t numbers[MOST];

	arrange(synth, numbers, n, order);
	for (uint32_t k = 0; k < n; k++)
		tl_synth_create(synth, t + k / 2, 1, first + k);
	for (uint32_t k = 0; k < n; k++)
		tl_synth_start(synth, t + 1000 + k, first + numbers[k], 1, 0);
}

/* Task 1 wakes `n` tasks from `first` on, two at a time, which go on in that order. */
static void wake(struct tl_synth *synth, int64_t t, uint32_t first, uint32_t n, order_fn *order)
{
	uint32_t seqs[MOST], numbers[MOST];

	arrange(synth, numbers, n, order);
	for (uint32_t k = 0; k < n; k++)
		tl_synth_block(synth, t, first + k, TL_REASON_COND, 0x10);
	for (uint32_t k = 0; k < n; k++)
		seqs[k] = tl_synth_unblock(synth, t + 10 + k / 2, 1, first + k);
	for (uint32_t k = 0; k < n; k++)
		tl_synth_start(synth, t + 1000 + k, first + numbers[k], 1, seqs[numbers[k]]);
}

static uint32_t latest_first(struct tl_synth *synth, uint32_t n)
{
	(void)synth;
	return n - 1;
}

static uint32_t nearly_in_order(struct tl_synth *synth, uint32_t n)
{
	return tl_synth_random(synth, n < 4 ? n : 4);
}

static uint32_t any(struct tl_synth *synth, uint32_t n)
{
	return tl_synth_random(synth, n);
}

/* All edges that say that they leave the row are there, once, in order; what leaves at the same time, as it arrived. */
static void assert_outs(const struct tl_model *model, const struct tl_row *row, size_t n)
{
	assert_int_equal(row->n_outs, n);
	assert_false(row->outs_mixed);
	for (size_t i = 0; i < n; i++) {
		const struct tl_edge *edge = tl_model_edge(model, row->outs[i]);
		const struct tl_edge *before = i > 0 ? tl_model_edge(model, row->outs[i - 1]) : NULL;

		assert_ptr_equal(&model->rows.items[edge->from_row], row);
		assert_true(!before || before->from_ns < edge->from_ns ||
			    (before->from_ns == edge->from_ns && before->to_ns <= edge->to_ns));
		for (size_t j = 0; j < i; j++)
			assert_true(row->outs[j].row != row->outs[i].row || row->outs[j].edge != row->outs[i].edge);
	}
}

static void peek(struct tl_synth *synth, size_t n)
{
	assert_int_equal(tl_model_peek(synth->model, synth->state), 0);
	assert_outs(synth->model, row_of(synth, 1), n);
}

/* `hurried`: by a thread of its own. */
static void check_order(bool hurried)
{
	struct tl_synth synth;

	tl_synth_init(&synth, 1000);
	/* On a machine with one processor, too. */
	setenv("THREADLINE_THREADS", "2", 1);
	if (hurried)
		tl_model_hurry(synth.model);
	tl_synth_start(&synth, 0, 1, 0, 0);
	create(&synth, 10000, 2, MOST, nearly_in_order);
	wake(&synth, 20000, 2, FEW, latest_first);
	peek(&synth, MOST + FEW);
	wake(&synth, 30000, 2, FEW, any);
	create(&synth, 40000, 2 + MOST, MOST, latest_first);
	wake(&synth, 50000, 2 + MOST, FEW, any);
	peek(&synth, 2 * MOST + 3 * FEW);
	wake(&synth, 60000, 2, FEW, nearly_in_order);
	create(&synth, 70000, 2 + 2 * MOST, MOST, any);
	tl_synth_seal(&synth, NULL);
	assert_outs(synth.model, row_of(&synth, 1), 3 * MOST + 4 * FEW);
	tl_synth_finish(&synth);
}

static void test_outs_are_in_order(void **state)
{
	(void)state;
	check_order(false);
	check_order(true);
}

TL_UNIT_MAIN(cmocka_unit_test(test_outs_are_in_order))
