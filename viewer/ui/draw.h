/*
 * A list of things to draw, in order: what the painters write and what a
 * rasteriser turns into pixels. Neither knows the other. Pixels are device
 * pixels, y grows downwards; colours are 0xAARRGGBB, not premultiplied.
 *
 * Running out of memory drops commands and is remembered in `failed`.
 */
#ifndef TL_UI_DRAW_H
#define TL_UI_DRAW_H

#include <stdbool.h>

#include "viewer/base/vec.h"
#include "viewer/ui/fonts.h"

struct tl_rect {
	int x, y, w, h;
};

static inline bool tl_rect_has(struct tl_rect rect, int x, int y)
{
	return x >= rect.x && y >= rect.y && x - rect.x < rect.w && y - rect.y < rect.h;
}

struct tl_rect tl_rect_cross(struct tl_rect a, struct tl_rect b);

struct tl_point {
	float x, y;
};

enum tl_hatch { TL_HATCH_NONE, TL_HATCH_RISING, TL_HATCH_FALLING, TL_HATCH_CROSS, TL_HATCH_DOTS };

enum tl_draw_kind {
	TL_DRAW_RECT,
	TL_DRAW_HATCH, /* a pattern over a rectangle, anchored to the picture, not to the rectangle */
	TL_DRAW_TEXT,
	TL_DRAW_POLYGON, /* convex, filled, smooth edges */
	TL_DRAW_LINES,   /* connected, smooth, of a width */
	TL_DRAW_CLIP,    /* until the next one */
};

struct tl_command {
	uint8_t kind;  /* enum tl_draw_kind */
	uint8_t style; /* HATCH: enum tl_hatch; TEXT: enum tl_font */
	uint16_t n;    /* points */
	uint32_t color;
	struct tl_rect rect; /* TEXT: x, y is the line's top left corner */
	uint32_t at;         /* TEXT: place in `text`; POLYGON, LINES: in `points` */
	uint32_t size;       /* TEXT: bytes; HATCH: period in px */
	float width;         /* LINES */
};

struct tl_draw {
	TL_VEC(struct tl_command) commands;
	TL_VEC(struct tl_point) points;
	TL_VEC(char) text;
	const struct tl_fonts *fonts; /* borrowed, to measure with */
	bool failed;
};

void tl_draw_init(struct tl_draw *draw, const struct tl_fonts *fonts);
void tl_draw_finish(struct tl_draw *draw);
/* Empties the list, keeps its memory. */
void tl_draw_clear(struct tl_draw *draw);

void tl_draw_rect(struct tl_draw *draw, struct tl_rect rect, uint32_t color);
/* The border inside a rectangle. */
void tl_draw_frame(struct tl_draw *draw, struct tl_rect rect, int width, uint32_t color);
void tl_draw_hatch(struct tl_draw *draw, struct tl_rect rect, enum tl_hatch hatch, int period, uint32_t color);
void tl_draw_polygon(struct tl_draw *draw, const struct tl_point *points, unsigned n, uint32_t color);
void tl_draw_lines(struct tl_draw *draw, const struct tl_point *points, unsigned n, float width, uint32_t color);
/* A cubic curve through four control points; of dashes about `dash` px long, or whole if that is 0. */
void tl_draw_curve(struct tl_draw *draw, const struct tl_point points[4], float width, float dash, uint32_t color);
void tl_draw_clip(struct tl_draw *draw, struct tl_rect rect);

/* UTF-8 that is already safe to show (tl_text_escape_to). Returns the width. */
int tl_draw_text(struct tl_draw *draw, enum tl_font font, int x, int y, uint32_t color, const char *text);
/* The same, cut with an ellipsis to `width` px. */
int tl_draw_text_fit(struct tl_draw *draw, enum tl_font font, int x, int y, int width, uint32_t color,
		     const char *text);
/* The same, cut in the middle: of many long names, it is the ends that differ. */
int tl_draw_text_middle(struct tl_draw *draw, enum tl_font font, int x, int y, int width, uint32_t color,
			const char *text);
int tl_draw_text_width(const struct tl_draw *draw, enum tl_font font, const char *text);
int tl_draw_line_height(const struct tl_draw *draw, enum tl_font font);

#endif
