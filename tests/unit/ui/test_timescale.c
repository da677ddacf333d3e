/* Nanoseconds and pixels: exact at every depth, anchored at the cursor. */
#include "tests/unit/unit.h"

#include <math.h>

#include "viewer/ui/timescale.h"

#define HOUR 3600000000000

static struct tl_timescale scale_at(int64_t start_ns, double ns_per_px)
{
	return (struct tl_timescale){start_ns, 0, ns_per_px, 1000, 2 * HOUR};
}

static void test_one_nanosecond_an_hour_in_has_its_own_column(void **state)
{
	struct tl_timescale scale;

	(void)state;
	tl_timescale_fit(&scale, 1600, 2 * HOUR);
	for (int i = 0; i < 400; i++)
		tl_timescale_zoom(&scale, 700, 1.25);
	assert_true(scale.ns_per_px == TL_NS_PER_PX_MIN);
	tl_timescale_center(&scale, HOUR + 1);
	assert_int_equal(tl_timescale_column(&scale, HOUR + 2) - tl_timescale_column(&scale, HOUR + 1), 128);
	scale.ns_per_px = 1;
	assert_int_equal(tl_timescale_column(&scale, HOUR + 2) - tl_timescale_column(&scale, HOUR + 1), 1);
}

static void test_columns_and_times_agree(void **state)
{
	static const double depths[] = {TL_NS_PER_PX_MIN, 0.1, 1, 3.7, 1000, 1e6};

	(void)state;
	for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
		struct tl_timescale scale = scale_at(HOUR, depths[d]);

		scale.frac_ns = 0.3;
		for (int x = 0; x < 1000; x += 37) {
			int64_t t = tl_timescale_time(&scale, x);

			/* The nanosecond under a pixel begins in it or left of it, the next one right of it. */
			assert_true(tl_timescale_column(&scale, t) <= x);
			assert_true(tl_timescale_x(&scale, t + 1) > x - 1e-6);
		}
	}
}

static void test_zoom_keeps_what_is_under_the_cursor(void **state)
{
	struct tl_timescale scale = scale_at(HOUR, 1000);
	double at = 613;
	int64_t t = tl_timescale_time(&scale, at);

	(void)state;
	for (int i = 0; i < 30; i++)
		tl_timescale_zoom(&scale, at, 1.25);
	assert_true(fabs(tl_timescale_x(&scale, t) - at) < 1 / scale.ns_per_px + 1);
	for (int i = 0; i < 30; i++)
		tl_timescale_zoom(&scale, at, 1 / 1.25);
	assert_int_equal(tl_timescale_time(&scale, at), t);
	assert_true(fabs(scale.ns_per_px - 1000) < 1e-6);
}

static void test_pan_by_parts_of_a_nanosecond_adds_up(void **state)
{
	struct tl_timescale scale = scale_at(HOUR, 1.0 / 128);

	(void)state;
	for (int i = 0; i < 128; i++)
		tl_timescale_pan(&scale, 1);
	assert_int_equal(scale.start_ns, HOUR + 1);
	assert_true(fabs(scale.frac_ns) < 1e-9);
}

static void test_bounds_rise_by_at_least_one_when_zoomed_out(void **state)
{
	struct tl_timescale scale = scale_at(5, 1.37);
	int64_t bounds[101];

	(void)state;
	tl_timescale_bounds(&scale, bounds, 100);
	for (int i = 0; i < 100; i++)
		assert_true(bounds[i + 1] > bounds[i]);
	scale.ns_per_px = 0.25;
	tl_timescale_bounds(&scale, bounds, 100);
	assert_int_equal(bounds[100] - bounds[0], 25);
}

static void test_some_of_the_trace_stays_in_sight(void **state)
{
	struct tl_timescale scale;

	(void)state;
	tl_timescale_fit(&scale, 1000, HOUR);
	for (int i = 0; i < 100; i++)
		tl_timescale_pan(&scale, 500);
	assert_true(tl_timescale_x(&scale, HOUR) > 0);
	for (int i = 0; i < 100; i++)
		tl_timescale_pan(&scale, -500);
	assert_true(tl_timescale_x(&scale, 0) < 1000);
	for (int i = 0; i < 100; i++)
		tl_timescale_zoom(&scale, 10, 0.5);
	assert_true(tl_timescale_x(&scale, HOUR) - tl_timescale_x(&scale, 0) >= 249);
}

static void test_settle_leaves_no_empty_stretch(void **state)
{
	struct tl_timescale scale;

	(void)state;
	tl_timescale_fit(&scale, 1000, HOUR);
	tl_timescale_zoom(&scale, 0, 4);
	tl_timescale_center(&scale, 0);
	tl_timescale_settle(&scale);
	assert_true(tl_timescale_x(&scale, 0) < 10);
	tl_timescale_center(&scale, HOUR);
	tl_timescale_settle(&scale);
	assert_true(tl_timescale_x(&scale, HOUR) > 960);
}

static void expect_ticks(int64_t start_ns, double ns_per_px, int64_t step_ns, int64_t at_ns, const char *text)
{
	struct tl_timescale scale = scale_at(start_ns, ns_per_px);
	struct tl_ticks ticks = tl_timescale_ticks(&scale, 100);
	char buffer[TL_TICK_TEXT];

	assert_int_equal(ticks.step_ns, step_ns);
	assert_true(ticks.first_ns <= start_ns && ticks.first_ns + ticks.step_ns > start_ns);
	assert_string_equal(tl_tick_text(&ticks, at_ns, buffer), text);
}

static void test_ticks_are_round_and_read_well(void **state)
{
	(void)state;
	expect_ticks(0, 1e6, 100000000, 300000000, "300 ms");
	expect_ticks(0, 1e7, 1000000000, 3000000000, "3 s");
	expect_ticks(0, 2e6, 200000000, 1200000000, "1.2 s");
	expect_ticks(0, 15, 2000, 4000, "4 us");
	expect_ticks(0, 0.05, 5, 10, "10 ns");
	expect_ticks(0, 0.01, 1, 0, "0 ns");
	expect_ticks(10000, 15, 2000, 12000, "12 us");
}

static void test_deep_ticks_are_offsets_from_a_base(void **state)
{
	struct tl_timescale scale = scale_at(HOUR + 123, 0.01);
	struct tl_ticks ticks = tl_timescale_ticks(&scale, 100);
	char a[TL_TICK_TEXT], b[TL_TICK_TEXT];

	(void)state;
	assert_int_equal(ticks.step_ns, 1);
	assert_int_equal(ticks.base_ns, HOUR + 100);
	assert_string_equal(tl_tick_text(&ticks, HOUR + 123, a), "+23 ns");
	assert_string_equal(tl_tick_text(&ticks, HOUR + 124, b), "+24 ns");
}

TL_UNIT_MAIN(cmocka_unit_test(test_one_nanosecond_an_hour_in_has_its_own_column),
	     cmocka_unit_test(test_columns_and_times_agree), cmocka_unit_test(test_zoom_keeps_what_is_under_the_cursor),
	     cmocka_unit_test(test_pan_by_parts_of_a_nanosecond_adds_up),
	     cmocka_unit_test(test_bounds_rise_by_at_least_one_when_zoomed_out),
	     cmocka_unit_test(test_some_of_the_trace_stays_in_sight),
	     cmocka_unit_test(test_settle_leaves_no_empty_stretch),
	     cmocka_unit_test(test_ticks_are_round_and_read_well),
	     cmocka_unit_test(test_deep_ticks_are_offsets_from_a_base))
