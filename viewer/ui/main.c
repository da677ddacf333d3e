/*
 * threadline-view: opens a trace in a window, or draws it into a file. The only
 * program that links SDL; `threadline view` and `threadline render` start it.
 * Exits with 0, or with 2 and the reason on stderr.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "viewer/base/text.h"
#include "viewer/ui/arrange.h"
#include "viewer/ui/bench.h"
#include "viewer/ui/load.h"
#include "viewer/ui/opening.h"
#include "viewer/ui/options.h"
#include "viewer/ui/out_file.h"
#include "viewer/ui/sdl.h"
#include "viewer/ui/svg.h"

#define EXIT_CANNOT 2

static int apply_options(struct tl_view *view, const struct tl_view_options *options, struct tl_error *error)
{
	int64_t from_ns = options->has_from ? options->from_ns : 0;
	int64_t to_ns = options->has_to ? options->to_ns : view->data.model->end_ns;

	if (options->select > view->n_findings)
		return tl_error_set(error, TL_EUSAGE, "--select %lu: the trace has %zu findings", options->select,
				    view->n_findings);
	if (options->rows && tl_view_set_filter(view, options->rows, error) != 0)
		return error->code;
	if (options->select)
		tl_view_go_finding(view, options->select - 1);
	if (options->panel == TL_PANEL_PATH)
		tl_drawer_show_path(view);
	else if (options->panel != TL_PANEL_NONE)
		tl_drawer_toggle(view, options->panel);
	if (!options->has_from && !options->has_to)
		return 0;
	if (from_ns >= to_ns || to_ns <= -view->data.model->end_ns || from_ns >= 2 * view->data.model->end_ns)
		return tl_error_set(error, TL_EUSAGE, "nothing lies between --from and --to: the trace ends at %lld ns",
				    (long long)view->data.model->end_ns);
	/* Beyond the trace there is nothing to see, and numbers that overflow. */
	tl_view_show(view, from_ns > -view->data.model->end_ns ? from_ns : -view->data.model->end_ns,
		     to_ns < 2 * view->data.model->end_ns ? to_ns : 2 * view->data.model->end_ns, 0);
	return 0;
}

struct vector {
	const struct tl_draw *draw;
	const struct tl_view_options *options;
};

static int write_svg(FILE *file, const void *data, struct tl_error *error)
{
	const struct vector *vector = data;
	double scale = vector->options->scale > 0 ? vector->options->scale : 1;

	if (tl_svg_write(vector->draw, vector->options->width, vector->options->height, scale, file) == 0)
		return 0;
	return tl_error_set(error, TL_ENOMEM, "out of memory for the picture");
}

/* What the name ends in says what it is to be. */
static bool is_svg(const char *path)
{
	size_t n = strlen(path);

	return n >= 4 && strcasecmp(path + n - 4, ".svg") == 0;
}

static int draw_picture(struct tl_view *view, const struct tl_view_options *options, struct tl_pixels *pixels,
			struct tl_error *error)
{
	struct tl_draw draw;
	int result = 0;

	if (options->bench)
		return tl_view_bench(view, pixels, stdout, error);
	while (tl_drawer_work(view))
		;
	tl_draw_init(&draw, view->data.fonts);
	tl_view_draw(view, &draw);
	if (draw.failed)
		result = tl_error_set(error, TL_ENOMEM, "out of memory for the picture");
	if (result == 0 && is_svg(options->render)) {
		result = tl_out_file(options->render, write_svg, &(struct vector){&draw, options}, error);
	} else if (result == 0) {
		tl_raster(&draw, pixels);
		result = tl_sdl_write_png(options->render, pixels, error);
	}
	tl_draw_finish(&draw);
	return result;
}

/* Without a display: into memory, and from there into a file. */
static int run_offscreen(const struct tl_view_options *options, const char *title, struct tl_error *error)
{
	struct tl_pixels pixels = {NULL, options->width, options->height, options->width};
	struct tl_caching caching;
	struct tl_offsets offsets = options->offsets;
	struct tl_loaded loaded = {0};
	struct tl_view_data data;
	struct tl_fonts fonts;
	struct tl_view view;
	int result = tl_sdl_fonts_init(&fonts, error);

	if (result != 0)
		return result;
	tl_caching_init(&caching, tl_view_options_cache(options), options->traces, options->n_traces);
	if (!tl_caching_read(&caching, &loaded))
		result = tl_load(&loaded, options->traces, options->n_traces, &offsets, NULL, NULL, error);
	if (result != 0)
		goto done;
	tl_caching_begin_write(&caching, &loaded, false);
	tl_loaded_warn(&loaded, error);
	pixels.data = malloc((size_t)pixels.width * (size_t)pixels.height * sizeof *pixels.data);
	if (!pixels.data) {
		result = tl_error_set(error, TL_ENOMEM, "out of memory for %d x %d pixels", pixels.width,
				      pixels.height);
		goto done;
	}
	data = tl_loaded_data(&loaded, &fonts, title);
	result = tl_view_init(&view, &data, options->theme, pixels.width, pixels.height,
			      options->scale > 0 ? options->scale : 1, error);
	if (result != 0)
		goto done;
	result = apply_options(&view, options, error);
	if (result == 0)
		result = draw_picture(&view, options, &pixels, error);
	tl_view_finish(&view);
done:
	tl_caching_finish(&caching, result == 0);
	free(pixels.data);
	tl_loaded_finish(&loaded);
	tl_sdl_fonts_finish(&fonts);
	return result;
}

static int run_window(const struct tl_view_options *options, const char *title, struct tl_error *error)
{
	struct tl_opening opening = {.options = options, .title = title, .apply = apply_options};
	char text[400];
	int result = tl_sdl_fonts_init(&opening.fonts, error);

	if (result != 0)
		return result;
	snprintf(text, sizeof text, "%s - Threadline", title);
	opening.window = tl_window_create(text, error);
	if (opening.window && options->frames)
		tl_window_tell_frames(opening.window);
	result = opening.window ? tl_opening_run(&opening, error) : error->code;
	tl_window_destroy(opening.window);
	tl_sdl_fonts_finish(&opening.fonts);
	return result;
}

/* The traces' names, as one. */
static void name_of(const struct tl_view_options *options, char title[300])
{
	char first[260];

	tl_text_escape_to(first, sizeof first, options->n_traces ? options->traces[0] : "");
	if (options->n_traces > 1)
		snprintf(title, 300, "%s and %zu more", first, options->n_traces - 1);
	else
		snprintf(title, 300, "%s", first);
}

int main(int argc, char **argv)
{
	struct tl_view_options options;
	struct tl_error error;
	char title[300];
	int result;

	tl_error_init(&error);
	result = tl_view_options_parse(&options, argc, argv, &error);
	if (result == 0 && options.help) {
		fputs(tl_view_usage, stdout);
		return 0;
	}
	if (result == 0 && options.version) {
		puts("threadline-view " THREADLINE_VERSION);
		return 0;
	}
	tl_caching_guard();
	if (result == 0)
		name_of(&options, title);
	if (result == 0)
		result = options.render || options.bench ? run_offscreen(&options, title, &error)
							 : run_window(&options, title, &error);
	if (result == 0)
		return fflush(stdout) == 0 ? 0 : EXIT_CANNOT;
	tl_error_print(&error, "threadline-view: ", stderr);
	return EXIT_CANNOT;
}
