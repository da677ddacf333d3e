/* Untrusted text is made harmless; times are exact to the nanosecond. */
#include "tests/unit/unit.h"

#include "viewer/base/text.h"

static void expect_escape(const char *text, const char *expected)
{
	char out[128];

	tl_text_escape_to(out, sizeof out, text);
	assert_string_equal(out, expected);
}

static void test_escape_leaves_plain_text(void **state)
{
	(void)state;
	expect_escape("plain", "plain");
	expect_escape("gr\xc3\xbc\xc3\x9f \xe7\xba\xbf", "gr\xc3\xbc\xc3\x9f \xe7\xba\xbf");
}

static void test_escape_makes_controls_visible(void **state)
{
	(void)state;
	expect_escape("\x1b[31mred", "\\x1b[31mred");
	expect_escape("a\nb\tc\\", "a\\nb\\tc\\\\");
	expect_escape("\xc2\x9b"
		      "31m",
		      "\\u{9b}31m");
	expect_escape("\xe2\x80\xae"
		      "txt",
		      "\\u{202e}txt");
}

static void test_escape_refuses_bad_utf8(void **state)
{
	(void)state;
	expect_escape("\xff", "\\xff");
	expect_escape("\xc0\xaf", "\\xc0\\xaf");          /* overlong */
	expect_escape("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* surrogate */
	expect_escape("\xe2\x82", "\\xe2\\x82");          /* cut */
}

static void test_escape_cuts_at_a_whole_character(void **state)
{
	char out[4];

	(void)state;
	tl_text_escape_to(out, sizeof out, "ab\xc3\xbc");
	assert_string_equal(out, "ab");
}

static void test_time_keeps_every_nanosecond(void **state)
{
	char a[TL_TIME_TEXT];

	(void)state;
	assert_string_equal(tl_text_time(a, 3600000000001), "3600.000000001 s");
	assert_string_equal(tl_text_time(a, -1), "-0.000000001 s");
	assert_string_equal(tl_text_time(a, INT64_MIN), "-9223372036.854775808 s");
}

static void test_duration_is_short(void **state)
{
	char a[TL_TIME_TEXT];

	(void)state;
	assert_string_equal(tl_text_duration(a, 999), "999 ns");
	assert_string_equal(tl_text_duration(a, 12345), "12.3 us");
	assert_string_equal(tl_text_duration(a, 999499), "999 us");
	assert_string_equal(tl_text_duration(a, 999500), "1.00 ms");
	assert_string_equal(tl_text_duration(a, 9996000), "10.0 ms");
	assert_string_equal(tl_text_duration(a, 99960000), "100 ms");
	assert_string_equal(tl_text_duration(a, 999600000), "1.00 s");
	assert_string_equal(tl_text_duration(a, 4560000), "4.56 ms");
	assert_string_equal(tl_text_duration(a, 125000000000), "125 s");
}

static void expect_time(const char *text, int64_t expected)
{
	int64_t ns = -1;

	assert_int_equal(tl_text_parse_time(text, &ns), 0);
	assert_int_equal(ns, expected);
}

static void test_parse_time_reads_units(void **state)
{
	(void)state;
	expect_time("12345", 12345);
	expect_time("1.5s", 1500000000);
	expect_time("250us", 250000);
	expect_time("0.000000001 s", 1);
	expect_time("-2ms", -2000000);
	expect_time("1h", 3600000000000);
}

static void test_parse_time_refuses_nonsense(void **state)
{
	static const char *const bad[] = {
		"", "s", "1.5", "1.0000000001s", "1x", "1s2", "99999999999999999999", "9999999999s", "--1", "0x10"};
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(tl_text_parse_time(bad[i], &ns), -1);
}

TL_UNIT_MAIN(cmocka_unit_test(test_escape_leaves_plain_text), cmocka_unit_test(test_escape_makes_controls_visible),
	     cmocka_unit_test(test_escape_refuses_bad_utf8), cmocka_unit_test(test_escape_cuts_at_a_whole_character),
	     cmocka_unit_test(test_time_keeps_every_nanosecond), cmocka_unit_test(test_duration_is_short),
	     cmocka_unit_test(test_parse_time_reads_units), cmocka_unit_test(test_parse_time_refuses_nonsense))
