/* Tries what a recording needs; see probe.h. */
#include "tracer/record/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/clock.h"
#include "tracer/record/output.h"
#include "tracer/record/self.h"

#define PLAIN "/bin/true"
#define LIMIT_MS 60000

/* Runs it; what it prints on stderr goes to `said`, cut off. Its status, or -1: not in time. */
static int run(char *const words[], const struct tl_injection *injection, const struct tl_signals *signals, char *said,
	       size_t size)
{
	int64_t deadline_ns = tl_clock_after_ms(LIMIT_MS);
	int ends[2], status = -1;
	size_t used = 0;
	pid_t child;

	said[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) != 0 || (child = fork()) < 0)
		return -1;
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		sigprocmask(SIG_SETMASK, &signals->mask, NULL);
		sigaction(SIGCHLD, &signals->child, NULL);
		if (injection && injection->library_path[0])
			setenv("LD_LIBRARY_PATH", injection->library_path, 1);
		if (injection)
			setenv("LD_PRELOAD", injection->preload, 1);
		execv(words[0], words);
		_exit(127);
	}
	close(ends[1]);
	for (;;) {
		struct pollfd wait = {.fd = ends[0], .events = POLLIN};
		char rest[512];
		ssize_t n;

		if (poll(&wait, 1, tl_clock_left_ms(deadline_ns)) <= 0) {
			kill(child, SIGKILL);
			break;
		}
		n = used + 1 < size ? read(ends[0], said + used, size - 1 - used) : read(ends[0], rest, sizeof rest);
		if (n <= 0)
			break;
		used += used + 1 < size ? (size_t)n : 0;
		said[used] = '\0';
	}
	close(ends[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int tl_probe_loads(const struct tl_injection *injection, const struct tl_signals *signals, struct tl_error *error)
{
	char *words[] = {(char *)PLAIN, NULL};
	char said[512];
	int status = run(words, injection, signals, said, sizeof said);

	/* The loader goes on without what it cannot load, and says so. */
	if (status == 0 && !strstr(said, "cannot be preloaded"))
		return 0;
	said[strcspn(said, "\n")] = '\0';
	return tl_error_set(error, TL_EIO, "a program does not load it: %s", said[0] ? said : "it ended with an error");
}

int tl_probe_record(const struct tl_signals *signals, uint64_t *events, struct tl_error *error)
{
	char program[PATH_MAX], said[1024], *at;
	char *words[] = {program, (char *)"record", (char *)"-o", NULL, (char *)"--", (char *)PLAIN, NULL};
	struct tl_output output;
	int status;

	if (!tl_self_threadline(program, sizeof program))
		return tl_error_set(error, TL_EIO, "the program threadline is not beside this one");
	if (tl_output_create_temporary(&output, error) != 0)
		return error->code;
	words[3] = output.path;
	status = run(words, NULL, signals, said, sizeof said);
	tl_output_remove(&output);
	at = strstr(said, "recorded ");
	if (status == 0 && at && sscanf(at, "recorded %" SCNu64, events) == 1 && *events > 0)
		return 0;
	for (char *c = said; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return tl_error_set(error, TL_EIO, "threadline record said: %s", said);
}
