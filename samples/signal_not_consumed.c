/*
 * A lost wakeup that looks as if nothing had been lost: the waiter has looked at the
 * flag and is about to wait when the flag is set and the signal comes, without the
 * mutex. The signaller sees that somebody is there; but that one does not sleep yet,
 * and then sleeps for ever. (Where the signal comes before anybody is there, see
 * lost_wakeup.c.)
 *
 * The moment is short, so this program tries until some waiters have been left
 * behind, with a pair of threads each time, and the signal a little sooner than the
 * time before. Then it ends, as servers do.
 *
 *   signal_not_consumed           the bug
 *   signal_not_consumed --fixed   the flag is set, and signalled, under the mutex
 *
 * threadline record -o T -- signal_not_consumed && threadline check T
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SWEEPS 10
#define LATEST_NS 200000
#define STEP_NS 500
#define LEFT_BEHIND 3

struct pair {
	pthread_mutex_t mutex;
	pthread_cond_t ready_changed;
	atomic_bool ready, done;
	atomic_bool looked; /* the consumer has, and is about to wait */
	int64_t delay_ns;   /* from then to the signal */
};

static bool fixed;

static void *consume(void *argument)
{
	struct pair *pair = argument;

	pthread_mutex_lock(&pair->mutex);
	while (!atomic_load(&pair->ready)) {
		atomic_store(&pair->looked, true);
		pthread_cond_wait(&pair->ready_changed, &pair->mutex); /* asleep too late */
	}
	pthread_mutex_unlock(&pair->mutex);
	atomic_store(&pair->done, true);
	return NULL;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *produce(void *argument)
{
	struct pair *pair = argument;
	int64_t until_ns;

	while (!atomic_load(&pair->looked))
		;
	for (until_ns = now_ns() + pair->delay_ns; now_ns() < until_ns;)
		;
	if (fixed)
		pthread_mutex_lock(&pair->mutex);
	atomic_store(&pair->ready, true);
	pthread_cond_signal(&pair->ready_changed); /* the bug: without the mutex */
	if (fixed)
		pthread_mutex_unlock(&pair->mutex);
	return NULL;
}

/* One try; false: the consumer is left behind. */
static bool try_once(int64_t delay_ns)
{
	const struct timespec a_moment = {.tv_nsec = 100 * 1000};
	struct pair *pair = calloc(1, sizeof *pair);
	pthread_t consumer, producer;

	if (!pair)
		exit(1);
	pthread_mutex_init(&pair->mutex, NULL);
	pthread_cond_init(&pair->ready_changed, NULL);
	pair->delay_ns = delay_ns;
	if (pthread_create(&consumer, NULL, consume, pair) != 0 || pthread_create(&producer, NULL, produce, pair) != 0)
		exit(1);
	pthread_join(producer, NULL);
	for (int tries = 0; tries < 200 && !atomic_load(&pair->done); tries++)
		nanosleep(&a_moment, NULL);
	if (!atomic_load(&pair->done))
		return false;
	pthread_join(consumer, NULL);
	pthread_cond_destroy(&pair->ready_changed);
	pthread_mutex_destroy(&pair->mutex);
	free(pair);
	return true;
}

int main(int argc, char **argv)
{
	const struct timespec a_while = {.tv_sec = 1, .tv_nsec = 200 * 1000 * 1000};
	int left = 0, tries = 0;

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	for (int sweep = 0; sweep < (fixed ? 1 : SWEEPS) && left < LEFT_BEHIND; sweep++)
		for (int64_t delay_ns = LATEST_NS; delay_ns >= 0 && left < LEFT_BEHIND; delay_ns -= STEP_NS, tries++)
			left += !try_once(delay_ns);
	printf("%d of %d waiters left behind\n", left, tries);
	if (left)
		nanosleep(&a_while, NULL);
	return 0;
}
