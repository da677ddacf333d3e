/*
 * The window system: fonts, PNG files and the window. Only the files sdl*.c talk
 * to SDL, SDL_ttf, SDL_image and fontconfig; nothing of theirs shows here.
 */
#ifndef TL_UI_SDL_H
#define TL_UI_SDL_H

#include "viewer/base/error.h"
#include "viewer/ui/raster.h"
#include "viewer/ui/view.h"

/*
 * The system's fonts, found through fontconfig. Fills `fonts`, whose memory the
 * caller gives back with tl_sdl_fonts_finish. TL_EIO with a chain that names
 * what to install when there is none.
 */
int tl_sdl_fonts_init(struct tl_fonts *fonts, struct tl_error *error);
void tl_sdl_fonts_finish(struct tl_fonts *fonts);

/* Writes a picture: to a file beside `path`, then renamed, so that a reader never sees half of it. */
int tl_sdl_write_png(const char *path, const struct tl_pixels *pixels, struct tl_error *error);

struct tl_window;

/* Opens a window of about this size. NULL with `error` set when there is no display. */
struct tl_window *tl_window_create(const char *title, struct tl_error *error);
void tl_window_destroy(struct tl_window *window);
/* From now on, a line on stderr for each picture of a view that is drawn, with the time it took. */
void tl_window_tell_frames(struct tl_window *window);
/* From now on tl_window_scale gives this, whatever the display says, also after a change of size; 0: the display's. */
void tl_window_set_scale(struct tl_window *window, double scale);
/* Scale of its display (1: 96 dots an inch) and its size in pixels. */
double tl_window_scale(struct tl_window *window);
void tl_window_size(struct tl_window *window, int *width, int *height);

/* Shows how far the loading is; at most some 20 times a second. False: the user has closed the window. */
bool tl_window_progress(struct tl_window *window, const struct tl_fonts *fonts, const struct tl_theme *theme,
			const char *what, uint64_t events);

/*
 * While more is being read: has anything come from the user? Cheap. The view must not be given
 * any of it before it has been made fit for what is there now.
 */
bool tl_window_has_input(struct tl_window *window);
enum tl_reading { TL_READING_GOES_ON, TL_READING_STOPS, TL_READING_QUITS };
/* Gives the view what has come, and draws it. STOPS: the user pressed Esc; QUITS: has left. TL_ENOMEM as an error. */
int tl_window_turn(struct tl_window *window, struct tl_view *view, struct tl_error *error);

/* Shows the view until the user leaves it. Sleeps while nothing happens. */
int tl_window_run(struct tl_window *window, struct tl_view *view, struct tl_error *error);

#endif
