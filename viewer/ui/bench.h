/* A fixed series of moves, drawn without a display and timed. */
#ifndef TL_UI_BENCH_H
#define TL_UI_BENCH_H

#include <stdio.h>

#include "viewer/ui/raster.h"
#include "viewer/ui/view.h"

/* Prints p50_ms, p99_ms, max_ms, frames, events, tasks as one JSON object. 0 or TL_ENOMEM. */
int tl_view_bench(struct tl_view *view, struct tl_pixels *pixels, FILE *out, struct tl_error *error);

#endif
