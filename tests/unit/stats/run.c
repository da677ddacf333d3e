/* See run.h. */
#include "tests/unit/stats/run.h"

#include "tests/unit/unit.h"

void stats_run(struct stats_run *r, const char *text, const struct tl_when *from, const struct tl_when *to,
	       size_t single)
{
	struct tl_observer observer;
	struct tl_check_options options = {.observer = &observer};
	struct tl_error error;

	tl_error_init(&error);
	r->source = tl_source_text_create_memory("made", text, strlen(text), &error);
	if (!r->source)
		fail_msg("%s", error.cause[0]);
	assert_int_equal(tl_check_init(&r->check, &error), 0);
	r->stats = tl_stats_create(&r->check.info, from, to);
	assert_non_null(r->stats);
	observer = tl_stats_observer(r->stats);
	assert_int_equal(tl_check_run(&r->check, r->source, &options, &error), 0);
	assert_int_equal(tl_stats_end(r->stats, r->check.state, single, &error), 0);
}

void stats_stop(struct stats_run *r)
{
	tl_stats_destroy(r->stats);
	tl_check_finish(&r->check);
	tl_source_destroy(r->source);
}

const struct tl_stats_task *stats_row_of(const struct stats_run *r, unsigned number)
{
	const struct tl_task *task = tl_state_find_task(r->check.state, UINT64_C(1) << 32 | number);

	assert_non_null(task);
	return &r->stats->tasks.items[task->index];
}
