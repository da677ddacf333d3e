/*
 * Where the session daemon lives: the user's own, at LTTng's usual place, so
 * that whoever attaches finds it; a short private place when that cannot be
 * (no home, one that is not writable, or one whose sockets' names would pass
 * the 108 bytes of a Unix socket's path). Root's is machine-wide.
 */
#ifndef TL_RECORD_HOME_H
#define TL_RECORD_HOME_H

#include <limits.h>
#include <stdbool.h>

#include "viewer/base/error.h"

struct tl_home {
	char path[PATH_MAX]; /* LTTNG_HOME for daemon and program; "" for root, who has none */
	char run[PATH_MAX];  /* our own folder: locks and the daemon's log */
	bool is_private;     /* not LTTng's usual place */
};

/* Longest home whose sockets' paths fit, in bytes. */
#define TL_HOME_MAX 70

/* Chooses, makes the folder, and sets LTTNG_HOME in this process. */
int tl_home_init(struct tl_home *home, struct tl_error *error);

#endif
