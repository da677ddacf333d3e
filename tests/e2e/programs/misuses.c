/*
 * Does what must not be done, each once, and checks that the calls say what they
 * say without us.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int bad;

static void check(int got, int wanted, const char *what)
{
	if (got == wanted)
		return;
	fprintf(stderr, "%s: %s, not %s\n", what, strerror(got), strerror(wanted));
	bad = 1;
}

static pthread_mutex_t make(int type)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, type);
	pthread_mutex_init(&mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	return mutex;
}

static void *unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
	return NULL;
}

static void *sleep_a_little(void *unused)
{
	usleep(200000);
	return unused;
}

static pthread_t spawn(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, argument) != 0)
		exit(2);
	return thread;
}

/* What binaries of another age are linked to. */
#ifdef __x86_64__
extern int old_lock(pthread_mutex_t *mutex);
extern int old_unlock(pthread_mutex_t *mutex);
__asm__(".symver old_lock,__pthread_mutex_lock@GLIBC_2.2.5");
__asm__(".symver old_unlock,__pthread_mutex_unlock@GLIBC_2.2.5");
#else
#define old_lock pthread_mutex_lock
#define old_unlock pthread_mutex_unlock
#endif

static void mutexes(void)
{
	pthread_mutex_t checked = make(PTHREAD_MUTEX_ERRORCHECK), plain = make(PTHREAD_MUTEX_NORMAL);
	struct timespec soon;

	check(old_lock(&checked), 0, "lock");
	check(pthread_mutex_lock(&checked), EDEADLK, "relock");
	check(pthread_mutex_destroy(&checked), EBUSY, "destroy a held one");
	check(old_unlock(&checked), 0, "unlock");
	check(old_unlock(&checked), EPERM, "unlock twice");
	check(pthread_mutex_destroy(&checked), 0, "destroy");
	/* The owner waits for itself, if only for a while. */
	pthread_mutex_lock(&plain);
	clock_gettime(CLOCK_REALTIME, &soon);
	check(pthread_mutex_timedlock(&plain, &soon), ETIMEDOUT, "relock in time");
	pthread_join(spawn(unlock, &plain), NULL);
	check(pthread_mutex_destroy(&plain), 0, "destroy");
}

static void rwlocks(void)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	check(pthread_rwlock_wrlock(&lock), 0, "wrlock");
	check(pthread_rwlock_wrlock(&lock), EDEADLK, "wrlock again");
	check(pthread_rwlock_rdlock(&lock), EDEADLK, "rdlock of one's own");
	check(pthread_rwlock_destroy(&lock), 0, "destroy a held one");
	check(pthread_rwlock_unlock(&lock), 0, "unlock");
}

static void conditions(void)
{
	pthread_mutex_t checked = make(PTHREAD_MUTEX_ERRORCHECK);
	pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

	check(pthread_cond_wait(&cond, &checked), EPERM, "wait without the mutex");
}

static void threads(void)
{
	pthread_t thread = spawn(sleep_a_little, NULL);

	check(pthread_join(pthread_self(), NULL), EDEADLK, "join oneself");
	check(pthread_detach(thread), 0, "detach");
	check(pthread_join(thread, NULL), EINVAL, "join a detached one");
	check(pthread_detach(thread), EINVAL, "detach twice");
	/* glibc keeps a joined thread's descriptor with its stack, and knows it while nobody uses that. */
	thread = spawn(sleep_a_little, NULL);
	check(pthread_join(thread, NULL), 0, "join");
	check(pthread_join(thread, NULL), ESRCH, "join twice");
}

/* None of these is wrong. */
static void right(void)
{
	pthread_mutex_t again = make(PTHREAD_MUTEX_RECURSIVE), checked = make(PTHREAD_MUTEX_ERRORCHECK);

	for (int i = 0; i < 40; i++)
		pthread_mutex_lock(&again);
	for (int i = 0; i < 40; i++)
		check(pthread_mutex_unlock(&again), 0, "unlock a recursive one");
	check(pthread_mutex_trylock(&checked), 0, "trylock");
	check(pthread_mutex_trylock(&checked), EBUSY, "trylock of one's own");
	check(pthread_mutex_unlock(&checked), 0, "unlock");
	pthread_mutex_destroy(&again);
	pthread_mutex_destroy(&checked);
}

int main(void)
{
	mutexes();
	rwlocks();
	conditions();
	threads();
	right();
	return bad;
}
