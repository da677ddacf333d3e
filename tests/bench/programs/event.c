/*
 * Events through threadline.h against bare LTTng tracepoints with the same
 * fields, in turn in one process, each in bursts that the buffers can hold.
 *
 *     event KIND COUNT BURSTS    prints the median ns of one event: ours, bare
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/programs/bare.h"
#include "tests/bench/programs/clock.h"
#include "threadline/threadline.h"

#define BURSTS_MAX 1000
#define TASK UINT64_C(0x1234567800000001)
#define TEXT "a remark"

static int object;
static threadline_task self, fiber;
static uint32_t seq, waits;

static uint64_t address(void)
{
	return (uint64_t)(uintptr_t)&object;
}

static void our_mark(void)
{
	threadline_mark(TEXT);
}
static void bare_mark(void)
{
	lttng_ust_tracepoint(bare, mark, TASK, ++seq, TEXT);
}

static void our_region(void)
{
	threadline_region_begin(TEXT);
	threadline_region_end(TEXT);
}
static void bare_region(void)
{
	lttng_ust_tracepoint(bare, region_begin, TASK, ++seq, TEXT);
	lttng_ust_tracepoint(bare, region_end, TASK, ++seq, TEXT);
}

static void our_unblock_object(void)
{
	threadline_unblock_object(THREADLINE_WAIT_LEVEL, &object, 1);
}
static void our_unblock(void)
{
	threadline_unblock(fiber, THREADLINE_PARK, &object);
}
static void bare_unblock(void)
{
	lttng_ust_tracepoint(bare, unblock, TASK, ++seq, 2, 1, 2, address(), THREADLINE_PARK, 1);
}

static void our_wait(void)
{
	threadline_block(THREADLINE_WAIT, &object);
	threadline_start(self);
}
static void bare_wait(void)
{
	static const uint64_t none[1];

	lttng_ust_tracepoint(bare, block, TASK, ++seq, ++waits, THREADLINE_WAIT, address(), 1, none, 0);
	lttng_ust_tracepoint(bare, start, TASK, ++seq, waits, 1, 1);
}

static const struct kind {
	const char *name;
	void (*ours)(void), (*bare)(void);
	int events;
} kinds[] = {
	{"mark", our_mark, bare_mark, 1},          {"region", our_region, bare_region, 2},
	{"unblock", our_unblock, bare_unblock, 1}, {"unblock_object", our_unblock_object, bare_unblock, 1},
	{"block_start", our_wait, bare_wait, 2},
};

static double burst(void (*emit)(void), long count)
{
	int64_t begin;

	rest();
	begin = now_ns();
	for (long i = 0; i < count; i++)
		emit();
	return (double)(now_ns() - begin) / (double)count;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, long n)
{
	qsort(values, (size_t)n, sizeof *values, by_size);
	return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

int main(int argc, char **argv)
{
	static double ours[BURSTS_MAX], bare[BURSTS_MAX];
	const struct kind *kind = NULL;
	long count, bursts;

	for (size_t i = 0; argc == 4 && i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(argv[1], kinds[i].name) == 0)
			kind = &kinds[i];
	if (!kind || (count = atol(argv[2])) <= 0 || (bursts = atol(argv[3])) <= 0 || bursts > BURSTS_MAX) {
		fputs("usage: event mark|region|unblock|unblock_object|block_start COUNT BURSTS\n", stderr);
		return 2;
	}
	self = threadline_self();
	fiber = threadline_create(THREADLINE_FIBER, "sleeper");
	threadline_start(fiber);
	threadline_block(THREADLINE_PARK, &object);
	/* The first of each makes pages and stacks known; it does not count. */
	kind->ours();
	kind->bare();
	for (long i = 0; i < bursts; i++) {
		ours[i] = burst(kind->ours, count);
		bare[i] = burst(kind->bare, count);
	}
	printf("%.3f %.3f\n", median(ours, bursts) / kind->events, median(bare, bursts) / kind->events);
	return 0;
}
