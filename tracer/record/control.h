/*
 * What the recorder asks of LTTng: control*.c are the only files of the project
 * that call liblttng-ctl. Each call runs in a short-lived child process and has a
 * deadline: a daemon that hangs costs a call its time and never the recorder
 * its life. Which daemon is asked follows from LTTNG_HOME, see home.h; root's
 * daemon is never used by other users, not even by members of its group.
 *
 * All functions return 0 (or what they say), or a negative tl_error_code with
 * `error` set. For single-threaded callers: they fork.
 */
#ifndef TL_RECORD_CONTROL_H
#define TL_RECORD_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/record/address.h"
#include "tracer/record/buffers.h"
#include "viewer/base/error.h"

/* Does a session daemon answer? */
bool tl_control_alive(void);

/*
 * A new session. It writes to a folder, or sends to a relay daemon; with neither it writes
 * nothing but snapshots. What is sent is a live session of LTTng's: only those send a
 * trace's description and what is in half-full buffers on their way at once, so that all
 * is whole up to a cut.
 */
struct tl_control_output {
	const char *path;               /* absolute, may be missing; NULL: none */
	const struct tl_address *relay; /* NULL: none */
};
int tl_control_create(const char *session, const struct tl_control_output *output, struct tl_error *error);

/*
 * Its one channel: per user, never blocking the program unless it is wanted, and in it every event
 * threadline:* whose process carries the identity `recording` (0: of every process).
 */
struct tl_control_channel {
	const struct tl_buffers *buffers;
	bool overwrites; /* when full the oldest events go, and not the newest */
	bool blocks;     /* when full who emits waits, at most TL_CONTROL_BLOCK_US, if it allows that */
};
#define TL_CONTROL_BLOCK_US INT64_C(5000000)
int tl_control_enable(const char *session, const struct tl_control_channel *channel, int64_t recording,
		      struct tl_error *error);

int tl_control_start(const char *session, struct tl_error *error);

/* Stops, and waits until what was recorded is on disk, at most `wait_ms`. */
int tl_control_stop(const char *session, int wait_ms, struct tl_error *error);

/* What the tracer itself counted as lost; ask between stop and destroy. */
int tl_control_lost(const char *session, uint64_t *events, uint64_t *packets, struct tl_error *error);

/* Ends the session and waits for its end; the trace is complete then. */
int tl_control_destroy(const char *session, struct tl_error *error);

/*
 * Records no process but these (as they number themselves), and those added later. To
 * be called before the session is started, with n = 0 where none is known yet.
 */
int tl_control_track(const char *session, const pid_t *pids, size_t n, struct tl_error *error);

/* The processes with our library that have reached the daemon: up to `room` are stored; how many. */
int tl_control_processes(pid_t *pids, size_t room, struct tl_error *error);

/* Takes back what tl_watch_start (watch.h) asked for under this name. */
int tl_control_unwatch(const char *session, struct tl_error *error);

/* Every process of the session says its state again (tracer/dump.h). */
int tl_control_regenerate(const char *session, struct tl_error *error);

/* Begins a new part of the trace; waits until the one before it is complete, and stores its folder. */
int tl_control_rotate(const char *session, char *folder, size_t size, struct tl_error *error);

/* Where the session's buffers lie as files that outlive everybody; before events are enabled. */
int tl_control_shm_path(const char *session, const char *path, struct tl_error *error);

/*
 * Writes what the buffers hold to the folder `path`, in one below it. TL_ELIMIT: it came
 * not in time, or LTTng could not: a stream has stalled, and will not recover.
 */
int tl_control_snapshot(const char *session, const char *path, const char *name, struct tl_error *error);

#endif
