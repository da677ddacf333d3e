/*
 * A folder of snapshots, as `threadline record --flight` leaves it: each is a trace
 * of its own in a folder of its own, and the file "snapshots" names them, the latest
 * last. Who gives the folder means the latest.
 */
#ifndef TL_READ_SNAPSHOTS_H
#define TL_READ_SNAPSHOTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define TL_SNAPSHOT_TEXT 1024

struct tl_snapshots {
	char path[PATH_MAX];           /* of the latest */
	char others[TL_SNAPSHOT_TEXT]; /* names of the rest, the latest first, ", " between; "..." where room ended */
	unsigned n;                    /* all of them */
};

/* False: `path` is no such folder, or holds none that is still there. */
bool tl_snapshots_find(struct tl_snapshots *snapshots, const char *path);

/*
 * Is the trace in this folder cut out of a longer one: a snapshot (it holds a file "snapshot"),
 * or a part of a recording (LTTng names its folder by when it began and ended)?
 */
bool tl_snapshot_is_cut(const char *path);

#endif
