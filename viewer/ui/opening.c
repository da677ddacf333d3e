/* Reading with pictures in between; see opening.h. */
#include "viewer/ui/opening.h"

#include <time.h>

#define FIRST_MS 120   /* before it, most traces are read: no picture of a part is shown */
#define PICTURE_MS 150 /* between pictures of what has been read so far ... */
#define INPUT_MS 30    /* ... or, if somebody moves about in it */
#define PART 16        /* the pictures take at most a sixteenth of the time of reading */

struct tl_view_data tl_loaded_data(const struct tl_loaded *loaded, const struct tl_fonts *fonts, const char *title)
{
	return (struct tl_view_data){.model = loaded->model,
				     .check = &loaded->check,
				     .symbols = loaded->symbols,
				     .fonts = fonts,
				     .title = title,
				     .broken = loaded->broken[0] ? loaded->broken : NULL};
}

void tl_loaded_warn(const struct tl_loaded *loaded, struct tl_error *error)
{
	if (!loaded->broken[0])
		return;
	tl_error_add(error, "the trace could not be read to its end; this is what came before");
	tl_error_print(error, "threadline-view: warning: ", stderr);
	tl_error_init(error);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now_ms(void)
{
	return now_ns() / 1000000;
}

/* The view of what is there now. */
static int open_or_reload(struct tl_opening *opening, const struct tl_view_data *data, struct tl_error *error)
{
	int width, height, result;

	if (opening->is_open)
		return tl_view_reload(&opening->view, data) == 0
			       ? 0
			       : tl_error_set(error, TL_ENOMEM, "out of memory for the list of rows");
	tl_window_size(opening->window, &width, &height);
	result = tl_view_init(&opening->view, data, opening->options->theme, width, height,
			      tl_window_scale(opening->window), error);
	opening->is_open = result == 0;
	return result;
}

/* A picture of what has been read so far. False: no more is to be read. */
static bool show_part(struct tl_opening *opening)
{
	struct tl_view_data data = tl_loaded_data(&opening->loaded, &opening->fonts, opening->title);
	int result;

	opening->partial = (struct tl_check){.state = opening->loaded.check.state};
	data.check = &opening->partial;
	if (tl_model_peek(opening->loaded.model, opening->partial.state) != 0) {
		tl_error_set(&opening->failure, TL_ENOMEM, "out of memory for a picture of what has been read");
		return false;
	}
	if (open_or_reload(opening, &data, &opening->failure) != 0)
		return false;
	result = tl_window_turn(opening->window, &opening->view, &opening->failure);
	opening->quit = result == TL_READING_QUITS;
	if (opening->pictures++ == 0)
		opening->first_ns = now_ns();
	return result == TL_READING_GOES_ON;
}

static bool on_progress(void *data, uint64_t events)
{
	struct tl_opening *opening = data;
	int64_t now = now_ms(), wait = tl_window_has_input(opening->window) ? INPUT_MS : PICTURE_MS;
	bool goes_on;

	if (opening->loaded.model->events == 0 || now - opening->begun_ms < FIRST_MS) {
		goes_on = tl_window_progress(opening->window, &opening->fonts, opening->options->theme, opening->title,
					     events);
		opening->quit = !goes_on;
		return goes_on;
	}
	if (wait < PART * opening->cost_ms)
		wait = PART * opening->cost_ms;
	if (opening->is_open && now - opening->drawn_ms < wait)
		return true;
	goes_on = show_part(opening);
	opening->drawn_ms = now_ms();
	opening->cost_ms = opening->drawn_ms - now;
	return goes_on;
}

/* Notes and the last visit's view, each with a word when its file is not as it should be. */
static void restore(struct tl_opening *opening, bool moved)
{
	const struct tl_view_options *options = opening->options;
	struct tl_sidecar *sidecar = &opening->sidecar;
	struct tl_view *view = &opening->view;
	struct tl_error error;

	tl_error_init(&error);
	/* What the command line asks for is not what the last visit left. */
	if (!moved && !options->has_from && !options->has_to && !options->select && !options->rows &&
	    tl_sidecar_read_view(sidecar, view, &error) != 0)
		tl_error_print(&error, "threadline-view: the last view is not restored: ", stderr);
	tl_error_init(&error);
	if (tl_sidecar_read_notes(sidecar, &view->notes, &error) != 0) {
		snprintf(view->said, sizeof view->said, "No notes are shown, and none kept: %.160s", error.cause[0]);
		tl_error_print(&error, "threadline-view: no notes are shown: ", stderr);
	}
	if (options->has_theme)
		view->theme = options->theme;
	view->keep_notes = tl_sidecar_write_notes;
	view->keeper = sidecar;
}

/* Instead of staying: one picture of everything, and when it and the first one were there. */
static int tell_times(struct tl_opening *opening, struct tl_error *error)
{
	int result = tl_window_turn(opening->window, &opening->view, error);
	int64_t whole_ns = now_ns();

	printf("{\"first_ns\": %lld, \"whole_ns\": %lld, \"pictures\": %u, \"cached\": %s, \"events\": %llu, "
	       "\"model_bytes\": %zu}\n",
	       (long long)(opening->first_ns ? opening->first_ns : whole_ns), (long long)whole_ns,
	       opening->pictures + 1, opening->loaded.is_cached ? "true" : "false",
	       (unsigned long long)tl_view_events(&opening->view.data), tl_model_bytes(opening->loaded.model));
	return result < 0 ? result : 0;
}

/* Everything is read: findings, edges and stacks are there. */
static int show_all(struct tl_opening *opening, struct tl_error *error)
{
	struct tl_view_data data = tl_loaded_data(&opening->loaded, &opening->fonts, opening->title);
	bool moved = opening->is_open && opening->view.n_history > 1;
	int result;

	tl_loaded_warn(&opening->loaded, error);
	result = open_or_reload(opening, &data, error);
	if (result != 0)
		return result;
	if (!opening->options->bench_opening && tl_sidecar_init(&opening->sidecar, opening->options->traces,
								opening->options->n_traces, opening->loaded.model) == 0)
		restore(opening, moved);
	/* Who has gone somewhere already is not called back. */
	if (!moved)
		result = opening->apply(&opening->view, opening->options, error);
	if (result == 0 && opening->options->bench_opening)
		return tell_times(opening, error);
	if (result == 0)
		result = tl_window_run(opening->window, &opening->view, error);
	/* That the place is lost is no reason to fail. */
	if (result == 0 && opening->sidecar.view_path)
		tl_sidecar_write_view(&opening->sidecar, &opening->view, NULL);
	tl_sidecar_finish(&opening->sidecar);
	return result;
}

int tl_opening_run(struct tl_opening *opening, struct tl_error *error)
{
	const struct tl_view_options *options = opening->options;
	struct tl_offsets offsets = options->offsets;
	int result;

	tl_error_init(&opening->failure);
	tl_window_set_scale(opening->window, options->scale);
	opening->fonts.set_scale(opening->fonts.data, tl_window_scale(opening->window));
	opening->begun_ms = now_ms();
	tl_window_progress(opening->window, &opening->fonts, options->theme, opening->title, 0);
	tl_caching_init(&opening->caching, tl_view_options_cache(options), options->traces, options->n_traces);
	result = tl_caching_read(&opening->caching, &opening->loaded)
			 ? 0
			 : tl_load(&opening->loaded, options->traces, options->n_traces, &offsets, on_progress, opening,
				   error);
	if (result == 0 && opening->failure.code != 0) {
		*error = opening->failure;
		result = error->code;
	}
	if (result == 0 && !opening->quit) {
		tl_caching_begin_write(&opening->caching, &opening->loaded, true);
		result = show_all(opening, error);
	}
	tl_caching_finish(&opening->caching, options->bench_opening);
	if (opening->is_open)
		tl_view_finish(&opening->view);
	tl_loaded_finish(&opening->loaded);
	return result;
}
