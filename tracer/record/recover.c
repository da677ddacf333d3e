/*
 * `threadline recover`: what was in the buffers of a recording with --survive when
 * everybody was killed, written beside what was on disk already. LTTng's own
 * lttng-crash reads the buffers; the two do not overlap.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/commands.h"
#include "tracer/record/home.h"
#include "tracer/record/lock.h"
#include "tracer/record/output.h"
#include "tracer/record/remains.h"
#include "tracer/record/summary.h"

#define PREFIX "threadline: "
#define FAILED 1
#define USAGE 2
#define BELOW "recovered"
#define OPEN_MAX_ 16

/* Who still records holds its file (post.h); the session's name is that of the buffers' folder. */
static bool is_recording(const char *shm)
{
	char name[NAME_MAX + 16];
	struct tl_error ignored;
	struct tl_home home;
	int file;
	bool held;

	if (tl_home_init(&home, &ignored) != 0)
		return false;
	snprintf(name, sizeof name, "buffers-%.200s", strrchr(shm, '/') + 1);
	file = tl_lock_open(home.run, name, NULL);
	held = file >= 0 && !tl_lock_take(file, false, 0);
	if (file >= 0)
		close(file);
	return held;
}

static int run_crash(const char *to, const char *shm)
{
	pid_t child = fork();
	int status = -1, null;

	if (child == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, STDOUT_FILENO);
		execlp("lttng-crash", "lttng-crash", "--extract", to, shm, (char *)NULL);
		fprintf(stderr, PREFIX "cannot start lttng-crash: %s: install the package lttng-tools\n",
			strerror(errno));
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static uint64_t count(struct tl_summary *summary, const struct tl_output *output)
{
	*summary = (struct tl_summary){.output = output, .bytes = tl_output_bytes(output)};
	tl_summary_count(summary);
	return summary->counted ? summary->events : 0;
}

static bool copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0600);
	char buffer[65536];
	ssize_t n = -1;

	while (in >= 0 && out >= 0 && (n = read(in, buffer, sizeof buffer)) > 0)
		if (write(out, buffer, (size_t)n) != n) {
			n = -1;
			break;
		}
	close(in);
	close(out);
	return n == 0;
}

/* nftw passes nothing through. */
static const char *above;

/* Metadata is written to disk late and at once: where one side has none yet, it has the other's. */
static int complete_metadata(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *rest = path + strlen(above) + strlen("/" BELOW);
	char disk[PATH_MAX];
	struct stat other;

	if (type != FTW_F || strcmp(path + ftw->base, "metadata") != 0 ||
	    snprintf(disk, sizeof disk, "%s%s", above, rest) >= (int)sizeof disk || lstat(disk, &other) != 0 ||
	    !S_ISREG(other.st_mode))
		return 0;
	if (other.st_size == 0 && st->st_size > 0 && !copy(path, disk))
		return -1;
	if (st->st_size == 0 && other.st_size > 0 && !copy(disk, path))
		return -1;
	return 0;
}

static int recover(const struct tl_output *trace, const char *shm)
{
	static struct tl_output memory;
	struct tl_summary part, whole;
	char to[PATH_MAX];
	uint64_t saved, all;
	int status;

	/* lttng-crash makes it itself. */
	if (snprintf(to, sizeof to, "%s/" BELOW, trace->path) >= (int)sizeof to || access(to, F_OK) == 0) {
		fputs(PREFIX "there is a folder " BELOW " in the trace already\n", stderr);
		return FAILED;
	}
	umask(077);
	status = run_crash(to, shm);
	/* What cannot be written is not lost: the buffers stay. */
	above = trace->path;
	if (status == 0)
		status = nftw(to, complete_metadata, OPEN_MAX_, FTW_PHYS);
	memcpy(memory.path, to, sizeof memory.path);
	saved = count(&part, &memory);
	all = count(&whole, trace);
	if (status != 0 || !part.counted || !whole.counted) {
		fputs(PREFIX "the buffers could not be read; they are left where they are\n", stderr);
		tl_output_remove_folder(to);
		return FAILED;
	}
	tl_remains_forget(trace->path);
	tl_output_remove_folder(shm);
	printf("recovered %" PRIu64 " events from memory; with those on disk %" PRIu64 " of %" PRIu64 " tasks", saved,
	       all, whole.tasks);
	if (whole.lost)
		printf(", %" PRIu64 " LOST", whole.lost);
	putchar('\n');
	return 0;
}

int tl_recover_run(int argc, char **argv, const struct tl_signals *signals)
{
	static const char usage[] =
		"usage: threadline recover TRACE\n"
		"\n"
		"After everything was killed: writes what the buffers of a recording with --survive\n"
		"still hold into its folder, so that the trace can be checked as it was until then.\n";
	static struct tl_output trace;
	char shm[PATH_MAX];

	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
	if (argc != 2 || argv[1][0] == '-') {
		bool help = argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);

		fputs(usage, help ? stdout : stderr);
		return help ? 0 : USAGE;
	}
	snprintf(trace.name, sizeof trace.name, "%s", argv[1]);
	if (!realpath(argv[1], trace.path)) {
		fprintf(stderr, PREFIX "cannot open the folder: %s\n", strerror(errno));
		return USAGE;
	}
	if (!tl_remains_find(trace.path, shm)) {
		fputs(PREFIX "there is nothing to recover: the recording was not made with --survive, or it ended in "
			     "order, or its buffers are gone (a restart of the machine takes them)\n",
		      stderr);
		return FAILED;
	}
	if (is_recording(shm)) {
		fputs(PREFIX "this is still being recorded (threadline stop ends it)\n", stderr);
		return FAILED;
	}
	return recover(&trace, shm);
}
