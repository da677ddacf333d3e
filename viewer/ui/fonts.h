/*
 * Glyphs, wherever they come from: the interface between what is drawn and the
 * fonts of a system. Tests bring boxes of a fixed size.
 */
#ifndef TL_UI_FONTS_H
#define TL_UI_FONTS_H

#include <stdint.h>

enum tl_font { TL_FONT_TEXT, TL_FONT_BOLD, TL_FONT_SMALL, TL_FONT_MONO, TL_N_FONTS };

/* One glyph: a mask of w x h coverages, placed from the pen and the line's top. */
struct tl_glyph {
	const uint8_t *mask; /* NULL: nothing to see */
	int w, h, left, top, advance;
};

struct tl_fonts {
	void *data;
	/* Never NULL: a code point without a glyph gives the font's box. Valid until the scale changes. */
	const struct tl_glyph *(*glyph)(void *data, enum tl_font font, uint32_t code);
	/* Pixels from one line's top to the next. */
	int (*line_height)(void *data, enum tl_font font);
	/* Another size: 1.0 is 96 dots an inch. 0, or -1 when the fonts could not be loaded (the old stay). */
	int (*set_scale)(void *data, double scale);
};

/* Width in pixels of a text of `size` bytes of UTF-8. */
int tl_fonts_width(const struct tl_fonts *fonts, enum tl_font font, const char *text, unsigned size);
/* Bytes of the longest beginning that is at most `width` pixels wide. */
unsigned tl_fonts_cut(const struct tl_fonts *fonts, enum tl_font font, const char *text, unsigned size, int width);

#endif
