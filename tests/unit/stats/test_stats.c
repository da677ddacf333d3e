/* The report's numbers, one thing at a time: groups, limits, ends, and waits of which a part is not seen. */
#include "tests/unit/unit.h"

#include "tests/unit/stats/run.h"

/* ---- groups ---------------------------------------------------------------- */

static const struct tl_stats_group *group_named(const struct stats_run *r, const char *name)
{
	for (size_t i = 0; i < r->stats->groups.n; i++)
		if (strcmp(r->stats->groups.items[i]->name, name) == 0)
			return r->stats->groups.items[i];
	return NULL;
}

static const char named[] = "0 process_begin task=1 pid=1 program=\"/usr/bin/main\"\n"
			    "1 create task=1 child=2\n1 create task=1 child=3\n1 create task=1 child=4 name=\"other\"\n"
			    "2 start task=2 carrier=2\n2 name task=2 what=task id=2 text=\"worker-1\"\n"
			    "3 start task=3 carrier=3\n3 name task=3 what=task id=3 text=\"worker-22\"\n"
			    "4 start task=4 carrier=4\n"
			    "10 exit task=2\n20 exit task=3\n";

static void test_like_names_are_a_group(void **state)
{
	struct stats_run r;

	(void)state;
	stats_run(&r, named, NULL, NULL, 0);
	assert_int_equal(r.stats->groups.n, 3);
	assert_int_equal(group_named(&r, "worker-*")->n, 2);
	assert_int_equal(group_named(&r, "worker-*")->life_ns, 9 + 19);
	assert_int_equal(group_named(&r, "worker-*")->runnable_ns, 1 + 2);
	assert_int_equal(group_named(&r, "main")->n, 1);
	stats_stop(&r);
}

static void test_few_tasks_stay_single(void **state)
{
	struct stats_run r;

	(void)state;
	stats_run(&r, named, NULL, NULL, 4);
	assert_int_equal(r.stats->groups.n, 4);
	stats_stop(&r);
	stats_run(&r, named, NULL, NULL, 3);
	assert_int_equal(r.stats->groups.n, 3);
	stats_stop(&r);
}

/* More pairs than are told apart: groups take their place, and nothing is lost. */
static void test_memory_is_bounded(void **state)
{
	const unsigned n = TL_STATS_PAIRS + 500;
	struct stats_run r;
	uint64_t waits = 0;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	fputs("0 process_begin task=1 pid=1\n", out);
	for (unsigned i = 2; i < n; i++)
		fprintf(out,
			"%u create task=1 child=%u name=\"w%u\"\n%u start task=%u carrier=%u\n"
			"%u block task=%u wait=1 reason=cond object=7 stack=1\n",
			i, i, i, i, i, i, i, i);
	fclose(out);
	stats_run(&r, text, NULL, NULL, SIZE_MAX);
	assert_true(r.stats->grouped);
	assert_int_equal(HASH_COUNT(r.stats->places.table), 1);
	for (const struct tl_stats_pair *pair = r.stats->places.table; pair; pair = pair->hh.next)
		waits += pair->n;
	assert_int_equal(waits, n - 2);
	assert_int_equal(r.stats->places.left_out, 0);
	assert_int_equal(group_named(&r, "w*")->n, n - 2);
	assert_true(r.stats->objects->more_waiters);
	assert_int_equal(r.stats->objects->n_waiters, TL_STATS_WAITERS);
	stats_stop(&r);
	free(text);
}

/* ---- single things ----------------------------------------------------------- */

static void test_held_and_woken_by(void **state)
{
	const char *text = "0 process_begin task=1 pid=1\n0 start task=1 carrier=11\n0 create task=1 child=2\n"
			   "0 create task=1 child=3\n1 start task=2 carrier=12\n1 start task=3 carrier=13\n"
			   "10 block task=2 wait=1 reason=rwlock-write object=9 owner=11\n"
			   "20 unblock task=1 reason=rwlock-read object=9\n"
			   "25 start task=2 wait=1 cause=handoff waker=1 waker_seq=5 carrier=12\n"
			   "30 block task=3 wait=1 reason=rwlock-read object=9 owner=12\n"
			   "37 unblock task=2 reason=rwlock-write object=9\n"
			   "38 start task=3 wait=1 cause=handoff waker=2 waker_seq=4 carrier=13\n40 mark task=1\n";
	const struct tl_stats_object *object;
	struct stats_run r;

	(void)state;
	stats_run(&r, text, NULL, NULL, 9);
	/* Both sides of a read-write lock are one object. */
	object = r.stats->objects;
	assert_int_equal(HASH_COUNT(object), 1);
	assert_int_equal(object->waits, 2);
	assert_int_equal(object->total_ns, 17);
	assert_int_equal(object->unblocks, 2);
	assert_int_equal(object->owners.n, 2);
	assert_int_equal(tl_tally_first(&object->owners)->weight, 10);
	assert_int_equal(tl_tally_first(&object->owners)->who, stats_row_of(&r, 1) - r.stats->tasks.items);
	assert_int_equal(object->wake_ns.sum, 5 + 1);
	assert_int_equal(stats_row_of(&r, 1)->wakes, 1);
	assert_int_equal(stats_row_of(&r, 2)->woken, 1);
	stats_stop(&r);
}

/* A release that was stamped before the block: nothing of the wait was waiting, and time does not run backwards. */
static void test_release_before_the_block(void **state)
{
	const char *text = "0 process_begin task=1 pid=1\n0 create task=1 child=2\n1 start task=2 carrier=2\n"
			   "8 unblock task=1 reason=mutex object=9\n10 block task=2 wait=1 reason=mutex object=9\n"
			   "12 start task=2 wait=1 cause=handoff waker=1 waker_seq=3 carrier=2\n20 mark task=2\n";
	struct stats_run r;

	(void)state;
	stats_run(&r, text, NULL, NULL, 9);
	assert_int_equal(stats_row_of(&r, 2)->runnable_ns, 1 + 2);
	assert_int_equal(stats_row_of(&r, 2)->blocked_ns, 0);
	assert_int_equal(stats_row_of(&r, 2)->running_ns, 9 + 8);
	assert_int_equal(r.stats->wake_ns.max, 2);
	stats_stop(&r);
}

/* A handler's wait inside a wait breaks it; both count once. */
static void test_nested_waits_count_once(void **state)
{
	const char *text =
		"0 process_begin task=1 pid=1\n"
		"10 block task=1 wait=1 reason=cond object=8\n20 block task=1 wait=2 reason=semaphore object=9\n"
		"25 start task=1 wait=2 cause=ready\n40 start task=1 wait=1 cause=signal\n50 mark task=1\n";
	struct stats_run r;

	(void)state;
	stats_run(&r, text, NULL, NULL, 9);
	assert_int_equal(stats_row_of(&r, 1)->waits, 2);
	assert_int_equal(r.stats->counts.waits[TL_REASON_COND], 1);
	assert_int_equal(r.stats->counts.wait_ns[TL_REASON_COND], 10 + 15);
	assert_int_equal(r.stats->counts.wait_ns[TL_REASON_SEMAPHORE], 5);
	assert_int_equal(stats_row_of(&r, 1)->running_ns, 10 + 10);
	stats_stop(&r);
}

/* Who is there no more: after its exit, after the end of its process, or because its create failed. */
static void test_life_ends(void **state)
{
	const char *text = "0 process_begin task=1 pid=1\n1 create task=1 child=2\n2 start task=2 carrier=2\n"
			   "3 create task=1 child=3\n4 misuse task=1 kind=create-failed object=3\n"
			   "10 exit task=2\n15 mark task=2\n20 process_end task=1\n"
			   "30 process_begin task=2.1 pid=2\n100 mark task=2.1\n";
	struct stats_run r;

	(void)state;
	stats_run(&r, text, NULL, NULL, 9);
	assert_int_equal(tl_stats_life(stats_row_of(&r, 1)), 20);
	assert_int_equal(tl_stats_life(stats_row_of(&r, 2)), 9);
	assert_int_equal(tl_stats_life(stats_row_of(&r, 3)), 0);
	assert_int_equal(r.stats->counts.created, 1);
	assert_int_equal(r.stats->counts.exited, 1);
	stats_stop(&r);
}

/* Its exit was lost: from its last word to the join nobody knows what it did, and then it is gone. */
static void test_join_ends_a_life(void **state)
{
	const char *text = "0 process_begin task=1 pid=1\n0 create task=1 child=2\n1 start task=2 carrier=2\n"
			   "5 mark task=2\n20 join task=1 child=2\n90 mark task=1\n";
	struct stats_run r;

	(void)state;
	stats_run(&r, text, NULL, NULL, 9);
	assert_int_equal(stats_row_of(&r, 2)->running_ns, 4);
	assert_int_equal(stats_row_of(&r, 2)->unknown_ns, 15);
	assert_int_equal(tl_stats_life(stats_row_of(&r, 2)), 20);
	stats_stop(&r);
}

/* Of a task that waits since before the recording, only what lies in it counts. */
static void test_status_tells_since_when(void **state)
{
	const char *text =
		"100 process_begin task=1 pid=1\n"
		"110 status task=1 target=2 target_seq=5 wait=3 state=blocked reason=cond object=7 since_ns=40\n"
		"150 mark task=1\n";
	struct stats_run r;

	(void)state;
	stats_run(&r, text, NULL, NULL, 9);
	assert_int_equal(stats_row_of(&r, 2)->blocked_ns, 50);
	assert_int_equal(stats_row_of(&r, 2)->waits, 1);
	stats_stop(&r);
}

TL_UNIT_MAIN(cmocka_unit_test(test_like_names_are_a_group), cmocka_unit_test(test_few_tasks_stay_single),
	     cmocka_unit_test(test_memory_is_bounded), cmocka_unit_test(test_held_and_woken_by),
	     cmocka_unit_test(test_release_before_the_block), cmocka_unit_test(test_nested_waits_count_once),
	     cmocka_unit_test(test_life_ends), cmocka_unit_test(test_join_ends_a_life),
	     cmocka_unit_test(test_status_tells_since_when))
