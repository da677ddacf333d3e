/*
 * Numbers and texts as bytes, and back: what files of our own consist of. Whoever
 * takes bytes does not trust them: every step is compared with their end, and after
 * the first that fails all others do. In the byte order of the machine; a file says
 * which that is.
 */
#ifndef TL_BASE_BYTES_H
#define TL_BASE_BYTES_H

#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"

/* Bytes that grow; zeroed at first. `failed`: out of memory, some are missing. */
struct tl_bytes {
	TL_VEC(uint8_t) all;
	bool failed;
};

void tl_bytes_put(struct tl_bytes *bytes, const void *from, size_t size);
void tl_bytes_u8(struct tl_bytes *bytes, uint8_t value);
void tl_bytes_u32(struct tl_bytes *bytes, uint32_t value);
void tl_bytes_u64(struct tl_bytes *bytes, uint64_t value);
void tl_bytes_s64(struct tl_bytes *bytes, int64_t value);
/* NULL counts as "". */
void tl_bytes_text(struct tl_bytes *bytes, const char *text);
void tl_bytes_finish(struct tl_bytes *bytes);

/* Bytes that are taken one after the other. `failed`: there were not enough, or they were not what was asked for. */
struct tl_taker {
	const uint8_t *at, *end;
	bool failed;
};

/* False, and `to` zeroed, if so many are not there. */
bool tl_take(struct tl_taker *taker, void *to, size_t size);
uint8_t tl_take_u8(struct tl_taker *taker);
uint32_t tl_take_u32(struct tl_taker *taker);
uint64_t tl_take_u64(struct tl_taker *taker);
int64_t tl_take_s64(struct tl_taker *taker);
/* A number of things of which each takes `least` bytes or more: never more than can be there. */
size_t tl_take_count(struct tl_taker *taker, size_t least);
/* Copied to `arena`; never NULL: "" when it failed. */
const char *tl_take_text(struct tl_taker *taker, struct tl_arena *arena);

/*
 * A checksum of `size` bytes, for errors and not against people: multiplicative, several words at
 * a time, so that it keeps up with memory. `seed` makes another of it.
 */
uint64_t tl_checksum(const void *bytes, size_t size, uint64_t seed);

#endif
