/* Time to pixels and back; see timescale.h. */
#include "viewer/ui/timescale.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define FAR_PX 1e7
#define FAR_NS ((int64_t)1 << 61)

static int64_t clamp_ns(double ns)
{
	if (!(ns > -(double)FAR_NS))
		return -FAR_NS;
	return ns < (double)FAR_NS ? (int64_t)ns : FAR_NS;
}

/* Moves the left edge by a real number of ns without rounding. */
static void move(struct tl_timescale *scale, double ns)
{
	double whole, sum = scale->frac_ns + ns;

	whole = floor(sum);
	scale->frac_ns = sum - whole;
	if (!(scale->frac_ns >= 0 && scale->frac_ns < 1))
		scale->frac_ns = 0;
	scale->start_ns += clamp_ns(whole);
	if (scale->start_ns > FAR_NS)
		scale->start_ns = FAR_NS;
	if (scale->start_ns < -FAR_NS)
		scale->start_ns = -FAR_NS;
}

static double most_ns_per_px(const struct tl_timescale *scale)
{
	double most = (double)scale->end_ns * 4 / (scale->width_px > 0 ? scale->width_px : 1);

	return most < 1 ? 1 : most;
}

/* Keeps the resolution in bounds and some of the trace in sight. */
static void limit(struct tl_timescale *scale)
{
	double most = most_ns_per_px(scale), seen;

	if (!(scale->ns_per_px >= TL_NS_PER_PX_MIN))
		scale->ns_per_px = TL_NS_PER_PX_MIN;
	if (scale->ns_per_px > most)
		scale->ns_per_px = most;
	seen = scale->ns_per_px * scale->width_px;
	if (scale->start_ns > scale->end_ns - clamp_ns(seen * 0.1)) {
		scale->start_ns = scale->end_ns - clamp_ns(seen * 0.1);
		scale->frac_ns = 0;
	}
	if (scale->start_ns < -clamp_ns(seen * 0.9)) {
		scale->start_ns = -clamp_ns(seen * 0.9);
		scale->frac_ns = 0;
	}
}

void tl_timescale_fit(struct tl_timescale *scale, int width_px, int64_t end_ns)
{
	scale->width_px = width_px > 0 ? width_px : 1;
	scale->end_ns = end_ns > 1 ? end_ns : 1;
	scale->ns_per_px = (double)scale->end_ns * 1.035 / scale->width_px;
	scale->start_ns = 0;
	scale->frac_ns = 0;
	limit(scale);
	move(scale, -scale->ns_per_px * scale->width_px * 0.006);
}

void tl_timescale_show(struct tl_timescale *scale, int64_t t0_ns, int64_t t1_ns, double margin)
{
	double range = t1_ns > t0_ns ? (double)(t1_ns - t0_ns) : 1;

	scale->ns_per_px = range / (1 - 2 * margin) / scale->width_px;
	if (scale->ns_per_px < TL_NS_PER_PX_MIN)
		scale->ns_per_px = TL_NS_PER_PX_MIN;
	scale->start_ns = t0_ns;
	scale->frac_ns = 0;
	move(scale, -(scale->ns_per_px * scale->width_px - range) / 2);
	limit(scale);
}

void tl_timescale_resize(struct tl_timescale *scale, int width_px)
{
	scale->width_px = width_px > 0 ? width_px : 1;
	limit(scale);
}

double tl_timescale_x(const struct tl_timescale *scale, int64_t time_ns)
{
	double x = ((double)(time_ns - scale->start_ns) - scale->frac_ns) / scale->ns_per_px;

	return x < -FAR_PX ? -FAR_PX : x > FAR_PX ? FAR_PX : x;
}

int tl_timescale_column(const struct tl_timescale *scale, int64_t time_ns)
{
	/* A hair, so that a division's rounding does not push a time to the column before. */
	return (int)floor(tl_timescale_x(scale, time_ns) + 1e-6);
}

int64_t tl_timescale_time(const struct tl_timescale *scale, double x)
{
	return scale->start_ns + clamp_ns(floor(scale->frac_ns + x * scale->ns_per_px));
}

void tl_timescale_zoom(struct tl_timescale *scale, double x, double factor)
{
	double before = scale->ns_per_px, most = most_ns_per_px(scale);

	if (!(factor > 0))
		return;
	scale->ns_per_px = before / factor;
	if (scale->ns_per_px < TL_NS_PER_PX_MIN)
		scale->ns_per_px = TL_NS_PER_PX_MIN;
	if (scale->ns_per_px > most)
		scale->ns_per_px = most;
	move(scale, x * (before - scale->ns_per_px));
	limit(scale);
}

void tl_timescale_pan(struct tl_timescale *scale, double dx_px)
{
	move(scale, dx_px * scale->ns_per_px);
	limit(scale);
}

void tl_timescale_center(struct tl_timescale *scale, int64_t time_ns)
{
	scale->start_ns = time_ns;
	scale->frac_ns = 0;
	move(scale, -scale->ns_per_px * scale->width_px / 2);
	limit(scale);
}

void tl_timescale_settle(struct tl_timescale *scale)
{
	double seen = scale->ns_per_px * scale->width_px, whole = (double)scale->end_ns * 1.035;
	int64_t last = scale->end_ns - clamp_ns(seen * 0.97), first = -clamp_ns(seen * 0.006);

	if (seen >= whole) {
		tl_timescale_fit(scale, scale->width_px, scale->end_ns);
	} else if (scale->start_ns > last || scale->start_ns < first) {
		scale->start_ns = scale->start_ns > last ? last : first;
		scale->frac_ns = 0;
	}
}

void tl_timescale_bounds(const struct tl_timescale *scale, int64_t *bounds, size_t n)
{
	for (size_t i = 0; i <= n; i++)
		bounds[i] = tl_timescale_time(scale, (double)i);
}

/* 1, 2 or 5 times a power of ten, at least `least`. */
static int64_t round_step(double least)
{
	int64_t power = 1;

	while (power <= INT64_MAX / 100 && (double)power * 10 <= least)
		power *= 10;
	if ((double)power >= least)
		return power;
	if ((double)power * 2 >= least)
		return power * 2;
	return (double)power * 5 >= least ? power * 5 : power * 10;
}

static int64_t floor_to(int64_t t, int64_t step)
{
	int64_t rest = t % step;

	return t - (rest < 0 ? rest + step : rest);
}

/* The unit in which a label is written: the largest that divides what is shown. */
static const struct unit {
	int64_t ns;
	const char *text;
} units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};

static const struct unit *unit_of(int64_t ns)
{
	size_t i = 0;

	while (i + 1 < sizeof units / sizeof *units && units[i].ns > ns)
		i++;
	return &units[i];
}

struct tl_ticks tl_timescale_ticks(const struct tl_timescale *scale, int least_px)
{
	struct tl_ticks ticks = {0};
	int64_t end_ns = tl_timescale_time(scale, scale->width_px);

	ticks.step_ns = round_step(scale->ns_per_px * least_px);
	ticks.first_ns = floor_to(scale->start_ns, ticks.step_ns);
	ticks.minor_ns = ticks.step_ns >= 5 ? ticks.step_ns / 5 : 0;
	/* More than six digits in a label are not read: write offsets instead. */
	if (end_ns / ticks.step_ns >= 100000 && scale->start_ns > 0)
		ticks.base_ns = floor_to(scale->start_ns, ticks.step_ns > INT64_MAX / 1000
								  ? ticks.step_ns
								  : round_step((double)ticks.step_ns * 100));
	return ticks;
}

char *tl_tick_text(const struct tl_ticks *ticks, int64_t time_ns, char buffer[TL_TICK_TEXT])
{
	int64_t value = time_ns - ticks->base_ns;
	uint64_t u = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	const struct unit *unit = unit_of((int64_t)u > ticks->step_ns ? (int64_t)u : ticks->step_ns);
	const char *sign = value < 0 ? "-" : ticks->base_ns ? "+" : "";
	int64_t scale = unit->ns, step = ticks->step_ns;
	int decimals = 0, room;
	uint64_t rest;

	/* As many decimals as the step needs, no more. */
	for (; scale > 1 && step % scale != 0; scale /= 10)
		decimals++;
	rest = u % (uint64_t)unit->ns / (uint64_t)scale;
	if (u == 0)
		room = snprintf(buffer, TL_TICK_TEXT, "%s0", sign);
	else if (decimals == 0)
		room = snprintf(buffer, TL_TICK_TEXT, "%s%" PRIu64, sign, u / (uint64_t)unit->ns);
	else
		room = snprintf(buffer, TL_TICK_TEXT, "%s%" PRIu64 ".%0*" PRIu64, sign, u / (uint64_t)unit->ns,
				decimals, rest);
	snprintf(buffer + room, (size_t)(TL_TICK_TEXT - room), " %s", unit->text);
	return buffer;
}
