/*
 * Contention of every kind that is traced: argv[1] rounds of mutex, condition and
 * semaphore hand-offs between four threads. For the order of what is stamped.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#define THREADS 4

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, turn_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_changed = PTHREAD_COND_INITIALIZER;
static sem_t sems[THREADS];
static int turn, rounds;
static volatile unsigned long shared;

static void *work(void *argument)
{
	int id = (int)(long)argument;

	for (int round = 0; round < rounds; round++) {
		pthread_mutex_lock(&mutex);
		for (int i = 0; i < 200; i++)
			shared++;
		pthread_mutex_unlock(&mutex);
		pthread_mutex_lock(&turn_mutex);
		while (turn != id)
			pthread_cond_wait(&turn_changed, &turn_mutex);
		turn = (turn + 1) % THREADS;
		pthread_cond_broadcast(&turn_changed);
		pthread_mutex_unlock(&turn_mutex);
		sem_post(&sems[(id + 1) % THREADS]);
		sem_wait(&sems[id]);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	rounds = argc > 1 ? atoi(argv[1]) : 1000;
	for (int i = 0; i < THREADS; i++)
		sem_init(&sems[i], 0, 0);
	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)i) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return shared == (unsigned long)THREADS * (unsigned long)rounds * 200 ? 0 : 1;
}
