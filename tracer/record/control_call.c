/* A call of liblttng-ctl in a child, with a deadline; see control_call.h. */
#include "tracer/record/control_call.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/clock.h"

/* LTTng's own daemon asks the members of this group to use root's; nobody is in ours. */
#define NO_GROUP "threadline-uses-no-group"

void tl_control_prepare_child(void)
{
	/* A call that hangs must not outlive its deadline because the recorder was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getuid() != 0)
		lttng_set_tracing_group(NO_GROUP);
}

static void run_child(tl_control_operation *run, const struct tl_control_request *request, int out)
{
	struct tl_control_reply reply = {0};

	tl_control_prepare_child();
	run(request, &reply);
	if (reply.code < 0)
		snprintf(reply.text, sizeof reply.text, "%s", lttng_strerror(reply.code));
	if (write(out, &reply, sizeof reply) != (ssize_t)sizeof reply)
		_exit(1);
	_exit(0);
}

/* Reads the whole reply (smaller than a pipe's atomic size) before the deadline. */
static bool read_reply(int in, struct tl_control_reply *reply, int64_t deadline_ns)
{
	struct pollfd wait = {.fd = in, .events = POLLIN};
	int left, n;

	do {
		left = tl_clock_left_ms(deadline_ns);
		n = poll(&wait, 1, left);
	} while (n < 0 && errno == EINTR);
	return n > 0 && read(in, reply, sizeof *reply) == (ssize_t)sizeof *reply;
}

int tl_control_call(const char *what, tl_control_operation *run, const struct tl_control_request *request, int limit_ms,
		    struct tl_control_reply *reply, struct tl_error *error)
{
	int64_t deadline_ns = tl_clock_after_ms(limit_ms);
	int ends[2];
	pid_t child;
	bool answered;

	if (pipe(ends) != 0)
		return tl_error_set(error, TL_EIO, "cannot %s: %s", what, strerror(errno));
	child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return tl_error_set(error, TL_EIO, "cannot %s: %s", what, strerror(errno));
	}
	if (child == 0) {
		close(ends[0]);
		run_child(run, request, ends[1]);
	}
	close(ends[1]);
	answered = read_reply(ends[0], reply, deadline_ns);
	close(ends[0]);
	if (!answered)
		kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (!answered)
		return tl_error_set(error, TL_ELIMIT, "cannot %s: the session daemon gave no answer within %d s", what,
				    limit_ms / 1000);
	if (reply->code < 0)
		return tl_error_set(error, TL_EIO, "cannot %s: LTTng says: %s", what, reply->text);
	return 0;
}
