/*
 * What keeps a recording from filling the disk: a size at which it ends, parts of which
 * only the latest are kept, and an end in order before there is no room left.
 */
#ifndef TL_RECORD_BOUNDS_H
#define TL_RECORD_BOUNDS_H

#include <limits.h>
#include <stdbool.h>

#include "tracer/record/options.h"
#include "tracer/record/output.h"
#include "tracer/record/recording.h"

struct tl_bounds {
	const struct tl_record_options *options;
	const struct tl_recording *recording;
	const struct tl_output *output;
	int64_t look_ns;         /* when next */
	int64_t rotate_ns;       /* when the next part begins, with --rotate TIME */
	uint64_t room;           /* on the disk, at the last look */
	uint64_t before;         /* bytes in all when the present part began */
	char (*parts)[PATH_MAX]; /* a ring of those that are complete: one less than --keep-files */
	unsigned n_parts;        /* ever */
	bool failed;             /* a part could not be begun: told once, tried again */
};

/* Nothing to do for a flight recording. Negative: out of memory. */
int tl_bounds_init(struct tl_bounds *bounds, const struct tl_record_options *options,
		   const struct tl_recording *recording, const struct tl_output *output, struct tl_error *error);
void tl_bounds_finish(struct tl_bounds *bounds);

/* To be called every TL_MEANWHILE_MS. True: the recording must end now; why, has been said. */
bool tl_bounds_look(struct tl_bounds *bounds);

#endif
