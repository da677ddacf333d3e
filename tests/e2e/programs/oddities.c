/*
 * What programs do rarely, and may. `oddities WHAT`; status 0, or what failed.
 *
 *     nameless    a thread without a name outlives main
 *     many        40 locks, released in the order they were taken
 *     anew        locks that atfork handlers take, and the child makes anew
 *     helper      all locks by one function, and only the last two in both orders
 *     futex       a wait on an address that is none
 *     cancelled   threads cancelled at any instruction
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCKS 40

static pthread_mutex_t locks[LOCKS], x = PTHREAD_MUTEX_INITIALIZER, y = PTHREAD_MUTEX_INITIALIZER;

static void lock_all(void)
{
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_lock(&locks[i]);
}

static void unlock_all(void)
{
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_unlock(&locks[i]);
}

static void make_all(void)
{
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&locks[i], NULL);
}

static void *be_nameless(void *unused)
{
	prctl(PR_SET_NAME, "");
	usleep(200000);
	puts("still here");
	return unused;
}

static int nameless(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, be_nameless, NULL);
	usleep(20000);
	pthread_exit(NULL);
}

static void *lock_and_unlock_all(void *unused)
{
	lock_all();
	unlock_all();
	return unused;
}

static int many(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, lock_and_unlock_all, NULL) || pthread_join(thread, NULL);
}

static int anew(void)
{
	int status;
	pid_t child;

	pthread_atfork(lock_all, unlock_all, make_all);
	child = fork();
	if (child == 0)
		pthread_exit(NULL); /* its exit tells what it holds */
	return waitpid(child, &status, 0) != child || status != 0;
}

__attribute__((noinline)) static void lock(pthread_mutex_t *mutex)
{
	if (pthread_mutex_lock(mutex) != 0)
		abort();
}

static void lock_two(pthread_mutex_t *first, pthread_mutex_t *second)
{
	lock(first);
	lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

__attribute__((noinline)) static void lock_both_ways(void)
{
	lock_two(&x, &y);
	lock_two(&y, &x);
}

static int helper(void)
{
	for (int i = 0; i < LOCKS; i++)
		for (int j = i + 1; j < LOCKS; j++)
			lock_two(&locks[i], &locks[j]);
	for (int i = 0; i < 100; i++)
		lock_both_ways();
	printf("%p %p\n", (void *)&x, (void *)&y);
	return 0;
}

static int futex(void)
{
	return syscall(SYS_futex, 0x10000L, FUTEX_WAIT, 0, NULL, NULL, 0) != -1 || errno != EFAULT;
}

static void *yield(void *unused)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		sched_yield();
	return unused;
}

static int cancelled(void)
{
	for (int i = 0; i < 300; i++) {
		pthread_t thread;
		void *result;

		pthread_create(&thread, NULL, yield, NULL);
		usleep(300);
		pthread_cancel(thread);
		if (pthread_join(thread, &result) != 0 || result != PTHREAD_CANCELED)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*function)(void);
	} cases[] = {{"nameless", nameless}, {"many", many},   {"anew", anew},
		     {"helper", helper},     {"futex", futex}, {"cancelled", cancelled}};

	alarm(30);
	make_all();
	for (unsigned i = 0; argc == 2 && i < sizeof cases / sizeof *cases; i++)
		if (strcmp(argv[1], cases[i].name) == 0)
			return cases[i].function();
	return 2;
}
