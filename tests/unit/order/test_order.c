/* Causes come before effects wherever the events' own numbers say which is which. */
#include "tests/unit/unit.h"

#include "viewer/order/order.h"

/*
 * The order of a list, as "task.seq task.seq ...", with L for a loss. Events of the
 * text source come by time, equal times in the order of the file.
 */
static void expect_order(const char *list, const char *expected)
{
	struct tl_error error;
	struct tl_source *source;
	struct tl_order *order;
	const struct tl_item *item;
	char got[512] = "";
	int type;

	tl_error_init(&error);
	source = tl_source_text_create_memory("list", list, strlen(list), &error);
	assert_non_null(source);
	order = tl_order_create(source);
	assert_non_null(order);
	while ((type = tl_order_next(order, &item, &error)) > 0) {
		size_t n = strlen(got);

		if (type == TL_ITEM_EVENT)
			snprintf(got + n, sizeof got - n, "%s%u.%u", n ? " " : "", (unsigned)item->event.task,
				 (unsigned)item->event.seq);
		else
			snprintf(got + n, sizeof got - n, "%sL", n ? " " : "");
		tl_order_release(order, tl_order_mark(order));
	}
	assert_int_equal(type, TL_ITEM_END);
	assert_string_equal(got, expected);
	tl_order_destroy(order);
	tl_source_destroy(source);
}

static void test_time_orders_what_is_not_related(void **state)
{
	(void)state;
	expect_order("30 mark task=1\n10 mark task=2\n20 mark task=3\n", "2.1 3.1 1.1");
}

static void test_equal_times_go_by_rank(void **state)
{
	(void)state;
	expect_order("10 start task=3 cause=first\n"
		     "10 unblock task=2 object=1 reason=mutex\n"
		     "10 block task=4 wait=1 object=1 reason=mutex\n"
		     "10 create task=1 child=3\n",
		     "1.1 4.1 2.1 3.1");
}

static void test_equal_times_of_one_task_go_by_seq(void **state)
{
	(void)state;
	expect_order("10 start task=1 seq=2 wait=1\n10 block task=1 seq=1 wait=1\n", "1.1 1.2");
	expect_order("10 create task=1 seq=2 child=5\n10 start task=1 seq=1\n", "1.1 1.2");
	/* Another task's event, by rank between the two, must not part them. */
	expect_order("10 start task=1 seq=1\n10 block task=2 wait=1\n10 create task=1 seq=2 child=5\n", "1.1 1.2 2.1");
}

static void test_a_task_is_ordered_by_seq_not_time(void **state)
{
	(void)state;
	/* A signal handler's event, stamped before that of the call it interrupted. */
	expect_order("10 mark task=1 seq=1\n20 mark task=1 seq=3\n21 mark task=1 seq=2\n30 mark task=1 seq=4\n",
		     "1.1 1.2 1.3 1.4");
}

static void test_a_start_waits_for_its_waker(void **state)
{
	(void)state;
	expect_order("5 mark task=1\n10 block task=2 wait=1 reason=park\n"
		     "20 start task=2 wait=1 cause=handoff waker=1 waker_seq=2\n"
		     "21 unblock task=1 target=2 target_wait=1 target_seq=1 reason=park\n",
		     "1.1 2.1 1.2 2.2");
}

static void test_an_unblock_waits_for_what_the_waker_saw(void **state)
{
	(void)state;
	expect_order("5 mark task=2\n20 unblock task=1 target=2 target_wait=1 target_seq=2 reason=park\n"
		     "21 block task=2 wait=1 reason=park\n",
		     "2.1 2.2 1.1");
}

static void test_causes_of_causes(void **state)
{
	(void)state;
	expect_order("1 mark task=1\n2 mark task=2\n3 mark task=3\n"
		     "10 start task=3 wait=1 waker=2 waker_seq=2\n"
		     "11 unblock task=2 target=1 target_seq=2 reason=park\n"
		     "12 mark task=1\n",
		     "1.1 2.1 3.1 1.2 2.2 3.2");
}

static void test_a_cause_that_never_comes_holds_nothing_up(void **state)
{
	(void)state;
	expect_order("1 mark task=1\n10 start task=2 wait=1 waker=1 waker_seq=9\n20 mark task=1\n", "1.1 2.1 1.2");
}

static void test_a_cause_too_late_is_not_waited_for(void **state)
{
	(void)state;
	/* More than a millisecond later: a contradiction, left for the rules to see. */
	expect_order("1 mark task=1\n10 start task=2 wait=1 waker=1 waker_seq=2\n2ms mark task=1\n", "1.1 2.1 1.2");
}

static void test_numbers_wrap(void **state)
{
	(void)state;
	expect_order("1 mark task=1 seq=4294967295\n10 mark task=1 seq=1\n11 mark task=1 seq=0\n",
		     "1.4294967295 1.0 1.1");
}

static void test_losses_keep_their_place(void **state)
{
	(void)state;
	expect_order("10 mark task=1\n15 loss events=3 cpu0\n20 mark task=1\n", "1.1 L 1.2");
}

static void test_texts_live_while_items_wait(void **state)
{
	static const char list[] = "10 mark task=1 seq=1 text=\"first\"\n20 mark task=1 seq=3 text=\"third\"\n"
				   "21 mark task=1 seq=2 text=\"second\"\n";
	static const char *const expected[] = {"first", "second", "third"};
	struct tl_error error;
	struct tl_source *source;
	struct tl_order *order;
	const struct tl_item *item;

	(void)state;
	tl_error_init(&error);
	source = tl_source_text_create_memory("list", list, sizeof list - 1, &error);
	order = tl_order_create(source);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(tl_order_next(order, &item, &error), TL_ITEM_EVENT);
		assert_string_equal(item->event.u.mark.text, expected[i]);
	}
	assert_int_equal(tl_order_next(order, &item, &error), TL_ITEM_END);
	assert_int_equal(tl_order_next(order, &item, &error), TL_ITEM_END);
	tl_order_destroy(order);
	tl_source_destroy(source);
}

TL_UNIT_MAIN(cmocka_unit_test(test_time_orders_what_is_not_related), cmocka_unit_test(test_equal_times_go_by_rank),
	     cmocka_unit_test(test_equal_times_of_one_task_go_by_seq),
	     cmocka_unit_test(test_a_task_is_ordered_by_seq_not_time),
	     cmocka_unit_test(test_a_start_waits_for_its_waker),
	     cmocka_unit_test(test_an_unblock_waits_for_what_the_waker_saw), cmocka_unit_test(test_causes_of_causes),
	     cmocka_unit_test(test_a_cause_that_never_comes_holds_nothing_up),
	     cmocka_unit_test(test_a_cause_too_late_is_not_waited_for), cmocka_unit_test(test_numbers_wrap),
	     cmocka_unit_test(test_losses_keep_their_place), cmocka_unit_test(test_texts_live_while_items_wait))
