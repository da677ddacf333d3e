/*
 * A service that makes a thread for each request and forgets it: nobody joins or
 * detaches it, so when it has ended its stack and its result are kept. After some
 * thousand requests the next thread cannot be created.
 *
 *   never_joined N           makes N threads and never joins them
 *   never_joined --fixed N   creates them detached
 *
 * threadline record -o T -- never_joined 20 && threadline check T
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static atomic_int served;

static void *serve(void *request)
{
	(void)request;
	atomic_fetch_add(&served, 1);
	return NULL;
}

static int accept_request(bool fixed)
{
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	pthread_attr_init(&attr);
	if (fixed)
		pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, serve, NULL); /* the bug: `thread` is forgotten */
	pthread_attr_destroy(&attr);
	return error;
}

int main(int argc, char **argv)
{
	const struct timespec a_moment = {.tv_nsec = 5000000};
	bool fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	int requests = argc > 1 + fixed ? atoi(argv[1 + fixed]) : 20;

	for (int i = 0; i < requests; i++) {
		if (accept_request(fixed) != 0) {
			fprintf(stderr, "no more threads after %d requests\n", i);
			return 1;
		}
		nanosleep(&a_moment, NULL);
	}
	while (atomic_load(&served) < requests)
		nanosleep(&a_moment, NULL);
	/* Until the last one has really ended. */
	for (int i = 0; i < 20; i++)
		nanosleep(&a_moment, NULL);
	printf("%d requests served\n", requests);
	return 0;
}
