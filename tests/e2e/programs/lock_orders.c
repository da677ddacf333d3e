/*
 * Takes locks in several orders and says which: the names of the locks, by
 * address, on stdout; the script looks up what the trace tells of them. Lines
 * that it looks for are marked.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 1000

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t tried = PTHREAD_MUTEX_INITIALIZER, after = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t waits = PTHREAD_MUTEX_INITIALIZER, kept = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t helped[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t many[MANY];

static void name(const char *text, const void *lock)
{
	printf("%s %p\n", text, lock);
}

__attribute__((noinline)) static void nest(void)
{
	pthread_mutex_lock(&outer); /* outer taken */
	pthread_mutex_lock(&inner); /* inner taken */
	pthread_mutex_unlock(&inner);
	pthread_mutex_unlock(&outer);
}

/* A lock that was tried for is not waited for; what comes after it is. */
static void try_then_lock(void)
{
	pthread_mutex_lock(&outer);
	pthread_mutex_trylock(&tried);
	pthread_mutex_lock(&after);
	pthread_mutex_unlock(&after);
	pthread_mutex_unlock(&tried);
	pthread_mutex_unlock(&outer);
}

/* To take again what one has waits for nobody. */
static void lock_again(void)
{
	pthread_mutex_lock(&again);
	pthread_mutex_lock(&outer);
	pthread_mutex_lock(&again);
	pthread_mutex_unlock(&again);
	pthread_mutex_unlock(&outer);
	pthread_mutex_unlock(&again);
}

/* The wait takes its mutex again, under another lock now. */
static void wait_under_a_lock(void)
{
	struct timespec past = {0};

	pthread_mutex_lock(&waits);
	pthread_mutex_lock(&kept);
	pthread_cond_timedwait(&cond, &waits, &past);
	pthread_mutex_unlock(&kept);
	pthread_mutex_unlock(&waits);
}

static void read_then_lock(void)
{
	pthread_rwlock_rdlock(&shared);
	pthread_mutex_lock(&after);
	pthread_mutex_unlock(&after);
	pthread_rwlock_unlock(&shared);
}

/* As in C++ without optimisation: the function that takes the lock has returned. */
__attribute__((noinline)) static void help(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
	__asm__ volatile("");
}

__attribute__((noinline)) static void nest_by_help(void)
{
	help(&helped[0]); /* helped[0] taken */
	help(&helped[1]); /* helped[1] taken */
	pthread_mutex_unlock(&helped[1]);
	pthread_mutex_unlock(&helped[0]);
}

/* Hand over hand through a list: a thousand pairs, one place in the code. */
static void walk(void)
{
	pthread_mutex_lock(&many[0]);
	for (int i = 1; i < MANY; i++) {
		pthread_mutex_lock(&many[i]);
		pthread_mutex_unlock(&many[i - 1]);
	}
	pthread_mutex_unlock(&many[MANY - 1]);
}

int main(void)
{
	for (int i = 0; i < MANY; i++)
		pthread_mutex_init(&many[i], NULL);
	name("outer", &outer);
	name("inner", &inner);
	name("tried", &tried);
	name("after", &after);
	name("again", &again);
	name("waits", &waits);
	name("kept", &kept);
	name("helped0", &helped[0]);
	name("helped1", &helped[1]);
	name("shared", &shared);
	name("first", &many[0]);
	name("last", &many[MANY - 1]);
	fflush(stdout);
	for (int i = 0; i < 100; i++) {
		nest();
		try_then_lock();
		lock_again();
		wait_under_a_lock();
		read_then_lock();
		nest_by_help();
		walk();
	}
	if (fork() == 0) {
		nest();
		_exit(0);
	}
	wait(NULL);
	/* What ends is told if the trace has spoken of it. */
	pthread_mutex_destroy(&inner);
	pthread_mutex_destroy(&(pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER);
	return 0;
}
