/* The records of objects that rules share. */
#include "tests/unit/unit.h"

#include "viewer/rules/places.h"

#define MANY 20000 /* the table grows on the way */

static const uint64_t task = UINT64_C(7) << 32 | 1, stranger = UINT64_C(8) << 32 | 1;

static int setup(void **state)
{
	*state = tl_places_create();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	tl_places_destroy(*state);
	return 0;
}

static uint64_t *part_of(struct tl_places *places, enum tl_place_user user, struct tl_object_key key)
{
	uint64_t *part = tl_places_get_part(places, user, key, sizeof *part);

	assert_non_null(part);
	return part;
}

static void test_users_keep_their_own(void **state)
{
	struct tl_places *places = *state;
	struct tl_object_key key = tl_object_key(task, 0x10);

	assert_null(tl_places_part(places, TL_PLACE_LATENCY, key));
	*part_of(places, TL_PLACE_LATENCY, key) = 1;
	assert_null(tl_places_part(places, TL_PLACE_CONVOY, key));
	*part_of(places, TL_PLACE_CONVOY, key) = 2;
	assert_int_equal(*part_of(places, TL_PLACE_LATENCY, key), 1);
	assert_int_equal(*(uint64_t *)tl_places_part(places, TL_PLACE_CONVOY, key), 2);
	assert_int_equal(places->users[TL_PLACE_LATENCY].n, 1);
	assert_int_equal(places->users[TL_PLACE_BOUND].n, 0);
}

static void test_same_number_of_another(void **state)
{
	struct tl_places *places = *state;

	*part_of(places, TL_PLACE_WAKERS, tl_object_key(task, task)) = 1;
	assert_null(tl_places_part(places, TL_PLACE_WAKERS, tl_object_key(stranger, task)));
	assert_null(tl_places_part(places, TL_PLACE_WAKERS, tl_object_key_of_task(task, task)));
	*part_of(places, TL_PLACE_WAKERS, tl_object_key_of_task(task, task)) = 2;
	assert_int_equal(*part_of(places, TL_PLACE_WAKERS, tl_object_key(task, task)), 1);
}

static void test_many_in_order_of_appearance(void **state)
{
	struct tl_places *places = *state;

	for (uint64_t i = 0; i < MANY; i++)
		*part_of(places, TL_PLACE_WAKERS, tl_object_key(task, i * 64)) = i;
	for (uint64_t i = MANY; i-- > 0;)
		assert_int_equal(*part_of(places, TL_PLACE_WAKERS, tl_object_key(task, i * 64)), i);
	assert_int_equal(places->users[TL_PLACE_WAKERS].n, MANY);
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(*(uint64_t *)places->users[TL_PLACE_WAKERS].items[i], i);
}

TL_UNIT_MAIN(cmocka_unit_test_setup_teardown(test_users_keep_their_own, setup, teardown),
	     cmocka_unit_test_setup_teardown(test_same_number_of_another, setup, teardown),
	     cmocka_unit_test_setup_teardown(test_many_in_order_of_appearance, setup, teardown))
