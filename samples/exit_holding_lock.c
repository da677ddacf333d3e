/*
 * A thread that returns early, past the unlock: the next one that wants the lock
 * waits for ever. main leaves after a while, so that the program ends by itself.
 *
 * exit_holding_lock --fixed unlocks on every path; exit_holding_lock --robust uses
 * a mutex that is made for owners that die: both are correct.
 *
 * threadline record -o T -- exit_holding_lock && threadline check T
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t mutex;
static const char *how = "";

static void *fail_early(void *unused)
{
	const struct timespec a_moment = {.tv_nsec = 50 * 1000 * 1000};

	pthread_mutex_lock(&mutex);
	nanosleep(&a_moment, NULL); /* time for the other to come */
	if (strcmp(how, "--fixed") == 0)
		pthread_mutex_unlock(&mutex);
	return unused; /* the bug: still locked */
}

static void *want_it_too(void *unused)
{
	const struct timespec a_moment = {.tv_nsec = 20 * 1000 * 1000};

	nanosleep(&a_moment, NULL);
	if (pthread_mutex_lock(&mutex) == EOWNERDEAD) /* hangs here */
		pthread_mutex_consistent(&mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(int argc, char **argv)
{
	const struct timespec a_while = {.tv_nsec = 200 * 1000 * 1000};
	pthread_mutexattr_t attr;
	pthread_t first, second;

	if (argc > 1)
		how = argv[1];
	pthread_mutexattr_init(&attr);
	if (strcmp(how, "--robust") == 0)
		pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&mutex, &attr);
	pthread_create(&first, NULL, fail_early, NULL);
	pthread_setname_np(first, "careless");
	pthread_create(&second, NULL, want_it_too, NULL);
	pthread_setname_np(second, "patient");
	pthread_join(first, NULL);
	if (argc > 1)
		pthread_join(second, NULL);
	else
		nanosleep(&a_while, NULL);
	puts("done");
	return 0;
}
