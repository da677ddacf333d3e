/*
 * Signal handlers that jump out of waits: from the thread's stack and from an
 * alternate one, by siglongjmp and by setcontext, out of a handler's own wait as
 * well; and jumps that stay inside of their handler, which end no wait. Each
 * time the thread goes on to wait further inside. Status 0, or what failed.
 */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t left, inner, other, answer;
static sigjmp_buf away;
static ucontext_t context;
static atomic_int waits;
static volatile sig_atomic_t arrived;

static void pause_for(long ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void jump(int number)
{
	(void)number;
	siglongjmp(away, 1);
}

static void set_context(int number)
{
	(void)number;
	setcontext(&context);
}

/* Waits itself, and is then jumped out of by another signal's handler. */
static void wait_inside(int number)
{
	(void)number;
	atomic_fetch_add(&waits, 1);
	sem_wait(&inner);
}

static void jump_inside(int number)
{
	sigjmp_buf here;

	(void)number;
	if (sigsetjmp(here, 0) == 0)
		siglongjmp(here, 1);
	arrived = 1;
	sem_post(&left);
}

static void handle(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(number, &action, NULL);
}

/* Sends what it is told, each time when the main thread has slept long enough to be in its wait. */
static pthread_t main_thread;
static int signals[2];

static void *send(void *unused)
{
	pause_for(60);
	pthread_kill(main_thread, signals[0]);
	if (signals[1]) {
		while (atomic_load(&waits) == 0)
			pause_for(1);
		pause_for(60);
		pthread_kill(main_thread, signals[1]);
	}
	return unused;
}

static pthread_t start_sender(int first, int second)
{
	pthread_t thread;

	signals[0] = first;
	signals[1] = second;
	atomic_store(&waits, 0);
	if (pthread_create(&thread, NULL, send, NULL) != 0)
		abort();
	return thread;
}

static void *answer_it(void *unused)
{
	pause_for(10);
	sem_post(&answer);
	return unused;
}

/* A whole wait and its release, further inside than the one that was left. */
__attribute__((noinline)) static int wait_further_in(void)
{
	volatile char room[20000];
	pthread_t thread;

	room[0] = room[sizeof room - 1] = 0;
	if (pthread_create(&thread, NULL, answer_it, NULL) != 0)
		return 1;
	while (sem_wait(&answer) != 0)
		;
	return pthread_join(thread, NULL) + room[0];
}

__attribute__((noinline)) static int leave_semaphore(int first, int second)
{
	pthread_t sender = start_sender(first, second);

	if (sigsetjmp(away, 1) == 0) {
		for (;;)
			sem_wait(&left);
	}
	return wait_further_in() || pthread_join(sender, NULL) ? 1 : 0;
}

static int leave_condition(void)
{
	pthread_t sender = start_sender(SIGUSR1, 0);

	if (sigsetjmp(away, 1) == 0) {
		pthread_mutex_lock(&mutex);
		for (;;)
			pthread_cond_wait(&cond, &mutex);
	}
	return wait_further_in() || pthread_join(sender, NULL) ? 1 : 0;
}

/* No wrapper sees setcontext: the next wait, further out, tells. */
__attribute__((noinline)) static void wait_deeper(void)
{
	volatile char room[20000];

	room[0] = room[sizeof room - 1] = 0;
	for (;;)
		sem_wait(&other);
}

static int leave_by_context(void)
{
	volatile int come_back = 0;
	pthread_t thread;

	getcontext(&context);
	if (!come_back) {
		come_back = 1;
		thread = start_sender(SIGUSR2, 0);
		pthread_detach(thread);
		wait_deeper();
	}
	if (pthread_create(&thread, NULL, answer_it, NULL) != 0)
		return 1;
	while (sem_wait(&answer) != 0)
		;
	return pthread_join(thread, NULL) || wait_further_in();
}

int main(void)
{
	static char room[65536];
	stack_t alternate = {.ss_sp = room, .ss_size = sizeof room};
	pthread_t sender;

	main_thread = pthread_self();
	sem_init(&left, 0, 0);
	sem_init(&inner, 0, 0);
	sem_init(&other, 0, 0);
	sem_init(&answer, 0, 0);
	sigaltstack(&alternate, NULL);
	handle(SIGUSR1, jump, 0);
	handle(SIGUSR2, set_context, 0);
	handle(SIGALRM, jump, SA_ONSTACK);
	handle(SIGHUP, wait_inside, SA_RESTART | SA_ONSTACK);
	handle(SIGTERM, jump_inside, SA_RESTART | SA_ONSTACK);
	for (int i = 0; i < 2; i++) {
		if (leave_semaphore(SIGUSR1, 0) != 0 || leave_semaphore(SIGALRM, 0) != 0)
			return 1;
		if (leave_semaphore(SIGHUP, SIGALRM) != 0)
			return 2;
	}
	if (leave_condition() != 0)
		return 3;
	if (leave_by_context() != 0)
		return 4;
	/* Nobody waits for these any more: no post is worth an event. */
	for (int i = 0; i < 10; i++) {
		sem_post(&other);
		sem_post(&inner);
	}
	sender = start_sender(SIGTERM, 0);
	while (sem_wait(&left) != 0 || !arrived)
		;
	return pthread_join(sender, NULL) ? 5 : 0;
}
