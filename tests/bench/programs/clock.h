/* What the benchmark's programs share: the clock, and the rest between bursts. */
#ifndef TL_BENCH_CLOCK_H
#define TL_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define REST_NS 20000000

static inline int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline void rest(void)
{
	nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
}

#endif
