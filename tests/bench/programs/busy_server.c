/*
 * busy_server EVENTS [RATE]: about so many events through threadline.h, in the mix of
 * a busy server: 64 jobs on two threads wait for one of 1,000 objects, are woken by
 * another and run. At most RATE events a second (default 1,200,000), so that a
 * recorder keeps up and none is lost. For the benchmarks of reading.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "threadline/threadline.h"

#define THREADS 2
#define JOBS 32 /* a thread */
#define OBJECTS 1000
#define BURST 4096 /* events between two looks at the clock */

static char objects[OBJECTS];
static uint64_t events_each, rate_each;

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void keep_pace(int64_t begin_ns, uint64_t events)
{
	int64_t ahead_ns = begin_ns + (int64_t)(events * 1000000000 / rate_each) - now_ns();
	struct timespec pause = {ahead_ns / 1000000000, ahead_ns % 1000000000};

	if (ahead_ns > 0)
		nanosleep(&pause, NULL);
}

static unsigned next(uint64_t *seed, unsigned n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % n;
}

static void *serve(void *argument)
{
	uint64_t seed = (uintptr_t)argument, events = 0;
	threadline_task jobs[JOBS];
	unsigned waits_for[JOBS];
	int64_t begin_ns = now_ns();
	char name[16];

	for (unsigned i = 0; i < JOBS; i++) {
		snprintf(name, sizeof name, "job-%u", i);
		jobs[i] = threadline_create(THREADLINE_JOB, name);
		threadline_start(jobs[i]);
		waits_for[i] = next(&seed, OBJECTS);
		threadline_block(THREADLINE_RECEIVE, &objects[waits_for[i]]);
	}
	/* Whoever runs wakes the next one and waits. */
	for (unsigned i = 0; events < events_each; events += 3) {
		threadline_unblock(jobs[i], THREADLINE_RECEIVE, &objects[waits_for[i]]);
		threadline_start(jobs[i]);
		waits_for[i] = next(&seed, OBJECTS);
		threadline_block(THREADLINE_RECEIVE, &objects[waits_for[i]]);
		i = next(&seed, JOBS);
		if (events % BURST < 3)
			keep_pace(begin_ns, events);
	}
	for (unsigned i = 0; i < JOBS; i++) {
		threadline_unblock(jobs[i], THREADLINE_RECEIVE, &objects[waits_for[i]]);
		threadline_start(jobs[i]);
		threadline_exit();
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	if (argc < 2) {
		fprintf(stderr, "usage: busy_server EVENTS [RATE]\n");
		return 2;
	}
	events_each = strtoull(argv[1], NULL, 10) / THREADS;
	rate_each = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1200000) / THREADS;
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, serve, (void *)(i + 1));
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
