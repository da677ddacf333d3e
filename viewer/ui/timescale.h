/*
 * Between nanoseconds and pixel columns. Pure arithmetic: knows nothing of
 * models or windows. Times are subtracted as integers, relative to the first
 * visible nanosecond, before any float is made of them, so that 1 ns stays
 * 1 ns an hour (or a year) into a trace.
 */
#ifndef TL_UI_TIMESCALE_H
#define TL_UI_TIMESCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pixel 0 is the left edge of the time area; it stands for start_ns + frac_ns. */
struct tl_timescale {
	int64_t start_ns;
	double frac_ns;   /* [0, 1) */
	double ns_per_px; /* TL_NS_PER_PX_MIN .. */
	int width_px;
	int64_t end_ns; /* of the trace, which begins at 0; >= 1 */
};

#define TL_NS_PER_PX_MIN (1.0 / 128)

/* Shows the whole trace with a little room behind its end. */
void tl_timescale_fit(struct tl_timescale *scale, int width_px, int64_t end_ns);
/* Shows [t0, t1) with `margin` (0..0.45) of the width free on either side. */
void tl_timescale_show(struct tl_timescale *scale, int64_t t0_ns, int64_t t1_ns, double margin);
/* The width has changed: the left edge and the resolution stay. */
void tl_timescale_resize(struct tl_timescale *scale, int width_px);

/* Pixel of the begin of a nanosecond; clamped to +-1e7. */
double tl_timescale_x(const struct tl_timescale *scale, int64_t time_ns);
/* The pixel column in which it begins. */
int tl_timescale_column(const struct tl_timescale *scale, int64_t time_ns);
/* The nanosecond under a pixel. */
int64_t tl_timescale_time(const struct tl_timescale *scale, double x);

/* What lies under pixel `x` stays there; factor > 1 shows less time. */
void tl_timescale_zoom(struct tl_timescale *scale, double x, double factor);
/* Moves the picture: what was at pixel dx is now at pixel 0. */
void tl_timescale_pan(struct tl_timescale *scale, double dx_px);
/* Puts a time into the middle, at the same resolution. */
void tl_timescale_center(struct tl_timescale *scale, int64_t time_ns);

/* Moves the picture, at the same resolution, so that little of it lies outside of the trace. */
void tl_timescale_settle(struct tl_timescale *scale);

/* The n + 1 times at the edges of pixel columns 0..n. */
void tl_timescale_bounds(const struct tl_timescale *scale, int64_t *bounds, size_t n);

/* Ticks that people expect: 1, 2 or 5 times a power of ten. */
struct tl_ticks {
	int64_t first_ns, step_ns;
	int64_t minor_ns; /* between them; 0: none */
	int64_t base_ns;  /* labels are offsets from it; 0: absolute */
};

struct tl_ticks tl_timescale_ticks(const struct tl_timescale *scale, int least_px);
#define TL_TICK_TEXT 48
/* "1.25 ms", or "+7 ns" when there is a base. Returns `buffer`. */
char *tl_tick_text(const struct tl_ticks *ticks, int64_t time_ns, char buffer[TL_TICK_TEXT]);

#endif
