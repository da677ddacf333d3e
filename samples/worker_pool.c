/*
 * A correct program, for comparison: four workers take jobs from a queue under a
 * mutex and a condition variable, a semaphore counts finished jobs, and all of
 * them are told to stop and joined. `threadline check` has nothing to say.
 *
 * threadline record -o T -- worker_pool && threadline check T
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>

#define WORKERS 4
#define JOBS 200

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static sem_t finished;
static int queued, taken;
static bool stop;
static unsigned long results[JOBS];

static unsigned long work(int job)
{
	unsigned long value = (unsigned long)job + 1;

	for (int i = 0; i < 20000; i++)
		value = value * 6364136223846793005u + 1442695040888963407u;
	return value;
}

static void *run(void *unused)
{
	(void)unused;
	for (;;) {
		int job;

		pthread_mutex_lock(&mutex);
		while (taken == queued && !stop)
			pthread_cond_wait(&more, &mutex);
		if (taken == queued) {
			pthread_mutex_unlock(&mutex);
			return NULL;
		}
		job = taken++;
		pthread_mutex_unlock(&mutex);
		results[job] = work(job);
		sem_post(&finished);
	}
}

int main(void)
{
	pthread_t workers[WORKERS];
	char name[16];
	unsigned long sum = 0;

	sem_init(&finished, 0, 0);
	for (int i = 0; i < WORKERS; i++) {
		pthread_create(&workers[i], NULL, run, NULL);
		snprintf(name, sizeof name, "worker-%d", i);
		pthread_setname_np(workers[i], name);
	}
	for (int job = 0; job < JOBS; job++) {
		pthread_mutex_lock(&mutex);
		queued++;
		pthread_cond_signal(&more);
		pthread_mutex_unlock(&mutex);
	}
	for (int job = 0; job < JOBS; job++)
		sem_wait(&finished);
	pthread_mutex_lock(&mutex);
	stop = true;
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	for (int job = 0; job < JOBS; job++)
		sum ^= results[job];
	printf("%d jobs, checksum %lx\n", JOBS, sum);
	return 0;
}
