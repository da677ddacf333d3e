/*
 * A lost wakeup: the consumer looks at a flag without the mutex, then waits; the
 * producer sets the flag and signals without the mutex in between. The signal
 * finds nobody, and the consumer waits for a wakeup that has already been.
 *
 * main makes the unlucky order happen every time, with a plain atomic instead of
 * luck. The program ends in order and leaves the waiter behind, as servers do.
 *
 * threadline record -o T -- lost_wakeup && threadline check T
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready_changed = PTHREAD_COND_INITIALIZER;
static atomic_bool ready;
static atomic_int step; /* 1: the consumer has looked; 2: the producer has signalled */

static void *consume(void *unused)
{
	(void)unused;
	if (atomic_load(&ready)) /* the bug: looked at outside of the mutex */
		return NULL;
	atomic_store(&step, 1);
	while (atomic_load(&step) < 2)
		sched_yield();
	pthread_mutex_lock(&mutex);
	pthread_cond_wait(&ready_changed, &mutex);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void *produce(void *unused)
{
	(void)unused;
	while (atomic_load(&step) < 1)
		sched_yield();
	atomic_store(&ready, true);
	pthread_cond_signal(&ready_changed); /* the bug: without the mutex */
	atomic_store(&step, 2);
	return NULL;
}

int main(void)
{
	const struct timespec a_while = {.tv_nsec = 50 * 1000 * 1000};
	pthread_t consumer, producer;

	pthread_create(&consumer, NULL, consume, NULL);
	pthread_setname_np(consumer, "consumer");
	pthread_create(&producer, NULL, produce, NULL);
	pthread_setname_np(producer, "producer");
	pthread_join(producer, NULL);
	nanosleep(&a_while, NULL);
	puts("the producer is done; the consumer still waits");
	return 0;
}
