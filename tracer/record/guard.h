/*
 * A process beside the recorder that does two things for it. When the recorder
 * is killed, it ends the recording properly, so that what was recorded can be
 * read and nothing is left behind. And since it lives in the same process
 * group, it can tell a signal sent to the whole group (which the command has
 * received by itself) from one sent to the recorder alone.
 */
#ifndef TL_RECORD_GUARD_H
#define TL_RECORD_GUARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "viewer/base/error.h"

struct tl_guard {
	pid_t pid;
	int socket;
};

/* Watches over `session`. All signals must be blocked when this is called. */
int tl_guard_start(struct tl_guard *guard, const char *session, struct tl_error *error);

/* Did the guard get this signal too? It forgets it then. */
bool tl_guard_received(const struct tl_guard *guard, int signal);

/* The session is ended: the guard goes. */
void tl_guard_finish(struct tl_guard *guard);

#endif
