/* Quantiles against a sorted array, tallies against counting. */
#include "tests/unit/unit.h"

#include <stdbool.h>

#include "viewer/stats/quantiles.h"
#include "viewer/stats/tally.h"

static uint64_t next(uint64_t *random)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return *random >> 11;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* No more than 1/64 off, whatever the scale of the values. */
static void test_quantiles_are_near(void **state)
{
	static const unsigned permilles[] = {0, 1, 10, 500, 900, 990, 999, 1000};
	uint64_t values[1000], random = 7;

	(void)state;
	for (unsigned shift = 0; shift <= 52; shift++) {
		struct tl_quantiles quantiles = {0};

		for (size_t i = 0; i < 1000; i++) {
			values[i] = next(&random) >> (52 - shift) >> (next(&random) % 8);
			assert_int_equal(tl_quantiles_add(&quantiles, values[i]), 0);
		}
		qsort(values, 1000, sizeof *values, by_value);
		for (size_t p = 0; p < sizeof permilles / sizeof *permilles; p++) {
			uint64_t wanted = values[permilles[p] ? permilles[p] - 1 : 0];
			uint64_t got = tl_quantiles_at(&quantiles, permilles[p]);
			uint64_t off = got > wanted ? got - wanted : wanted - got;

			if (off > wanted / 64 || (wanted < 64 && off != 0))
				fail_msg("%u of 1000: %llu, not %llu", permilles[p], (unsigned long long)got,
					 (unsigned long long)wanted);
		}
		assert_int_equal(quantiles.max, values[999]);
		assert_int_equal(quantiles.n, 1000);
		tl_quantiles_finish(&quantiles);
	}
}

static void test_quantiles_take_extremes(void **state)
{
	struct tl_quantiles quantiles = {0};

	(void)state;
	assert_int_equal(tl_quantiles_at(&quantiles, 500), 0);
	tl_quantiles_add(&quantiles, 0);
	assert_int_equal(tl_quantiles_at(&quantiles, 990), 0);
	tl_quantiles_add(&quantiles, UINT64_MAX);
	tl_quantiles_add(&quantiles, UINT64_MAX);
	assert_true(tl_quantiles_at(&quantiles, 990) >= UINT64_MAX - UINT64_MAX / 64);
	assert_true(quantiles.max == UINT64_MAX && quantiles.sum == UINT64_MAX);
	tl_quantiles_finish(&quantiles);
}

/* However many values: the buckets are bounded. */
static void test_quantiles_are_small(void **state)
{
	struct tl_quantiles quantiles = {0};
	uint64_t random = 3;

	(void)state;
	for (int i = 0; i < 300000; i++)
		tl_quantiles_add(&quantiles, next(&random) << 11 >> (next(&random) % 64));
	assert_in_range(quantiles.buckets.n, 1000, 1920);
	for (size_t i = 1; i < quantiles.buckets.n; i++)
		assert_true(quantiles.buckets.items[i - 1].index < quantiles.buckets.items[i].index);
	tl_quantiles_finish(&quantiles);
}

static void test_tally_is_exact_for_few(void **state)
{
	uint64_t sums[TL_TALLY] = {0}, random = 5;
	struct tl_tally tally = {0};

	(void)state;
	assert_null(tl_tally_first(&tally));
	for (int i = 0; i < 1000; i++) {
		uint32_t who = (uint32_t)(next(&random) % TL_TALLY);
		uint64_t weight = next(&random) % 100;

		sums[who] += weight;
		tl_tally_add(&tally, who, weight);
	}
	assert_false(tally.inexact);
	for (uint32_t i = 0; i < tally.n; i++) {
		assert_int_equal(tally.entries[i].weight, sums[tally.entries[i].who]);
		assert_true(tl_tally_first(&tally)->weight >= tally.entries[i].weight);
	}
}

/* Whoever has more than its share of all is found, however many others there are. */
static void test_tally_finds_the_largest_of_many(void **state)
{
	struct tl_tally tally = {0};
	uint64_t random = 11, heavy = 0;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		bool is_heavy = next(&random) % 2 == 0;

		heavy += is_heavy;
		tl_tally_add(&tally, is_heavy ? 77 : 1000 + i, 1);
	}
	assert_true(tally.inexact);
	assert_int_equal(tl_tally_first(&tally)->who, 77);
	assert_true(tl_tally_first(&tally)->weight >= heavy);
}

TL_UNIT_MAIN(cmocka_unit_test(test_quantiles_are_near), cmocka_unit_test(test_quantiles_take_extremes),
	     cmocka_unit_test(test_quantiles_are_small), cmocka_unit_test(test_tally_is_exact_for_few),
	     cmocka_unit_test(test_tally_finds_the_largest_of_many))
