/*
 * The window: SDL's events become ours, the rasterised picture goes to the
 * window's surface. Without a graphics card and without a timer: it draws when
 * the view has changed, and sleeps otherwise.
 */
#include <SDL.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/ui/input.h"
#include "viewer/ui/sdl.h"

struct tl_window {
	SDL_Window *window;
	struct tl_draw draw;
	uint32_t progress_ms; /* when progress was shown last */
	bool closed;
	double scale; /* that was asked for; 0: the display's */
	bool tells_frames;
	uint64_t frames; /* drawn so far */
};

static void pick_size(int *width, int *height)
{
	SDL_Rect usable;

	*width = 1600;
	*height = 900;
	if (SDL_GetDisplayUsableBounds(0, &usable) == 0) {
		*width = usable.w * 9 / 10 < *width ? usable.w * 9 / 10 : *width;
		*height = usable.h * 9 / 10 < *height ? usable.h * 9 / 10 : *height;
	}
}

/*
 * The surface is ours to fill. On X11 there is no renderer under it; on Wayland SDL has
 * surfaces only on top of one, which Mesa makes without a graphics card, too.
 */
static void choose_surface(void)
{
	const char *driver = SDL_GetCurrentVideoDriver();

	SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, driver && strcmp(driver, "wayland") == 0 ? "1" : "0");
}

struct tl_window *tl_window_create(const char *title, struct tl_error *error)
{
	struct tl_window *window = calloc(1, sizeof *window);
	int width, height;

	if (!window) {
		tl_error_set(error, TL_ENOMEM, "out of memory for the window");
		return NULL;
	}
	SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
	SDL_SetHint(SDL_HINT_APP_NAME, "Threadline");
	if (SDL_Init(SDL_INIT_VIDEO) != 0) {
		tl_error_set(error, TL_EIO, "%s", SDL_GetError());
		tl_error_add(
			error,
			"no display can be reached: set DISPLAY or WAYLAND_DISPLAY, or draw a picture without one: "
			"threadline render TRACE -o timeline.png");
		free(window);
		return NULL;
	}
	choose_surface();
	pick_size(&width, &height);
	window->window = SDL_CreateWindow(title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, width, height,
					  SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
	if (!window->window) {
		tl_error_set(error, TL_EIO, "%s", SDL_GetError());
		tl_error_add(error, "the window cannot be opened");
		SDL_Quit();
		free(window);
		return NULL;
	}
	/* Without one nothing would ever be seen, and nobody told. */
	if (!SDL_GetWindowSurface(window->window)) {
		tl_error_set(error, TL_EIO, "%s", SDL_GetError());
		tl_error_add(error, "the window has nothing to draw into: try SDL_VIDEODRIVER=x11, or draw a picture "
				    "without a window: threadline render TRACE -o timeline.png");
		SDL_DestroyWindow(window->window);
		SDL_Quit();
		free(window);
		return NULL;
	}
	SDL_SetWindowMinimumSize(window->window, 320, 200);
	SDL_EnableScreenSaver();
	tl_draw_init(&window->draw, NULL);
	return window;
}

void tl_window_set_scale(struct tl_window *window, double scale)
{
	window->scale = scale;
}

void tl_window_destroy(struct tl_window *window)
{
	if (!window)
		return;
	tl_draw_finish(&window->draw);
	/*
	 * On X11, SDL wakes its own SDL_WaitEvent by a message to the window over a
	 * second connection. The server may take that one up only after the
	 * window's end, and such an error ends the program: let it arrive first.
	 */
	SDL_HideWindow(window->window);
	SDL_PumpEvents();
	SDL_Delay(100);
	SDL_DestroyWindow(window->window);
	SDL_Quit();
	free(window);
}

void tl_window_size(struct tl_window *window, int *width, int *height)
{
	SDL_GetWindowSizeInPixels(window->window, width, height);
}

/* Device pixels for each of the units that SDL gives the pointer in. */
static double pointer_ratio(struct tl_window *window)
{
	int points, pixels, unused;

	SDL_GetWindowSize(window->window, &points, &unused);
	SDL_GetWindowSizeInPixels(window->window, &pixels, &unused);
	return points > 0 && pixels > 0 ? (double)pixels / points : 1;
}

double tl_window_scale(struct tl_window *window)
{
	double ratio = pointer_ratio(window);
	float dpi = 0;

	if (window->scale > 0)
		return window->scale;
	if (ratio > 1.01 || SDL_GetDisplayDPI(SDL_GetWindowDisplayIndex(window->window), NULL, &dpi, NULL) != 0)
		return ratio;
	/* Displays lie about their size a little; only what is clearly dense is taken at its word. */
	return dpi < 160 || dpi > 600 ? 1 : round(dpi / 96 * 4) / 4;
}

/* Draws the list into the window; a window without a surface (minimised) is left alone. */
static void show(struct tl_window *window)
{
	SDL_Surface *surface = SDL_GetWindowSurface(window->window), *own = NULL;
	struct tl_pixels pixels;

	if (!surface || surface->w < 1 || surface->h < 1)
		return;
	if (surface->format->format != SDL_PIXELFORMAT_RGB888 && surface->format->format != SDL_PIXELFORMAT_ARGB8888) {
		own = SDL_CreateRGBSurfaceWithFormat(0, surface->w, surface->h, 32, SDL_PIXELFORMAT_RGB888);
		if (!own)
			return;
	}
	SDL_LockSurface(own ? own : surface);
	pixels = (struct tl_pixels){(own ? own : surface)->pixels, surface->w, surface->h,
				    (own ? own : surface)->pitch / 4};
	tl_raster(&window->draw, &pixels);
	SDL_UnlockSurface(own ? own : surface);
	if (own) {
		SDL_BlitSurface(own, NULL, surface, NULL);
		SDL_FreeSurface(own);
	}
	SDL_UpdateWindowSurface(window->window);
}

static unsigned mods_now(void)
{
	SDL_Keymod mods = SDL_GetModState();

	return (mods & KMOD_SHIFT ? TL_MOD_SHIFT : 0) | (mods & KMOD_CTRL ? TL_MOD_CTRL : 0);
}

static void on_button(struct tl_view *view, const SDL_MouseButtonEvent *button, double ratio)
{
	struct tl_input input = {.mods = mods_now(), .clicks = button->clicks};

	if (button->button != SDL_BUTTON_LEFT)
		return;
	input.type = button->type == SDL_MOUSEBUTTONDOWN ? TL_INPUT_PRESS : TL_INPUT_RELEASE;
	input.x = (int)(button->x * ratio);
	input.y = (int)(button->y * ratio);
	SDL_CaptureMouse(button->type == SDL_MOUSEBUTTONDOWN ? SDL_TRUE : SDL_FALSE);
	tl_view_input(view, &input);
}

static void on_wheel(struct tl_view *view, const SDL_MouseWheelEvent *wheel)
{
	struct tl_input input = {.type = TL_INPUT_WHEEL,
				 .mods = mods_now(),
				 .x = view->mouse_x,
				 .y = view->mouse_y,
				 .wheel_x = wheel->preciseX,
				 .wheel_y = wheel->preciseY};

	if (wheel->direction == SDL_MOUSEWHEEL_FLIPPED) {
		input.wheel_x = -input.wheel_x;
		input.wheel_y = -input.wheel_y;
	}
	tl_view_input(view, &input);
}

static void on_key(struct tl_view *view, const SDL_KeyboardEvent *key)
{
	struct tl_input input = {.type = TL_INPUT_KEY, .mods = mods_now(), .scancode = (uint32_t)key->keysym.scancode};

	if (key->keysym.sym > 0 && key->keysym.sym < 0x110000)
		input.sym = (uint32_t)key->keysym.sym;
	tl_view_input(view, &input);
}

static void on_text(struct tl_view *view, const char *text)
{
	/* A method of input may hand over several at once. */
	while (*text) {
		struct tl_input input = {.type = TL_INPUT_TEXT, .mods = mods_now()};
		size_t n = tl_text_utf8(text, strlen(text), &input.sym);

		if (n == 0 || n >= sizeof input.text)
			return;
		memcpy(input.text, text, n);
		tl_view_input(view, &input);
		text += n;
	}
}

static int on_window(struct tl_window *window, struct tl_view *view, const SDL_WindowEvent *event)
{
	int width, height;

	switch (event->event) {
	case SDL_WINDOWEVENT_SIZE_CHANGED:
	case SDL_WINDOWEVENT_DISPLAY_CHANGED:
		tl_window_size(window, &width, &height);
		return tl_view_resize(view, width, height, tl_window_scale(window));
	case SDL_WINDOWEVENT_EXPOSED: view->dirty = true; break;
	case SDL_WINDOWEVENT_LEAVE: tl_view_input(view, &(struct tl_input){.type = TL_INPUT_LEAVE}); break;
	default: break;
	}
	return 0;
}

static int on_event(struct tl_window *window, struct tl_view *view, const SDL_Event *event)
{
	double ratio = pointer_ratio(window);

	switch (event->type) {
	case SDL_QUIT: view->quit = true; break;
	case SDL_WINDOWEVENT: return on_window(window, view, &event->window);
	case SDL_KEYDOWN: on_key(view, &event->key); break;
	case SDL_TEXTINPUT: on_text(view, event->text.text); break;
	case SDL_MOUSEMOTION:
		tl_view_input(view, &(struct tl_input){.type = TL_INPUT_MOVE,
						       .mods = mods_now(),
						       .x = (int)(event->motion.x * ratio),
						       .y = (int)(event->motion.y * ratio)});
		break;
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP: on_button(view, &event->button, ratio); break;
	case SDL_MOUSEWHEEL: on_wheel(view, &event->wheel); break;
	default: break;
	}
	return 0;
}

/* What was copied goes to the desktop's clipboard. */
static void hand_over(struct tl_view *view)
{
	if (!view->clipboard)
		return;
	SDL_SetClipboardText(view->clipboard);
	free(view->clipboard);
	view->clipboard = NULL;
}

bool tl_window_has_input(struct tl_window *window)
{
	(void)window;
	SDL_PumpEvents();
	return SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
}

void tl_window_tell_frames(struct tl_window *window)
{
	window->tells_frames = true;
}

static double ms_since(uint64_t begin)
{
	return (double)(SDL_GetPerformanceCounter() - begin) * 1e3 / (double)SDL_GetPerformanceFrequency();
}

static int draw_view(struct tl_window *window, struct tl_view *view, struct tl_error *error)
{
	uint64_t begin = SDL_GetPerformanceCounter();

	tl_view_draw(view, &window->draw);
	if (window->draw.failed)
		return tl_error_set(error, TL_ENOMEM, "out of memory for the picture");
	show(window);
	window->frames++;
	if (window->tells_frames)
		fprintf(stderr, "frame %" PRIu64 ": %.3f ms\n", window->frames, ms_since(begin));
	return 0;
}

int tl_window_turn(struct tl_window *window, struct tl_view *view, struct tl_error *error)
{
	bool stop = false;
	SDL_Event event;

	window->draw.fonts = view->data.fonts;
	while (SDL_PollEvent(&event)) {
		if (event.type == SDL_KEYDOWN && event.key.keysym.scancode == SDL_SCANCODE_ESCAPE) {
			stop = true;
			continue;
		}
		if (on_event(window, view, &event) != 0)
			return tl_error_set(error, TL_ENOMEM, "out of memory after a change of size");
	}
	window->closed |= view->quit;
	if (window->closed)
		return TL_READING_QUITS;
	if (draw_view(window, view, error) != 0)
		return TL_ENOMEM;
	return stop ? TL_READING_STOPS : TL_READING_GOES_ON;
}

int tl_window_run(struct tl_window *window, struct tl_view *view, struct tl_error *error)
{
	SDL_Event event;

	window->draw.fonts = view->data.fonts;
	view->dirty = true;
	while (!view->quit) {
		if (view->dirty && draw_view(window, view, error) != 0)
			return TL_ENOMEM;
		/* Work that a panel needs is done in slices, as long as nobody wants anything else. */
		if (!SDL_PollEvent(&event)) {
			if (tl_drawer_work(view) || view->dirty)
				continue;
			if (!SDL_WaitEvent(&event))
				return tl_error_set(error, TL_EIO, "the display is gone: %s", SDL_GetError());
		}
		/* All that has come is taken before the next picture, so that input never queues up. */
		do {
			if (on_event(window, view, &event) != 0)
				return tl_error_set(error, TL_ENOMEM, "out of memory after a change of size");
		} while (SDL_PollEvent(&event));
		hand_over(view);
	}
	return 0;
}

static void draw_progress(struct tl_window *window, const struct tl_theme *theme, const char *what, uint64_t events)
{
	struct tl_draw *draw = &window->draw;
	int width, height, w, bar, at;
	char text[128];

	tl_window_size(window, &width, &height);
	bar = width / 3;
	at = (int)(events / 50000 * 7 % (uint64_t)(bar > 40 ? bar - 40 : 1));
	tl_draw_clear(draw);
	tl_draw_rect(draw, (struct tl_rect){0, 0, width, height}, theme->colors[TL_COLOR_BACK]);
	w = tl_draw_text_width(draw, TL_FONT_BOLD, what);
	w = w < width - 40 ? w : width - 40;
	tl_draw_text_fit(draw, TL_FONT_BOLD, (width - w) / 2, height / 2 - 50, width - 40, theme->colors[TL_COLOR_TEXT],
			 what);
	snprintf(text, sizeof text, "%" PRIu64 " events read", events);
	w = tl_draw_text_width(draw, TL_FONT_TEXT, text);
	tl_draw_text(draw, TL_FONT_TEXT, (width - w) / 2, height / 2 - 24, theme->colors[TL_COLOR_DIM], text);
	tl_draw_rect(draw, (struct tl_rect){(width - bar) / 2, height / 2 + 8, bar, 4}, theme->colors[TL_COLOR_BORDER]);
	tl_draw_rect(draw, (struct tl_rect){(width - bar) / 2 + at, height / 2 + 8, 40, 4},
		     theme->colors[TL_COLOR_ACCENT]);
	w = tl_draw_text_width(draw, TL_FONT_SMALL, "Esc stops");
	tl_draw_text(draw, TL_FONT_SMALL, (width - w) / 2, height / 2 + 24, theme->colors[TL_COLOR_DIM], "Esc stops");
}

bool tl_window_progress(struct tl_window *window, const struct tl_fonts *fonts, const struct tl_theme *theme,
			const char *what, uint64_t events)
{
	uint32_t now = SDL_GetTicks();
	SDL_Event event;

	if (window->closed)
		return false;
	if (events > 0 && now - window->progress_ms < 50)
		return true;
	window->progress_ms = now;
	while (SDL_PollEvent(&event))
		if (event.type == SDL_QUIT ||
		    (event.type == SDL_KEYDOWN && event.key.keysym.scancode == SDL_SCANCODE_ESCAPE))
			window->closed = true;
	window->draw.fonts = fonts;
	draw_progress(window, theme, what, events);
	show(window);
	return !window->closed;
}
