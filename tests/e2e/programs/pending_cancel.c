/*
 * A thread whose cancellation is pending passes through calls that are no
 * cancellation points, often enough to fill LTTng's buffers, which writes to a
 * pipe then. It must reach its own point. Status 0, or what failed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "threadline/threadline.h"

#define CALLS 300000

static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile bool got_through;

static void *work(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cancel(pthread_self());
	for (int i = 0; i < CALLS; i++) {
		pthread_cond_signal(&cond);
		threadline_mark("a remark long enough to fill the buffers of the tracer in a reasonable time ........");
	}
	close_range(1000, 1001, 0);
	pthread_mutex_unlock(&mutex);
	got_through = true;
	pthread_testcancel();
	return unused;
}

int main(void)
{
	pthread_t thread;
	void *result;

	if (pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, &result) != 0)
		return 1;
	if (!got_through)
		return 2;
	if (result != PTHREAD_CANCELED)
		return 3;
	return pthread_mutex_trylock(&mutex) == 0 ? 0 : 4;
}
