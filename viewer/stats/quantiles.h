/*
 * How long things took, as quantiles: log-linear buckets as in HdrHistogram, 32
 * to each power of two, of which only those in use are kept. A quantile is the
 * middle of its bucket: at most 1/64 (1.6 %) off, exact below 64 ns, and never
 * more than the largest value, which is exact. Memory: at most 1,920 buckets of
 * 16 bytes, however many values. Knows nothing of traces.
 */
#ifndef TL_STATS_QUANTILES_H
#define TL_STATS_QUANTILES_H

#include <stdint.h>

#include "viewer/base/vec.h"

struct tl_bucket {
	uint16_t index;
	uint64_t n;
};

/* Zeroed is empty. */
struct tl_quantiles {
	TL_VEC(struct tl_bucket) buckets; /* by index */
	uint64_t n;
	uint64_t sum; /* stops at UINT64_MAX */
	uint64_t max;
};

/* 0, or -1 without memory (nothing changed then). */
int tl_quantiles_add(struct tl_quantiles *quantiles, uint64_t value);

/*
 * The value that `permille` of 1,000 do not exceed (nearest rank), at 0..1000;
 * 0 when there are none.
 */
uint64_t tl_quantiles_at(const struct tl_quantiles *quantiles, unsigned permille);

void tl_quantiles_finish(struct tl_quantiles *quantiles);

/* a + b, but never more than UINT64_MAX: for sums of what a trace claims. */
static inline uint64_t tl_add_capped(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

#endif
