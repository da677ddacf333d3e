/*
 * What the recorder asks of LTTng. The only file of the project that calls
 * liblttng-ctl. Each call runs in a short-lived child process and has a
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
#include <stdint.h>

#include "tracer/record/buffers.h"
#include "viewer/base/error.h"

/* Does a session daemon answer? */
bool tl_control_alive(void);

/* A new session that writes to the folder `path` (absolute, may be missing). */
int tl_control_create(const char *session, const char *path, struct tl_error *error);

/*
 * Its one channel: per user, discarding (never blocking the program), and in
 * it every event threadline:* whose process carries the identity `recording`.
 */
int tl_control_enable(const char *session, const struct tl_buffers *buffers, int64_t recording, struct tl_error *error);

int tl_control_start(const char *session, struct tl_error *error);

/* Stops, and waits until what was recorded is on disk, at most `wait_ms`. */
int tl_control_stop(const char *session, int wait_ms, struct tl_error *error);

/* What the tracer itself counted as lost; ask between stop and destroy. */
int tl_control_lost(const char *session, uint64_t *events, uint64_t *packets, struct tl_error *error);

/* Ends the session and waits for its end; the trace is complete then. */
int tl_control_destroy(const char *session, struct tl_error *error);

#endif
