/*
 * Says more than buffers hold: argv[1] threads, each of which marks argv[2] times without
 * a pause. Prints how long one mark took on average, in ns.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "threadline/threadline.h"

#define THREADS_MAX 64

static long marks;

static void *say(void *unused)
{
	for (long i = 0; i < marks; i++)
		threadline_mark("a mark that is long enough to fill a buffer soon");
	return unused;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 2;
	pthread_t threads[THREADS_MAX];
	double begun = now_s();

	marks = argc > 2 ? atol(argv[2]) : 10000;
	for (int i = 0; i < n && i < THREADS_MAX; i++)
		if (pthread_create(&threads[i], NULL, say, NULL) != 0)
			return 1;
	for (int i = 0; i < n && i < THREADS_MAX; i++)
		pthread_join(threads[i], NULL);
	printf("%.0f ns a mark\n", (now_s() - begun) * 1e9 / ((double)n * (double)marks));
	return 0;
}
