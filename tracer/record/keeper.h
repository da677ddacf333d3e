/*
 * The process that starts a session daemon and ends it when no recording needs
 * it any more; see daemon.h for the locks that tell.
 */
#ifndef TL_RECORD_KEEPER_H
#define TL_RECORD_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include "viewer/base/error.h"

/*
 * Starts keeper and daemon, both detached from the caller's terminal. Returns
 * when the daemon's program runs (it does not answer yet), or negative.
 */
int tl_keeper_start(const char *run, const char *log, struct tl_error *error);

/* Where a program of LTTng's is, in PATH or where packages put it; false: nowhere. */
bool tl_keeper_find_program(const char *program, char *path, size_t size);

/* Where the daemon's program is; false: nowhere. */
bool tl_keeper_find_daemon(char *path, size_t size);

#endif
