/*
 * Every form of exec, each in a child of its own with a thread that waits for
 * ever, after an exec that fails; from fork's and vfork's children and by
 * posix_spawn. What is executed is this program with the argument "target": it
 * works with threads. At last without a word of the environment, so that nothing
 * records what comes then. Status 0, or what failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char self[4096];
static char name[] = "execs", target[] = "target";
static char *const arguments[] = {name, target, NULL};
static sem_t never;

static void *wait_for_ever(void *unused)
{
	for (;;)
		sem_wait(&never);
	return unused;
}

static void *work(void *unused)
{
	return unused;
}

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

#define FORMS 9

static void become(int form)
{
	switch (form) {
	case 0: execve(self, arguments, environ); break;
	case 1: execv(self, arguments); break;
	case 2: execvp(self, arguments); break;
	case 3: execvpe(self, arguments, environ); break;
	case 4: fexecve(open(self, O_RDONLY | O_CLOEXEC), arguments, environ); break;
	case 5: execveat(AT_FDCWD, self, arguments, environ, 0); break;
	case 6: execl(self, name, target, (char *)NULL); break;
	case 7: execlp(self, name, target, (char *)NULL); break;
	default: execle(self, name, target, (char *)NULL, environ);
	}
}

/* A thread that waits, an exec that fails, and one that does not. */
static void become_with_threads(int form)
{
	const struct timespec a_while = {.tv_nsec = 30000000};
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
		_exit(50);
	nanosleep(&a_while, NULL);
	errno = 0;
	if (execl("/no/such/program", name, (char *)NULL) != -1 || errno != ENOENT)
		_exit(51);
	if (work_with_threads() != 0)
		_exit(52);
	become(form);
	_exit(53);
}

static int status_of(pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int spawn(void)
{
	pid_t pid;

	if (posix_spawn(&pid, self, NULL, NULL, arguments, environ) != 0)
		return 1;
	return status_of(pid) != 7;
}

int main(int argc, char **argv)
{
	static char *const nothing[] = {NULL};
	pid_t pid;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n <= 0)
		return 1;
	self[n] = '\0';
	if (argc > 1 && strcmp(argv[1], target) == 0)
		return work_with_threads() == 0 ? 7 : 1;
	sem_init(&never, 0, 0);
	for (int form = 0; form < FORMS; form++) {
		pid = fork();
		if (pid == 0)
			become_with_threads(form);
		if (status_of(pid) != 7)
			return 10 + form;
		pid = vfork();
		if (pid == 0) {
			execl("/no/such/program", name, (char *)NULL);
			become(form);
			_exit(54);
		}
		if (status_of(pid) != 7)
			return 20 + form;
	}
	if (spawn() != 0 || work_with_threads() != 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		pthread_t thread;

		pthread_create(&thread, NULL, wait_for_ever, NULL);
		usleep(30000);
		execve(self, arguments, nothing);
		_exit(55);
	}
	return status_of(pid) == 7 ? 0 : 3;
}
