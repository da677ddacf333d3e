/*
 * Calls at the edges of what their manuals say, whose results must be those of
 * the system: clocks that are none, times that are none, errno across a lock
 * that waits, a join of a finished thread while a cancellation is pending.
 * Status 0, or the line that failed.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                 \
	do {                             \
		if (!(condition))        \
			return __LINE__; \
	} while (0)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t sem;

static int odd_times(void)
{
	const struct timespec bad = {.tv_nsec = 2000000000}, past = {0};
	int value;

	CHECK(sem_init(&sem, 0, 1) == 0);
	/* The semaphore is up, but a time that is none is refused all the same. */
	errno = 0;
	CHECK(sem_timedwait(&sem, &bad) == -1 && errno == EINVAL);
	errno = 0;
	CHECK(sem_clockwait(&sem, CLOCK_PROCESS_CPUTIME_ID, &past) == -1 && errno == EINVAL);
	CHECK(sem_getvalue(&sem, &value) == 0 && value == 1);
	CHECK(sem_clockwait(&sem, CLOCK_MONOTONIC, &past) == 0);
	CHECK(sem_clockwait(&sem, CLOCK_MONOTONIC, &past) == -1 && errno == ETIMEDOUT);
	CHECK(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &past) == EINVAL);
	/* A free mutex looks at no time. */
	CHECK(pthread_mutex_timedlock(&mutex, &bad) == 0);
	CHECK(pthread_mutex_unlock(&mutex) == 0);
	return 0;
}

static void *hold(void *unused)
{
	pthread_mutex_lock(&mutex);
	sem_post(&sem);
	usleep(20000);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static int errno_is_kept(void)
{
	const struct timespec bad = {.tv_nsec = 2000000000};
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, hold, NULL) == 0);
	CHECK(sem_wait(&sem) == 0);
	CHECK(pthread_mutex_timedlock(&mutex, &bad) == EINVAL);
	errno = 77;
	CHECK(pthread_mutex_lock(&mutex) == 0);
	CHECK(errno == 77);
	CHECK(pthread_mutex_unlock(&mutex) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(errno == 77);
	return 0;
}

static void *nothing(void *unused)
{
	return unused;
}

static void *join_finished(void *finished)
{
	pthread_cancel(pthread_self());
	/* glibc looks for a cancellation only when it has to wait. */
	if (pthread_join(*(pthread_t *)finished, NULL) == 0)
		*(pthread_t *)finished = 0;
	pthread_testcancel();
	return NULL;
}

static int join_without_waiting(void)
{
	pthread_t finished, joiner;

	CHECK(pthread_create(&finished, NULL, nothing, NULL) == 0);
	usleep(50000);
	CHECK(pthread_create(&joiner, NULL, join_finished, &finished) == 0);
	CHECK(pthread_join(joiner, NULL) == 0);
	CHECK(finished == 0);
	return 0;
}

int main(void)
{
	int line = odd_times();

	if (line == 0)
		line = errno_is_kept();
	return line ? line : join_without_waiting();
}
