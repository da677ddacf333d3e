/*
 * A small service for tests of what records programs that run already: two workers
 * that hand work to each other, three that are idle, and one that waits for a mutex
 * which another holds for ever. `serves SECONDS [crash]`: it says "ready" when all
 * stand where they should, and at the end exits, or crashes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "threadline/threadline.h"

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, queue = PTHREAD_MUTEX_INITIALIZER,
		       idle = PTHREAD_MUTEX_INITIALIZER, first = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER, never = PTHREAD_COND_INITIALIZER;
static int whose, done;

static void *work(void *argument)
{
	int me = *(int *)argument;

	pthread_setname_np(pthread_self(), me ? "worker-1" : "worker-0");
	pthread_mutex_lock(&queue);
	while (!done) {
		struct timespec pause = {.tv_nsec = 1000000};

		while (whose != me && !done)
			pthread_cond_wait(&turn, &queue);
		nanosleep(&pause, NULL);
		whose = !me;
		pthread_cond_broadcast(&turn);
	}
	pthread_mutex_unlock(&queue);
	return NULL;
}

static void *wait_idle(void *unused)
{
	pthread_setname_np(pthread_self(), "idle");
	pthread_mutex_lock(&idle);
	while (!done)
		pthread_cond_wait(&never, &idle);
	pthread_mutex_unlock(&idle);
	return unused;
}

static void *hold(void *unused)
{
	pthread_setname_np(pthread_self(), "holder");
	pthread_mutex_lock(&first);
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&first);
	while (!done)
		usleep(10000);
	pthread_mutex_unlock(&held);
	return unused;
}

static void *get_stuck(void *unused)
{
	pthread_setname_np(pthread_self(), "stuck");
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&held);
	return unused;
}

int main(int argc, char **argv)
{
	int numbers[2] = {0, 1};
	pthread_t threads[7];

	threadline_name_object(&held, "the held one");
	pthread_create(&threads[0], NULL, hold, NULL);
	usleep(50000);
	pthread_create(&threads[1], NULL, get_stuck, NULL);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[2 + i], NULL, wait_idle, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[5 + i], NULL, work, &numbers[i]);
	usleep(100000);
	puts("ready");
	fflush(stdout);
	usleep((useconds_t)(atof(argc > 1 ? argv[1] : "5") * 1e6));
	if (argc > 2 && strcmp(argv[2], "crash") == 0)
		abort();
	pthread_mutex_lock(&idle);
	pthread_mutex_lock(&queue);
	done = 1;
	pthread_cond_broadcast(&turn);
	pthread_cond_broadcast(&never);
	pthread_mutex_unlock(&queue);
	pthread_mutex_unlock(&idle);
	for (int i = 0; i < 7; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
