/* Lets `threadline check` check a recording; see check.h. */
#include "tracer/record/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/record/self.h"

#define PAUSE_NS 100000000

/* `last` is the trace, or an option after which nothing is checked. */
static void become_check(const struct tl_verdict_check *check, const char *last, int out,
			 const struct tl_signals *before)
{
	const struct tl_record_options *options = check->options;
	char *words[TL_CHECK_WORDS + 4];
	int n = 0;

	words[n++] = (char *)"threadline";
	words[n++] = (char *)"check";
	for (int i = 0; i < options->n_check_words; i++)
		words[n++] = (char *)options->check_words[i];
	words[n++] = (char *)last;
	words[n] = NULL;
	if (out != STDOUT_FILENO)
		dup2(out, STDOUT_FILENO);
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	execv(check->program, words);
	_exit(TL_VERDICT_FAILED);
}

/* The child's exit status; signals that end us are handed to it. */
static int await(pid_t child)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	int status, signal;
	pid_t ended;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		sigaddset(&set, ends[i]);
	while ((ended = waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
		signal = sigtimedwait(&set, NULL, &pause);
		if (signal > 0 && signal != SIGCHLD)
			kill(child, signal);
	}
	return ended == child && WIFEXITED(status) ? WEXITSTATUS(status) : TL_VERDICT_FAILED;
}

static int run(const struct tl_verdict_check *check, const char *last, int out, const struct tl_signals *before)
{
	pid_t child = fork();

	if (child < 0)
		return TL_VERDICT_FAILED;
	if (child == 0)
		become_check(check, last, out, before);
	return await(child);
}

/* Listing the rules reads every option first and checks nothing. */
static int try_options(const struct tl_verdict_check *check, const struct tl_signals *before)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), status = run(check, "--list-rules", null, before);

	close(null);
	return status == 0 ? 0 : TL_EUSAGE;
}

int tl_verdict_prepare(struct tl_verdict_check *check, const struct tl_record_options *options,
		       const struct tl_signals *before, struct tl_error *error)
{
	int code;

	check->options = options;
	check->report = STDOUT_FILENO;
	if (!tl_self_threadline(check->program, sizeof check->program))
		return tl_error_set(error, TL_EIO, "--check: the program threadline is not beside this one");
	code = try_options(check, before);
	if (code != 0 || !options->report)
		return code;
	check->report = open(options->report, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (check->report < 0)
		return tl_error_set(error, TL_EIO, "--report: cannot write %s: %s", options->report, strerror(errno));
	return 0;
}

int tl_verdict_run(const struct tl_verdict_check *check, const char *trace, const struct tl_signals *before)
{
	return run(check, trace, check->report, before);
}
