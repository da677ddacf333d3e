/* Calls exit() while eight threads emit events as fast as they can; must end with status 7. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "threadline/threadline.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void *emit(void *unused)
{
	(void)unused;
	for (;;) {
		pthread_mutex_lock(&mutex);
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
		threadline_mark("busy");
	}
	return NULL;
}

int main(void)
{
	const struct timespec a_while = {.tv_nsec = 2000000};
	pthread_t thread;

	for (int i = 0; i < 8; i++)
		if (pthread_create(&thread, NULL, emit, NULL) != 0)
			return 1;
	nanosleep(&a_while, NULL);
	exit(7);
}
