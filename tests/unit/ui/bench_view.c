/*
 * Frame times over a synthetic trace: bench_view EVENTS TASKS [WxH]. Prints how
 * long the model takes to build and what it holds, then what `--bench` prints.
 * Not a test: numbers depend on the machine.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/unit/model/synth.h"
#include "viewer/ui/bench.h"
#include "viewer/ui/sdl.h"

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	uint64_t events = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	uint32_t tasks = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 64;
	struct tl_pixels pixels = {NULL, 1920, 1080, 0};
	struct tl_view_data data = {.title = "synthetic"};
	struct tl_synth synth;
	struct tl_fonts fonts;
	struct tl_view view;
	struct tl_error error;
	double begin = now_s(), sealed;

	if (argc > 3 && sscanf(argv[3], "%dx%d", &pixels.width, &pixels.height) != 2)
		return 2;
	tl_synth_init(&synth, 1700000000000000000);
	tl_synth_pool(&synth, tasks < TL_SYNTH_TASKS - 2 ? tasks : TL_SYNTH_TASKS - 2, events, 1);
	sealed = now_s();
	tl_synth_seal(&synth, NULL);
	printf("{\"events\": %" PRIu64
	       ", \"generate_and_build_s\": %.3f, \"seal_s\": %.3f, \"bytes_per_event\": %.1f}\n",
	       synth.model->events, sealed - begin, now_s() - sealed,
	       (double)tl_model_bytes(synth.model) / (double)synth.model->events);
	tl_error_init(&error);
	pixels.pitch = pixels.width;
	pixels.data = malloc((size_t)pixels.width * (size_t)pixels.height * sizeof *pixels.data);
	data.model = synth.model;
	data.fonts = &fonts;
	if (!pixels.data || tl_sdl_fonts_init(&fonts, &error) != 0 ||
	    tl_view_init(&view, &data, &tl_theme_dark, pixels.width, pixels.height, 1, &error) != 0) {
		tl_error_print(&error, "bench_view: ", stderr);
		return 2;
	}
	tl_view_bench(&view, &pixels, stdout, &error);
	tl_view_finish(&view);
	tl_sdl_fonts_finish(&fonts);
	tl_synth_finish(&synth);
	free(pixels.data);
	return 0;
}
