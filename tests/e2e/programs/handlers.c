/*
 * Signal handlers that wait and wake inside of waits of every kind, as some
 * programs do although few of these calls are allowed there. argv[1]: then so
 * many ms of a storm of signals over threads that contend. Status 0, or what
 * failed.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, held = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t down, up, answer, handled, entered, stop;
static uint32_t word;
static int condition, ends[2];
static pthread_t to_join;
static atomic_int wrong;

static void pause_for(long ms)
{
	const struct timespec time = {.tv_nsec = ms * 1000000};

	nanosleep(&time, NULL);
}

static void *wait_mutex(void *unused)
{
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&held);
	return unused;
}

static void *wait_cond(void *unused)
{
	pthread_mutex_lock(&mutex);
	while (!condition)
		pthread_cond_wait(&cond, &mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void *wait_sem(void *unused)
{
	while (sem_wait(&down) != 0)
		;
	return unused;
}

static void *wait_futex(void *unused)
{
	while (__atomic_load_n(&word, __ATOMIC_ACQUIRE) == 0)
		syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return unused;
}

static void *wait_join(void *unused)
{
	pthread_join(to_join, NULL);
	return unused;
}

static void *wait_barrier(void *unused)
{
	pthread_barrier_wait(&barrier);
	return unused;
}

static void *wait_lock(void *unused)
{
	pthread_rwlock_rdlock(&lock);
	pthread_rwlock_unlock(&lock);
	return unused;
}

static void *wait_stop(void *unused)
{
	while (sem_wait(&stop) != 0)
		;
	return unused;
}

static void release_all(int kind)
{
	switch (kind) {
	case 0: pthread_mutex_unlock(&held); break;
	case 1:
		pthread_mutex_lock(&mutex);
		condition = 1;
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
		break;
	case 2: sem_post(&down); break;
	case 3:
		__atomic_store_n(&word, 1, __ATOMIC_RELEASE);
		syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
		break;
	case 4: sem_post(&stop); break;
	case 5: pthread_barrier_wait(&barrier); break;
	default: pthread_rwlock_unlock(&lock);
	}
}

/* One wait for a semaphore and one for a mutex, both inside of the interrupted wait. */
static void handle(int number)
{
	int saved = errno;

	(void)number;
	errno = 1234;
	sem_post(&up);
	if (sem_wait(&up) != 0 || sem_trywait(&up) == 0 || errno != EAGAIN)
		atomic_store(&wrong, 1);
	errno = 1234;
	if (write(ends[1], "x", 1) != 1)
		atomic_store(&wrong, 2);
	sem_post(&entered);
	while (sem_wait(&answer) != 0)
		;
	pthread_mutex_lock(&inner);
	pthread_mutex_unlock(&inner);
	sem_post(&handled);
	if (errno != 1234)
		atomic_store(&wrong, 3);
	errno = saved;
}

static int interrupt(void *(*function)(void *), int kind)
{
	pthread_t thread;
	char byte;

	if (pthread_create(&thread, NULL, function, NULL) != 0)
		return 1;
	pause_for(60);
	pthread_mutex_lock(&inner);
	pthread_kill(thread, SIGUSR1);
	while (sem_wait(&entered) != 0)
		;
	pause_for(30);
	sem_post(&answer);
	pause_for(30);
	pthread_mutex_unlock(&inner);
	while (sem_wait(&handled) != 0)
		;
	pause_for(30);
	release_all(kind);
	return pthread_join(thread, NULL) || read(ends[0], &byte, 1) != 1;
}

/* ---- the storm -------------------------------------------------------------- */

static atomic_int over;
static sem_t back_and_forth[2];

static void post(int number)
{
	int saved = errno;
	struct timespec soon;

	(void)number;
	errno = 1234;
	sem_post(&up);
	clock_gettime(CLOCK_REALTIME, &soon);
	if (errno != 1234)
		atomic_store(&wrong, 4);
	/* Nobody posts it: a whole wait, wherever the signal came. */
	sem_timedwait(&down, &soon);
	errno = saved;
}

static void *contend(void *argument)
{
	long id = (long)argument;

	while (!atomic_load(&over)) {
		pthread_mutex_lock(&mutex);
		sched_yield();
		pthread_mutex_unlock(&mutex);
		sem_post(&back_and_forth[!id]);
		while (sem_wait(&back_and_forth[id]) != 0)
			;
	}
	sem_post(&back_and_forth[!id]);
	return NULL;
}

static int storm(long ms)
{
	const struct itimerspec often = {.it_interval = {.tv_nsec = 100000}, .it_value = {.tv_nsec = 100000}};
	pthread_t threads[2];
	timer_t timers[2];

	signal(SIGUSR2, post);
	for (long i = 0; i < 2; i++)
		sem_init(&back_and_forth[i], 0, 0);
	for (long i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, contend, (void *)i) != 0)
			return 1;
	for (int i = 0; i < 2; i++) {
		struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};

		if (timer_create(CLOCK_MONOTONIC, &event, &timers[i]) != 0 ||
		    timer_settime(timers[i], 0, &often, NULL) != 0)
			return 1;
	}
	for (long i = 0; i < ms; i++) {
		pause_for(1);
		pthread_kill(threads[i % 2], SIGUSR2);
	}
	for (int i = 0; i < 2; i++)
		timer_delete(timers[i]);
	atomic_store(&over, 1);
	return pthread_join(threads[0], NULL) || pthread_join(threads[1], NULL);
}

int main(int argc, char **argv)
{
	void *(*const functions[])(void *) = {wait_mutex, wait_cond,    wait_sem, wait_futex,
					      wait_join,  wait_barrier, wait_lock};
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};

	sem_init(&down, 0, 0);
	sem_init(&up, 0, 0);
	sem_init(&answer, 0, 0);
	sem_init(&handled, 0, 0);
	sem_init(&entered, 0, 0);
	sem_init(&stop, 0, 0);
	if (pipe(ends) != 0 || pthread_barrier_init(&barrier, NULL, 2) != 0)
		return 1;
	sigaction(SIGUSR1, &action, NULL);
	if (pthread_create(&to_join, NULL, wait_stop, NULL) != 0)
		return 1;
	pthread_mutex_lock(&held);
	pthread_rwlock_wrlock(&lock);
	for (int i = 0; i < (int)(sizeof functions / sizeof *functions); i++)
		if (interrupt(functions[i], i) != 0)
			return 10 + i;
	if (argc > 1 && storm(atol(argv[1])) != 0)
		return 2;
	return atomic_load(&wrong) ? 20 + atomic_load(&wrong) : 0;
}
