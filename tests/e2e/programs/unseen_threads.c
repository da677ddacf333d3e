/*
 * Threads whose creation goes past the wrappers (C11's), one after the other,
 * each of which sends a signal; then the process turns into a daemon, in which a
 * thread does so too. Status 0, or what failed.
 */
#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#define THREADS 50

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static int work(void *unused)
{
	(void)unused;
	return pthread_cond_signal(&cond);
}

static int run_one(void)
{
	thrd_t thread;

	if (thrd_create(&thread, work, NULL) != thrd_success)
		return 1;
	return thrd_join(thread, NULL) == thrd_success ? 0 : 1;
}

int main(void)
{
	for (int i = 0; i < THREADS; i++)
		if (run_one() != 0)
			return 1;
	/* Something to say in this process's own thread, before and after. */
	if (pthread_cond_signal(&cond) != 0 || daemon(1, 1) != 0 || pthread_cond_signal(&cond) != 0)
		return 2;
	return run_one();
}
