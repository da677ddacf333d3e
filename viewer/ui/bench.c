/* Times of frames; see bench.h. */
#include "viewer/ui/bench.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define FRAMES 600

static double now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
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

/* By the clock on the wall, which is what people feel, and by the processor, which other programs disturb less. */
struct times {
	double wall[FRAMES], cpu[FRAMES];
};

static void draw_frames(struct tl_view *view, struct tl_draw *draw, struct tl_pixels *pixels, struct times *times)
{
	for (int frame = -5; frame < FRAMES; frame++) {
		double wall, cpu;

		/* The first few fill the glyph cache. */
		if (frame >= 0)
			script(view, frame);
		wall = now_ms(CLOCK_MONOTONIC);
		cpu = now_ms(CLOCK_THREAD_CPUTIME_ID);
		tl_view_draw(view, draw);
		tl_raster(draw, pixels);
		if (frame < 0)
			continue;
		times->wall[frame] = now_ms(CLOCK_MONOTONIC) - wall;
		times->cpu[frame] = now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu;
	}
	qsort(times->wall, FRAMES, sizeof *times->wall, compare);
	qsort(times->cpu, FRAMES, sizeof *times->cpu, compare);
}

int tl_view_bench(struct tl_view *view, struct tl_pixels *pixels, FILE *out, struct tl_error *error)
{
	size_t bytes = tl_model_bytes(view->data.model);
	uint64_t events = tl_view_events(&view->data);
	struct tl_draw draw;
	struct times times;
	bool failed;

	tl_draw_init(&draw, view->data.fonts);
	draw_frames(view, &draw, pixels, &times);
	failed = draw.failed;
	tl_draw_finish(&draw);
	if (failed)
		return tl_error_set(error, TL_ENOMEM, "out of memory for the picture");
	fprintf(out,
		"{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"cpu_p50_ms\": %.3f, \"cpu_p99_ms\": %.3f, "
		"\"cpu_max_ms\": %.3f, \"frames\": %d, \"events\": %" PRIu64
		", \"tasks\": %zu, \"width\": %d, \"height\": %d, \"model_bytes\": %zu, \"bytes_per_event\": %.1f}\n",
		times.wall[FRAMES / 2], times.wall[FRAMES * 99 / 100], times.wall[FRAMES - 1], times.cpu[FRAMES / 2],
		times.cpu[FRAMES * 99 / 100], times.cpu[FRAMES - 1], FRAMES, events, view->data.model->rows.n,
		pixels->width, pixels->height, bytes, events ? (double)bytes / (double)events : 0.0);
	return 0;
}
