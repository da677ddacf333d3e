/*
 * A semaphore that is destroyed while a thread waits for it: the thread never
 * wakes, or what comes to live in that memory wakes it. main leaves after a while,
 * so that the program ends by itself.
 *
 * destroy_while_waited --fixed posts, and destroys when the thread is on its way.
 *
 * threadline record -o T -- destroy_while_waited && threadline check T
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static sem_t ready;

static void *wait_for_it(void *unused)
{
	sem_wait(&ready); /* waits for what is destroyed */
	return unused;
}

int main(int argc, char **argv)
{
	const struct timespec a_while = {.tv_nsec = 100 * 1000 * 1000};
	pthread_t waiter;

	sem_init(&ready, 0, 0);
	pthread_create(&waiter, NULL, wait_for_it, NULL);
	pthread_setname_np(waiter, "waiter");
	nanosleep(&a_while, NULL);
	if (argc > 1 && strcmp(argv[1], "--fixed") == 0) {
		sem_post(&ready);
		pthread_join(waiter, NULL);
	}
	sem_destroy(&ready); /* the bug: without --fixed, somebody waits */
	puts("destroyed");
	return 0;
}
