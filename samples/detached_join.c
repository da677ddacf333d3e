/*
 * A thread that was detached, and is joined all the same: its id may be another
 * thread's by then. detached_join --fixed only joins.
 *
 * threadline record -o T -- detached_join && threadline check T
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void *work(void *unused)
{
	const struct timespec a_moment = {.tv_nsec = 100 * 1000 * 1000};

	nanosleep(&a_moment, NULL);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t worker;
	int result;

	pthread_create(&worker, NULL, work, NULL);
	pthread_setname_np(worker, "worker");
	if (argc < 2 || strcmp(argv[1], "--fixed") != 0)
		pthread_detach(worker); /* the bug: one of the two */
	result = pthread_join(worker, NULL);
	printf("the join says: %s\n", strerror(result));
	return 0;
}
