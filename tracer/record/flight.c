/* Takes snapshots; see flight.h. */
#include "tracer/record/flight.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tracer/record/clock.h"
#include "tracer/record/control.h"
#include "tracer/record/summary.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "
/*
 * LTTng writes below it, then what it wrote gets its own name. One for each attempt: what
 * was given up may be written much later, and must not pass for another.
 */
#define TAKING ".taking-"
#define LIST "snapshots" /* their names, the latest last: how a reader knows such a folder */
#define MARK "snapshot"
#define NAMES_MAX 1000

bool tl_snapshot_is_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	size_t n = strlen(name);

	return n > 0 && n < TL_SNAPSHOT_NAME - 8 && name[strspn(name, plain)] == '\0' && *name != '.' && *name != '-' &&
	       strcmp(name, LIST) != 0;
}

static int path_of(const struct tl_flight *flight, const char *name, char path[PATH_MAX], struct tl_error *error)
{
	if (snprintf(path, PATH_MAX, "%s/%s", flight->output->path, name) >= PATH_MAX)
		return tl_error_set(error, TL_ELIMIT, "the path of the snapshot is too long");
	return 0;
}

/* "20260131-235959-why", or with a number behind it what is not taken yet. */
static int choose_name(const struct tl_flight *flight, const char *wanted, const char *why, char name[TL_SNAPSHOT_NAME],
		       struct tl_error *error)
{
	char stem[TL_SNAPSHOT_NAME], path[PATH_MAX], stamp[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
	snprintf(stem, sizeof stem, "%s%s%.16s", wanted && *wanted ? wanted : stamp, wanted && *wanted ? "" : "-",
		 wanted && *wanted ? "" : why);
	for (int i = 1; i < NAMES_MAX; i++) {
		if (i == 1)
			snprintf(name, TL_SNAPSHOT_NAME, "%s", stem);
		else
			snprintf(name, TL_SNAPSHOT_NAME, "%.50s-%d", stem, i);
		if (path_of(flight, name, path, error) != 0)
			return error ? error->code : TL_ELIMIT;
		if (access(path, F_OK) != 0)
			return 0;
	}
	return tl_error_set(error, TL_ELIMIT, "every name like %s is taken", stem);
}

/* LTTng makes a folder with a name of its own below the one that it is given. */
static int move_out(const char *taking, const char *to, struct tl_error *error)
{
	DIR *folder = opendir(taking);
	const struct dirent *entry;
	char from[PATH_MAX] = "";

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' &&
		    snprintf(from, sizeof from, "%s/%s", taking, entry->d_name) >= (int)sizeof from)
			from[0] = '\0';
	if (folder)
		closedir(folder);
	if (!from[0])
		return tl_error_set(error, TL_EIO, "LTTng wrote no snapshot: no process has been recorded yet");
	if (rename(from, to) != 0)
		return tl_error_set(error, TL_EIO, "cannot rename %s to %s: %s", from, to, strerror(errno));
	rmdir(taking);
	return 0;
}

/* What it is, for people; and for readers, that its streams are cut one after the other. */
static int mark(const char *snapshot, const char *why, struct tl_error *error)
{
	char path[PATH_MAX];
	int file = -1;
	bool written;

	if (snprintf(path, sizeof path, "%s/" MARK, snapshot) < (int)sizeof path)
		file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	written = file >= 0 && dprintf(file, "%s\n", why) > 0;
	if (file >= 0)
		close(file);
	return written ? 0 : tl_error_set(error, TL_EIO, "cannot write %s/" MARK ": %s", snapshot, strerror(errno));
}

static int note(const struct tl_flight *flight, const char *name, struct tl_error *error)
{
	char path[PATH_MAX];
	int file, code = path_of(flight, LIST, path, error);
	bool written;

	if (code != 0)
		return code;
	file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	written = file >= 0 && dprintf(file, "%s\n", name) > 0;
	if (file >= 0)
		close(file);
	return written ? 0 : tl_error_set(error, TL_EIO, "cannot write %s: %s", path, strerror(errno));
}

/*
 * Each program answers one question after the other: when all have told which events
 * they know, all have said their state. A program that is dead or stopped says nothing,
 * and its past is saved all the same.
 */
static void say_states(const struct tl_flight *flight)
{
	struct tl_error ignored;
	pid_t pids[1];

	tl_error_init(&ignored);
	if (tl_control_regenerate(flight->recording->session, &ignored) == 0)
		tl_control_processes(pids, 1, &ignored);
}

int tl_flight_take(struct tl_flight *flight, const char *name, const char *why, struct tl_error *error)
{
	char chosen[TL_SNAPSHOT_NAME], attempt[32], taking[PATH_MAX], to[PATH_MAX];
	int code = choose_name(flight, name, why, chosen, error);

	snprintf(attempt, sizeof attempt, TAKING "%u", ++flight->attempts);
	if (code == 0)
		code = path_of(flight, attempt, taking, error);
	if (code == 0)
		code = path_of(flight, chosen, to, error);
	if (code != 0)
		return code;
	say_states(flight);
	code = tl_control_snapshot(flight->recording->session, taking, "snapshot", error);
	flight->stalled = code == TL_ELIMIT;
	if (code == 0)
		code = move_out(taking, to, error);
	if (code == 0)
		code = mark(to, why, error);
	if (code == 0)
		code = note(flight, chosen, error);
	if (code != 0)
		return code;
	flight->taken++;
	snprintf(flight->latest, sizeof flight->latest, "%s", chosen);
	return 0;
}

void tl_flight_finish(const struct tl_flight *flight)
{
	DIR *folder = opendir(flight->output->path);
	const struct dirent *entry;
	char path[PATH_MAX];

	while (folder && (entry = readdir(folder)))
		if (strncmp(entry->d_name, TAKING, strlen(TAKING)) == 0 &&
		    path_of(flight, entry->d_name, path, NULL) == 0)
			tl_output_remove_folder(path);
	if (folder)
		closedir(folder);
}

void tl_flight_happened(struct tl_flight *flight, const char *why, const char *what)
{
	int64_t now_ns = tl_clock_ns();
	struct tl_error error;

	tl_error_init(&error);
	if (flight->last_ns && now_ns - flight->last_ns < flight->at_most_ns) {
		flight->skipped++;
		return;
	}
	flight->last_ns = now_ns;
	if (tl_flight_take(flight, NULL, why, &error) != 0) {
		tl_error_add(&error, "%s, but no snapshot could be taken", what);
		tl_error_print(&error, PREFIX, stderr);
		return;
	}
	fprintf(stderr, PREFIX "%s: snapshot ", what);
	tl_summary_quote(flight->output->name, stderr);
	fprintf(stderr, "/%s\n", flight->latest);
}
