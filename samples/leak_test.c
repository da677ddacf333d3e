/*
 * How a test of your own finds leaked threads, without a recording: a unit test
 * with cmocka of a small pool of workers, whose stop forgets one of them with
 * --bug. threadline_leaks waits for stragglers and names who is left.
 *
 * leak_test && ! leak_test --bug
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <threadline/threadline.h>

#define WORKERS 4
#define STRAGGLERS_MS 1000

struct pool {
	pthread_t workers[WORKERS];
	pthread_mutex_t mutex;
	pthread_cond_t stopped;
	int to_stop;
};

static bool forgets_one;

static void *work(void *argument)
{
	struct pool *pool = argument;

	pthread_mutex_lock(&pool->mutex);
	while (pool->to_stop == 0)
		pthread_cond_wait(&pool->stopped, &pool->mutex);
	pool->to_stop--;
	pthread_mutex_unlock(&pool->mutex);
	return NULL;
}

static void pool_start(struct pool *pool)
{
	*pool = (struct pool){.mutex = PTHREAD_MUTEX_INITIALIZER, .stopped = PTHREAD_COND_INITIALIZER};
	for (int i = 0; i < WORKERS; i++) {
		pthread_create(&pool->workers[i], NULL, work, pool);
		pthread_detach(pool->workers[i]);
		pthread_setname_np(pool->workers[i], "pool-worker");
	}
}

static void pool_stop(struct pool *pool)
{
	pthread_mutex_lock(&pool->mutex);
	pool->to_stop = forgets_one ? WORKERS - 1 : WORKERS;
	pthread_cond_broadcast(&pool->stopped);
	pthread_mutex_unlock(&pool->mutex);
}

static void test_a_stopped_pool_has_no_workers(void **state)
{
	static struct pool pool;
	static char leaked[4096];
	threadline_leak_check *check = threadline_leak_begin();
	size_t n;

	(void)state;
	assert_non_null(check);
	pool_start(&pool);
	pool_stop(&pool);
	n = threadline_leaks(check, STRAGGLERS_MS, leaked, sizeof leaked);
	threadline_leak_end(check);
	if (n)
		fail_msg("%zu leaked:\n%s", n, leaked);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_stopped_pool_has_no_workers)};

	forgets_one = argc > 1 && strcmp(argv[1], "--bug") == 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
