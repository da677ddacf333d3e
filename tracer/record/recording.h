/*
 * One recording from its beginning to its end: a home for the daemon, the
 * daemon, a session that writes to a folder, and the guard beside it.
 */
#ifndef TL_RECORD_RECORDING_H
#define TL_RECORD_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/record/buffers.h"
#include "tracer/record/daemon.h"
#include "tracer/record/guard.h"
#include "tracer/record/output.h"
#include "tracer/record/home.h"

/* What is recorded, and how. */
struct tl_recording_plan {
	const struct tl_output *output;
	uint64_t buffer_bytes;          /* of one processor; 0: as much as is sensible */
	bool is_flight;                 /* keep the latest in memory, write snapshots only */
	uint64_t keep_bytes;            /* of all processors; 0: a sensible number */
	bool survives;                  /* the buffers are files that outlive everybody, until recovered */
	bool is_attached;               /* programs that run already, of any identity */
	bool is_tracked;                /* of them only those that tl_recording_track names */
	const struct tl_address *relay; /* sent there, and not written to `output`; NULL: none */
	const char *relay_name;         /* what it is called there */
	bool blocks;                    /* nothing is lost as long as programs may wait (--lossless) */
};

struct tl_recording {
	int64_t id;       /* > 0, random: the identity its processes carry */
	char name[64];    /* of this recording, everywhere */
	char session[80]; /* LTTng's name of it: another one when it was replaced */
	unsigned n_replaced;
	struct tl_recording_plan plan;
	struct tl_home home;
	struct tl_buffers buffers;
	int reserve; /* our share of /dev/shm; -1: none */
	struct tl_daemon daemon;
	struct tl_guard guard;
	bool created; /* the session exists */
	const struct tl_output *output;
	char shm[PATH_MAX]; /* the folder of its buffers' files; "": none */
	uint64_t lost_events, lost_packets;
	bool lost_known;
};

/*
 * Begins to record into `output`. On failure nothing of it is left but what
 * finish takes away.
 */
int tl_recording_init(struct tl_recording *recording, struct tl_error *error);
int tl_recording_start(struct tl_recording *recording, const struct tl_recording_plan *plan, struct tl_error *error);

/* These processes are recorded from now on. */
int tl_recording_track(struct tl_recording *recording, const pid_t *pids, size_t n, struct tl_error *error);

/*
 * The session has stalled, as LTTng's do when a program is killed at the wrong moment:
 * a fresh one goes on in its place, with nothing of what the old one held. Who tracks
 * processes names them again.
 */
int tl_recording_replace(struct tl_recording *recording, struct tl_error *error);

/* The same in two steps, with nothing recorded in between: the old session ends aside. */
void tl_recording_abandon(struct tl_recording *recording);
int tl_recording_resume(struct tl_recording *recording, struct tl_error *error);

/* Stops, and completes the trace. Whatever fails, the rest is still tried; the first failure is told. */
int tl_recording_stop(struct tl_recording *recording, struct tl_error *error);

/* Leaves the daemon, which ends if nobody else needs it. */
int tl_recording_finish(struct tl_recording *recording, struct tl_error *error);

#endif
