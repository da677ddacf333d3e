/*
 * What items point to: texts and sequences, which belong to whoever gave the item
 * and are valid until the next one. Here they are copied along with it.
 */
#ifndef TL_ORDER_POINTED_H
#define TL_ORDER_POINTED_H

#include "viewer/read/source.h"

#define TL_POINTERS 4 /* fields of one kind of event that point to something */

/* Which fields of each kind of event point to something. */
struct tl_pointed {
	struct {
		const struct tl_field_info *fields[TL_POINTERS];
		size_t n;
	} kinds[TL_N_EVENT_KINDS];
};

void tl_pointed_init(struct tl_pointed *pointed);
/* Does it point to anything? */
static inline bool tl_pointed_any(const struct tl_pointed *pointed, const struct tl_item *item)
{
	return item->type != TL_ITEM_EVENT || pointed->kinds[item->event.kind].n > 0;
}

/* How many bytes a copy of all that the item points to takes. */
size_t tl_pointed_size(const struct tl_pointed *pointed, const struct tl_item *item);
/* Copies it to `to`, which has room for that many bytes and is aligned to 8, and makes the item point there. */
void tl_pointed_copy(const struct tl_pointed *pointed, struct tl_item *item, char *to);

#endif
