/*
 * Smooth polygons and lines. A polygon is sampled on four lines a pixel row with
 * exact coverage along them; a line walks along its longer axis and covers the
 * few pixels across by their distance from it.
 */
#include "viewer/ui/raster.h"

#include <math.h>

#define SAMPLES 4
#define STRIP 256 /* pixels covered at once */

/* Where a horizontal line at `y` enters and leaves a convex polygon. */
static bool crossing(const struct tl_point *points, unsigned n, float y, float *left, float *right)
{
	bool any = false;

	for (unsigned i = 0; i < n; i++) {
		struct tl_point a = points[i], b = points[(i + 1) % n];
		float x;

		if ((a.y <= y) == (b.y <= y))
			continue;
		x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
		*left = any && *left < x ? *left : x;
		*right = any && *right > x ? *right : x;
		any = true;
	}
	return any;
}

static void cover(float *strip, int x0, int n, float left, float right)
{
	int from = (int)floorf(left) - x0, to = (int)ceilf(right) - x0;

	for (int i = from < 0 ? 0 : from; i < to && i < n; i++) {
		float a = left > (float)(x0 + i) ? left : (float)(x0 + i);
		float b = right < (float)(x0 + i + 1) ? right : (float)(x0 + i + 1);

		if (b > a)
			strip[i] += (b - a) / SAMPLES;
	}
}

static void polygon_strip(struct tl_pixels *pixels, const struct tl_point *points, unsigned n, int x0, int count, int y,
			  uint32_t color)
{
	float strip[STRIP] = {0}, left = 0, right = 0;
	uint32_t *row = pixels->data + (size_t)y * (size_t)pixels->pitch;

	for (int s = 0; s < SAMPLES; s++)
		if (crossing(points, n, (float)y + ((float)s + 0.5f) / SAMPLES, &left, &right))
			cover(strip, x0, count, left, right);
	for (int i = 0; i < count; i++)
		if (strip[i] > 0)
			tl_raster_blend(&row[x0 + i], color, (uint32_t)(strip[i] * 255 + 0.5f));
}

void tl_raster_polygon(struct tl_pixels *pixels, struct tl_rect clip, const struct tl_point *points, unsigned n,
		       uint32_t color)
{
	float x0 = 1e7f, y0 = 1e7f, x1 = -1e7f, y1 = -1e7f;
	struct tl_rect box;

	for (unsigned i = 0; i < n; i++) {
		x0 = fminf(x0, points[i].x);
		x1 = fmaxf(x1, points[i].x);
		y0 = fminf(y0, points[i].y);
		y1 = fmaxf(y1, points[i].y);
	}
	if (!(x1 > x0 && y1 > y0) || x0 < -1e6f || y0 < -1e6f || x1 > 1e6f || y1 > 1e6f)
		return;
	box = (struct tl_rect){(int)floorf(x0), (int)floorf(y0), (int)ceilf(x1) - (int)floorf(x0),
			       (int)ceilf(y1) - (int)floorf(y0)};
	box = tl_rect_cross(box, clip);
	for (int y = box.y; y < box.y + box.h; y++)
		for (int x = box.x; x < box.x + box.w; x += STRIP)
			polygon_strip(pixels, points, n, x, box.x + box.w - x < STRIP ? box.x + box.w - x : STRIP, y,
				      color);
}

/* Clips [a, b] to where its first coordinate is within [low, high]. */
static bool cut_line(float *a0, float *a1, float *b0, float *b1, float low, float high)
{
	float slope = *b0 != *a0 ? (*b1 - *a1) / (*b0 - *a0) : 0;

	if (*b0 < low || *a0 > high)
		return false;
	if (*a0 < low) {
		*a1 += (low - *a0) * slope;
		*a0 = low;
	}
	if (*b0 > high) {
		*b1 += (high - *b0) * slope;
		*b0 = high;
	}
	return true;
}

void tl_raster_line(struct tl_pixels *pixels, struct tl_rect clip, struct tl_point a, struct tl_point b, float width,
		    uint32_t color)
{
	bool steep = fabsf(b.y - a.y) > fabsf(b.x - a.x);
	float a0 = steep ? a.y : a.x, a1 = steep ? a.x : a.y, b0 = steep ? b.y : b.x, b1 = steep ? b.x : b.y;
	int low = steep ? clip.y : clip.x, high = low + (steep ? clip.h : clip.w);
	int across = steep ? clip.x : clip.y, across_end = across + (steep ? clip.w : clip.h);
	float slope, half;

	if (a0 > b0) {
		float t0 = a0, t1 = a1;

		a0 = b0, a1 = b1, b0 = t0, b1 = t1;
	}
	if (!cut_line(&a0, &a1, &b0, &b1, (float)low, (float)high))
		return;
	slope = b0 > a0 ? (b1 - a1) / (b0 - a0) : 0;
	half = width / 2 * sqrtf(1 + slope * slope);
	for (int i = (int)floorf(a0 + 0.5f); i < (int)floorf(b0 + 0.5f) && i < high; i++) {
		float middle = a1 + ((float)i + 0.5f - a0) * slope;
		int from = (int)floorf(fmaxf(middle - half - 1, -1e6f)),
		    to = (int)ceilf(fminf(middle + half + 1, 1e6f));

		if (i < low)
			continue;
		for (int j = from < across ? across : from; j < to && j < across_end; j++) {
			float coverage = half + 0.5f - fabsf((float)j + 0.5f - middle);
			size_t x = (size_t)(steep ? j : i), y = (size_t)(steep ? i : j);

			if (coverage > 0)
				tl_raster_blend(&pixels->data[y * (size_t)pixels->pitch + x], color,
						(uint32_t)(fminf(coverage, 1) * 255));
		}
	}
}
