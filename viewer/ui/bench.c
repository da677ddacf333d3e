/* Times of frames; see bench.h. */
#include "viewer/ui/bench.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define FRAMES 600

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* In, sideways, down the rows, out again: every resolution is seen, at several places. */
static void script(struct tl_view *view, int frame)
{
	const struct tl_rect *rows = &view->layout.rows;
	int phase = frame % 120;

	if (phase < 40)
		tl_view_zoom(view, rows->x + rows->w * (1 + frame / 120 % 3) / 4, 1.35);
	else if (phase < 60)
		tl_view_pan(view, rows->w / 30, 0);
	else if (phase < 80)
		tl_view_pan(view, 0, rows->h / 5);
	else
		tl_view_zoom(view, rows->x + rows->w / 3, 1 / 1.35);
	if (phase == 119)
		tl_view_fit(view);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int tl_view_bench(struct tl_view *view, struct tl_pixels *pixels, FILE *out, struct tl_error *error)
{
	struct tl_draw draw;
	double times[FRAMES];

	tl_draw_init(&draw, view->data.fonts);
	for (int frame = -5; frame < FRAMES; frame++) {
		double begin;

		/* The first few fill the glyph cache. */
		if (frame >= 0)
			script(view, frame);
		begin = now_ms();
		tl_view_draw(view, &draw);
		tl_raster(&draw, pixels);
		if (frame >= 0)
			times[frame] = now_ms() - begin;
	}
	if (draw.failed) {
		tl_draw_finish(&draw);
		return tl_error_set(error, TL_ENOMEM, "out of memory for the picture");
	}
	tl_draw_finish(&draw);
	qsort(times, FRAMES, sizeof *times, compare);
	fprintf(out,
		"{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"frames\": %d, \"events\": %" PRIu64
		", \"tasks\": %zu, \"width\": %d, \"height\": %d, \"model_bytes\": %zu}\n",
		times[FRAMES / 2], times[FRAMES * 99 / 100], times[FRAMES - 1], FRAMES, view->data.model->events,
		view->data.model->rows.n, pixels->width, pixels->height, tl_model_bytes(view->data.model));
	return 0;
}
