/* The process that watches over a recording; see guard.h. */
#include "tracer/record/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/record/control.h"

#define ANSWER_MS 500
#define ARRIVAL_NS 5000000 /* a signal to a group reaches its members one after the other */
#define STOP_MS 30000

enum { QUESTION_FINISH = 0 }; /* any other byte: did this signal arrive? */

static bool arrived(int signal)
{
	struct timespec limit = {0, ARRIVAL_NS};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	return sigtimedwait(&set, NULL, &limit) == signal;
}

static void run_guard(int socket, const char *session)
{
	struct tl_error ignored;
	unsigned char question, answer;
	sigset_t all;
	ssize_t n;

	/* Not even a Ctrl-Z stops it: the recorder asks, and waits for its end. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	/* Whoever reads the recorder's output must not wait for us. */
	for (int i = 0, null = open("/dev/null", O_RDWR); i < 3 && null >= 0; i++)
		dup2(null, i);
	prctl(PR_SET_NAME, "threadline-guard");
	while ((n = recv(socket, &question, 1, 0)) == 1 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (question == QUESTION_FINISH)
			_exit(0);
		answer = arrived(question);
		send(socket, &answer, 1, MSG_NOSIGNAL);
	}
	/* The recorder is dead: its end of the socket is closed. */
	tl_control_stop(session, STOP_MS, &ignored);
	tl_control_destroy(session, &ignored);
	_exit(0);
}

int tl_guard_start(struct tl_guard *guard, const char *session, struct tl_error *error)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return tl_error_set(error, TL_EIO, "cannot make a socket: %s", strerror(errno));
	guard->pid = fork();
	if (guard->pid == 0) {
		close(ends[0]);
		run_guard(ends[1], session);
	}
	close(ends[1]);
	guard->socket = ends[0];
	if (guard->pid < 0) {
		close(ends[0]);
		return tl_error_set(error, TL_EIO, "cannot fork: %s", strerror(errno));
	}
	return 0;
}

bool tl_guard_received(const struct tl_guard *guard, int signal)
{
	unsigned char question = (unsigned char)signal, answer = 0;
	struct pollfd wait = {.fd = guard->socket, .events = POLLIN};

	if (guard->pid <= 0)
		return false;
	if (send(guard->socket, &question, 1, MSG_NOSIGNAL) != 1 || poll(&wait, 1, ANSWER_MS) <= 0)
		return false;
	return recv(guard->socket, &answer, 1, MSG_DONTWAIT) == 1 && answer;
}

void tl_guard_finish(struct tl_guard *guard)
{
	unsigned char question = QUESTION_FINISH;

	if (guard->pid <= 0)
		return;
	if (send(guard->socket, &question, 1, MSG_NOSIGNAL) != 1)
		kill(guard->pid, SIGKILL);
	close(guard->socket);
	while (waitpid(guard->pid, NULL, 0) < 0 && errno == EINTR)
		;
	guard->pid = 0;
}
