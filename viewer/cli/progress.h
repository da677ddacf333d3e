/*
 * How far long work is, on a terminal: one line on stderr, redrawn a few times a
 * second and taken away at the end. In a pipe or a file there is none.
 */
#ifndef TL_CLI_PROGRESS_H
#define TL_CLI_PROGRESS_H

#include "viewer/rules/check.h"

struct tl_progress {
	const struct tl_check *check;
	bool is_wanted, is_shown;
	int64_t last_ns; /* when it was drawn, by the monotonic clock */
};

/* To be asked for by `options`: both must outlive the check. */
void tl_progress_init(struct tl_progress *progress, const struct tl_check *check, struct tl_check_options *options);
/* Takes the line away. */
void tl_progress_end(struct tl_progress *progress);

#endif
