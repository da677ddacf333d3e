/*
 * Forks while other threads run, and works with threads in parent and child; then
 * vforks a child that calls _exit, and one that execs. Status 0, or what failed.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile unsigned long counter;

static void *work(void *unused)
{
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static int work_with_threads(void)
{
	pthread_t threads[3];

	counter = 0;
	for (int i = 0; i < 3; i++)
		if (pthread_create(&threads[i], NULL, work, NULL) != 0)
			return 1;
	for (int i = 0; i < 3; i++)
		if (pthread_join(threads[i], NULL) != 0)
			return 1;
	return counter == 60000 ? 0 : 1;
}

static int status_of(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
	static char name[] = "true";
	static char *const arguments[] = {name, NULL};
	pthread_t other;
	pid_t pid;

	if (work_with_threads() != 0)
		return 1;
	pthread_create(&other, NULL, work, NULL);
	pthread_mutex_lock(&mutex); /* so that the child gets it in a known state */
	pid = fork();
	pthread_mutex_unlock(&mutex);
	if (pid == 0)
		exit(work_with_threads() == 0 ? 5 : 1);
	pthread_join(other, NULL);
	if (status_of(pid) != 5)
		return 2;
	pid = vfork();
	if (pid == 0)
		_exit(6);
	if (status_of(pid) != 6)
		return 3;
	pid = vfork();
	if (pid == 0) {
		execvp(arguments[0], arguments);
		_exit(127);
	}
	if (status_of(pid) != 0)
		return 4;
	return work_with_threads() == 0 ? 0 : 5;
}
