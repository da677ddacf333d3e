/*
 * The program to be recorded: finds it as a shell would, and tells beforehand
 * what would keep it from being traced. Knows nothing of LTTng.
 */
#ifndef TL_RECORD_PROGRAM_H
#define TL_RECORD_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

#include "viewer/base/error.h"

/* Why a preloaded library would not be loaded into it. */
enum tl_obstacle {
	TL_OBSTACLE_NONE,
	TL_OBSTACLE_STATIC,  /* no dynamic loader, nothing to preload into */
	TL_OBSTACLE_SETUID,  /* the loader ignores LD_PRELOAD */
	TL_OBSTACLE_FOREIGN, /* of another architecture or word size than our library */
};

struct tl_program {
	char path[PATH_MAX]; /* what will be executed */
	char seen[PATH_MAX]; /* what was judged: the interpreter, for a script */
	enum tl_obstacle obstacle;
	bool binary; /* not a script: no shell could run it */
};

#define TL_EXIT_FAILED 125
#define TL_EXIT_NOT_EXECUTABLE 126
#define TL_EXIT_NOT_FOUND 127

/*
 * Finds `name` (in PATH unless it has a slash) and judges it. Returns 0, or
 * TL_EXIT_NOT_EXECUTABLE or TL_EXIT_NOT_FOUND with `error` set.
 */
int tl_program_find(struct tl_program *program, const char *name, struct tl_error *error);

/* "is statically linked: ..."; "" for none. */
const char *tl_obstacle_text(enum tl_obstacle obstacle);

#endif
