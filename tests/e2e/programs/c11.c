/* C11 threads pass a turn round, argv[1] rounds; status 0 if every result is right. */
#include <stdlib.h>
#include <threads.h>
#include <time.h>

#define THREADS 4

static mtx_t mutex;
static cnd_t changed;
static once_flag once = ONCE_FLAG_INIT;
static int turn, rounds, runs;

static void run_once(void)
{
	runs++;
}

static int work(void *argument)
{
	int id = (int)(long)argument;

	call_once(&once, run_once);
	for (int round = 0; round < rounds; round++) {
		if (mtx_lock(&mutex) != thrd_success)
			return -1;
		while (turn != id)
			cnd_wait(&changed, &mutex);
		turn = (turn + 1) % THREADS;
		cnd_broadcast(&changed);
		mtx_unlock(&mutex);
	}
	return id - 100;
}

/* What C11 names must be told as C11 names. */
static int results_are_right(void)
{
	struct timespec past = {.tv_sec = 1};
	cnd_t never;
	int right;

	cnd_init(&never);
	mtx_lock(&mutex);
	right = mtx_trylock(&mutex) == thrd_busy && cnd_timedwait(&never, &mutex, &past) == thrd_timedout;
	right = right && mtx_unlock(&mutex) == thrd_success && mtx_trylock(&mutex) == thrd_success;
	mtx_unlock(&mutex);
	cnd_destroy(&never);
	return right;
}

int main(int argc, char **argv)
{
	thrd_t threads[THREADS];
	int result;

	rounds = argc > 1 ? atoi(argv[1]) : 1000;
	mtx_init(&mutex, mtx_timed);
	cnd_init(&changed);
	if (!results_are_right())
		return 1;
	for (long i = 0; i < THREADS; i++)
		if (thrd_create(&threads[i], work, (void *)i) != thrd_success)
			return 2;
	for (int i = 0; i < THREADS; i++)
		if (thrd_join(threads[i], &result) != thrd_success || result != i - 100)
			return 3;
	return runs == 1 ? 0 : 4;
}
