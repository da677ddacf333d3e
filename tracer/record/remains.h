/*
 * What a recording with --survive leaves when everybody is killed: a note beside the
 * trace that says in which folder of /dev/shm its buffers lie.
 */
#ifndef TL_RECORD_REMAINS_H
#define TL_RECORD_REMAINS_H

#include <limits.h>
#include <stdbool.h>

#include "viewer/base/error.h"

/* `trace`: the recording's folder; `shm`: its buffers'. */
int tl_remains_note(const char *trace, const char *shm, struct tl_error *error);
/* They are all written: there is nothing to recover. */
void tl_remains_forget(const char *trace);
/* Where the buffers of a trace lie; false: no note, or none that can be meant. */
bool tl_remains_find(const char *trace, char shm[PATH_MAX]);

#endif
