/*
 * A barrier for one more than there are: whoever comes waits for ever, and so does
 * main, which joins them. An alarm ends the program, which counts as a crash.
 *
 * barrier_short_by_one --fixed counts right.
 *
 * threadline record -o T -- barrier_short_by_one; threadline check T
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WORKERS 3

static pthread_barrier_t all_there;

static void *work(void *unused)
{
	pthread_barrier_wait(&all_there); /* one is missing */
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];
	unsigned count = argc > 1 && strcmp(argv[1], "--fixed") == 0 ? WORKERS : WORKERS + 1; /* the bug: + 1 */

	alarm(2);
	pthread_barrier_init(&all_there, NULL, count);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	pthread_barrier_destroy(&all_there);
	puts("all were there");
	return 0;
}
