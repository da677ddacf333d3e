/* Runs the command; see launch.h. */
#include "tracer/record/launch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/choices.h"
#include "tracer/record/clock.h"
#include "tracer/record/targets.h"

/* Puts `text` before what a list in the environment holds already. */
static void prepend(const char *name, const char *text)
{
	const char *old = getenv(name);
	size_t size = strlen(text) + (old ? strlen(old) : 0) + 2;
	char *list = malloc(size);

	if (!list)
		return;
	snprintf(list, size, "%s%s%s", text, old && *old ? ":" : "", old ? old : "");
	setenv(name, list, 1);
	free(list);
}

static void inject(const struct tl_injection *injection)
{
	if (injection->preload[0])
		prepend("LD_PRELOAD", injection->preload);
	if (injection->library_path[0])
		prepend("LD_LIBRARY_PATH", injection->library_path);
	/*
	 * AddressSanitizer's library refuses to start a program when another one comes
	 * before it. Ours replaces none of its functions, so it may. Before what the
	 * user says: that counts.
	 */
	prepend("ASAN_OPTIONS", "verify_asan_link_order=0");
	setenv("THREADLINE_RECORDING", injection->recording, 1);
	if (injection->dumps)
		setenv("THREADLINE_DUMPS", "1", 1);
	else
		unsetenv("THREADLINE_DUMPS");
	if (injection->blocks)
		setenv("LTTNG_UST_ALLOW_BLOCKING", "1", 1);
	/* Set in any case: a recorder that is recorded itself must not hand its own on. */
	setenv(TL_CHOICES_VARIABLE, injection->chosen, 1);
	/* Long enough for a busy machine; a daemon that hangs costs a process that much, once. */
	setenv("LTTNG_UST_REGISTER_TIMEOUT", "5000", 0);
}

static void run_command(const struct tl_program *program, char **argv, const struct tl_injection *injection,
			const struct tl_signals *before, int trouble)
{
	int code;

	inject(injection);
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	/* Like a shell: a script without "#!" is run by sh; a binary of another machine is not. */
	if (program->binary)
		execv(program->path, argv);
	else
		execvp(program->path, argv);
	code = errno;
	if (write(trouble, &code, sizeof code) < 0)
		_exit(TL_EXIT_FAILED);
	_exit(TL_EXIT_NOT_EXECUTABLE);
}

/*
 * The kernel's own signals (from the terminal) and those sent to the group have
 * reached the command already; what it sent itself it does not want back.
 */
static bool is_for_us_alone(const siginfo_t *info, pid_t command, const struct tl_guard *guard)
{
	bool group = tl_guard_received(guard, info->si_signo);

	return !group && info->si_code != SI_KERNEL && info->si_pid != command;
}

static int decode(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int await_command(pid_t command, const struct tl_guard *guard, const struct tl_meanwhile *meanwhile)
{
	const struct timespec pause = {.tv_nsec = TL_MEANWHILE_MS * TL_NS_PER_MS};
	siginfo_t info;
	sigset_t all;
	int status;

	sigfillset(&all);
	sigdelset(&all, SIGTSTP);
	sigdelset(&all, SIGTTIN);
	sigdelset(&all, SIGTTOU);
	for (;;) {
		pid_t done = waitpid(command, &status, WNOHANG);

		if (done == command)
			return decode(status);
		if (done < 0 && errno != EINTR)
			return TL_EXIT_FAILED;
		if (sigtimedwait(&all, &info, &pause) < 0 || info.si_signo == SIGCHLD) {
			meanwhile->on_tick(meanwhile->data);
			continue;
		}
		if (meanwhile->on_signal(meanwhile->data, info.si_signo))
			continue;
		if (is_for_us_alone(&info, command, guard))
			kill(command, info.si_signo);
	}
}

/* Nothing to read: exec closed the pipe. Otherwise an errno. */
static int exec_failure(int in, const struct tl_program *program, struct tl_error *error)
{
	int code;

	if (read(in, &code, sizeof code) != (ssize_t)sizeof code)
		return 0;
	tl_error_set(error, TL_EUSAGE, "cannot execute %s: %s", program->path, strerror(code));
	return code == ENOENT ? TL_EXIT_NOT_FOUND : TL_EXIT_NOT_EXECUTABLE;
}

int tl_launch_run(struct tl_launch *launch, const struct tl_program *program, char **argv,
		  const struct tl_injection *injection, const struct tl_signals *before, const struct tl_guard *guard,
		  const struct tl_meanwhile *meanwhile, struct tl_error *error)
{
	int64_t begin_ns = tl_clock_ns();
	int ends[2], code;

	if (pipe2(ends, O_CLOEXEC) != 0 || (launch->pid = fork()) < 0) {
		tl_error_set(error, TL_EIO, "cannot start %s: %s", program->path, strerror(errno));
		return TL_EXIT_FAILED;
	}
	if (launch->pid == 0)
		run_command(program, argv, injection, before, ends[1]);
	close(ends[1]);
	code = exec_failure(ends[0], program, error);
	close(ends[0]);
	launch->status = await_command(launch->pid, guard, meanwhile);
	launch->run_ns = tl_clock_ns() - begin_ns;
	return code;
}

int tl_launch_survivors(const struct tl_injection *injection)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	char mark[64];
	int n = 0;

	snprintf(mark, sizeof mark, "THREADLINE_RECORDING=%s", injection->recording);
	while (processes && (entry = readdir(processes)))
		if (isdigit((unsigned char)entry->d_name[0]))
			n += tl_target_has_variable((pid_t)atoi(entry->d_name), mark);
	if (processes)
		closedir(processes);
	return n;
}
