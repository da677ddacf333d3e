/* The leak checks of threadline.h, with nobody recording. */
#include "tests/unit/unit.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "threadline/threadline.h"

#define LATE_MS 10000 /* more than any machine needs; waited only by a test that fails */

static sem_t go;
static char text[4096];

__attribute__((constructor)) static void begin(void)
{
	sem_init(&go, 0, 0);
}

static void *wait_for_go(void *unused)
{
	(void)unused;
	while (sem_wait(&go) != 0)
		;
	return NULL;
}

static pthread_t start(const char *name)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, wait_for_go, NULL), 0);
	if (name)
		assert_int_equal(pthread_setname_np(thread, name), 0);
	return thread;
}

static void end(pthread_t thread)
{
	sem_post(&go);
	pthread_join(thread, NULL);
}

static void test_a_thread_that_ended_is_no_leak(void **state)
{
	threadline_leak_check *check = threadline_leak_begin();

	(void)state;
	assert_non_null(check);
	for (int i = 0; i < 20; i++) {
		end(start(NULL));
		/* pthread_join returns while the kernel is still at it. */
		assert_int_equal(threadline_leaks(check, LATE_MS, text, sizeof text), 0);
		assert_string_equal(text, "");
	}
	threadline_leak_end(check);
}

static void test_a_thread_that_lives_is_named(void **state)
{
	threadline_leak_check *check = threadline_leak_begin();
	size_t before = threadline_live_tasks();
	pthread_t thread = start("for) (ever\n");

	(void)state;
	assert_int_equal(threadline_leaks(check, 20, text, sizeof text), 1);
	assert_non_null(strstr(text, "\"for) (ever?\""));
	assert_int_equal(strcspn(text, "\n"), strlen(text) - 1);
	assert_int_equal(threadline_live_tasks(), before + 1);
	end(thread);
	assert_int_equal(threadline_leaks(check, LATE_MS, text, sizeof text), 0);
	threadline_leak_end(check);
}

static void test_threads_of_before_are_no_leak(void **state)
{
	pthread_t thread = start("old");
	threadline_leak_check *check = threadline_leak_begin();

	(void)state;
	pthread_setname_np(thread, "renamed");
	assert_int_equal(threadline_leaks(check, 0, NULL, 0), 0);
	end(thread);
	threadline_leak_end(check);
}

static void test_stragglers_are_waited_for(void **state)
{
	threadline_leak_check *check = threadline_leak_begin();
	pthread_t thread = start(NULL);
	pid_t child;
	int status = -1;

	(void)state;
	assert_int_equal(threadline_leaks(check, 0, NULL, 0), 1);
	sem_post(&go);
	assert_int_equal(threadline_leaks(check, LATE_MS, NULL, 0), 0);
	pthread_join(thread, NULL);
	/* In a fork's child, the thread that forked is none. */
	child = fork();
	if (child == 0)
		_exit(threadline_leaks(check, 0, NULL, 0) == 0 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	threadline_leak_end(check);
}

static void test_names_can_be_left_out(void **state)
{
	threadline_leak_check *check = threadline_leak_begin();
	pthread_t pool = start("pool-1"), other = start("other");

	(void)state;
	threadline_leak_ignore(check, "pool-*");
	threadline_leak_ignore(check, "nobody");
	assert_int_equal(threadline_leaks(check, 0, text, sizeof text), 1);
	assert_non_null(strstr(text, "\"other\""));
	assert_null(strstr(text, "pool"));
	sem_post(&go);
	sem_post(&go);
	pthread_join(pool, NULL);
	pthread_join(other, NULL);
	threadline_leak_end(check);
}

static void test_fibers_count(void **state)
{
	threadline_task old = threadline_create(THREADLINE_FIBER, "old"), ended, young;
	threadline_leak_check *check = threadline_leak_begin();

	(void)state;
	ended = threadline_create(THREADLINE_JOB, "ended");
	young = threadline_create(THREADLINE_JOB, "a name that is longer than what is kept of it");
	assert_int_equal(threadline_leaks(check, 0, NULL, 0), 2);
	threadline_start(ended);
	threadline_exit();
	assert_int_equal(threadline_leaks(check, 0, text, sizeof text), 1);
	assert_non_null(strstr(text, "job "));
	assert_non_null(strstr(text, "\"a name that is longer than what is kept of it\""));
	threadline_start(young);
	threadline_exit();
	assert_int_equal(threadline_leaks(check, 0, text, sizeof text), 0);
	threadline_start(old);
	threadline_exit();
	threadline_leak_end(check);
}

static void test_what_does_not_fit_is_cut_off(void **state)
{
	threadline_leak_check *check = threadline_leak_begin();
	pthread_t a = start("first"), b = start("second");
	char small[9];

	(void)state;
	memset(small, 'x', sizeof small);
	assert_int_equal(threadline_leaks(check, 0, small, sizeof small), 2);
	assert_memory_equal(small, "thread ", 7);
	assert_int_equal(strlen(small), sizeof small - 1);
	assert_int_equal(threadline_leaks(check, 0, small, 1), 2);
	assert_string_equal(small, "");
	sem_post(&go);
	sem_post(&go);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	threadline_leak_end(check);
}

static void test_nothing_is_asked_of_nobody(void **state)
{
	(void)state;
	threadline_leak_ignore(NULL, "x");
	assert_int_equal(threadline_leaks(NULL, 0, text, sizeof text), 0);
	threadline_leak_end(NULL);
	THREADLINE_ASSERT_NO_LEAKS(NULL, 0);
}

static void test_the_assertion_ends_the_program(void **state)
{
	int status = 0, out[2];
	pid_t child;
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(out), 0);
	child = fork();
	if (child == 0) {
		threadline_leak_check *check = threadline_leak_begin();

		dup2(out[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		threadline_create(THREADLINE_FIBER, "lost");
		THREADLINE_ASSERT_NO_LEAKS(check, 1);
		_exit(0);
	}
	close(out[1]);
	n = read(out[0], text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_non_null(strstr(text, "test_leaks.c:"));
	assert_non_null(strstr(text, "1 task leaked"));
	close(out[0]);
}

TL_UNIT_MAIN(cmocka_unit_test(test_a_thread_that_ended_is_no_leak), cmocka_unit_test(test_a_thread_that_lives_is_named),
	     cmocka_unit_test(test_threads_of_before_are_no_leak), cmocka_unit_test(test_stragglers_are_waited_for),
	     cmocka_unit_test(test_names_can_be_left_out), cmocka_unit_test(test_fibers_count),
	     cmocka_unit_test(test_what_does_not_fit_is_cut_off), cmocka_unit_test(test_nothing_is_asked_of_nobody),
	     cmocka_unit_test(test_the_assertion_ends_the_program))
