/* The survey of a range against a plain count over all spans, and against the report's numbers. */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"
#include "viewer/model/survey.h"
#include "viewer/stats/stats.h"

static void survey(struct tl_survey *s, const struct tl_model *model, int64_t from_ns, int64_t to_ns, size_t budget)
{
	size_t steps = 0;

	assert_int_equal(tl_survey_begin(s, model, from_ns, to_ns), 0);
	while (!s->done) {
		assert_int_equal(tl_survey_step(s, budget), 0);
		assert_true(++steps < 10000000);
	}
}

static int64_t overlap(int64_t a, int64_t b, int64_t from_ns, int64_t to_ns)
{
	a = a > from_ns ? a : from_ns;
	b = b < to_ns ? b : to_ns;
	return b > a ? b - a : 0;
}

/* Every span, whether in the range or not. */
static void expect_counted(const struct tl_survey *s, const struct tl_model *model, int64_t from_ns, int64_t to_ns)
{
	int64_t looks[TL_N_LOOKS] = {0}, reasons[TL_N_REASONS] = {0}, objects = 0, stacks = 0;
	uint64_t wakes = 0, bucketed = 0, woken = 0, waker = 0;

	for (size_t r = 0; r < model->rows.n; r++) {
		const struct tl_row *row = &model->rows.items[r];
		int64_t own[TL_N_LOOKS] = {0};

		for (size_t i = 0; i < row->spans.n; i++) {
			int64_t ns = overlap(tl_row_begin(row, i), tl_model_span_end(model, row, i), from_ns, to_ns);

			own[tl_row_look(row, i)] += ns;
			looks[tl_row_look(row, i)] += ns;
			if (tl_look_state(tl_row_look(row, i)) == TL_TASK_BLOCKED)
				reasons[tl_row_span(row, i).reason] += ns;
		}
		assert_memory_equal(own, s->tasks[r].looks_ns, sizeof own);
		for (size_t i = 0; i < row->edges.n; i++)
			wakes += row->edges.items[i].kind == TL_EDGE_UNBLOCK && row->edges.items[i].to_ns >= from_ns &&
				 row->edges.items[i].to_ns < to_ns;
		woken += s->tasks[r].woken;
		waker += s->tasks[r].wakes;
	}
	assert_memory_equal(looks, s->looks_ns, sizeof looks);
	for (unsigned i = 0; i < TL_N_REASONS; i++) {
		assert_int_equal(reasons[i], s->reasons[i].ns);
		objects += reasons[i];
		stacks += reasons[i];
	}
	for (size_t i = 0; i < s->objects.n; i++) {
		objects -= s->objects.items[i].waits.ns;
		assert_true(i == 0 || s->objects.items[i - 1].waits.ns >= s->objects.items[i].waits.ns);
	}
	for (size_t i = 0; i < s->stacks.n; i++)
		stacks -= s->stacks.items[i].waits.ns;
	assert_int_equal(objects, 0);
	assert_int_equal(stacks, 0);
	for (unsigned i = 0; i < TL_SURVEY_WAKES; i++)
		bucketed += s->wakes[i].n;
	assert_int_equal(bucketed, wakes);
	assert_int_equal(s->wake_ns.n, wakes);
	assert_int_equal(woken, wakes);
	assert_int_equal(waker, wakes);
}

static void test_any_range_is_counted_right_in_slices_of_any_size(void **state)
{
	static const size_t budgets[] = {1, 7, 1000, 100000000};
	struct tl_synth synth;
	struct tl_survey s = {0};

	(void)state;
	tl_synth_init(&synth, 1700000000000000000);
	tl_synth_pool(&synth, 30, 6000, 11);
	tl_synth_seal(&synth, NULL);
	for (int i = 0; i < 60; i++) {
		int64_t end = synth.model->end_ns;
		int64_t from = i == 0 ? 0 : tl_synth_random(&synth, (uint32_t)end);
		int64_t to = i == 0 ? end : from + 1 + tl_synth_random(&synth, (uint32_t)(i % 2 ? end / 100 : end));

		survey(&s, synth.model, from, to, budgets[i % 4]);
		expect_counted(&s, synth.model, from, to);
	}
	tl_survey_finish(&s);
	tl_synth_finish(&synth);
}

static void test_places_lead_to_the_longest(void **state)
{
	struct tl_synth synth;
	struct tl_survey s = {0};
	const struct tl_row *row;
	uint32_t seq;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_create(&synth, 1, 1, 2);
	tl_synth_start(&synth, 2, 2, 1, 0);
	for (int64_t t = 100; t < 1000; t += 100) {
		tl_synth_block(&synth, t, 2, TL_REASON_MUTEX, 0x20);
		seq = tl_synth_unblock(&synth, t + (t == 500 ? 70 : 10), 1, 2);
		tl_synth_start(&synth, t + (t == 300 ? 60 : 75), 2, 1, seq);
	}
	tl_synth_exit(&synth, 1000, 2);
	tl_synth_exit(&synth, 1000, 1);
	tl_synth_seal(&synth, NULL);
	survey(&s, synth.model, 0, 1000, 3);
	assert_int_equal(s.objects.n, 1);
	assert_int_equal(s.objects.items[0].waits.n, 9);
	assert_int_equal(s.objects.items[0].waits.n_tasks, 1);
	assert_int_equal(s.objects.items[0].waits.longest_ns, 70);
	row = &synth.model->rows.items[s.objects.items[0].waits.row];
	assert_int_equal(tl_row_begin(row, s.objects.items[0].waits.span), 500);
	/* 65 ns eight times less one, 50 ns once (t == 300), 5 ns once. */
	assert_int_equal(s.wakes[tl_survey_bucket(65)].n, 7);
	assert_int_equal(s.wakes[tl_survey_bucket(50)].n, 1);
	assert_int_equal(s.wakes[tl_survey_bucket(5)].n, 1);
	assert_int_equal(row->edges.items[s.wakes[tl_survey_bucket(50)].edge].to_ns, 360);
	/* A range in which it only touches the longest. */
	survey(&s, synth.model, 560, 572, 3);
	assert_int_equal(s.objects.items[0].waits.ns, 10);
	assert_int_equal(s.objects.items[0].waits.n, 1);
	tl_survey_finish(&s);
	tl_synth_finish(&synth);
}

struct both {
	struct tl_observer model, stats;
};

static int tell_both(void *data, const struct tl_state *state, const struct tl_event *event, const struct tl_step *step,
		     struct tl_error *error)
{
	struct both *both = data;

	assert_int_equal(both->model.event(both->model.data, state, event, step, error), 0);
	return both->stats.event(both->stats.data, state, event, step, error);
}

static void test_whole_trace_gives_the_reports_numbers(void **state)
{
	struct tl_source_info info = {.start_ns = 1700000000000000000};
	struct tl_stats *stats = tl_stats_create(&info, NULL, NULL);
	struct tl_survey s = {0};
	struct tl_synth synth;
	struct both both;
	struct tl_stats_object *object;
	size_t n = 0;

	(void)state;
	tl_synth_init(&synth, info.start_ns);
	both = (struct both){synth.observer, tl_stats_observer(stats)};
	synth.observer = (struct tl_observer){&both, tell_both, NULL};
	tl_synth_pool(&synth, 12, 9000, 5);
	info.end_ns = info.start_ns + synth.model->end_ns;
	tl_synth_seal(&synth, NULL);
	assert_int_equal(tl_stats_end(stats, synth.state, 100, NULL), 0);
	survey(&s, synth.model, 0, synth.model->end_ns, 500);
	for (uint32_t r = 0; r < synth.model->rows.n; r++) {
		assert_int_equal(s.tasks[r].looks_ns[TL_LOOK_RUNNING], stats->tasks.items[r].running_ns);
		assert_int_equal(s.tasks[r].waits, stats->tasks.items[r].waits);
		assert_int_equal(s.tasks[r].looks_ns[TL_LOOK_LOCK] + s.tasks[r].looks_ns[TL_LOOK_WAIT] +
					 s.tasks[r].looks_ns[TL_LOOK_IDLE],
				 stats->tasks.items[r].blocked_ns);
	}
	for (unsigned reason = 0; reason < TL_N_REASONS; reason++) {
		assert_int_equal(s.reasons[reason].n, stats->counts.waits[reason]);
		assert_int_equal(s.reasons[reason].ns, stats->counts.wait_ns[reason]);
	}
	for (object = stats->objects; object; object = object->hh.next) {
		bool found = false;

		for (size_t i = 0; i < s.objects.n && !found; i++) {
			const struct tl_survey_object *o = &s.objects.items[i];

			found = synth.model->objects.items[o->object].address == object->key.object &&
				o->reason == object->key.reason;
			if (!found)
				continue;
			assert_int_equal(o->waits.ns, object->total_ns);
			assert_int_equal(o->waits.n, object->waits);
			assert_int_equal(o->waits.n_tasks, object->n_waiters);
		}
		n += object->waits > 0;
		assert_true(found || object->waits == 0);
	}
	assert_int_equal(n, s.objects.n);
	for (unsigned permille = 0; permille <= 1000; permille += 50)
		assert_int_equal(tl_quantiles_at(&s.wake_ns, permille), tl_quantiles_at(&stats->wake_ns, permille));
	tl_survey_finish(&s);
	tl_stats_destroy(stats);
	tl_synth_finish(&synth);
}

TL_UNIT_MAIN(cmocka_unit_test(test_any_range_is_counted_right_in_slices_of_any_size),
	     cmocka_unit_test(test_places_lead_to_the_longest),
	     cmocka_unit_test(test_whole_trace_gives_the_reports_numbers))
