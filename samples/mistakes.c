/*
 * One small function for each mistake that a call can be, named after the rule that
 * finds it:
 *
 *   mistakes RULE     makes the mistake (mistakes: lists them)
 *
 * threadline record -o T -- mistakes self-deadlock && threadline check T
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "threadline/threadline.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t never;
static sigjmp_buf out;

static pthread_t start(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, argument) != 0)
		exit(2);
	return thread;
}

static struct timespec in_ms(long ms)
{
	struct timespec when;

	clock_gettime(CLOCK_REALTIME, &when);
	when.tv_nsec += ms * 1000000;
	when.tv_sec += when.tv_nsec / 1000000000;
	when.tv_nsec %= 1000000000;
	return when;
}

/* ---- locks and conditions ------------------------------------------------------ */

static void unlock_not_owner(void)
{
	pthread_mutex_unlock(&mutex); /* the bug: nobody has locked it */
}

static void self_deadlock(void)
{
	struct timespec soon = in_ms(50);

	pthread_mutex_lock(&mutex);
	pthread_mutex_timedlock(&mutex, &soon); /* the bug: it is our own */
	pthread_mutex_unlock(&mutex);
}

static void wait_without_mutex(void)
{
	struct timespec soon = in_ms(50);

	pthread_cond_timedwait(&condition, &mutex, &soon); /* the bug: the mutex is not locked */
}

static void *wait_with(void *with)
{
	struct timespec soon = in_ms(300);

	pthread_mutex_lock(with);
	pthread_cond_timedwait(&condition, with, &soon); /* the bug: two mutexes for one condition */
	pthread_mutex_unlock(with);
	return NULL;
}

static void cond_two_mutexes(void)
{
	pthread_t a = start(wait_with, &mutex), b = start(wait_with, &other);

	pthread_join(a, NULL);
	pthread_join(b, NULL);
}

static void *hold_for_long(void *unused)
{
	struct timespec pause = {.tv_nsec = 2000000};

	for (int i = 0; i < 60; i++) {
		pthread_mutex_lock(&mutex); /* the bug: everything is done under one lock */
		nanosleep(&pause, NULL);
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void lock_convoy(void)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		threads[i] = start(hold_for_long, NULL);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
}

/* ---- threads -------------------------------------------------------------------- */

static void *nothing(void *unused)
{
	return unused;
}

static void *a_while(void *unused)
{
	usleep(100000);
	return unused;
}

static void join_self(void)
{
	pthread_join(pthread_self(), NULL); /* the bug: it cannot end while it waits */
}

static void double_join(void)
{
	pthread_t thread = start(a_while, NULL);

	pthread_join(thread, NULL);
	pthread_join(thread, NULL); /* the bug: once more */
}

static void double_detach(void)
{
	pthread_t thread = start(a_while, NULL);

	pthread_detach(thread);
	pthread_detach(thread); /* the bug: once more */
	usleep(200000);
}

static pthread_t first;

static void *join_the_first(void *unused)
{
	pthread_join(first, NULL); /* the bug: which waits for us */
	return unused;
}

static void join_cycle(void)
{
	first = pthread_self();
	alarm(2);
	pthread_join(start(join_the_first, NULL), NULL); /* waits for who waits for us */
}

static void create_failed(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)1 << 46);
	pthread_create(&thread, &attr, nothing, NULL); /* the bug: nobody looks at the result */
	pthread_attr_destroy(&attr);
}

static void *compute(void *unused)
{
	for (volatile unsigned long i = 0;; i++)
		;
	return unused;
}

static void never_exited(void)
{
	start(compute, NULL); /* the bug: nobody tells it to stop */
	usleep(200000);
}

static void *wait_to_be_cancelled(void *unused)
{
	pthread_mutex_lock(&mutex);
	for (;;)
		pthread_cond_wait(&condition, &mutex); /* the bug: cancelled here, the mutex stays locked */
	return unused;
}

static void cancel_in_wait(void)
{
	pthread_t thread = start(wait_to_be_cancelled, NULL);

	usleep(200000);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

static void jump_out(int unused)
{
	(void)unused;
	siglongjmp(out, 1); /* the bug: out of a wait */
}

static void abandoned_wait(void)
{
	struct itimerval soon = {.it_value.tv_usec = 100000};

	signal(SIGALRM, jump_out);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (sigsetjmp(out, 1) == 0)
		sem_wait(&never); /* what is jumped out of */
}

/* ---- tasks of one's own ---------------------------------------------------------- */

static void created_never_started(void)
{
	threadline_create(THREADLINE_JOB, "forgotten"); /* the bug: nobody ever runs it */
}

static threadline_task make_waiting(threadline_task *self)
{
	threadline_task fiber = threadline_create(THREADLINE_FIBER, "fiber");

	*self = threadline_self();
	threadline_start(fiber);
	threadline_block(THREADLINE_PARK, &out);
	return fiber;
}

static void start_without_unblock(void)
{
	threadline_task self, fiber = make_waiting(&self);

	threadline_start(fiber); /* the bug: nobody has unblocked it */
	threadline_exit();
}

static void double_unblock(void)
{
	threadline_task self, fiber = make_waiting(&self);

	threadline_unblock(fiber, THREADLINE_PARK, &out);
	threadline_unblock(fiber, THREADLINE_PARK, &out); /* the bug: once more */
	threadline_start(fiber);
	threadline_exit();
}

static void *run_it(void *fiber)
{
	threadline_start(*(threadline_task *)fiber); /* the bug: it runs elsewhere */
	return NULL;
}

static void event_by_wrong_carrier(void)
{
	threadline_task fiber = threadline_create(THREADLINE_FIBER, "fiber");

	threadline_start(fiber); /* here it runs */
	pthread_join(start(run_it, &fiber), NULL);
	threadline_exit();
}

static void close_unopened(void)
{
	threadline_open(&mutex, "file");
	threadline_close(&other); /* the bug: another one was opened */
	threadline_close(&mutex);
}

static void use_after_close(void)
{
	threadline_task self = threadline_self();

	for (volatile int i = 0; i < 2; i++) {
		if (i == 0)
			threadline_open(&condition, "channel");
		threadline_block(THREADLINE_WAIT_LEVEL, &condition); /* the bug: the second time it is closed */
		threadline_start(self);
		if (i == 0)
			threadline_close(&condition);
	}
}

static const struct {
	const char *rule;
	void (*make)(void);
} mistakes[] = {
	{"unlock-not-owner", unlock_not_owner},
	{"self-deadlock", self_deadlock},
	{"wait-without-mutex", wait_without_mutex},
	{"cond-two-mutexes", cond_two_mutexes},
	{"lock-convoy", lock_convoy},
	{"join-self", join_self},
	{"double-join", double_join},
	{"double-detach", double_detach},
	{"join-cycle", join_cycle},
	{"create-failed", create_failed},
	{"never-exited", never_exited},
	{"cancel-in-wait", cancel_in_wait},
	{"abandoned-wait", abandoned_wait},
	{"created-never-started", created_never_started},
	{"start-without-unblock", start_without_unblock},
	{"double-unblock", double_unblock},
	{"event-by-wrong-carrier", event_by_wrong_carrier},
	{"close-unopened", close_unopened},
	{"use-after-close", use_after_close},
};

int main(int argc, char **argv)
{
	sem_init(&never, 0, 0);
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		if (argc < 2)
			puts(mistakes[i].rule);
		else if (strcmp(argv[1], mistakes[i].rule) == 0)
			return mistakes[i].make(), 0;
	}
	return argc < 2 ? 0 : 2;
}
