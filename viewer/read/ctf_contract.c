/* Event classes and their fields against the event contract; see ctf_compile.h. */
#include <stddef.h>

#include "viewer/read/ctf_compile.h"

#define PROVIDER "threadline:"

/* What of the contract a field of the payload is; NULL: nothing. */
static const struct tl_field_info *find_field(const struct tl_kind_info *kind, struct tl_word name)
{
	static const struct tl_field_info head[] = {
		{"task", TL_FIELD_U64, offsetof(struct tl_event, task), 0},
		{"seq", TL_FIELD_U32, offsetof(struct tl_event, seq), 0},
	};

	for (size_t i = 0; i < 2; i++)
		if (tl_word_is(name, head[i].name))
			return &head[i];
	for (size_t i = 0; i < kind->n_fields; i++)
		if (tl_word_is(name, kind->fields[i].name))
			return &kind->fields[i];
	return NULL;
}

static bool is_integer(const struct tl_ctf_type *type, bool is_signed, unsigned bits)
{
	return type->kind == TL_CTF_INTEGER && type->is_signed == is_signed && type->size <= bits;
}

/* Whether a field of this type always holds what the contract says, but for the range of named values. */
static bool fits(const struct tl_ctf_type *type, enum tl_field_type field, uint8_t *store)
{
	bool is_list = type->kind == TL_CTF_SEQUENCE || type->kind == TL_CTF_ARRAY;

	switch (field) {
	case TL_FIELD_U16: *store = TL_CTF_STORE_16; return is_integer(type, false, 16);
	case TL_FIELD_U32: *store = TL_CTF_STORE_32; return is_integer(type, false, 32);
	case TL_FIELD_U64: *store = TL_CTF_STORE_64; return is_integer(type, false, 64);
	case TL_FIELD_S32: *store = TL_CTF_STORE_32; return is_integer(type, true, 32);
	case TL_FIELD_S64: *store = TL_CTF_STORE_64; return is_integer(type, true, 64);
	case TL_FIELD_TEXT: *store = TL_CTF_STORE_TEXT; return type->kind == TL_CTF_STRING;
	case TL_FIELD_ADDRS:
		*store = TL_CTF_STORE_ADDRS;
		return is_list && type->kind == TL_CTF_SEQUENCE && is_integer(type->element, false, 64);
	case TL_FIELD_BYTES:
		*store = TL_CTF_STORE_BYTES;
		return is_list && type->kind == TL_CTF_SEQUENCE && is_integer(type->element, false, 8);
	default: *store = TL_CTF_STORE_8; return is_integer(type, false, 8);
	}
}

bool tl_ctf_is_text_array(const struct tl_ctf_type *type)
{
	return type->element && type->element->kind == TL_CTF_INTEGER && type->element->is_text;
}

bool tl_ctf_aim(const struct tl_kind_info *kind, const struct tl_ctf_field *field, struct tl_ctf_target *target)
{
	const struct tl_field_info *info = find_field(kind, field->name);

	if (!info)
		return true;
	if (!fits(field->type, info->type, &target->store)) {
		target->store = TL_CTF_STORE_NONE;
		return false;
	}
	target->offset = (uint16_t)info->offset;
	target->count_offset = (uint16_t)info->count_offset;
	target->values = (uint8_t)(info->type >= TL_FIELD_REASON ? tl_value_count(info->type) : 0);
	return true;
}

/* Whether one of ours has all its fields, each of a type that fits. */
static bool has_all_fields(const struct tl_ctf_type *payload, const struct tl_kind_info *kind)
{
	for (size_t i = 0; i < kind->n_fields + 2; i++) {
		const char *name = i == 0 ? "task" : i == 1 ? "seq" : kind->fields[i - 2].name;
		bool found = false;

		for (size_t f = 0; f < payload->n_fields; f++)
			found |= tl_word_is(payload->fields[f].name, name);
		if (!found)
			return false;
	}
	return true;
}

enum tl_ctf_verdict tl_ctf_judge(const struct tl_ctf_event_class *class, int *kind)
{
	*kind = -1;
	if (strncmp(class->name, PROVIDER, strlen(PROVIDER)) != 0)
		return TL_CTF_FOREIGN;
	*kind = tl_kind_find(class->name + strlen(PROVIDER));
	if (*kind < 0 || !class->fields || !has_all_fields(class->fields, &tl_kinds[*kind]))
		return TL_CTF_MALFORMED;
	return TL_CTF_OURS;
}
