/*
 * Cancels threads that wait: on a condition (whose cleanup handler must find the
 * mutex locked), on a semaphore, and in a join. Status 0, or what failed.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem, go;
static atomic_int cleaned;
static pthread_t sleeper;

static void unlock(void *unused)
{
	(void)unused;
	if (pthread_mutex_unlock(&mutex) == 0)
		atomic_fetch_add(&cleaned, 1);
}

static void count(void *unused)
{
	(void)unused;
	atomic_fetch_add(&cleaned, 1);
}

static void *wait_cond(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, NULL);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
	return unused;
}

static void *wait_sem(void *unused)
{
	pthread_cleanup_push(count, NULL);
	for (;;)
		sem_wait(&sem);
	pthread_cleanup_pop(1);
	return unused;
}

static void *wait_join(void *unused)
{
	pthread_cleanup_push(count, NULL);
	pthread_join(sleeper, NULL);
	pthread_cleanup_pop(0);
	return unused;
}

static void *sleep_on(void *unused)
{
	while (sem_wait(&go) != 0)
		;
	return unused;
}

int main(void)
{
	void *(*const functions[])(void *) = {wait_cond, wait_sem, wait_join};
	const struct timespec a_while = {.tv_nsec = 30000000};
	pthread_t threads[3];
	void *result;

	sem_init(&sem, 0, 0);
	sem_init(&go, 0, 0);
	if (pthread_create(&sleeper, NULL, sleep_on, NULL) != 0)
		return 1;
	for (int i = 0; i < 3; i++)
		if (pthread_create(&threads[i], NULL, functions[i], NULL) != 0)
			return 1;
	nanosleep(&a_while, NULL);
	for (int i = 0; i < 3; i++) {
		pthread_cancel(threads[i]);
		if (pthread_join(threads[i], &result) != 0 || result != PTHREAD_CANCELED)
			return 2;
	}
	sem_post(&go);
	/* Not joined before: the cancelled join must not have taken it. */
	if (pthread_join(sleeper, NULL) != 0)
		return 3;
	if (pthread_mutex_trylock(&mutex) != 0)
		return 4;
	return atomic_load(&cleaned) == 3 ? 0 : 5;
}
