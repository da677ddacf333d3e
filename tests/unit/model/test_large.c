/* Arrays that grow large keep what is in them, however their memory is got. */
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "viewer/model/large.h"

struct array {
	unsigned char *items;
	size_t n, room, size;
};

/* What stands at byte `at` of an array: differs from item to item and from page to page. */
static unsigned char byte_at(size_t at)
{
	return (unsigned char)(at ^ at >> 8 ^ at >> 16);
}

static bool grow_to(struct array *array, size_t bytes)
{
	for (; array->n * array->size < bytes; array->n++) {
		if (array->n == array->room) {
			void *moved = tl_large_grow(array->items, array->n, &array->room, array->size, true);

			if (!moved)
				return false;
			array->items = moved;
			assert_true(array->room > array->n);
		}
		for (size_t i = array->n * array->size; i < (array->n + 1) * array->size; i++)
			array->items[i] = byte_at(i);
	}
	return true;
}

static void assert_whole(const struct array *array)
{
	for (size_t i = 0; i < array->n * array->size; i++)
		if (array->items[i] != byte_at(i))
			fail_msg("byte %zu of %zu items of %zu", i, array->n, array->size);
}

static void trim_and_free(struct array *array)
{
	array->items = tl_large_trim(array->items, array->n, &array->room, array->size);
	assert_true(array->room >= array->n && (array->room - array->n) * array->size <= 64 << 10);
	assert_whole(array);
	tl_large_free(array->items, array->room, array->size);
	*array = (struct array){.size = array->size};
}

static void test_content_stays_at_every_size(void **state)
{
	static const size_t sizes[] = {8, 20, 24, 192}, bytes[] = {0, 100, 60000, 70000, 3000000, 40000000};

	(void)state;
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		for (size_t b = 0; b < sizeof bytes / sizeof *bytes; b++) {
			struct array array = {.size = sizes[s]};

			assert_true(grow_to(&array, bytes[b]));
			assert_whole(&array);
			trim_and_free(&array);
		}
	}
}

/* A trimmed array may grow again. */
static void test_growing_goes_on_after_trimming(void **state)
{
	struct array array = {.size = 24};

	(void)state;
	for (size_t bytes = 1000; bytes < 20000000; bytes *= 3) {
		assert_true(grow_to(&array, bytes));
		array.items = tl_large_trim(array.items, array.n, &array.room, array.size);
		assert_whole(&array);
	}
	trim_and_free(&array);
}

static void test_without_address_space_growing_is_slower_and_then_fails(void **state)
{
	struct rlimit was, few;
	struct array array = {.size = 24};
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	if (file)
		fclose(file);
	skip();
#endif
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &pages), 1);
	fclose(file);
	assert_int_equal(getrlimit(RLIMIT_AS, &was), 0);
	few = was;
	/* Less than is reserved ahead, and more than is used. */
	few.rlim_cur = (rlim_t)pages * 4096 + (6 << 20);
	assert_int_equal(setrlimit(RLIMIT_AS, &few), 0);
	assert_true(grow_to(&array, 1000000));
	assert_false(grow_to(&array, 30000000));
	assert_int_equal(setrlimit(RLIMIT_AS, &was), 0);
	assert_whole(&array);
	assert_true(grow_to(&array, 30000000));
	trim_and_free(&array);
}

TL_UNIT_MAIN(cmocka_unit_test(test_content_stays_at_every_size), cmocka_unit_test(test_growing_goes_on_after_trimming),
	     cmocka_unit_test(test_without_address_space_growing_is_slower_and_then_fails))
