/*
 * Threads whose creation goes past the wrappers (C11's), one after the other,
 * each of which waits once; then the process turns into a daemon, in which a
 * thread waits too. Status 0, or what failed.
 */
#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#define THREADS 50

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return 0;
}

static int wait_once(void)
{
	thrd_t thread;

	pthread_mutex_lock(&mutex);
	if (thrd_create(&thread, work, NULL) != thrd_success)
		return 1;
	usleep(3000);
	pthread_mutex_unlock(&mutex);
	return thrd_join(thread, NULL) == thrd_success ? 0 : 1;
}

int main(void)
{
	for (int i = 0; i < THREADS; i++)
		if (wait_once() != 0)
			return 1;
	if (daemon(1, 1) != 0)
		return 2;
	return wait_once();
}
