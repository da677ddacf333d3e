/* The draw list and the rasteriser: what is asked for is what the pixels show. */
#include "tests/unit/unit.h"

#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/raster.h"

#define W 64
#define H 48
#define RED 0xFFFF0000u
#define BLACK 0xFF000000u

static uint32_t data[W * H];
static struct tl_pixels pixels = {data, W, H, W};

static uint32_t at(int x, int y)
{
	return data[y * W + x];
}

/* Draws the list on black, and gives it back. */
static void draw_it(struct tl_draw *draw)
{
	for (int i = 0; i < W * H; i++)
		data[i] = BLACK;
	tl_raster(draw, &pixels);
	assert_false(draw->failed);
	tl_draw_finish(draw);
}

static void test_rect_fills_its_pixels_only(void **state)
{
	struct tl_draw draw;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_rect(&draw, (struct tl_rect){5, 6, 3, 2}, RED);
	draw_it(&draw);
	assert_int_equal(at(5, 6), RED);
	assert_int_equal(at(7, 7), RED);
	assert_int_equal(at(8, 7), BLACK);
	assert_int_equal(at(5, 8), BLACK);
	assert_int_equal(at(4, 6), BLACK);
}

static void test_shapes_beyond_the_edge_are_cut(void **state)
{
	struct tl_draw draw;
	struct tl_point big[] = {{-500, -500}, {900, -400}, {900, 900}, {-500, 900}};
	struct tl_point line[] = {{-1e7f, -1e7f}, {1e7f, 1e7f}};
	struct tl_point steep[] = {{30, -1e6f}, {31, 1e6f}};

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_rect(&draw, (struct tl_rect){-10000, -10000, 2000000000, 2000000000}, RED);
	tl_draw_polygon(&draw, big, 4, RED);
	tl_draw_lines(&draw, line, 2, 3, RED);
	tl_draw_lines(&draw, steep, 2, 3, RED);
	tl_draw_hatch(&draw, (struct tl_rect){-100, -100, 10000, 10000}, TL_HATCH_FALLING, 7, RED);
	tl_draw_text(&draw, TL_FONT_TEXT, -30, 40, RED, "far out, and a long way on to the right of the picture");
	draw_it(&draw);
	assert_int_equal(at(0, 0), RED);
	assert_int_equal(at(W - 1, H - 1), RED);
}

static void test_clip_keeps_what_is_outside(void **state)
{
	struct tl_draw draw;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_clip(&draw, (struct tl_rect){10, 10, 5, 5});
	tl_draw_rect(&draw, (struct tl_rect){0, 0, W, H}, RED);
	tl_draw_clip(&draw, (struct tl_rect){0, 0, W, H});
	tl_draw_rect(&draw, (struct tl_rect){40, 40, 1, 1}, RED);
	draw_it(&draw);
	assert_int_equal(at(10, 10), RED);
	assert_int_equal(at(14, 14), RED);
	assert_int_equal(at(15, 14), BLACK);
	assert_int_equal(at(9, 10), BLACK);
	assert_int_equal(at(40, 40), RED);
}

static void test_half_transparent_is_half(void **state)
{
	struct tl_draw draw;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_rect(&draw, (struct tl_rect){0, 0, 4, 4}, 0x80FF0000);
	draw_it(&draw);
	assert_in_range(at(1, 1) >> 16 & 0xFF, 126, 130);
	assert_int_equal(at(1, 1) & 0xFF00FFFF, BLACK);
}

static void test_hatch_leaves_gaps_and_does_not_move(void **state)
{
	struct tl_draw draw;
	int on = 0;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_hatch(&draw, (struct tl_rect){0, 0, 32, 32}, TL_HATCH_RISING, 8, RED);
	draw_it(&draw);
	for (int x = 0; x < 32; x++)
		on += at(x, 3) == RED;
	assert_int_equal(on, 32 / 8 * 2);
	uint32_t before = at(20, 9), beside = at(21, 9);

	tl_draw_init(&draw, &fake_fonts);
	tl_draw_hatch(&draw, (struct tl_rect){17, 5, 15, 20}, TL_HATCH_RISING, 8, RED);
	draw_it(&draw);
	assert_int_equal(at(20, 9), before);
	assert_int_equal(at(21, 9), beside);
}

static void test_polygon_and_lines_cover_their_middle(void **state)
{
	struct tl_draw draw;
	struct tl_point triangle[] = {{10, 5}, {20, 25}, {0, 25}};
	struct tl_point line[] = {{30, 10.5f}, {60, 10.5f}}, down[] = {{40.5f, 20}, {40.5f, 40}};

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_polygon(&draw, triangle, 3, RED);
	tl_draw_lines(&draw, line, 2, 1, RED);
	tl_draw_lines(&draw, down, 2, 1, RED);
	draw_it(&draw);
	assert_int_equal(at(10, 20), RED);
	assert_int_equal(at(1, 7), BLACK);
	assert_int_equal(at(45, 10), RED);
	assert_int_equal(at(45, 13), BLACK);
	assert_int_equal(at(40, 30), RED);
	assert_int_equal(at(43, 30), BLACK);
}

static void test_curve_meets_its_ends(void **state)
{
	struct tl_draw draw;
	struct tl_point p[] = {{10, 5}, {10, 20}, {50, 25}, {50, 40}};

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_curve(&draw, p, 2, 0, RED);
	draw_it(&draw);
	assert_true((at(10, 6) >> 16 & 0xFF) > 100);
	assert_true((at(50, 39) >> 16 & 0xFF) > 100 || (at(49, 39) >> 16 & 0xFF) > 100);
	assert_int_equal(at(50, 6), BLACK);
}

static void test_a_dashed_curve_has_gaps_and_both_ends(void **state)
{
	struct tl_draw draw;
	struct tl_point p[] = {{4, 20}, {16, 20}, {28, 20}, {40, 20}};
	int on = 0, off = 0;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_curve(&draw, p, 2, 3, RED);
	draw_it(&draw);
	for (int x = 4; x < 40; x++)
		*(at(x, 20) == BLACK ? &off : &on) += 1;
	assert_true(on > 12 && off > 8);
	assert_int_not_equal(at(4, 20), BLACK);
	assert_int_not_equal(at(39, 20), BLACK);
}

static void test_text_is_cut_at_whole_characters(void **state)
{
	struct tl_draw draw;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	assert_int_equal(tl_draw_text_width(&draw, TL_FONT_TEXT, "\xe7\xba\xbf\xe7\xa8\x8b"), 14);
	assert_int_equal(tl_draw_text_fit(&draw, TL_FONT_TEXT, 0, 0, 21, RED,
					  "\xe7\xba\xbf\xe7\xa8\x8b\xe7\xba\xbf\xe7\xa8\x8b"),
			 21);
	assert_int_equal(draw.commands.items[0].size, 9); /* two characters, and the ellipsis */
	assert_int_equal(tl_draw_text_fit(&draw, TL_FONT_TEXT, 0, 0, 3, RED, "abc"), 0);
	assert_int_equal(tl_draw_text_width(&draw, TL_FONT_TEXT, "\xff\xfe"), 14); /* bad bytes are boxes */
	tl_draw_finish(&draw);
}

static void test_long_names_keep_both_ends(void **state)
{
	struct tl_draw draw;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_text_middle(&draw, TL_FONT_TEXT, 0, 0, 70, RED, "a-very-long-name-of-worker-17");
	assert_int_equal(draw.commands.n, 3);
	assert_memory_equal(draw.text.items + draw.commands.items[0].at, "a-ver", 5);
	assert_memory_equal(draw.text.items + draw.commands.items[2].at + draw.commands.items[2].size - 2, "17", 2);
	tl_draw_finish(&draw);
}

TL_UNIT_MAIN(cmocka_unit_test(test_rect_fills_its_pixels_only), cmocka_unit_test(test_shapes_beyond_the_edge_are_cut),
	     cmocka_unit_test(test_clip_keeps_what_is_outside), cmocka_unit_test(test_half_transparent_is_half),
	     cmocka_unit_test(test_hatch_leaves_gaps_and_does_not_move),
	     cmocka_unit_test(test_polygon_and_lines_cover_their_middle), cmocka_unit_test(test_curve_meets_its_ends),
	     cmocka_unit_test(test_a_dashed_curve_has_gaps_and_both_ends),
	     cmocka_unit_test(test_text_is_cut_at_whole_characters), cmocka_unit_test(test_long_names_keep_both_ends))
