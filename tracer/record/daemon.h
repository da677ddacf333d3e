/*
 * The session daemon, shared by all recordings of a user: started when none
 * answers, stopped when the last recording that needed it ends, however that
 * one ends. A daemon that was there before is used and left alone.
 *
 * Three lock files in the home's run folder carry it; the kernel releases a lock
 * when its holder dies, so nothing is ever stale:
 *   lock        held while somebody starts or leaves: one at a time
 *   recordings  shared by every recording; exclusive when there is none
 *   daemon      held by the keeper, as long as the daemon it started lives
 * The keeper is a process of its own, parent of the daemon. It waits for
 * `recordings` to become free, then ends the daemon, its consumers and itself.
 */
#ifndef TL_RECORD_DAEMON_H
#define TL_RECORD_DAEMON_H

#include <limits.h>
#include <stdbool.h>

#include "tracer/record/home.h"

struct tl_daemon {
	int recordings; /* our share of the lock; -1: none */
	bool kept;      /* started by a recording, so a keeper ends it */
	char run[PATH_MAX];
	char log[PATH_MAX]; /* what the daemon said; of use only if kept */
};

/* Finds or starts a daemon and registers as its user; release in any case. */
int tl_daemon_acquire(struct tl_daemon *daemon, const struct tl_home *home, struct tl_error *error);

/*
 * Leaves; when nobody else records and the daemon is a keeper's, waits until it
 * is gone. Negative when it is still there after some seconds.
 */
int tl_daemon_release(struct tl_daemon *daemon, struct tl_error *error);

/* The daemon's last complaint, one line without its decorations, "" if none. */
void tl_daemon_complaint(const struct tl_daemon *daemon, char *text, size_t size);

#endif
