/*
 * A lost wakeup that looks as if nothing had been lost: the waiter has looked at the
 * flag and is about to wait when the flag is set and the signal comes, without the
 * mutex. The signaller sees that somebody is there; but that one does not sleep yet,
 * and then sleeps for ever. (Where the signal comes before anybody is there, see
 * lost_wakeup.c.)
 *
 * The moment is short, so this program tries until some waiters have been left
 * behind, with a pair of threads each time. Then it ends, as servers do.
 *
 *   signal_not_consumed           the bug
 *   signal_not_consumed --fixed   the flag is set, and signalled, under the mutex
 *
 * threadline record -o T -- signal_not_consumed && threadline check T
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 20000
#define FIXED_ROUNDS 500
#define LEFT_BEHIND 5

struct pair {
	pthread_mutex_t mutex;
	pthread_cond_t ready_changed;
	atomic_bool ready;
	atomic_int there; /* both begin at the same moment ... */
	int delay;        /* ... and the producer so much later */
	atomic_bool done;
};

static bool fixed;

static void meet(struct pair *pair)
{
	atomic_fetch_add(&pair->there, 1);
	while (atomic_load(&pair->there) < 2)
		sched_yield();
}

static void *consume(void *argument)
{
	struct pair *pair = argument;

	meet(pair);
	pthread_mutex_lock(&pair->mutex);
	while (!atomic_load(&pair->ready))
		pthread_cond_wait(&pair->ready_changed, &pair->mutex); /* asleep too late */
	pthread_mutex_unlock(&pair->mutex);
	atomic_store(&pair->done, true);
	return NULL;
}

static void *produce(void *argument)
{
	struct pair *pair = argument;

	meet(pair);
	for (volatile int i = 0; i < pair->delay; i++)
		;
	if (fixed)
		pthread_mutex_lock(&pair->mutex);
	atomic_store(&pair->ready, true);
	pthread_cond_signal(&pair->ready_changed); /* the bug: without the mutex, and before the other sleeps */
	if (fixed)
		pthread_mutex_unlock(&pair->mutex);
	return NULL;
}

/* One try; false: the consumer is left behind. */
static bool try_once(int delay)
{
	const struct timespec a_moment = {.tv_nsec = 100 * 1000};
	struct pair *pair = calloc(1, sizeof *pair);
	pthread_t consumer, producer;

	if (!pair)
		exit(1);
	pthread_mutex_init(&pair->mutex, NULL);
	pthread_cond_init(&pair->ready_changed, NULL);
	pair->delay = delay;
	if (pthread_create(&consumer, NULL, consume, pair) != 0 || pthread_create(&producer, NULL, produce, pair) != 0)
		exit(1);
	pthread_join(producer, NULL);
	for (int tries = 0; tries < 500 && !atomic_load(&pair->done); tries++)
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
	int left = 0, round = 0, rounds;

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	rounds = fixed ? FIXED_ROUNDS : ROUNDS;
	for (; round < rounds && left < LEFT_BEHIND; round++)
		left += !try_once(round % 50 * 40);
	printf("%d of %d waiters left behind\n", left, round);
	if (left)
		nanosleep(&a_while, NULL);
	return 0;
}
