/*
 * Finds CTF traces below a path: every folder that holds a file `metadata`, and
 * the UUID that says which folders are parts of one trace (chunks of a rotated
 * session, snapshots of one session). Reads no stream and needs no library.
 */
#ifndef TL_READ_DISCOVER_H
#define TL_READ_DISCOVER_H

#include "viewer/base/error.h"
#include "viewer/base/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct tl_trace_folder {
	char *path; /* as given by the caller, and what is below it */
	uint8_t uuid[16];
	bool has_uuid;
};

struct tl_trace_folders {
	TL_VEC(struct tl_trace_folder) list; /* parts of one trace stand side by side, else by path */
	size_t n_empty;                      /* folders of traces to which nothing has been written; not in the list */
};

void tl_trace_folders_finish(struct tl_trace_folders *folders);

/*
 * Adds the traces at or below `path` to `folders`, and sorts all; symbolic
 * links to folders are not followed, except `path` itself. No trace at all is
 * an error (TL_EFORMAT). Whatever happens, finish must be called.
 */
int tl_trace_folders_find(struct tl_trace_folders *folders, const char *path, struct tl_error *error);

/* Reads "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" from the text up to `end`; false when it is none. */
bool tl_uuid_parse(const char *text, const char *end, uint8_t uuid[16]);

#endif
