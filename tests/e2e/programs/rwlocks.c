/* Readers and writers, argv[1] rounds; status 0 if no writer was ever disturbed. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#define THREADS 4

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static volatile unsigned long a, b;
static atomic_int torn;
static int rounds;

static void write_both(void)
{
	pthread_rwlock_wrlock(&lock);
	for (int i = 0; i < 300; i++)
		a++;
	sched_yield(); /* so that others come while it is held */
	b = a;
	pthread_rwlock_unlock(&lock);
}

static void read_both(void)
{
	pthread_rwlock_rdlock(&lock);
	for (int i = 0; i < 100; i++)
		if (a != b)
			atomic_store(&torn, 1);
	pthread_rwlock_unlock(&lock);
}

static void *work(void *argument)
{
	int id = (int)(long)argument;

	for (int round = 0; round < rounds; round++) {
		if ((round + id) % 3 == 0)
			write_both();
		else
			read_both();
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	rounds = argc > 1 ? atoi(argv[1]) : 1000;
	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)i) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return atomic_load(&torn);
}
