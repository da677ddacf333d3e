/* LTTng's own event headers; see direct_header.h. */
#include "viewer/read/direct_header.h"

/* ---- telling them ------------------------------------------------------------- */

static bool is_number(const struct tl_ctf_type *type, unsigned size, unsigned align, bool has_clock)
{
	return type->kind == TL_CTF_INTEGER && !type->is_signed && type->size == size && type->align == align &&
	       (type->clock.n > 0) == has_clock && type->order != TL_CTF_BIG;
}

static bool is_field(const struct tl_ctf_type *type, size_t i, const char *name)
{
	return type->kind == TL_CTF_STRUCT && i < type->n_fields && tl_word_is(type->fields[i].name, name);
}

/* "compact" is below `last`, "extended" is that. */
static bool has_ranges(const struct tl_ctf_type *id, int64_t last)
{
	return id->n_ranges == 2 && tl_word_is(id->ranges[0].label, "compact") && id->ranges[0].low == 0 &&
	       id->ranges[0].high == last - 1 && tl_word_is(id->ranges[1].label, "extended") &&
	       id->ranges[1].low == last && id->ranges[1].high == last;
}

static bool has_options(const struct tl_ctf_type *variant, unsigned time_bits, unsigned align)
{
	const struct tl_ctf_type *compact, *extended;

	if (variant->kind != TL_CTF_VARIANT || variant->n_fields != 2 || !tl_word_is(variant->reference, "id") ||
	    !tl_word_is(variant->fields[0].name, "compact") || !tl_word_is(variant->fields[1].name, "extended"))
		return false;
	compact = variant->fields[0].type;
	extended = variant->fields[1].type;
	return compact->n_fields == 1 && is_field(compact, 0, "timestamp") && compact->align == align &&
	       is_number(compact->fields[0].type, time_bits, align, true) && extended->n_fields == 2 &&
	       extended->align == 8 && is_field(extended, 0, "id") && is_field(extended, 1, "timestamp") &&
	       is_number(extended->fields[0].type, 32, 8, false) && is_number(extended->fields[1].type, 64, 8, true);
}

static bool is_header(const struct tl_ctf_type *header, unsigned id_bits, unsigned align)
{
	const struct tl_ctf_type *id = header->fields[0].type;

	return is_number(id, id_bits, align, false) && has_ranges(id, ((int64_t)1 << id_bits) - 1) &&
	       has_options(header->fields[1].type, 32 - (id_bits == 5 ? 5 : 0), align);
}

enum tl_direct_form tl_direct_form_of(const struct tl_ctf_type *header, bool is_big)
{
	if (!header || is_big || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || header->n_fields != 2 ||
	    header->align != 8 || !is_field(header, 0, "id"))
		return TL_FORM_PLANNED;
	if (is_header(header, 5, 1))
		return TL_FORM_SMALL;
	return is_header(header, 16, 8) ? TL_FORM_LARGE : TL_FORM_PLANNED;
}

/* ---- reading them ------------------------------------------------------------- */

static uint64_t load64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof value);
	return le64toh(value);
}

/*
 * `small` is known where this is inlined. Of an extended header the first byte or two
 * are enough to tell that it is longer.
 */
static inline __attribute__((always_inline)) bool read_header(bool small, struct tl_ctf_cursor *cursor, uint64_t *id)
{
	uint64_t at = (cursor->at + 7) / 8, end = cursor->end / 8, n = small ? 4 : 6, last = small ? 31 : 65535;
	const uint8_t *from = cursor->packet + at;

	cursor->failure = "fields past the packet's end";
	if (at + n > end)
		return false;
	*id = small ? from[0] & 31u : (uint64_t)from[0] | (uint64_t)from[1] << 8;
	if (__builtin_expect(*id == last, 0)) {
		size_t head = small ? 1 : 2;

		n = head + 12;
		if (at + n > end)
			return false;
		*id = tl_direct_load32(from + head);
		cursor->clock = load64(from + head + 4);
	} else if (small) {
		cursor->clock = tl_direct_clock_at(cursor->clock, tl_direct_load32(from) >> 5, (1u << 27) - 1);
	} else {
		cursor->clock = tl_direct_clock_at(cursor->clock, tl_direct_load32(from + 2), UINT32_MAX);
	}
	cursor->at = (at + n) * 8;
	return true;
}

bool tl_direct_read_header(enum tl_direct_form form, struct tl_ctf_cursor *cursor, uint64_t *id)
{
	return form == TL_FORM_SMALL ? read_header(true, cursor, id) : read_header(false, cursor, id);
}
