/*
 * Turns a draw list into pixels, in plain memory: the one rasteriser behind the
 * window and behind `render`, so that both show the same picture, with or
 * without a graphics card.
 */
#ifndef TL_UI_RASTER_H
#define TL_UI_RASTER_H

#include "viewer/ui/draw.h"

/* 0xFFRRGGBB each; `pitch` in pixels. */
struct tl_pixels {
	uint32_t *data;
	int width, height, pitch;
};

/* Draws the whole list over what is there. */
void tl_raster(const struct tl_draw *draw, struct tl_pixels *pixels);

/* Shared with raster_shape.c: smooth shapes. `clip` lies within the pixels. */
void tl_raster_polygon(struct tl_pixels *pixels, struct tl_rect clip, const struct tl_point *points, unsigned n,
		       uint32_t color);
void tl_raster_line(struct tl_pixels *pixels, struct tl_rect clip, struct tl_point a, struct tl_point b, float width,
		    uint32_t color);

/* `color` over `*pixel` with a further coverage of 0..255. */
static inline void tl_raster_blend(uint32_t *pixel, uint32_t color, uint32_t coverage)
{
	uint32_t alpha = (color >> 24) * coverage, p = *pixel, rb, g;

	alpha = (alpha + 128 + ((alpha + 128) >> 8)) >> 8; /* / 255 */
	alpha += alpha >> 7;                               /* 0..256 */
	rb = (p & 0xFF00FFu) * (256 - alpha) + (color & 0xFF00FFu) * alpha;
	g = (p & 0x00FF00u) * (256 - alpha) + (color & 0x00FF00u) * alpha;
	*pixel = 0xFF000000u | ((rb >> 8) & 0xFF00FFu) | ((g >> 8) & 0x00FF00u);
}

#endif
