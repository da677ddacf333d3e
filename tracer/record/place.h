/*
 * Where the session daemon lives: the user's own, at LTTng's usual place, so
 * that whoever attaches finds it; a short private place when that cannot be
 * (no home, one that is not writable, or one whose sockets' names would pass
 * the 108 bytes of a Unix socket's path). Root's is machine-wide.
 */
#ifndef TL_RECORD_PLACE_H
#define TL_RECORD_PLACE_H

#include <limits.h>
#include <stdbool.h>

#include "viewer/base/error.h"

struct tl_place {
	char home[PATH_MAX]; /* LTTNG_HOME for daemon and program; "" for root, who has none */
	char run[PATH_MAX];  /* our own folder: locks and the daemon's log */
	bool private_home;   /* not LTTng's usual place */
};

/* Longest home whose sockets' paths fit, in bytes. */
#define TL_PLACE_HOME_MAX 70

/* Chooses, makes the folder, and sets LTTNG_HOME in this process. */
int tl_place_init(struct tl_place *place, struct tl_error *error);

#endif
