/* The draw list as SVG: every command once, groups balanced, hostile text harmless. */
#include "tests/unit/unit.h"

#include "tests/unit/ui/fake_fonts.h"
#include "viewer/ui/svg.h"

static char *svg_of(const struct tl_draw *draw)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(tl_svg_write(draw, 400, 300, 1.5, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

static void test_every_command_becomes_an_element(void **state)
{
	struct tl_point points[4] = {{1, 2}, {3, 4}, {5, 60}, {7, 8}};
	struct tl_draw draw;
	char *svg;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_rect(&draw, (struct tl_rect){1, 2, 3, 4}, 0x80FF8000);
	for (int i = 0; i < 3; i++) {
		tl_draw_clip(&draw, (struct tl_rect){0, 0, 100 + i % 2, 50});
		for (int hatch = TL_HATCH_RISING; hatch <= TL_HATCH_DOTS; hatch++)
			tl_draw_hatch(&draw, (struct tl_rect){5, 5, 20, 10}, (enum tl_hatch)hatch, 6, 0xFF102030);
	}
	tl_draw_polygon(&draw, points, 3, 0xFF00FF00);
	tl_draw_curve(&draw, points, 2, 0, 0xFF0000FF);
	tl_draw_text(&draw, TL_FONT_BOLD, 10, 20, 0xFFFFFFFF, "a name");
	svg = svg_of(&draw);
	assert_int_equal(count(svg, "<g "), 4);
	assert_int_equal(count(svg, "</g>"), 4);
	assert_int_equal(count(svg, "<clipPath"), 3); /* the whole, and two kinds */
	assert_int_equal(count(svg, "<pattern"), 4);  /* each defined once */
	assert_int_equal(count(svg, "fill=\"url(#"), 12);
	assert_int_equal(count(svg, "<polygon"), 1);
	assert_int_equal(count(svg, "<polyline"), 1);
	assert_non_null(strstr(
		svg, "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#ff8000\" fill-opacity=\"0.502\"/>"));
	assert_non_null(strstr(svg, "textLength=\"42\""));
	assert_non_null(strstr(svg, ">a name</text>"));
	assert_non_null(strstr(svg, "font-size:19.50px;font-weight:bold"));
	free(svg);
	tl_draw_finish(&draw);
}

static void test_hostile_text_stays_text(void **state)
{
	struct tl_draw draw;
	char *svg;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_text(&draw, TL_FONT_TEXT, 0, 0, 0xFFFFFFFF, "</text><script>alert('&amp;')</script>]]>");
	tl_draw_text(&draw, TL_FONT_TEXT, 0, 0, 0xFFFFFFFF, "\x01\x1b[31m\xff\xc0\x80\xed\xa0\x80\xef\xbf\xbf\x7f end");
	svg = svg_of(&draw);
	assert_null(strstr(svg, "<script"));
	assert_int_equal(count(svg, "<text"), 2);
	assert_int_equal(count(svg, "</text>"), 2);
	assert_non_null(strstr(svg, "&lt;/text&gt;&lt;script&gt;alert('&amp;amp;')"));
	assert_non_null(strstr(svg, " end</text>"));
	for (const char *p = svg; *p; p++)
		assert_true((unsigned char)*p >= 0x20 || *p == '\n');
	free(svg);
	tl_draw_finish(&draw);
}

static void test_cut_text_is_one_text(void **state)
{
	struct tl_draw draw;

	(void)state;
	tl_draw_init(&draw, &fake_fonts);
	tl_draw_text_fit(&draw, TL_FONT_TEXT, 0, 0, 7 * 5, 0xFFFFFFFF, "a long name");
	tl_draw_text_fit(&draw, TL_FONT_TEXT, 0, 0, 7, 0xFFFFFFFF, "a long name");
	assert_int_equal(draw.commands.n, 2);
	assert_int_equal(draw.commands.items[0].size, 4 + 3);
	assert_memory_equal(draw.text.items + draw.commands.items[0].at, "a lo\xe2\x80\xa6", 7);
	assert_int_equal(draw.commands.items[1].size, 3);
	tl_draw_finish(&draw);
}

TL_UNIT_MAIN(cmocka_unit_test(test_every_command_becomes_an_element), cmocka_unit_test(test_hostile_text_stays_text),
	     cmocka_unit_test(test_cut_text_is_one_text))
