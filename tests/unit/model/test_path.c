/* The critical path: along wakers and creators, to where nobody is known, and never for ever. */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"
#include "viewer/model/internal.h"
#include "viewer/model/path.h"

static uint32_t row_of(const struct tl_synth *synth, uint32_t task)
{
	const struct tl_task *t = tl_state_find_task(synth->state, (uint64_t)1 << 32 | task);

	assert_non_null(t);
	return t->index;
}

static void find_at(struct tl_path *path, const struct tl_synth *synth, uint32_t task, int64_t t)
{
	uint32_t row = row_of(synth, task);

	assert_int_equal(tl_path_find(path, synth->model, row, tl_model_span_at(&synth->model->rows.items[row], t)), 0);
}

struct want {
	uint32_t task;
	int64_t begin_ns, end_ns;
	enum tl_look look;
	enum tl_path_link link;
};

static void expect(const struct tl_path *path, const struct tl_synth *synth, const struct want *want, size_t n,
		   enum tl_path_end end)
{
	assert_int_equal(path->steps.n, n);
	for (size_t i = 0; i < n; i++) {
		const struct tl_path_step *step = &path->steps.items[i];

		assert_int_equal(step->row, row_of(synth, want[i].task));
		assert_int_equal(step->begin_ns, want[i].begin_ns);
		assert_int_equal(step->end_ns, want[i].end_ns);
		assert_int_equal(step->look, want[i].look);
		assert_int_equal(step->link, want[i].link);
	}
	assert_int_equal(path->end, end);
}

/* Steps follow one another without a hole, and the sums are all of them. */
static void expect_whole(const struct tl_path *path)
{
	int64_t steps_ns = 0, sums_ns = 0;
	size_t n = 0;

	for (size_t i = 0; i < path->steps.n; i++) {
		const struct tl_path_step *step = &path->steps.items[i];

		assert_true(step->begin_ns <= step->end_ns);
		if (i + 1 < path->steps.n)
			assert_int_equal(step->end_ns, path->steps.items[i + 1].begin_ns);
		steps_ns += step->end_ns - step->begin_ns;
	}
	for (size_t i = 0; i < path->sums.n; i++) {
		sums_ns += path->sums.items[i].ns;
		n += path->sums.items[i].n;
		if (i > 0)
			assert_true(path->sums.items[i - 1].ns >= path->sums.items[i].ns);
	}
	assert_int_equal(sums_ns, steps_ns);
	assert_int_equal(n, path->steps.n);
}

/* 1 creates 2 and 3; 3 works, wakes 2, which wakes 1. */
static void make_chain(struct tl_synth *synth)
{
	uint32_t seq;

	tl_synth_init(synth, 1700000000000000000);
	tl_synth_start(synth, 0, 1, 0, 0);
	tl_synth_create(synth, 100, 1, 2);
	tl_synth_start(synth, 130, 2, 1, 0);
	tl_synth_create(synth, 150, 1, 3);
	tl_synth_block(synth, 160, 1, TL_REASON_COND, 0x10);
	tl_synth_block(synth, 170, 2, TL_REASON_COND, 0x20);
	tl_synth_start(synth, 190, 3, 1, 0);
	seq = tl_synth_unblock(synth, 700, 3, 2);
	tl_synth_start(synth, 710, 2, 3, seq);
	tl_synth_block(synth, 720, 3, TL_REASON_SLEEP, 0);
	seq = tl_synth_unblock(synth, 800, 2, 1);
	tl_synth_start(synth, 850, 1, 2, seq);
	tl_synth_start(synth, 880, 3, 0, 0);
	tl_synth_exit(synth, 900, 1);
	tl_synth_exit(synth, 990, 3);
}

static void test_path_leads_through_wakers_to_the_creator(void **state)
{
	static const struct want want[] = {
		{1, 0, 150, TL_LOOK_RUNNING, TL_PATH_CREATED}, {3, 150, 190, TL_LOOK_RUNNABLE, TL_PATH_WENT_ON},
		{3, 190, 700, TL_LOOK_RUNNING, TL_PATH_WOKE},  {2, 700, 710, TL_LOOK_RUNNABLE, TL_PATH_WENT_ON},
		{2, 710, 800, TL_LOOK_RUNNING, TL_PATH_WOKE},  {1, 800, 850, TL_LOOK_RUNNABLE, TL_PATH_WENT_ON},
		{1, 850, 900, TL_LOOK_RUNNING, TL_PATH_LAST},
	};
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	make_chain(&synth);
	tl_synth_seal(&synth, NULL);
	find_at(&path, &synth, 1, 870);
	expect(&path, &synth, want, 7, TL_PATH_BEGIN);
	expect_whole(&path);
	assert_int_equal(path.hops, 3);
	assert_int_equal(path.sums.items[0].row, row_of(&synth, 3));
	assert_int_equal(path.sums.items[0].ns, 510);
	/* The wait that it ends has the same path. */
	find_at(&path, &synth, 1, 400);
	expect(&path, &synth, want, 7, TL_PATH_BEGIN);
	assert_int_equal(tl_path_step_at(&path, row_of(&synth, 3), 500), 2);
	assert_int_equal(tl_path_step_at(&path, row_of(&synth, 2), 500), SIZE_MAX);
	assert_int_equal(tl_path_from(&path, 705), 3);
	assert_int_equal(tl_path_from(&path, 5000), 7);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

static void test_path_goes_through_a_sleep_of_its_own(void **state)
{
	static const struct want want[] = {
		{1, 0, 150, TL_LOOK_RUNNING, TL_PATH_CREATED},   {3, 150, 190, TL_LOOK_RUNNABLE, TL_PATH_WENT_ON},
		{3, 190, 720, TL_LOOK_RUNNING, TL_PATH_WENT_ON}, {3, 720, 880, TL_LOOK_IDLE, TL_PATH_WENT_ON},
		{3, 880, 990, TL_LOOK_RUNNING, TL_PATH_LAST},
	};
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	make_chain(&synth);
	tl_synth_seal(&synth, NULL);
	find_at(&path, &synth, 3, 900);
	expect(&path, &synth, want, 5, TL_PATH_BEGIN);
	expect_whole(&path);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

static void test_path_ends_at_an_unknown_waker(void **state)
{
	static const struct want want[] = {{2, 500, 600, TL_LOOK_RUNNING, TL_PATH_LAST}};
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_create(&synth, 10, 1, 2);
	tl_synth_start(&synth, 20, 2, 1, 0);
	tl_synth_block(&synth, 30, 2, TL_REASON_MUTEX, 0x10);
	tl_synth_start(&synth, 500, 2, 0, 0);
	tl_synth_exit(&synth, 600, 2);
	tl_synth_exit(&synth, 700, 1);
	tl_synth_seal(&synth, NULL);
	find_at(&path, &synth, 2, 550);
	expect(&path, &synth, want, 1, TL_PATH_UNKNOWN);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

static void test_path_goes_through_a_wait_that_timed_out(void **state)
{
	struct tl_event event = {.time_ns = 500, .task = 2, .kind = TL_EVENT_START};
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_create(&synth, 10, 1, 2);
	tl_synth_start(&synth, 20, 2, 1, 0);
	tl_synth_block(&synth, 30, 2, TL_REASON_COND, 0x10);
	event.u.start.wait = 1;
	event.u.start.cause = TL_CAUSE_TIMEOUT;
	tl_synth_emit(&synth, event);
	tl_synth_exit(&synth, 600, 2);
	tl_synth_seal(&synth, NULL);
	find_at(&path, &synth, 2, 550);
	expect_whole(&path);
	assert_int_equal(path.end, TL_PATH_BEGIN);
	assert_int_equal(path.sums.items[0].look, TL_LOOK_WAIT);
	assert_int_equal(path.sums.items[0].ns, 470);
	assert_int_equal(path.sums.items[0].reason, TL_REASON_COND);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

static void test_path_ends_where_events_are_missing(void **state)
{
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	make_chain(&synth);
	tl_synth_block(&synth, 1000, 2, TL_REASON_COND, 0x20);
	tl_synth_skip(&synth, 2, 7);
	synth.wait[2] += 3;
	tl_synth_start(&synth, 1400, 2, 0, 0);
	tl_synth_exit(&synth, 1500, 2);
	tl_synth_seal(&synth, NULL);
	find_at(&path, &synth, 2, 1450);
	assert_int_equal(path.steps.n, 1);
	assert_int_equal(path.end, TL_PATH_GAP);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

/* Two tasks that wake each other at one and the same instant, for ever: made by hand, no trace should hold it. */
static void test_path_never_goes_round_for_ever(void **state)
{
	struct tl_synth synth;
	struct tl_path path = {0};
	struct tl_row *rows;

	(void)state;
	make_chain(&synth);
	tl_synth_seal(&synth, NULL);
	rows = synth.model->rows.items;
	for (uint32_t i = 0; i < 2; i++) {
		rows[i].edges.n = 0;
		rows[i].spans.n = 0;
		assert_int_equal(tl_row_push(&rows[i], (struct tl_span){.begin_ns = 5, .look = TL_LOOK_RUNNING}), 0);
		assert_int_equal(
			tl_vec_push(&rows[i].edges, (struct tl_edge){5, 5, (1 - i) & 0x7FFFFFFFu, TL_EDGE_UNBLOCK}), 0);
	}
	assert_int_equal(tl_path_find(&path, synth.model, 0, 0), 0);
	assert_int_equal(path.end, TL_PATH_CIRCLE);
	assert_true(path.steps.n < 1000);
	/* A cause after its effect leads nowhere later. */
	rows[0].edges.items[0].from_ns = rows[1].edges.items[0].from_ns = 800;
	assert_int_equal(tl_path_find(&path, synth.model, 0, 0), 0);
	assert_int_equal(path.end, TL_PATH_CIRCLE);
	expect_whole(&path);
	/* A waker that is in no row. */
	rows[0].edges.items[0].from_row = 0x7FFFFFFFu;
	assert_int_equal(tl_path_find(&path, synth.model, 0, 0), 0);
	assert_int_equal(path.end, TL_PATH_UNKNOWN);
	assert_int_equal(tl_path_find(&path, synth.model, 77, 0), 0);
	assert_int_equal(path.end, TL_PATH_EMPTY);
	assert_int_equal(tl_path_find(&path, synth.model, 0, 77), 0);
	assert_int_equal(path.end, TL_PATH_EMPTY);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

static void test_path_through_a_pool_is_whole_and_bounded(void **state)
{
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_pool(&synth, 20, 200000, 3);
	tl_synth_seal(&synth, NULL);
	for (uint32_t row = 0; row < synth.model->rows.n; row++) {
		size_t n = synth.model->rows.items[row].spans.n;

		for (size_t span = row % 7; span < n; span += n / 5 + 1) {
			assert_int_equal(tl_path_find(&path, synth.model, row, span), 0);
			assert_true(path.steps.n > 0 && path.steps.n <= TL_PATH_MOST);
			assert_int_not_equal(path.end, TL_PATH_CIRCLE);
			expect_whole(&path);
		}
	}
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

static void test_path_that_is_too_long_is_cut(void **state)
{
	struct tl_synth synth;
	struct tl_path path = {0};

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	for (int64_t i = 1; i < TL_PATH_MOST; i++) {
		tl_synth_block(&synth, i * 100, 1, TL_REASON_SLEEP, 0);
		tl_synth_start(&synth, i * 100 + 50, 1, 0, 0);
	}
	tl_synth_exit(&synth, TL_PATH_MOST * 100, 1);
	tl_synth_seal(&synth, NULL);
	find_at(&path, &synth, 1, TL_PATH_MOST * 100 - 1);
	assert_int_equal(path.end, TL_PATH_FULL);
	assert_in_range(path.steps.n, TL_PATH_MOST - 2, TL_PATH_MOST);
	expect_whole(&path);
	tl_path_finish(&path);
	tl_synth_finish(&synth);
}

TL_UNIT_MAIN(cmocka_unit_test(test_path_leads_through_wakers_to_the_creator),
	     cmocka_unit_test(test_path_goes_through_a_sleep_of_its_own),
	     cmocka_unit_test(test_path_ends_at_an_unknown_waker),
	     cmocka_unit_test(test_path_goes_through_a_wait_that_timed_out),
	     cmocka_unit_test(test_path_ends_where_events_are_missing),
	     cmocka_unit_test(test_path_never_goes_round_for_ever),
	     cmocka_unit_test(test_path_through_a_pool_is_whole_and_bounded),
	     cmocka_unit_test(test_path_that_is_too_long_is_cut))
