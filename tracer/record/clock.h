/* Deadlines on the monotonic clock. Knows nothing of what is waited for. */
#ifndef TL_RECORD_CLOCK_H
#define TL_RECORD_CLOCK_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

#define TL_NS_PER_MS 1000000

static inline int64_t tl_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 * TL_NS_PER_MS + now.tv_nsec;
}

static inline int64_t tl_clock_after_ms(int ms)
{
	return tl_clock_ns() + (int64_t)ms * TL_NS_PER_MS;
}

/* Milliseconds until the deadline, rounded up; 0 when it has passed. */
static inline int tl_clock_left_ms(int64_t deadline_ns)
{
	int64_t left = deadline_ns - tl_clock_ns();
	int64_t ms = left <= 0 ? 0 : (left + TL_NS_PER_MS - 1) / TL_NS_PER_MS;

	return ms > INT_MAX ? INT_MAX : (int)ms;
}

static inline void tl_clock_sleep_ms(int ms)
{
	struct timespec pause = {ms / 1000, (long)(ms % 1000) * TL_NS_PER_MS};

	nanosleep(&pause, NULL);
}

#endif
