/* Time: the grid behind the rows, the ruler, a measured range, the overview. */
#include "viewer/ui/paint.h"

#include <stdio.h>

#include "viewer/base/text.h"

#define TICK_PX 110
#define NS_PER_DAY ((int64_t)86400 * 1000000000)

/* The view's time as the ruler counts it: what is 0 there lies at `zero_ns`. */
static struct tl_timescale counted_from(const struct tl_view *view, int64_t zero_ns)
{
	struct tl_timescale time = view->time;

	time.start_ns -= zero_ns;
	return time;
}

/* Where the ruler's 0 is: the trace's start, midnight (UTC) before it, or an event. */
static int64_t ruler_zero(const struct tl_view *view)
{
	int64_t epoch_ns = view->data.model->epoch_ns;

	switch (view->ruler) {
	case TL_RULER_CLOCK: return epoch_ns > 0 ? -(epoch_ns % NS_PER_DAY) : 0;
	case TL_RULER_EVENT: return view->ruler_ns;
	default: return 0;
	}
}

void tl_paint_grid(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_timescale time = counted_from(view, ruler_zero(view));
	struct tl_ticks ticks = tl_timescale_ticks(&time, tl_paint_px(paint, TICK_PX));
	struct tl_rect rows = view->layout.rows;
	int64_t end_ns = tl_timescale_time(&time, rows.w), step = ticks.minor_ns ? ticks.minor_ns : ticks.step_ns;

	for (int64_t t = ticks.first_ns; t <= end_ns; t += step) {
		bool major = (t - ticks.first_ns) % ticks.step_ns == 0;

		tl_draw_rect(paint->draw, (struct tl_rect){rows.x + tl_timescale_column(&time, t), rows.y, 1, rows.h},
			     paint->colors[major ? TL_COLOR_GRID : TL_COLOR_GRID_MINOR]);
	}
	/* Before the trace's begin and after its end there is nothing to know. */
	for (int side = 0; side < 2; side++) {
		int x = tl_timescale_column(&view->time, side ? view->data.model->end_ns : 0);

		if (x >= 0 && x < rows.w)
			tl_draw_rect(paint->draw, (struct tl_rect){rows.x + x, rows.y, 1, rows.h},
				     paint->colors[TL_COLOR_BORDER]);
	}
}

/* At the edge a part of a number would be another number: all of it, or nothing. */
static void paint_tick_text(const struct tl_paint *paint, struct tl_rect area, int x, const char *text)
{
	int w = tl_draw_text_width(paint->draw, TL_FONT_SMALL, text);

	/* Cut off at the left, "40.76 ms" would be read as another time. */
	if (x >= area.x && x + w <= area.x + area.w)
		tl_paint_text(paint, TL_FONT_SMALL, x, area.y + area.h * 4 / 10, tl_paint_px(paint, TICK_PX),
			      paint->colors[TL_COLOR_TEXT], text);
}

/* "12:30:05.250" with as many decimals as the steps need. */
static char *clock_text(int64_t since_midnight_ns, int64_t step_ns, char text[TL_TICK_TEXT])
{
	int64_t t = (since_midnight_ns % NS_PER_DAY + NS_PER_DAY) % NS_PER_DAY, s = t / 1000000000;
	int n = snprintf(text, TL_TICK_TEXT, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
	int decimals = step_ns >= 1000000000 ? 0 : step_ns >= 1000000 ? 3 : step_ns >= 1000 ? 6 : 9;

	if (decimals > 0)
		snprintf(text + n, TL_TICK_TEXT - (size_t)n, ".%0*d", decimals,
			 (int)(t % 1000000000 /
			       (decimals == 3   ? 1000000
				: decimals == 6 ? 1000
						: 1)));
	return text;
}

static void paint_ticks(const struct tl_paint *paint, const struct tl_timescale *time, const struct tl_ticks *ticks,
			struct tl_rect area)
{
	enum tl_ruler ruler = paint->view->ruler;
	int64_t end_ns = tl_timescale_time(time, area.w), step = ticks->minor_ns ? ticks->minor_ns : ticks->step_ns;
	char text[TL_TICK_TEXT];

	for (int64_t t = ticks->first_ns; t <= end_ns; t += step) {
		bool major = (t - ticks->first_ns) % ticks->step_ns == 0;
		int x = area.x + tl_timescale_column(time, t), h = tl_paint_px(paint, major ? 7 : 4);

		tl_draw_rect(paint->draw, (struct tl_rect){x, area.y + area.h - h, 1, h},
			     paint->colors[major ? TL_COLOR_DIM : TL_COLOR_BORDER]);
		if (!major || (t < 0 && !ticks->base_ns && ruler == TL_RULER_START))
			continue;
		if (ruler == TL_RULER_CLOCK)
			clock_text(t, ticks->step_ns, text);
		else
			tl_tick_text(ticks, t, text);
		paint_tick_text(paint, area, x + tl_paint_px(paint, 4), text);
	}
}

/* Left of the ruler: what it counts, or from where its labels count on. */
static void ruler_head(const struct tl_view *view, const struct tl_ticks *ticks, char text[TL_TIME_TEXT + 40])
{
	static const char *const heads[TL_N_RULERS] = {"time since start", "time of day (UTC)", "since "};
	char time[TL_TIME_TEXT];

	if (view->ruler == TL_RULER_EVENT)
		snprintf(text, TL_TIME_TEXT + 40, "since %s", tl_text_time(time, view->ruler_ns));
	else if (view->ruler == TL_RULER_START && ticks->base_ns)
		snprintf(text, TL_TIME_TEXT + 40, "%s +", tl_text_time(time, ticks->base_ns));
	else
		snprintf(text, TL_TIME_TEXT + 40, "%s", heads[view->ruler]);
}

void tl_paint_ruler(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_timescale time = counted_from(view, ruler_zero(view));
	struct tl_ticks ticks = tl_timescale_ticks(&time, tl_paint_px(paint, TICK_PX));
	struct tl_rect ruler = view->layout.ruler, area = ruler;
	int pad = tl_paint_px(paint, 10);
	char head[TL_TIME_TEXT + 40];

	area.x = view->layout.rows.x;
	area.w = view->layout.rows.w;
	tl_draw_clip(paint->draw, ruler);
	tl_draw_rect(paint->draw, ruler, paint->colors[TL_COLOR_PANEL]);
	tl_draw_rect(paint->draw, (struct tl_rect){ruler.x, ruler.y + ruler.h - 1, ruler.w, 1},
		     paint->colors[TL_COLOR_BORDER]);
	ruler_head(view, &ticks, head);
	tl_paint_text(paint, TL_FONT_SMALL, ruler.x + pad, ruler.y + ruler.h / 2, area.x - ruler.x - pad - pad / 2,
		      paint->colors[ticks.base_ns ? TL_COLOR_TEXT : TL_COLOR_DIM], head);
	tl_draw_clip(paint->draw, area);
	paint_ticks(paint, &time, &ticks, area);
}

void tl_paint_measure(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect rows = view->layout.rows, ruler = view->layout.ruler;
	int64_t t0 = view->measure_from_ns, t1 = view->measure_to_ns;
	char duration[TL_TIME_TEXT], exact[TL_TIME_TEXT], text[2 * TL_TIME_TEXT + 8];
	int x0, x1, w, x, pad = tl_paint_px(paint, 6), h = tl_paint_px(paint, 20);

	if (!view->measured)
		return;
	x0 = tl_timescale_column(&view->time, t0 < t1 ? t0 : t1);
	x1 = tl_timescale_column(&view->time, t0 < t1 ? t1 : t0);
	x0 = x0 < -1 ? -1 : x0 > rows.w ? rows.w : x0;
	x1 = x1 < -1 ? -1 : x1 > rows.w ? rows.w : x1;
	tl_draw_clip(paint->draw, (struct tl_rect){rows.x, ruler.y, rows.w, ruler.h + rows.h});
	tl_draw_rect(paint->draw, (struct tl_rect){rows.x + x0, ruler.y, x1 - x0 + 1, ruler.h + rows.h},
		     tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 34));
	tl_draw_rect(paint->draw, (struct tl_rect){rows.x + x0, ruler.y, 1, ruler.h + rows.h},
		     paint->colors[TL_COLOR_ACCENT]);
	tl_draw_rect(paint->draw, (struct tl_rect){rows.x + x1, ruler.y, 1, ruler.h + rows.h},
		     paint->colors[TL_COLOR_ACCENT]);
	tl_text_duration(duration, t1 > t0 ? t1 - t0 : t0 - t1);
	tl_text_time(exact, t1 > t0 ? t1 - t0 : t0 - t1);
	snprintf(text, sizeof text, "\xce\x94 %s  (%s)", duration, exact);
	w = tl_draw_text_width(paint->draw, TL_FONT_SMALL, text) + 2 * pad;
	x = rows.x + (x0 + x1) / 2 - w / 2;
	x = x + w > rows.x + rows.w ? rows.x + rows.w - w : x;
	x = x < rows.x ? rows.x : x;
	tl_draw_rect(paint->draw, (struct tl_rect){x, rows.y + pad, w, h}, paint->colors[TL_COLOR_ACCENT]);
	tl_paint_text(paint, TL_FONT_SMALL, x + pad, rows.y + pad + h / 2, w, paint->colors[TL_COLOR_BACK], text);
}

/* One column of the overview: looks stacked, the worst at the top. */
static void overview_column(const struct tl_paint *paint, struct tl_rect area, int x, double most)
{
	static const uint8_t order[] = {TL_LOOK_RUNNING, TL_LOOK_RUNNABLE, TL_LOOK_LOCK,
					TL_LOOK_WAIT,    TL_LOOK_IDLE,     TL_LOOK_GAP};
	const struct tl_overview *overview = paint->view->data.model->overview;
	double end_ns = (double)paint->view->data.model->end_ns;
	int64_t t = (int64_t)(((double)x + 0.5) / area.w * end_ns);
	const float *looks =
		overview->looks[t / overview->bucket_ns < TL_OVERVIEW ? t / overview->bucket_ns : TL_OVERVIEW - 1];
	double sum = 0;
	int below = 0;

	for (size_t i = 0; i < sizeof order; i++) {
		int top;

		sum += looks[order[i]];
		top = (int)(sum / most * area.h + 0.5);
		tl_draw_rect(paint->draw, (struct tl_rect){area.x + x, area.y + area.h - top, 1, top - below},
			     paint->view->theme->looks[order[i]].color);
		below = top;
	}
}

static void overview_findings(const struct tl_paint *paint, struct tl_rect area)
{
	const struct tl_overview *overview = paint->view->data.model->overview;
	int size = tl_paint_px(paint, 9);

	/* The worst last, on top of the others. */
	for (unsigned severity = TL_INFO; severity <= TL_ERROR; severity++) {
		int last = -area.w;

		for (int b = 0; b < TL_OVERVIEW; b++) {
			int x = (int)((double)b * (double)overview->bucket_ns /
				      (double)paint->view->data.model->end_ns * area.w);

			if (overview->worst[b] != severity + 1 || x - last < size || x >= area.w)
				continue;
			last = x;
			tl_draw_rect(paint->draw, (struct tl_rect){area.x + x, area.y, 1, area.h},
				     tl_paint_fade(paint->colors[TL_COLOR_INFO + severity], 190));
			tl_theme_severity(paint->view->theme, paint->draw, (float)(area.x + x) + 0.5f,
					  (float)area.y + (float)size * 0.6f, (float)size, (enum tl_severity)severity);
		}
	}
}

/* What of the trace the rows show now. */
static void overview_window(const struct tl_paint *paint, struct tl_rect area)
{
	const struct tl_view *view = paint->view;
	double end_ns = (double)view->data.model->end_ns;
	double t0 = (double)tl_timescale_time(&view->time, 0),
	       t1 = (double)tl_timescale_time(&view->time, view->time.width_px);
	int x0 = (int)(t0 / end_ns * area.w), x1 = (int)(t1 / end_ns * area.w);
	uint32_t shade = tl_paint_fade(paint->colors[TL_COLOR_BACK], 165);

	x0 = x0 < 0 ? 0 : x0 > area.w - 2 ? area.w - 2 : x0;
	x1 = x1 > area.w ? area.w : x1 < x0 + 2 ? x0 + 2 : x1;
	tl_draw_rect(paint->draw, (struct tl_rect){area.x, area.y, x0, area.h}, shade);
	tl_draw_rect(paint->draw, (struct tl_rect){area.x + x1, area.y, area.w - x1, area.h}, shade);
	tl_draw_frame(paint->draw, (struct tl_rect){area.x + x0, area.y, x1 - x0, area.h}, tl_paint_px(paint, 1.5),
		      paint->colors[TL_COLOR_ACCENT]);
}

void tl_paint_overview(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect area = view->layout.overview, corner = view->layout.corner;
	double most = view->data.model->overview->most;
	int pad = tl_paint_px(paint, 4);

	if (area.h == 0 || area.w < 8)
		return;
	tl_draw_rect(paint->draw, (struct tl_rect){corner.x, corner.y, corner.w + area.w, corner.h},
		     paint->colors[TL_COLOR_PANEL]);
	tl_paint_corner(paint);
	area.y += pad;
	area.h -= 2 * pad;
	tl_draw_rect(paint->draw, area, paint->colors[TL_COLOR_BACK]);
	for (int x = 0; most > 0 && x < area.w; x++)
		overview_column(paint, area, x, most);
	overview_window(paint, area);
	overview_findings(paint, area);
}
