/* The recorder's signals: all blocked and waited for; see launch.h. */
#include <string.h>

#include "tracer/record/launch.h"

/* Left as they are: faults, and the stops of job control, which must stop us with the command. */
static const int untouched[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGTSTP, SIGTTIN, SIGTTOU};

void tl_signals_take(struct tl_signals *before)
{
	struct sigaction standard;
	sigset_t set;

	memset(&standard, 0, sizeof standard);
	standard.sa_handler = SIG_DFL;
	sigfillset(&set);
	for (size_t i = 0; i < sizeof untouched / sizeof *untouched; i++)
		sigdelset(&set, untouched[i]);
	/* A caller may have SIGCHLD ignored: then nobody could be waited for. */
	sigaction(SIGCHLD, &standard, &before->child);
	sigprocmask(SIG_BLOCK, &set, &before->mask);
}

int tl_signals_ended(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	sigset_t pending;

	sigpending(&pending);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigismember(&pending, ends[i]))
			return ends[i];
	return 0;
}
