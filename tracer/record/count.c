/* Lets `threadline count` count the events of a recording; see summary.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/clock.h"
#include "tracer/record/launch.h"
#include "tracer/record/self.h"
#include "tracer/record/summary.h"

#define PROGRAM "threadline"
#define LEAST_MS 60000
#define BYTES_PER_MS 5000 /* a tenth of what reading takes on a plain machine */
#define PAUSE_MS 100

static void run_program(const char *program, const char *trace, int out)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(out, 1);
	dup2(null, 2);
	execl(program, PROGRAM, "count", trace, (char *)NULL);
	_exit(127);
}

/* Collects the child's few lines; false at the deadline or when somebody wants to leave. */
static bool collect(int in, char *text, size_t size, int64_t deadline_ns)
{
	struct pollfd wait = {.fd = in, .events = POLLIN};
	size_t used = 0;

	for (;;) {
		int ready = poll(&wait, 1, PAUSE_MS);
		ssize_t n;

		if (tl_signals_ended() || tl_clock_left_ms(deadline_ns) == 0)
			return false;
		if (ready <= 0)
			continue;
		n = read(in, text + used, size - 1 - used);
		if (n < 0)
			return false;
		used += (size_t)n;
		text[used] = '\0';
		if (n == 0 || used == size - 1)
			return true;
	}
}

void tl_summary_count(struct tl_summary *summary)
{
	int64_t deadline_ns = tl_clock_after_ms((int)(LEAST_MS + summary->bytes / BYTES_PER_MS));
	char program[PATH_MAX], text[1024] = "";
	const char *rest;
	int ends[2], status = -1;
	bool collected;
	pid_t child;

	if (summary->bytes == 0)
		summary->counted = true;
	if (summary->counted || !tl_self_threadline(program, sizeof program) || pipe2(ends, O_CLOEXEC) != 0)
		return;
	child = fork();
	if (child == 0)
		run_program(program, summary->output->path, ends[1]);
	close(ends[1]);
	collected = child > 0 && collect(ends[0], text, sizeof text, deadline_ns);
	close(ends[0]);
	if (child <= 0)
		return;
	if (!collected)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	summary->counted = collected && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
			   sscanf(text, "events %" SCNu64 " tasks %" SCNu64 " lost %" SCNu64 " foreign %" SCNu64,
				  &summary->events, &summary->tasks, &summary->lost, &summary->foreign) == 4;
	rest = summary->counted ? strchr(text, '\n') : NULL;
	snprintf(summary->losers, sizeof summary->losers, "%.*s", (int)sizeof summary->losers - 1,
		 rest ? rest + 1 : "");
}
