/* Many threads that end at the same time, over and over, each just after it emitted events. */
#include <pthread.h>

#define ROUNDS 300
#define THREADS 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long sum;

static void *run(void *argument)
{
	(void)argument;
	for (int i = 0; i < 20; i++) {
		pthread_mutex_lock(&lock);
		for (int j = 0; j < 500; j++)
			sum += (unsigned long)j;
		pthread_mutex_unlock(&lock);
	}
	return 0;
}

int main(void)
{
	pthread_t threads[THREADS];

	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++)
			if (pthread_create(&threads[i], 0, run, 0) != 0)
				return 2;
		for (int i = 0; i < THREADS; i++)
			pthread_join(threads[i], 0);
	}
	return 0;
}
