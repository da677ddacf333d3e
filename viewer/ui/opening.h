/*
 * Opening in a window: reads the traces, and from early on shows what has been
 * read so far, in which one can already move about.
 */
#ifndef TL_UI_OPENING_H
#define TL_UI_OPENING_H

#include "viewer/ui/caching.h"
#include "viewer/ui/load.h"
#include "viewer/ui/options.h"
#include "viewer/ui/sdl.h"
#include "viewer/ui/sidecar.h"

struct tl_opening {
	const struct tl_view_options *options;
	const char *title; /* escaped */
	struct tl_fonts fonts;
	struct tl_window *window;
	/* What the command line asks of a view that shows everything. */
	int (*apply)(struct tl_view *view, const struct tl_view_options *options, struct tl_error *error);
	/* Its own: */
	struct tl_loaded loaded;
	struct tl_caching caching;
	struct tl_check partial; /* the check's state, without findings: those are not ripe yet */
	struct tl_view view;
	struct tl_sidecar sidecar; /* of one trace; of several at once nothing is kept */
	bool is_open;              /* the view is there */
	bool quit;                 /* the user has left */
	int64_t begun_ms, drawn_ms, cost_ms;
	int64_t first_ns; /* when the first picture was there; 0: none yet */
	unsigned pictures;
	struct tl_error failure;
};

/* Reads, and shows the view until the user leaves it. 0, or negative with `error` set. */
int tl_opening_run(struct tl_opening *opening, struct tl_error *error);

/* What a view shows of a loaded trace. Borrowed, and so are `fonts` and `title`. */
struct tl_view_data tl_loaded_data(const struct tl_loaded *loaded, const struct tl_fonts *fonts, const char *title);
/* What was read of a broken trace is shown; that it is broken is said on stderr too. Empties `error`. */
void tl_loaded_warn(const struct tl_loaded *loaded, struct tl_error *error);

#endif
