/* Log-linear buckets; see quantiles.h. */
#include "viewer/stats/quantiles.h"

#include <string.h>

#define BITS 5 /* 32 buckets to each power of two */
#define LINEAR (2u << BITS)

/* Below 64 a bucket for each value; above, by the five bits after the highest. */
static uint16_t index_of(uint64_t value)
{
	unsigned shift;

	if (value < LINEAR)
		return (uint16_t)value;
	shift = 63u - (unsigned)__builtin_clzll(value) - BITS;
	return (uint16_t)((shift << BITS) + (unsigned)(value >> shift));
}

static uint64_t middle_of(uint16_t index)
{
	unsigned shift;

	if (index < LINEAR)
		return index;
	shift = (index >> BITS) - 1u;
	return ((uint64_t)(index - (shift << BITS)) << shift) + (UINT64_C(1) << shift >> 1);
}

/* Where the bucket stands, or would stand. */
static size_t place_of(const struct tl_quantiles *quantiles, uint16_t index)
{
	size_t low = 0, high = quantiles->buckets.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (quantiles->buckets.items[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int tl_quantiles_add(struct tl_quantiles *quantiles, uint64_t value)
{
	uint16_t index = index_of(value);
	size_t at = place_of(quantiles, index);
	struct tl_bucket *items;

	if (at == quantiles->buckets.n || quantiles->buckets.items[at].index != index) {
		if (tl_vec_reserve(&quantiles->buckets) != 0)
			return -1;
		items = quantiles->buckets.items;
		memmove(items + at + 1, items + at, (quantiles->buckets.n - at) * sizeof *items);
		items[at] = (struct tl_bucket){.index = index};
		quantiles->buckets.n++;
	}
	quantiles->buckets.items[at].n++;
	quantiles->n++;
	quantiles->sum = tl_add_capped(quantiles->sum, value);
	if (value > quantiles->max)
		quantiles->max = value;
	return 0;
}

uint64_t tl_quantiles_at(const struct tl_quantiles *quantiles, unsigned permille)
{
	/* The nearest rank, without overflow: ceil(n * permille / 1000), at least the first. */
	uint64_t thousands = quantiles->n / 1000, rest = quantiles->n % 1000;
	uint64_t rank = thousands * permille + (rest * permille + 999) / 1000, below = 0, middle;

	if (rank == 0)
		rank = 1;
	for (size_t i = 0; i < quantiles->buckets.n; i++) {
		below += quantiles->buckets.items[i].n;
		if (below < rank)
			continue;
		middle = middle_of(quantiles->buckets.items[i].index);
		return middle < quantiles->max ? middle : quantiles->max;
	}
	return quantiles->max;
}

void tl_quantiles_finish(struct tl_quantiles *quantiles)
{
	tl_vec_finish(&quantiles->buckets);
}
