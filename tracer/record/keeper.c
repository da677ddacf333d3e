/* Starts and ends the session daemon; see keeper.h. */
#include "tracer/record/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/clock.h"
#include "tracer/record/lock.h"

#define PROGRAM "lttng-sessiond"
#define START_MS 10000
#define STOP_MS 10000
#define PAUSE_MS 5
#define DESCRIPTORS_MAX 65536

static volatile sig_atomic_t daemon_pid;

static void on_child(int signal)
{
	(void)signal;
	/* The daemon ended by itself: with us go the locks, and others start anew. */
	if (daemon_pid > 0 && waitpid((pid_t)daemon_pid, NULL, WNOHANG) == (pid_t)daemon_pid)
		_exit(0);
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool tl_keeper_find_program(const char *program, char *path, size_t size)
{
	static const char standard[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	const char *search = getenv("PATH");
	char list[8192], *at = list, *folder;

	snprintf(list, sizeof list, "%s:%s", search ? search : "", standard);
	while ((folder = strsep(&at, ":")))
		if (folder[0] == '/' && snprintf(path, size, "%s/%s", folder, program) < (int)size && is_program(path))
			return true;
	return false;
}

/* LTTng's own variable comes first. */
bool tl_keeper_find_daemon(char *path, size_t size)
{
	const char *own = getenv("LTTNG_SESSIOND_PATH");

	if (own && *own)
		return is_program(own) && snprintf(path, size, "%s", own) < (int)size;
	return tl_keeper_find_program(PROGRAM, path, size);
}

/* Like any user's daemon would find it: nothing of this recording, of the terminal, or of preloading. */
static void exec_daemon(const char *program, int log, int trouble)
{
	struct rlimit files;
	sigset_t none;
	int code;

	unsetenv("LD_PRELOAD");
	unsetenv("THREADLINE_RECORDING");
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	/* Each traced process costs it descriptors. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	/* A relay daemon that cannot be reached any more holds it, and all its recordings, up no longer (ms). */
	setenv("LTTNG_NETWORK_SOCKET_TIMEOUT", "5000", 0);
	umask(077);
	dup2(log, 1);
	dup2(log, 2);
	/* Never loads kernel modules: this recorder has no use for them. */
	execl(program, PROGRAM, "--no-kernel", (char *)NULL);
	code = errno;
	if (write(trouble, &code, sizeof code) < 0)
		_exit(126);
	_exit(127);
}

static void kill_children(void)
{
	char path[64];
	FILE *children;
	int pid;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	if (children)
		fclose(children);
}

/* Reaps `child` (-1: all, which are the daemon's own orphans) before the deadline. */
static bool reap(pid_t child, int limit_ms)
{
	int64_t deadline_ns = tl_clock_after_ms(limit_ms);

	for (;;) {
		pid_t done = waitpid(child, NULL, WNOHANG);

		if (done < 0 || (done == child && child > 0))
			return true;
		if (done == 0 && tl_clock_left_ms(deadline_ns) == 0)
			return false;
		if (done == 0)
			tl_clock_sleep_ms(PAUSE_MS);
	}
}

static void end_daemon(void)
{
	pid_t daemon = (pid_t)daemon_pid;

	kill(daemon, SIGTERM);
	if (!reap(daemon, STOP_MS))
		kill(daemon, SIGKILL);
	if (!reap(-1, STOP_MS / 2)) {
		kill_children();
		reap(-1, STOP_MS / 2);
	}
}

static void keep(int recordings)
{
	struct sigaction action = {.sa_handler = on_child};
	sigset_t child;

	/* Without SA_RESTART: flock returns, and is asked again. */
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &child, NULL);
	on_child(SIGCHLD);
	while (flock(recordings, LOCK_EX) != 0 && errno == EINTR)
		;
	sigprocmask(SIG_BLOCK, &child, NULL);
	end_daemon();
}

/* Closes descriptors first..last; one by one on kernels before 5.9. */
static void close_span(unsigned first, unsigned last)
{
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (unsigned fd = first; fd <= last && fd < DESCRIPTORS_MAX; fd++)
		close((int)fd);
}

/* Moves what is kept to 3 and up, closes all above; the standard streams become /dev/null. */
static void detach(int *kept[], int n)
{
	int null = open("/dev/null", O_RDWR);

	/* First out of the way, so that none is overwritten by another. */
	for (int i = 0; i < n; i++)
		*kept[i] = fcntl(*kept[i], F_DUPFD_CLOEXEC, 3 + n);
	for (int i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	for (int i = 0; i < n; i++)
		if (*kept[i] >= 0)
			*kept[i] = dup3(*kept[i], 3 + i, O_CLOEXEC);
	close_span(3 + (unsigned)n, ~0u);
	if (chdir("/") != 0)
		_exit(1);
}

/* The keeper itself; never returns. `trouble` is closed by the daemon's exec, which tells that it worked. */
static void run_keeper(const char *program, const char *run, int log, int trouble)
{
	struct tl_error ignored;
	int recordings, alive, code = EBUSY;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	recordings = tl_lock_open(run, "recordings", &ignored);
	alive = tl_lock_open(run, "daemon", &ignored);
	detach((int *[]){&recordings, &alive, &log, &trouble}, 4);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "threadline-keep");
	if (recordings < 0 || alive < 0 || !tl_lock_take(alive, true, STOP_MS)) {
		if (write(trouble, &code, sizeof code) < 0)
			_exit(1);
		_exit(1);
	}
	daemon_pid = fork();
	if (daemon_pid == 0)
		exec_daemon(program, log, trouble);
	close(trouble);
	close(log);
	if (daemon_pid > 0)
		keep(recordings);
	_exit(0);
}

/* Waits until exec closed the pipe; what is written there is an errno. */
static int await_exec(int trouble, const char *program, struct tl_error *error)
{
	struct pollfd wait = {.fd = trouble, .events = POLLIN};
	int code;

	if (poll(&wait, 1, START_MS) <= 0)
		return tl_error_set(error, TL_ELIMIT, "%s did not start within %d s", program, START_MS / 1000);
	if (read(trouble, &code, sizeof code) == (ssize_t)sizeof code)
		return tl_error_set(error, TL_EIO, "cannot start %s: %s", program, strerror(code));
	return 0;
}

int tl_keeper_start(const char *run, const char *log_path, struct tl_error *error)
{
	char program[4096];
	int ends[2], log, code;
	pid_t child;

	if (!tl_keeper_find_daemon(program, sizeof program))
		return tl_error_set(
			error, TL_EIO,
			"%s was not found in PATH (nor as LTTNG_SESSIOND_PATH): install the package lttng-tools",
			PROGRAM);
	log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (log < 0)
		return tl_error_set(error, TL_EIO, "cannot open %s: %s", log_path, strerror(errno));
	if (pipe2(ends, O_CLOEXEC) != 0) {
		close(log);
		return tl_error_set(error, TL_EIO, "cannot make a pipe: %s", strerror(errno));
	}
	child = fork();
	if (child == 0) {
		/* Twice, so that the keeper is nobody's child and outlives us unseen. */
		setsid();
		if (fork() == 0)
			run_keeper(program, run, log, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	close(log);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	code = child < 0 ? tl_error_set(error, TL_EIO, "cannot fork: %s", strerror(errno))
			 : await_exec(ends[0], program, error);
	close(ends[0]);
	return code;
}
