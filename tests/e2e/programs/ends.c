/*
 * Ends in the way that argv[1] names, after it has worked with threads; or has
 * children by forks that libc's handlers are not told of ("unheard"), each of
 * which works with threads as well.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
	const struct timespec a_while = {.tv_nsec = 2000000};

	pthread_mutex_lock(&mutex);
	nanosleep(&a_while, NULL);
	pthread_mutex_unlock(&mutex);
	return unused;
}

/* Two threads that wait for each other. */
static int work_with_threads(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 1;
	for (int i = 0; i < 2; i++)
		if (pthread_join(threads[i], NULL) != 0)
			return 1;
	return 0;
}

static void work_at_last(void)
{
	work_with_threads();
}

static int be_child(void *status)
{
	exit(work_with_threads() == 0 ? *(int *)status : 1);
}

static int status_of(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int unheard(void)
{
	static char stack[262144] __attribute__((aligned(16)));
	int status = 5;
	pid_t pid = _Fork();

	if (pid == 0)
		be_child(&status);
	if (status_of(pid) != 5 || work_with_threads() != 0)
		return 1;
	pid = clone(be_child, stack + sizeof stack, SIGCHLD, &status);
	if (status_of(pid) != 5 || work_with_threads() != 0)
		return 2;
	pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0)
		be_child(&status);
	if (status_of(pid) != 5 || work_with_threads() != 0)
		return 3;
	/* A probe as programs make it. */
	if (syscall(SYS_clone3, NULL, 0) != -1)
		return 4;
	/* One that LTTng is told of is a process as ever. */
	pid = fork();
	if (pid == 0)
		be_child(&status);
	return status_of(pid) != 5 || work_with_threads() != 0;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (strcmp(how, "unheard") == 0)
		return unheard();
	at_quick_exit(work_at_last);
	if (work_with_threads() != 0)
		return 1;
	if (strcmp(how, "quick_exit") == 0)
		quick_exit(3);
	if (strcmp(how, "exit_group") == 0)
		syscall(SYS_exit_group, 4);
	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "segv") == 0)
		raise(SIGSEGV);
	if (strcmp(how, "daemon") == 0) {
		if (daemon(1, 1) != 0 || work_with_threads() != 0)
			return 2;
		return unlink("working") != 0;
	}
	return 1;
}
