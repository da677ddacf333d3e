/* Copies what items point to; see pointed.h. */
#include "viewer/order/pointed.h"

#include <assert.h>
#include <string.h>

void tl_pointed_init(struct tl_pointed *pointed)
{
	memset(pointed, 0, sizeof *pointed);
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		for (size_t i = 0; i < tl_kinds[kind].n_fields; i++) {
			const struct tl_field_info *field = &tl_kinds[kind].fields[i];

			if (field->type != TL_FIELD_TEXT && field->type != TL_FIELD_ADDRS &&
			    field->type != TL_FIELD_BYTES)
				continue;
			assert(pointed->kinds[kind].n < TL_POINTERS);
			pointed->kinds[kind].fields[pointed->kinds[kind].n++] = field;
		}
	}
}

static size_t field_size(const char *event, const struct tl_field_info *field)
{
	const void *pointer;

	memcpy(&pointer, event + field->offset, sizeof pointer);
	if (!pointer)
		return 0;
	if (field->type == TL_FIELD_TEXT)
		return strlen(pointer) + 1;
	return (size_t)(uint8_t)event[field->count_offset] * (field->type == TL_FIELD_ADDRS ? 8 : 1);
}

static size_t round_up(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

size_t tl_pointed_size(const struct tl_pointed *pointed, const struct tl_item *item)
{
	const char *event = (const char *)&item->event;
	unsigned kind = item->event.kind;
	size_t size = 0;

	if (item->type == TL_ITEM_LOSS)
		return round_up(strlen(item->loss.where) + 1);
	for (size_t i = 0; i < pointed->kinds[kind].n; i++)
		size += round_up(field_size(event, pointed->kinds[kind].fields[i]));
	return size;
}

void tl_pointed_copy(const struct tl_pointed *pointed, struct tl_item *item, char *to)
{
	char *event = (char *)&item->event;
	unsigned kind = item->event.kind;

	if (item->type == TL_ITEM_LOSS) {
		item->loss.where = memcpy(to, item->loss.where, strlen(item->loss.where) + 1);
		return;
	}
	for (size_t i = 0; i < pointed->kinds[kind].n; i++) {
		const struct tl_field_info *field = pointed->kinds[kind].fields[i];
		size_t size = field_size(event, field);
		const void *pointer;

		if (size == 0)
			continue;
		memcpy(&pointer, event + field->offset, sizeof pointer);
		memcpy(to, pointer, size);
		pointer = to;
		memcpy(event + field->offset, &pointer, sizeof pointer);
		to += round_up(size);
	}
}
