/* Events become the rows, spans, edges, flags and gaps that they should. */
#include "tests/unit/unit.h"

#include "tests/unit/model/synth.h"

static const struct tl_row *row_of(const struct tl_synth *synth, uint32_t task)
{
	const struct tl_task *t = tl_state_find_task(synth->state, (uint64_t)1 << 32 | task);

	assert_non_null(t);
	return &synth->model->rows.items[t->index];
}

struct want {
	int64_t begin_ns;
	enum tl_look look;
};

static void expect_row(const struct tl_row *row, const struct want *want, size_t n)
{
	assert_int_equal(row->spans.n, n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(tl_row_begin(row, i), want[i].begin_ns);
		assert_int_equal(tl_row_look(row, i), want[i].look);
	}
}

static void test_states_become_spans(void **state)
{
	static const struct want main_row[] = {{0, TL_LOOK_RUNNING}, {900, TL_LOOK_EXITED}};
	static const struct want child[] = {{100, TL_LOOK_CREATED},  {150, TL_LOOK_RUNNING}, {200, TL_LOOK_WAIT},
					    {300, TL_LOOK_RUNNABLE}, {310, TL_LOOK_RUNNING}, {400, TL_LOOK_LOCK},
					    {500, TL_LOOK_RUNNING},  {800, TL_LOOK_EXITED}};
	struct tl_synth synth;
	uint32_t seq;

	(void)state;
	tl_synth_init(&synth, 1700000000000000000);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_create(&synth, 100, 1, 2);
	tl_synth_start(&synth, 150, 2, 1, 0);
	tl_synth_block(&synth, 200, 2, TL_REASON_COND, 0x10);
	seq = tl_synth_unblock(&synth, 300, 1, 2);
	tl_synth_start(&synth, 310, 2, 1, seq);
	tl_synth_block(&synth, 400, 2, TL_REASON_MUTEX, 0x20);
	tl_synth_start(&synth, 500, 2, 0, 0);
	tl_synth_exit(&synth, 800, 2);
	tl_synth_exit(&synth, 900, 1);
	tl_synth_seal(&synth, NULL);
	expect_row(row_of(&synth, 1), main_row, 2);
	expect_row(row_of(&synth, 2), child, 8);
	assert_int_equal(synth.model->end_ns, 900);
	assert_int_equal(synth.model->objects.items[tl_row_span(row_of(&synth, 2), 5).object].address, 0x20);
	tl_synth_finish(&synth);
}

static void test_edges_lead_from_cause_to_start(void **state)
{
	struct tl_synth synth;
	const struct tl_row *from, *to;
	uint32_t seq;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_create(&synth, 100, 1, 2);
	tl_synth_start(&synth, 150, 2, 0, 0); /* names nobody: the creator is known all the same */
	tl_synth_block(&synth, 200, 2, TL_REASON_COND, 0x10);
	seq = tl_synth_unblock(&synth, 300, 1, 2);
	tl_synth_start(&synth, 310, 2, 1, seq);
	tl_synth_seal(&synth, NULL);
	from = row_of(&synth, 1);
	to = row_of(&synth, 2);
	assert_int_equal(to->edges.n, 2);
	assert_int_equal(to->edges.items[0].kind, TL_EDGE_CREATE);
	assert_int_equal(to->edges.items[0].from_ns, 100);
	assert_int_equal(to->edges.items[0].to_ns, 150);
	assert_int_equal(to->edges.items[1].kind, TL_EDGE_UNBLOCK);
	assert_int_equal(to->edges.items[1].from_ns, 300);
	assert_int_equal(from->n_outs, 2);
	assert_int_equal(tl_model_out_from(synth.model, from, 101), 1);
	assert_ptr_equal(tl_model_cause(to, tl_model_span_at(to, 310)), &to->edges.items[1]);
	assert_null(tl_model_cause(to, tl_model_span_at(to, 200)));
	tl_synth_finish(&synth);
}

static void test_a_yield_is_no_new_beginning(void **state)
{
	static const struct want want[] = {{150, TL_LOOK_RUNNING}, {200, TL_LOOK_RUNNABLE}, {210, TL_LOOK_RUNNING}};
	struct tl_event yield = {.time_ns = 200, .task = 2, .kind = TL_EVENT_SCHEDULE};
	struct tl_event back = {.time_ns = 210, .task = 2, .kind = TL_EVENT_START};
	struct tl_synth synth;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_create(&synth, 150, 1, 2);
	tl_synth_start(&synth, 150, 2, 0, 0);
	tl_synth_emit(&synth, yield);
	tl_synth_emit(&synth, back);
	tl_synth_seal(&synth, NULL);
	expect_row(row_of(&synth, 2), want, sizeof want / sizeof *want);
	assert_int_equal(row_of(&synth, 2)->edges.n, 1);
	tl_synth_finish(&synth);
}

static void test_missing_events_become_a_gap(void **state)
{
	static const struct want want[] = {
		{0, TL_LOOK_RUNNING}, {100, TL_LOOK_LOCK}, {100, TL_LOOK_GAP}, {400, TL_LOOK_RUNNING}};
	struct tl_synth synth;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_block(&synth, 100, 1, TL_REASON_MUTEX, 0x10);
	tl_synth_skip(&synth, 1, 3);
	synth.wait[1] = 2;
	tl_synth_start(&synth, 400, 1, 0, 0);
	tl_synth_seal(&synth, NULL);
	expect_row(row_of(&synth, 1), want, 4);
	tl_synth_finish(&synth);
}

static void test_what_never_ends_lasts_to_the_end(void **state)
{
	struct tl_synth synth;
	const struct tl_row *row;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_start(&synth, 10, 2, 0, 0);
	tl_synth_block(&synth, 20, 2, TL_REASON_SEND, 0x10);
	tl_synth_exit(&synth, 1000, 1);
	tl_synth_seal(&synth, NULL);
	row = row_of(&synth, 2);
	assert_int_equal(tl_model_span_at(row, 999), 1);
	assert_int_equal(tl_model_span_end(synth.model, row, 1), 1000);
	assert_int_equal(tl_model_span_at(row, 9), TL_NO_SPAN);
	tl_synth_finish(&synth);
}

static void test_regions_and_marks_are_kept(void **state)
{
	struct tl_synth synth;
	const struct tl_row *row;

	(void)state;
	tl_synth_init(&synth, 500);
	tl_synth_start(&synth, 0, 1, 0, 0);
	tl_synth_text(&synth, 10, 1, TL_EVENT_REGION_BEGIN, "outer");
	tl_synth_text(&synth, 20, 1, TL_EVENT_REGION_BEGIN, "inner");
	tl_synth_text(&synth, 25, 1, TL_EVENT_MARK, "here");
	tl_synth_text(&synth, 30, 1, TL_EVENT_REGION_END, "inner");
	tl_synth_text(&synth, 90, 1, TL_EVENT_MARK, "there");
	tl_synth_text(&synth, 91, 1, TL_EVENT_REGION_END, "outer");
	tl_synth_text(&synth, 92, 1, TL_EVENT_REGION_END, "one too many");
	tl_synth_text(&synth, 95, 1, TL_EVENT_REGION_BEGIN, "open");
	tl_synth_exit(&synth, 100, 1);
	tl_synth_seal(&synth, NULL);
	row = row_of(&synth, 1);
	assert_int_equal(row->extra->lanes[0].n, 2);
	assert_string_equal(row->extra->lanes[0].items[0].text, "outer");
	assert_int_equal(row->extra->lanes[0].items[0].end_ns, 91);
	assert_int_equal(row->extra->lanes[0].items[1].end_ns, 100);
	assert_int_equal(row->extra->lanes[1].n, 1);
	assert_int_equal(row->extra->lanes[1].items[0].begin_ns, 20);
	assert_int_equal(row->extra->marks.n, 2);
	assert_int_equal(row->extra->marks.items[1].time_ns, 90);
	tl_synth_finish(&synth);
}

static void test_findings_are_flagged_where_they_show(void **state)
{
	struct tl_synth synth;
	struct tl_findings findings;
	uint64_t tasks[] = {(uint64_t)1 << 32 | 2, (uint64_t)1 << 32 | 3, (uint64_t)9 << 32 | 9};
	struct tl_finding finding = {.rule = "x", .severity = TL_ERROR, .tasks = tasks, .n_tasks = 3, .n_proofs = 1};
	const struct tl_row *row;

	(void)state;
	tl_synth_init(&synth, 1000);
	for (uint32_t i = 1; i <= 3; i++)
		tl_synth_start(&synth, i, i, 0, 0);
	tl_synth_block(&synth, 50, 3, TL_REASON_SEND, 0x10);
	tl_synth_exit(&synth, 100, 1);
	tl_findings_init(&findings);
	finding.time_ns = 1070;
	finding.proofs[0] = (struct tl_proof){.task = tasks[0], .time_ns = 1060};
	assert_int_equal(tl_vec_push(&findings.list, finding), 0);
	tl_synth_seal(&synth, &findings);
	row = row_of(&synth, 2);
	assert_int_equal(row->extra->flags.n, 1);
	assert_int_equal(row->extra->flags.items[0].time_ns, 60);               /* at its proof */
	assert_int_equal(row_of(&synth, 3)->extra->flags.items[0].time_ns, 50); /* at the wait it is in */
	assert_null(row_of(&synth, 1)->extra);
	assert_int_equal(tl_model_flag_worst(row, 60, 61), TL_ERROR + 1);
	assert_int_equal(tl_model_flag_worst(row, 61, 1000), 0);
	tl_findings_finish(&findings);
	tl_synth_finish(&synth);
}

static void test_extreme_times_do_no_harm(void **state)
{
	struct tl_synth synth;

	(void)state;
	tl_synth_init(&synth, 0);
	tl_synth_start(&synth, INT64_MIN, 1, 0, 0);
	tl_synth_block(&synth, INT64_MAX, 1, TL_REASON_MUTEX, UINT64_MAX);
	tl_synth_start(&synth, -5, 1, 0, 0);
	tl_synth_exit(&synth, 0, 1);
	assert_int_equal(tl_model_seal(synth.model, synth.state, NULL, INT64_MAX, NULL), 0);
	for (size_t i = 1; i < row_of(&synth, 1)->spans.n; i++)
		assert_true(tl_row_begin(row_of(&synth, 1), i) >= tl_row_begin(row_of(&synth, 1), i - 1));
	tl_synth_finish(&synth);
}

static void test_empty_model_seals(void **state)
{
	struct tl_model *model = tl_model_create();

	(void)state;
	assert_int_equal(tl_model_seal(model, NULL, NULL, INT64_MIN, NULL), 0);
	assert_int_equal(model->rows.n, 0);
	assert_int_equal(model->end_ns, 1);
	tl_model_destroy(model);
	tl_model_destroy(NULL);
}

static void test_forty_bytes_an_event_are_enough(void **state)
{
	struct tl_synth synth;

	(void)state;
	tl_synth_init(&synth, 1700000000000000000);
	tl_synth_pool(&synth, 64, 300000, 1);
	tl_synth_seal(&synth, NULL);
	/* What does not grow with events is left out. */
	assert_true((tl_model_bytes(synth.model) - sizeof(struct tl_overview)) / synth.model->events <= 40);
	tl_synth_finish(&synth);
}

TL_UNIT_MAIN(cmocka_unit_test(test_states_become_spans), cmocka_unit_test(test_edges_lead_from_cause_to_start),
	     cmocka_unit_test(test_a_yield_is_no_new_beginning), cmocka_unit_test(test_missing_events_become_a_gap),
	     cmocka_unit_test(test_what_never_ends_lasts_to_the_end), cmocka_unit_test(test_regions_and_marks_are_kept),
	     cmocka_unit_test(test_findings_are_flagged_where_they_show),
	     cmocka_unit_test(test_extreme_times_do_no_harm), cmocka_unit_test(test_empty_model_seals),
	     cmocka_unit_test(test_forty_bytes_an_event_are_enough))
