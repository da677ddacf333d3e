/* The task table and the API's bookkeeping, with nobody recording. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <pthread.h>

#include "threadline/threadline.h"

static void test_a_thread_has_one_task_for_life(void **state)
{
	threadline_task self = threadline_self();

	(void)state;
	assert_true(self != 0);
	assert_true(threadline_self() == self);
}

static void *self_of(void *result)
{
	*(threadline_task *)result = threadline_self();
	return NULL;
}

static void test_threads_have_different_tasks(void **state)
{
	threadline_task a = 0, b = threadline_self();
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, self_of, &a), 0);
	pthread_join(thread, NULL);
	assert_true(a != 0 && a != b);
}

static void test_a_fiber_is_current_while_it_runs(void **state)
{
	threadline_task self = threadline_self(), fiber = threadline_create(THREADLINE_FIBER, "fiber");

	(void)state;
	assert_true(threadline_self() == self);
	threadline_start(fiber);
	assert_true(threadline_self() == fiber);
	threadline_block(THREADLINE_PARK, &fiber);
	assert_true(threadline_self() == self);
	threadline_start(fiber);
	threadline_schedule();
	assert_true(threadline_self() == self);
	threadline_start(fiber);
	threadline_exit();
	assert_true(threadline_self() == self);
}

static void test_waits_are_numbered(void **state)
{
	threadline_task self = threadline_self();
	uint32_t first = threadline_block(THREADLINE_PARK, &self);

	(void)state;
	threadline_start(self);
	assert_true(threadline_block(THREADLINE_PARK, &self) == first + 1);
	threadline_start(self);
}

static void test_an_ended_task_is_nobody(void **state)
{
	threadline_task self = threadline_self(), ended = threadline_create(THREADLINE_JOB, NULL), next;

	(void)state;
	threadline_start(ended);
	threadline_exit();
	threadline_start(ended);
	assert_true(threadline_self() == self);
	/* Its place is used again, its handle is not. */
	next = threadline_create(THREADLINE_JOB, NULL);
	assert_true(next != ended);
	threadline_unblock(ended, THREADLINE_PARK, NULL);
	threadline_name_task(ended, "nobody");
	threadline_start(ended);
	assert_true(threadline_self() == self);
	threadline_start(next);
	threadline_exit();
}

static void test_nonsense_is_ignored(void **state)
{
	threadline_task self = threadline_self();

	(void)state;
	threadline_start(0);
	threadline_start(UINT64_MAX);
	threadline_unblock(UINT64_MAX - 1, THREADLINE_PARK, NULL);
	threadline_exit(); /* a thread's own task ends by itself */
	threadline_mark(NULL);
	threadline_name_object(NULL, NULL);
	threadline_open(NULL, NULL);
	assert_true(threadline_self() == self);
}

static void test_errno_is_kept(void **state)
{
	(void)state;
	errno = 4711;
	threadline_start(threadline_create(THREADLINE_FIBER, "fiber"));
	threadline_block(THREADLINE_PARK, NULL);
	threadline_open(&errno, "x");
	threadline_close(&errno);
	assert_int_equal(errno, 4711);
}

static void *make_many(void *unused)
{
	for (int i = 0; i < 20000; i++) {
		threadline_task task = threadline_create(THREADLINE_JOB, NULL);

		threadline_start(task);
		if (threadline_self() != task)
			return (void *)1;
		threadline_exit();
	}
	return unused;
}

static void test_many_threads_make_many_tasks(void **state)
{
	pthread_t threads[4];
	void *result;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, make_many, NULL), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		assert_null(result);
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_a_thread_has_one_task_for_life), cmocka_unit_test(test_threads_have_different_tasks),
	     cmocka_unit_test(test_a_fiber_is_current_while_it_runs), cmocka_unit_test(test_waits_are_numbered),
	     cmocka_unit_test(test_an_ended_task_is_nobody), cmocka_unit_test(test_nonsense_is_ignored),
	     cmocka_unit_test(test_errno_is_kept), cmocka_unit_test(test_many_threads_make_many_tasks))
