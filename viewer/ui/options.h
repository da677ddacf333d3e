/* The command line of threadline-view. Pure: parses, prints nothing. */
#ifndef TL_UI_OPTIONS_H
#define TL_UI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/error.h"
#include "viewer/ui/caching.h"
#include "viewer/read/offsets.h"
#include "viewer/ui/drawer.h"
#include "viewer/ui/theme.h"

#define TL_SIZE_MAX 16384
#define TL_TRACES_MAX 256

struct tl_view_options {
	const char *traces[TL_TRACES_MAX]; /* of one incident: they share the time line */
	size_t n_traces;
	const char *render; /* the picture to write; NULL: open a window */
	bool bench, bench_opening, frames, help, version, live;
	bool has_from, has_to;
	int64_t from_ns, to_ns;
	bool has_size;
	int width, height;
	double scale;         /* 0: the display's */
	unsigned long select; /* finding, from 1; 0: none */
	const struct tl_theme *theme;
	enum tl_panel panel; /* to open at once */
	bool has_theme;
	enum tl_cache_use cache;
	struct tl_offsets offsets; /* of clocks that are wrong */
	const char *rows;          /* a filter of the rows; NULL: none */
};

extern const char tl_view_usage[];

/* Of what is read otherwise than as it lies there, or of what runs, there is no cache. */
enum tl_cache_use tl_view_options_cache(const struct tl_view_options *options);

/* 0, or TL_EUSAGE with what is wrong. */
int tl_view_options_parse(struct tl_view_options *options, int argc, char *const *argv, struct tl_error *error);

#endif
