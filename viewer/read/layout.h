/*
 * Where a packet says how long it is: the little of CTF 1.8's metadata language
 * (TSDL) that describes packet headers and packet contexts. With it a stream file
 * can be walked from packet to packet without the library, which runs for ever
 * on a packet that claims to have no size, and aborts on other nonsense. Anything but fixed-size fields before
 * the packet's size is not understood, and said so.
 */
#ifndef TL_READ_LAYOUT_H
#define TL_READ_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/vec.h"

/* An integer of whole bytes, in bits from its structure's beginning. */
struct tl_layout_field {
	bool present;
	bool big;   /* byte order */
	bool plain; /* whole bytes, at a whole byte: we can read it */
	uint64_t at, size;
};

struct tl_layout_stream {
	uint64_t id;
	uint64_t align; /* of the packet context, in bits */
	uint64_t context_bits;
	struct tl_layout_field packet_size;
	struct tl_layout_field content_size; /* stands for the packet's size when that is missing */
};

struct tl_layout {
	bool known;
	uint64_t header_bits;
	struct tl_layout_field stream_id;
	TL_VEC(struct tl_layout_stream) streams;
};

/*
 * Reads a metadata file, plain or packetized. `known` says whether it was
 * understood; metadata that declares a field twice is not, for the library aborts
 * the program at it.
 */
void tl_layout_init(struct tl_layout *layout, const char *metadata_path);
void tl_layout_finish(struct tl_layout *layout);

/* Where packets end, ascending. */
struct tl_layout_ends {
	TL_VEC(uint64_t) list;
};

/*
 * Walks an open stream file of `size` bytes. Returns up to where its packets are
 * whole: `size` when all are, less when one is cut, has an impossible size (none,
 * or more content than packet), or belongs to no stream. The end of each packet is appended to `ends` (may be
 * NULL; out of memory ends the walk).
 */
uint64_t tl_layout_walk(const struct tl_layout *layout, int file, uint64_t size, struct tl_layout_ends *ends);

#endif
