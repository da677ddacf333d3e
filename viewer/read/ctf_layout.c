/* Which events are laid out as the contract is, and their texts and lists; see ctf_layout.h. */
#include "viewer/read/ctf_layout.h"

#include "viewer/read/ctf_compile.h"

/* ---- telling them --------------------------------------------------------------- */

/* A number of this many bits, on whole bytes and as this machine has it. */
static bool is_number(const struct tl_ctf_metadata *metadata, const struct tl_ctf_type *type, unsigned bits)
{
	bool is_big = type->order == TL_CTF_NATIVE ? metadata->is_big : type->order == TL_CTF_BIG;

	return type->kind == TL_CTF_INTEGER && type->size == bits && type->align <= 8 && type->clock.n == 0 &&
	       (bits == 8 || is_big == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__));
}

static unsigned bits_of(uint8_t store)
{
	switch (store) {
	case TL_CTF_STORE_16: return 16;
	case TL_CTF_STORE_32: return 32;
	case TL_CTF_STORE_64: return 64;
	default: return 8;
	}
}

/* The fields `at` and behind it are this one of the contract: how many of them; 0: they are not. */
static size_t match(const struct tl_ctf_metadata *metadata, const struct tl_ctf_type *payload, size_t at,
		    const struct tl_kind_info *kind, const char *name, size_t offset)
{
	const struct tl_ctf_field *field = &payload->fields[at];
	struct tl_ctf_target target = {0};
	size_t n = 1;

	if (at + 1 < payload->n_fields && field[1].type->kind == TL_CTF_SEQUENCE) {
		if (!tl_ctf_is_named(field->name, field[1].type->reference) || field->type->is_signed ||
		    !is_number(metadata, field->type, 8))
			return 0;
		field++;
		n++;
	}
	if (!tl_word_is(field->name, name) || !tl_ctf_aim(kind, field, &target) || target.offset != offset)
		return 0;
	switch (target.store) {
	case TL_CTF_STORE_TEXT: return field->type->align <= 8 ? n : 0;
	case TL_CTF_STORE_ADDRS: return n == 2 && is_number(metadata, field->type->element, 64) ? n : 0;
	case TL_CTF_STORE_BYTES: return n == 2 && is_number(metadata, field->type->element, 8) ? n : 0;
	default: return n == 1 && is_number(metadata, field->type, bits_of(target.store)) ? n : 0;
	}
}

bool tl_ctf_is_laid_out(const struct tl_ctf_metadata *metadata, const struct tl_ctf_event_class *class, int kind)
{
	const struct tl_kind_info *info = &tl_kinds[kind];
	const struct tl_ctf_type *payload = class->fields;
	size_t at = 0, n;

	if (!payload || payload->align > 8 || class->context)
		return false;
	for (size_t i = 0; i < info->n_fields + 2; i++, at += n) {
		const char *name = i == 0 ? "task" : i == 1 ? "seq" : info->fields[i - 2].name;
		size_t offset = i == 0   ? offsetof(struct tl_event, task)
				: i == 1 ? offsetof(struct tl_event, seq)
					 : info->fields[i - 2].offset;

		n = at < payload->n_fields ? match(metadata, payload, at, info, name, offset) : 0;
		if (n == 0)
			return false;
	}
	return at == payload->n_fields;
}

/* ---- texts and lists ------------------------------------------------------------- */

static const uint8_t *fail(struct tl_ctf_cursor *cursor, const char *what)
{
	cursor->failure = what;
	return NULL;
}

const uint8_t *tl_ctf_layout_text(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, const char **text)
{
	size_t n = tl_ctf_take_text(cursor, at, most, text);

	return n ? at + n : NULL;
}

/* The first of a list's elements, which have so many bytes each, behind their number. */
static const uint8_t *find_list(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, size_t size, uint8_t *n)
{
	*n = *(const volatile uint8_t *)at;
	return 1 + *n * size <= most ? at + 1 : fail(cursor, "a list that is longer than the packet");
}

const uint8_t *tl_ctf_layout_addrs(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, const uint64_t **addrs,
				   uint8_t *n)
{
	const uint8_t *from = find_list(cursor, at, most, sizeof **addrs, n);
	struct tl_ctf_scratch *scratch = cursor->scratch;

	if (!from)
		return NULL;
	/* There is room: nothing is decoded without enough for any event. */
	*addrs = memcpy(scratch->numbers + scratch->now.n, from, *n * sizeof **addrs);
	scratch->now.n += *n;
	return from + *n * sizeof **addrs;
}

const uint8_t *tl_ctf_layout_bytes(struct tl_ctf_cursor *cursor, const uint8_t *at, size_t most, const uint8_t **bytes,
				   uint8_t *n)
{
	const uint8_t *from = find_list(cursor, at, most, 1, n);

	if (!from)
		return NULL;
	*bytes = (const uint8_t *)tl_ctf_scratch_copy(cursor->scratch, from, *n);
	return *bytes ? from + *n : fail(cursor, tl_ctf_scratch_failed);
}
