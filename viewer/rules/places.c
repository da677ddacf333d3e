/* Records of objects; see places.h. */
#include "viewer/rules/places.h"

#include <stdlib.h>

#define LINE 64
#define FIRST_BITS 8

_Static_assert(sizeof(struct tl_place) == LINE, "a place is a cache line");

/* An empty table of the given size; 0, or -1 without memory and nothing has changed. */
static int make_table(struct tl_places *places, unsigned bits)
{
	size_t n = bits < sizeof n * 8 - 8 ? (size_t)1 << bits : 0;
	char *room = n ? calloc(n + 1, LINE) : NULL;

	if (!room)
		return -1;
	places->room = room;
	places->table = (struct tl_place *)(void *)(room + (LINE - (uintptr_t)room % LINE) % LINE);
	places->mask = n - 1;
	places->shift = 64 - bits;
	return 0;
}

static int grow(struct tl_places *places)
{
	const struct tl_place *before = places->table;
	void *room = places->room;
	size_t n = places->mask + 1;

	if (make_table(places, 64 - places->shift + 1) != 0)
		return -1;
	for (const struct tl_place *place = before; place < before + n; place++)
		if (place->key.owner)
			*tl_places_at(places, place->key) = *place;
	free(room);
	return 0;
}

struct tl_places *tl_places_create(void)
{
	struct tl_places *places = calloc(1, sizeof *places);

	if (!places)
		return NULL;
	tl_arena_init(&places->arena);
	if (make_table(places, FIRST_BITS) == 0)
		return places;
	free(places);
	return NULL;
}

void tl_places_destroy(struct tl_places *places)
{
	if (!places)
		return;
	for (size_t i = 0; i < TL_N_PLACE_USERS; i++)
		tl_vec_finish(&places->users[i]);
	tl_arena_finish(&places->arena);
	free(places->room);
	free(places);
}

struct tl_place *tl_places_add(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place;

	if (places->n > places->mask / 2 && grow(places) != 0)
		return NULL;
	place = tl_places_at(places, key);
	place->key = key;
	places->n++;
	return place;
}

void *tl_places_begin(struct tl_places *places, struct tl_place *place, enum tl_place_user user, size_t size)
{
	void *part = tl_arena_alloc_line(&places->arena, size);

	if (!part || tl_vec_push(&places->users[user], part) != 0)
		return NULL;
	return place->of[user] = part;
}
