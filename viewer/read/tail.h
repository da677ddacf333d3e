/*
 * Broken traces made readable: when a stream file ends in the middle of a packet
 * (the machine died, the disk was full), the reader's library refuses the whole
 * trace. This builds, in a private temporary folder, a trace of links to the
 * whole stream files and of copies of the torn ones, each cut after its last
 * whole packet, and says what was left out. The original is never changed.
 *
 * Knows no library: whether a folder can be opened is asked through a function.
 */
#ifndef TL_READ_TAIL_H
#define TL_READ_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/error.h"
#include "viewer/base/vec.h"
#include "viewer/read/discover.h"

/* What was left out of one stream file. */
struct tl_tail {
	char *path;     /* of the file in the temporary folder; "" when nothing of it is left */
	char *original; /* of the file itself */
	uint64_t bytes;
	bool told; /* for the source's use */
};

/* A temporary folder, and the trace folder that it stands for. */
struct tl_shadow {
	char *path;
	char *original;
};

struct tl_tails {
	TL_VEC(struct tl_tail) list;
	TL_VEC(struct tl_shadow) shadows;
	TL_VEC(int) files; /* open copies: already without a name, so that even a crash leaves no data behind */
};

/* Tells whether the trace in `folder` can be opened; 0, or a code with the error set. */
typedef int (*tl_tails_probe)(void *data, const char *folder, struct tl_error *error);

/* Removes all temporary folders; the copies die with it. */
void tl_tails_finish(struct tl_tails *tails);

/*
 * Makes a readable form of `folder`, whose path goes to `repaired` (borrowed from
 * `tails`), and appends what was left out. Fails when the metadata cannot be
 * read (the probe's own error), or when no stream has one whole packet.
 */
int tl_tails_repair(struct tl_tails *tails, const struct tl_trace_folder *folder, tl_tails_probe probe, void *data,
		    const char **repaired, struct tl_error *error);

/*
 * Whether the library can be let near a trace folder. It trusts LTTng's index
 * files (index/NAME.idx), and crashes on a damaged one; and it runs for ever on a
 * packet that claims to have no size. A trace that is not safe is read by its
 * repaired form, which has no index and ends before such a packet.
 */
bool tl_tails_is_safe(const char *folder);

/*
 * The original path of a stream file that a library calls `path`: the same,
 * unless it lies in a temporary folder of ours. Never NULL; `buffer` may be used.
 */
const char *tl_tails_original(const struct tl_tails *tails, const char *path, char *buffer, size_t size);

#endif
