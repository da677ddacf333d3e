/* Words that are nearly right, and points of a trace as people write them. */
#include "tests/unit/unit.h"

#include <limits.h>

#include "viewer/base/near.h"
#include "viewer/base/when.h"

static void test_distance_counts_letters(void **state)
{
	(void)state;
	assert_int_equal(tl_near_distance("check", "check"), 0);
	assert_int_equal(tl_near_distance("chek", "check"), 1);
	assert_int_equal(tl_near_distance("kitten", "sitting"), 3);
	assert_int_equal(tl_near_distance("", "abc"), 3);
}

static void test_distance_refuses_long_words(void **state)
{
	char word[400];

	(void)state;
	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	assert_int_equal(tl_near_distance(word, "x"), UINT_MAX);
	assert_int_equal(tl_near_distance("x", word), UINT_MAX);
}

static void test_near_takes_parts(void **state)
{
	(void)state;
	assert_true(tl_near_is("unblocked", "never-unblocked"));
	assert_true(tl_near_is("lost-wakup", "lost-wakeup"));
	assert_false(tl_near_is("nonsense", "lost-wakeup"));
	assert_false(tl_near_is("a", "trace-gap"));
}

static void expect_when(const char *text, int64_t ns, bool is_clock)
{
	struct tl_when when;

	assert_int_equal(tl_when_parse(&when, text), 0);
	assert_int_equal(when.ns, ns);
	assert_int_equal(when.is_clock, is_clock);
}

static void test_when_reads_both(void **state)
{
	(void)state;
	expect_when("1.5s", 1500000000, false);
	expect_when("12345", 12345, false);
	expect_when("1970-01-02T00:00:00.25Z", 86400250000000, true);
	expect_when("1970-01-02 00:00:01Z", 86401000000000, true);
}

static void test_when_refuses_the_rest(void **state)
{
	static const char *const texts[] = {"", "soon", "1970-01-02", "1970-01-02T00:00:00X", "1.5parsecs",
					    "1970-01-02T00:00:00.0000000001Z", "9999-01-01T00:00:00Z"};
	struct tl_when when;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(tl_when_parse(&when, texts[i]), -1);
}

static void test_when_since_epoch_saturates(void **state)
{
	struct tl_when when = {.ns = INT64_MAX};

	(void)state;
	assert_int_equal(tl_when_since_epoch(&when, 5), INT64_MAX);
	when.ns = 7;
	assert_int_equal(tl_when_since_epoch(&when, 5), 12);
	when.is_clock = true;
	assert_int_equal(tl_when_since_epoch(&when, 5), 7);
}

TL_UNIT_MAIN(cmocka_unit_test(test_distance_counts_letters), cmocka_unit_test(test_distance_refuses_long_words),
	     cmocka_unit_test(test_near_takes_parts), cmocka_unit_test(test_when_reads_both),
	     cmocka_unit_test(test_when_refuses_the_rest), cmocka_unit_test(test_when_since_epoch_saturates))
