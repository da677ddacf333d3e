/* Fonts for tests: every glyph a solid box of 7 x 10 in a line of 14, whatever the scale. */
#ifndef TL_TESTS_FAKE_FONTS_H
#define TL_TESTS_FAKE_FONTS_H

#include "viewer/ui/fonts.h"

#include <string.h>

static const struct tl_glyph *fake_glyph(void *data, enum tl_font font, uint32_t code)
{
	static uint8_t box[60];
	static const struct tl_glyph full = {box, 6, 10, 0, 2, 7}, blank = {NULL, 0, 0, 0, 0, 7};

	(void)data;
	(void)font;
	memset(box, 255, sizeof box);
	return code == ' ' ? &blank : &full;
}

static int fake_line_height(void *data, enum tl_font font)
{
	(void)data;
	(void)font;
	return 14;
}

static int fake_set_scale(void *data, double scale)
{
	(void)data;
	(void)scale;
	return 0;
}

static const struct tl_fonts fake_fonts = {NULL, fake_glyph, fake_line_height, fake_set_scale};

#endif
