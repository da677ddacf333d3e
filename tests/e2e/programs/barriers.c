/*
 * Barriers, pthread_once under contention, and a spin lock held long; argv[1]
 * rounds. Status 0 if each did what it should.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define THREADS 4

static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_spinlock_t spin;
static atomic_int inside, serial, runs;
static int rounds, wrong;

static void run_once(void)
{
	const struct timespec a_while = {.tv_nsec = 20000000};

	nanosleep(&a_while, NULL);
	atomic_fetch_add(&runs, 1);
}

static void hold_spin(void)
{
	const struct timespec a_while = {.tv_nsec = 2000000};

	pthread_spin_lock(&spin);
	if (atomic_fetch_add(&inside, 1) != 0)
		wrong = 1;
	nanosleep(&a_while, NULL);
	atomic_fetch_sub(&inside, 1);
	pthread_spin_unlock(&spin);
}

static void *work(void *unused)
{
	pthread_barrier_wait(&barrier);
	pthread_once(&once, run_once);
	if (atomic_load(&runs) != 1)
		wrong = 1;
	hold_spin();
	for (int round = 0; round < rounds; round++)
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			atomic_fetch_add(&serial, 1);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	rounds = argc > 1 ? atoi(argv[1]) : 100;
	pthread_barrier_init(&barrier, NULL, THREADS);
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return wrong || atomic_load(&serial) != rounds || atomic_load(&runs) != 1;
}
