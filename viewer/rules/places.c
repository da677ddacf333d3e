/* Records of objects; see places.h. */
#include "viewer/rules/places.h"

#include <stdlib.h>

struct tl_places *tl_places_create(void)
{
	struct tl_places *places = calloc(1, sizeof *places);

	if (places)
		tl_arena_init(&places->arena);
	return places;
}

void tl_places_destroy(struct tl_places *places)
{
	if (!places)
		return;
	HASH_CLEAR(hh, places->table);
	for (size_t i = 0; i < TL_N_PLACE_USERS; i++)
		tl_vec_finish(&places->users[i]);
	tl_arena_finish(&places->arena);
	free(places);
}

static struct tl_place *remember(struct tl_places *places, struct tl_place *place)
{
	*tl_recent_slot(&places->recent, place->key.object ^ place->key.owner) = place;
	return places->last = place;
}

struct tl_place *tl_places_look_up(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place;

	HASH_FIND(hh, places->table, &key, sizeof key, place);
	return place ? remember(places, place) : NULL;
}

struct tl_place *tl_places_add(struct tl_places *places, struct tl_object_key key)
{
	struct tl_place *place = tl_arena_alloc_line(&places->arena, sizeof *place);

	if (!place)
		return NULL;
	place->key = key;
	HASH_ADD(hh, places->table, key, sizeof place->key, place);
	return remember(places, place);
}

void *tl_places_begin(struct tl_places *places, struct tl_place *place, enum tl_place_user user, size_t size)
{
	void *part = tl_arena_alloc_line(&places->arena, size);

	if (!part || tl_vec_push(&places->users[user], place) != 0)
		return NULL;
	return place->of[user] = part;
}
