/*
 * A deadlock: one thread takes the accounts' locks in one order, the other in the
 * other, and a barrier makes sure that each has its first before it wants its second.
 *
 * The threads hang for good; main waits a while for them and leaves, so that the
 * program ends by itself. abba_deadlock --fixed takes both in one order.
 *
 * threadline record -o T -- abba_deadlock && threadline check T
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t savings = PTHREAD_MUTEX_INITIALIZER, checking = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both_have_one;
static bool fixed;

static void *save(void *unused)
{
	pthread_mutex_lock(&checking);
	if (!fixed)
		pthread_barrier_wait(&both_have_one);
	pthread_mutex_lock(&savings); /* waits for spend */
	pthread_mutex_unlock(&savings);
	pthread_mutex_unlock(&checking);
	return unused;
}

static void *spend(void *unused)
{
	pthread_mutex_lock(fixed ? &checking : &savings); /* the bug: the other order */
	if (!fixed)
		pthread_barrier_wait(&both_have_one);
	pthread_mutex_lock(fixed ? &savings : &checking); /* waits for save */
	pthread_mutex_unlock(&savings);
	pthread_mutex_unlock(&checking);
	return unused;
}

int main(int argc, char **argv)
{
	const struct timespec a_while = {.tv_nsec = 200 * 1000 * 1000};
	pthread_t saver, spender;

	fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	pthread_barrier_init(&both_have_one, NULL, 2);
	pthread_create(&saver, NULL, save, NULL);
	pthread_setname_np(saver, "saver");
	pthread_create(&spender, NULL, spend, NULL);
	pthread_setname_np(spender, "spender");
	if (fixed) {
		pthread_join(saver, NULL);
		pthread_join(spender, NULL);
		puts("both are done");
	} else {
		nanosleep(&a_while, NULL);
		puts("neither comes back");
	}
	return 0;
}
