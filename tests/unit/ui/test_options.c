/* The command line of threadline-view. */
#include "tests/unit/unit.h"

#include "viewer/ui/options.h"

#define PARSE(options, error, ...)                                        \
	parse(options, error, (char *[]){"threadline-view", __VA_ARGS__}, \
	      (int)(sizeof(char *[]){"threadline-view", __VA_ARGS__} / sizeof(char *)))

static int parse(struct tl_view_options *options, struct tl_error *error, char **argv, int argc)
{
	tl_error_init(error);
	return tl_view_options_parse(options, argc, argv, error);
}

static void test_everything_can_be_given(void **state)
{
	struct tl_view_options options;
	struct tl_error error;

	(void)state;
	assert_int_equal(PARSE(&options, &error, "trace", "--render=out.png", "--from", "1.5s", "--to", "2s", "--size",
			       "800x600", "--theme", "light", "--select", "3", "--scale", "2"),
			 0);
	assert_string_equal(options.traces[0], "trace");
	assert_string_equal(options.render, "out.png");
	assert_int_equal(options.from_ns, 1500000000);
	assert_int_equal(options.to_ns, 2000000000);
	assert_int_equal(options.width, 800);
	assert_int_equal(options.height, 600);
	assert_int_equal(options.select, 3);
	assert_ptr_equal(options.theme, &tl_theme_light);
	assert_int_equal(PARSE(&options, &error, "a", "--panel", "flame", "b", "c"), 0);
	assert_int_equal(options.n_traces, 3);
	assert_string_equal(options.traces[2], "c");
	assert_int_equal(options.panel, TL_PANEL_FLAME);
	assert_false(options.frames);
	assert_int_equal(PARSE(&options, &error, "a", "--frames"), 0);
	assert_true(options.frames);
	assert_int_equal(PARSE(&options, &error, "--", "--odd-name"), 0);
	assert_string_equal(options.traces[0], "--odd-name");
}

static void test_nonsense_is_refused_with_a_reason(void **state)
{
	struct tl_view_options options;
	struct tl_error error;

	(void)state;
#define REFUSED(...)                                                               \
	do {                                                                       \
		assert_int_equal(PARSE(&options, &error, __VA_ARGS__), TL_EUSAGE); \
		assert_true(error.n > 0);                                          \
	} while (0)
	REFUSED("--theme", "pink", "t");
	REFUSED("--size", "0x5", "t");
	REFUSED("--size", "16385x5", "t");
	REFUSED("--size", "99999999999999999999x5", "t");
	REFUSED("--size", "800", "t");
	REFUSED("--size", "800x600x2", "t");
	REFUSED("--from", "soon", "t");
	REFUSED("--from", "2s", "--to", "1s", "t");
	REFUSED("--select", "0", "t");
	REFUSED("--scale", "nan", "t");
	REFUSED("--scale", "1e9", "t");
	REFUSED("--render", "", "t");
	REFUSED("--render");
	REFUSED("--unknown", "t");
	REFUSED("--panel", "nonsense", "t");
	REFUSED("--bench");
}

TL_UNIT_MAIN(cmocka_unit_test(test_everything_can_be_given), cmocka_unit_test(test_nonsense_is_refused_with_a_reason))
