/*
 * The two event headers that LTTng writes, read without a plan: small ones with 5
 * bits for the class and 27 for the time, large ones with 16 and 32, and an
 * extension of 32 and 64 behind either (LTTng-tools, "event_header_compact" and
 * "event_header_large"). They are half of the fields of a trace.
 */
#ifndef TL_READ_DIRECT_HEADER_H
#define TL_READ_DIRECT_HEADER_H

#include <endian.h>

#include "viewer/read/ctf_plan.h"

enum tl_direct_form {
	TL_FORM_PLANNED, /* anything else */
	TL_FORM_SMALL,
	TL_FORM_LARGE,
};

/* Which of them a header is, in the byte order of this machine. */
enum tl_direct_form tl_direct_form_of(const struct tl_ctf_type *header, bool is_big);

/* Reads a header of SMALL or LARGE form: sets *id and the cursor's clock. False: it goes past the end. */
bool tl_direct_read_header(enum tl_direct_form form, struct tl_ctf_cursor *cursor, uint64_t *id);

static inline uint32_t tl_direct_load32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return le32toh(value);
}

/* The clock at a time of fewer bits than it has: its upper ones stay, unless the lower ones have wrapped. */
static inline uint64_t tl_direct_clock_at(uint64_t clock, uint64_t time, uint64_t mask)
{
	return clock + ((time - clock) & mask);
}

#endif
