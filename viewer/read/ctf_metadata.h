/*
 * The metadata of one CTF 1.8 trace as a tree of types: what the direct reader
 * compiles its plans from. The grammar is CTF 1.8.3's, appendix C; understood is
 * the part that LTTng-UST and LTTng-modules write. Anything else is not guessed:
 * parsing fails with the reason, and another reader takes the trace.
 *
 *   ctf_metadata.c: the blocks of the outermost level     ctf_types.c: types
 */
#ifndef TL_READ_CTF_METADATA_H
#define TL_READ_CTF_METADATA_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "viewer/base/arena.h"
#include "viewer/base/error.h"
#include "viewer/base/vec.h"
#include "viewer/read/tsdl_words.h"

enum tl_ctf_kind {
	TL_CTF_INTEGER, /* enumerations, too */
	TL_CTF_FLOAT,
	TL_CTF_STRING,
	TL_CTF_STRUCT,
	TL_CTF_VARIANT,
	TL_CTF_ARRAY,
	TL_CTF_SEQUENCE,
};

enum tl_ctf_order { TL_CTF_NATIVE, TL_CTF_LITTLE, TL_CTF_BIG };

struct tl_ctf_type;

/* A field of a structure, or an option of a variant. */
struct tl_ctf_field {
	struct tl_word name; /* without the underscore that LTTng puts before it */
	const struct tl_ctf_type *type;
};

/* The values of an enumeration that have a label; compared as the enumeration's own integers. */
struct tl_ctf_range {
	struct tl_word label; /* without quotes */
	int64_t low, high;
};

struct tl_ctf_type {
	enum tl_ctf_kind kind;
	uint64_t align; /* in bits, a power of two */
	/* INTEGER, FLOAT */
	unsigned size; /* in bits; of integers 1 to 64 */
	enum tl_ctf_order order;
	bool is_signed;
	bool is_text;         /* it has an encoding: an array of them is a text */
	struct tl_word clock; /* it counts by; n 0: none */
	struct tl_ctf_range *ranges;
	size_t n_ranges;
	/* STRUCT, VARIANT */
	struct tl_ctf_field *fields;
	size_t n_fields;
	/* VARIANT: the tag; SEQUENCE: the length; a field before it */
	struct tl_word reference;
	/* ARRAY, SEQUENCE */
	const struct tl_ctf_type *element;
	uint64_t length;
};

struct tl_ctf_clock {
	struct tl_word name;
	uint8_t uuid[16];
	bool has_uuid;
	uint64_t frequency;
	int64_t offset_s, offset; /* seconds, and cycles beside them, from the epoch */
};

struct tl_ctf_event_class {
	uint64_t id, stream_id;
	char name[128];                             /* cut off; "" when it has none */
	const struct tl_ctf_type *context, *fields; /* NULL: none */
};

struct tl_ctf_stream_class {
	uint64_t id;
	bool has_id;
	const struct tl_ctf_type *packet_context, *event_header, *event_context;
};

struct tl_ctf_metadata {
	char *text;
	size_t size;
	struct tl_arena arena; /* of the types */
	bool is_big;
	uint8_t uuid[16];
	bool has_uuid;
	const struct tl_ctf_type *packet_header;
	char host[128]; /* of the environment; "" when missing */
	TL_VEC(struct tl_ctf_clock) clocks;
	TL_VEC(struct tl_ctf_stream_class) streams;
	TL_VEC(struct tl_ctf_event_class) events; /* by stream and id */
};

/*
 * Reads `folder`/metadata, plain or packetized. 0, or a negative code with the
 * reason in `error`. Whatever happens, finish must be called.
 */
int tl_ctf_metadata_init(struct tl_ctf_metadata *metadata, const char *folder, struct tl_error *error);
void tl_ctf_metadata_finish(struct tl_ctf_metadata *metadata);

/* The clock of that name; NULL: there is none. */
const struct tl_ctf_clock *tl_ctf_find_clock(const struct tl_ctf_metadata *metadata, struct tl_word name);

static inline bool tl_words_equal(struct tl_word a, struct tl_word b)
{
	return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

#endif
