/*
 * What every kind of mutex answers, free and busy, with good and bad deadlines, after
 * its owner's death and when nobody can make it consistent any more: printed, to be
 * compared with what is printed without the tracer.
 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const struct timespec over = {1, 0}, bad = {1, 2000000000};

static int unlock_if(int result, pthread_mutex_t *mutex)
{
	if (result == 0)
		pthread_mutex_unlock(mutex);
	return result;
}

static void *lock_and_die(void *mutex)
{
	pthread_mutex_lock(mutex);
	return NULL;
}

static void *lock_once(void *mutex)
{
	return (void *)(intptr_t)unlock_if(pthread_mutex_lock(mutex), mutex);
}

static intptr_t by_another(void *(*function)(void *), pthread_mutex_t *mutex)
{
	pthread_t thread;
	void *result = NULL;

	pthread_create(&thread, NULL, function, mutex);
	pthread_join(thread, &result);
	return (intptr_t)result;
}

static void ask_busy(pthread_mutex_t *mutex, int type)
{
	int holds = 1;

	printf(" %d", pthread_mutex_lock(mutex));
	if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK)
		printf(" %d", unlock_if(pthread_mutex_lock(mutex), mutex));
	for (int i = 0; i < 4; i++) {
		int result = i == 0   ? pthread_mutex_trylock(mutex)
			     : i == 1 ? pthread_mutex_timedlock(mutex, &over)
			     : i == 2 ? pthread_mutex_timedlock(mutex, &bad)
				      : pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &over);

		holds += result == 0;
		printf(" %d", result);
	}
	printf(" %d", pthread_mutex_clocklock(mutex, 7, &over));
	while (holds-- > 0)
		printf(" %d", pthread_mutex_unlock(mutex));
}

static void ask_after_death(pthread_mutex_t *mutex, int consistent)
{
	by_another(lock_and_die, mutex);
	printf(" | %d", pthread_mutex_lock(mutex));
	if (consistent)
		printf(" %d", pthread_mutex_consistent(mutex));
	printf(" %d", pthread_mutex_unlock(mutex));
	for (int i = 0; i < 2; i++) {
		printf(" %d", unlock_if(pthread_mutex_lock(mutex), mutex));
		printf(" %d", unlock_if(pthread_mutex_timedlock(mutex, &over), mutex));
		printf(" %ld", (long)by_another(lock_once, mutex));
	}
}

int main(void)
{
	static const int protocols[] = {PTHREAD_PRIO_NONE, PTHREAD_PRIO_INHERIT, PTHREAD_PRIO_PROTECT};

	alarm(20);
	for (int i = 0; i < 3 * 4 * 2 * 2; i++) {
		int type = i / 4 % 4, robust = i & 1, consistent = i >> 1 & 1, result;
		pthread_mutexattr_t attributes;
		pthread_mutex_t mutex;

		pthread_mutexattr_init(&attributes);
		pthread_mutexattr_setprotocol(&attributes, protocols[i / 16]);
		pthread_mutexattr_settype(&attributes, type);
		pthread_mutexattr_setrobust(&attributes, robust);
		result = pthread_mutex_init(&mutex, &attributes);
		printf("%d: %d", i, result);
		if (result == 0) {
			errno = 0;
			ask_busy(&mutex, type);
			if (robust)
				ask_after_death(&mutex, consistent);
			printf(" errno %d destroy %d", errno, pthread_mutex_destroy(&mutex));
		}
		printf("\n");
	}
	return 0;
}
