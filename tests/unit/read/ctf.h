/*
 * Writes small CTF 1.8 traces with our events, derived from the contract's
 * table, in the form LTTng-UST gives them: so decoding is tested without LTTng,
 * and with every mistake one likes. Little-endian, all fields on whole bytes.
 */
#ifndef TL_TESTS_READ_CTF_H
#define TL_TESTS_READ_CTF_H

#include <stdbool.h>

#include "viewer/base/vec.h"
#include "viewer/read/event.h"

#define CTF_OFFSET_S 1000            /* the clock's zero is so many seconds after the epoch */
#define CTF_FOREIGN TL_N_EVENT_KINDS /* id of the event "other:thing", without fields */

struct ctf_bytes {
	TL_VEC(unsigned char) vec;
};

/* Event headers: one of our own, or LTTng's; of these, events at times that 5 divides have the long form. */
enum ctf_header { CTF_HEADER_OWN, CTF_HEADER_SMALL, CTF_HEADER_LARGE };

/* How the metadata differs from what we record. */
struct ctf_form {
	const char *uuid;       /* of the trace; NULL: a fixed one */
	const char *host;       /* NULL: "alpha" */
	const char *clock_uuid; /* NULL: none */
	int kind;               /* of whose fields ... */
	const char *without;    /* ... this one is missing, */
	const char *wide;       /* ... or this one has 64 bits */
	bool no_clock;
	bool numbered; /* packets say their number */
	enum ctf_header header;
};

/* One stream file in memory. */
struct ctf_stream {
	const struct ctf_form *form;
	struct ctf_bytes bytes;
	size_t packet; /* where the present packet begins */
	uint64_t discarded;
	uint64_t sequence; /* of the next packet, if numbered */
	uint32_t cpu;
};

/* Metadata as text; the caller frees it. */
char *ctf_metadata(const struct ctf_form *form);

void ctf_packet_begin(struct ctf_stream *stream, uint64_t time);
/* `event->time_ns` is of the clock, not of the epoch. Kind CTF_FOREIGN: only time matters. */
void ctf_event(struct ctf_stream *stream, const struct tl_event *event);
/* `pad` bytes follow the content. */
void ctf_packet_end(struct ctf_stream *stream, uint64_t time, size_t pad);
void ctf_stream_finish(struct ctf_stream *stream);

/* Writes a file folder/name; aborts the test program when it cannot. */
void ctf_write(const char *folder, const char *name, const void *bytes, size_t size);

/* A new folder below $TMPDIR or /tmp, into `path` (of 4096 bytes). */
void ctf_folder(char *path);
/* Removes a folder and all in it. */
void ctf_remove(const char *path);

#endif
