/*
 * `threadline doctor`: looks at everything that a recording needs on this machine, one
 * row of a table each, and says how to mend what is wrong. The last row records an
 * event and reads it back.
 */
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tracer/record/buffers.h"
#include "tracer/record/commands.h"
#include "tracer/record/control.h"
#include "tracer/record/home.h"
#include "tracer/record/keeper.h"
#include "tracer/record/probe.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "
#define FAULTS 1
#define USAGE 2
#define DESCRIPTORS_LEAST 1024
#define SHM_GOOD (UINT64_C(128) << 20)

enum verdict { FINE, WEAK, WRONG };

/* What one look has found: a line of what is, and if that is not fine how to mend it. */
struct finding {
	enum verdict verdict;
	char what[PATH_MAX + 256];
	char mend[PATH_MAX + 512];
};

struct patient {
	struct tl_injection injection;
	struct tl_signals signals;
	bool has_library;
};

static void look_for_daemon(const struct patient *patient, struct finding *finding)
{
	char path[PATH_MAX];

	(void)patient;
	if (tl_keeper_find_daemon(path, sizeof path)) {
		snprintf(finding->what, sizeof finding->what, "%s", path);
		return;
	}
	finding->verdict = WRONG;
	snprintf(finding->what, sizeof finding->what, "lttng-sessiond is neither in PATH nor LTTNG_SESSIOND_PATH");
	snprintf(finding->mend, sizeof finding->mend, "install the package lttng-tools (apt install lttng-tools)");
}

/* Only who takes traces from other hosts needs it. */
static void look_for_relay(const struct patient *patient, struct finding *finding)
{
	char path[PATH_MAX];

	(void)patient;
	if (tl_keeper_find_program("lttng-relayd", path, sizeof path)) {
		snprintf(finding->what, sizeof finding->what, "%s, for threadline relay", path);
		return;
	}
	finding->verdict = WEAK;
	snprintf(finding->what, sizeof finding->what, "lttng-relayd is not in PATH: threadline relay cannot run here");
	snprintf(finding->mend, sizeof finding->mend,
		 "install the package lttng-tools; where traces are only sent from (record --to) it is not needed");
}

static void look_at_home(const struct patient *patient, struct finding *finding)
{
	struct tl_error error;
	struct tl_home home;
	bool alive;

	(void)patient;
	tl_error_init(&error);
	if (tl_home_init(&home, &error) != 0) {
		finding->verdict = WRONG;
		snprintf(finding->what, sizeof finding->what, "%s", error.cause[0]);
		snprintf(finding->mend, sizeof finding->mend,
			 "give the user a home folder that only he can write, or set LTTNG_HOME to a short path");
		return;
	}
	alive = tl_control_alive();
	snprintf(finding->what, sizeof finding->what, "%s%s; %s", home.path[0] ? home.path : "root's, machine-wide",
		 home.is_private ? " (private)" : "",
		 alive ? "a session daemon answers" : "no session daemon runs, one is started when it is needed");
	if (!home.is_private)
		return;
	finding->verdict = WEAK;
	snprintf(
		finding->mend, sizeof finding->mend,
		"services look for the daemon below their own HOME: to attach to them, set LTTNG_HOME to the same short "
		"path here and there");
}

/* Who belongs to group tracing may use root's daemon; ours never does. */
static void look_at_user(const struct patient *patient, struct finding *finding)
{
	const struct group *tracing = getgrnam("tracing");
	gid_t groups[256];
	int n = getgroups(256, groups);
	bool member = false;

	(void)patient;
	for (int i = 0; tracing && i < n; i++)
		member |= groups[i] == tracing->gr_gid;
	if (geteuid() == 0)
		snprintf(finding->what, sizeof finding->what, "root: programs of every user can be recorded");
	else
		snprintf(finding->what, sizeof finding->what,
			 "user %u%s: this user's own programs are recorded, by a daemon of his own",
			 (unsigned)geteuid(), member ? " (in group tracing, which is not needed)" : "");
}

static void look_at_shm(const struct patient *patient, struct finding *finding)
{
	unsigned cpus = tl_buffers_cpus();
	struct tl_buffers buffers;
	struct tl_error error;
	uint64_t free_bytes;

	(void)patient;
	tl_error_init(&error);
	free_bytes = tl_buffers_free(&error);
	if (error.code == 0)
		tl_buffers_choose(&buffers, free_bytes, cpus, 0, &error);
	if (error.code != 0) {
		finding->verdict = WRONG;
		snprintf(finding->what, sizeof finding->what, "%s", error.cause[0]);
		snprintf(finding->mend, sizeof finding->mend,
			 "mount -o remount,size=512M /dev/shm, or for a container --shm-size=512m");
		return;
	}
	snprintf(finding->what, sizeof finding->what,
		 "%" PRIu64 " MiB free in /dev/shm; a recording takes %" PRIu64 " MiB (%u processors)",
		 free_bytes >> 20, tl_buffers_bytes(&buffers) >> 20, cpus);
	if (free_bytes >= SHM_GOOD)
		return;
	finding->verdict = WEAK;
	snprintf(finding->mend, sizeof finding->mend,
		 "bursts may be lost: mount -o remount,size=512M /dev/shm, or for a container --shm-size=512m");
}

static void look_at_limits(const struct patient *patient, struct finding *finding)
{
	struct rlimit files = {0};

	(void)patient;
	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_max == RLIM_INFINITY)
		snprintf(finding->what, sizeof finding->what, "open files: unlimited");
	else
		snprintf(finding->what, sizeof finding->what, "open files: up to %" PRIu64, (uint64_t)files.rlim_max);
	if (files.rlim_max >= DESCRIPTORS_LEAST)
		return;
	finding->verdict = WRONG;
	snprintf(finding->mend, sizeof finding->mend,
		 "each recorded process costs the session daemon some: ulimit -n %d (LimitNOFILE= in a unit)",
		 DESCRIPTORS_LEAST);
}

/* Nothing here needs ptrace: it is looked at because people ask. */
static void look_at_container(const struct patient *patient, struct finding *finding)
{
	FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	bool container = access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0;
	int scope = -1;

	(void)patient;
	if (file) {
		if (fscanf(file, "%d", &scope) != 1)
			scope = -1;
		fclose(file);
	}
	snprintf(finding->what, sizeof finding->what, "%s; ptrace %s, which does not matter: it is not used",
		 container ? "in a container: what is to be recorded must run in the same one" : "not in a container",
		 scope > 0 ? "restricted" : "allowed");
}

static void look_for_library(const struct patient *patient, struct finding *finding)
{
	struct tl_error error;

	tl_error_init(&error);
	if (!patient->has_library) {
		finding->verdict = WRONG;
		snprintf(finding->what, sizeof finding->what, "libthreadline-preload.so was not found");
		snprintf(finding->mend, sizeof finding->mend,
			 "install it beside this program (cmake --install), or run the program of the build folder");
		return;
	}
	snprintf(finding->what, sizeof finding->what, "LD_PRELOAD=%.*s", PATH_MAX, patient->injection.preload);
	if (tl_probe_loads(&patient->injection, &patient->signals, &error) == 0)
		return;
	finding->verdict = WRONG;
	snprintf(finding->mend, sizeof finding->mend, "%s", error.cause[0]);
}

static void look_at_helpers(const struct patient *patient, struct finding *finding)
{
	bool fork = strstr(patient->injection.preload, "liblttng-ust-fork.so") != NULL;
	bool fd = strstr(patient->injection.preload, "liblttng-ust-fd.so") != NULL;

	snprintf(finding->what, sizeof finding->what,
		 "LTTng's own, for programs that fork and that close all files: %s", fork && fd ? "found" : "missing");
	if (fork && fd)
		return;
	finding->verdict = WEAK;
	snprintf(finding->mend, sizeof finding->mend, "apt install liblttng-ust-ctl5 liblttng-ust1");
}

static void record_something(const struct patient *patient, struct finding *finding)
{
	struct tl_error error;
	uint64_t events = 0;

	tl_error_init(&error);
	if (tl_probe_record(&patient->signals, &events, &error) == 0) {
		snprintf(finding->what, sizeof finding->what, "%" PRIu64 " events recorded and read back", events);
		return;
	}
	finding->verdict = WRONG;
	snprintf(finding->what, sizeof finding->what, "a program was recorded, and nothing came of it");
	snprintf(finding->mend, sizeof finding->mend, "%s", error.cause[0]);
}

static const struct look {
	const char *name;
	void (*look)(const struct patient *patient, struct finding *finding);
} looks[] = {
	{"user", look_at_user},           {"session daemon", look_for_daemon}, {"its home", look_at_home},
	{"relay daemon", look_for_relay}, {"shared memory", look_at_shm},      {"limits", look_at_limits},
	{"container", look_at_container}, {"library", look_for_library},       {"helpers", look_at_helpers},
	{"recording", record_something},
};

static void say(const struct look *look, const struct finding *finding)
{
	static const char *const marks[] = {[FINE] = "ok", [WEAK] = "weak", [WRONG] = "WRONG"};

	printf("%-5s  %-15s ", marks[finding->verdict], look->name);
	tl_text_escape(stdout, finding->what);
	putchar('\n');
	if (!finding->mend[0])
		return;
	printf("%-5s  %-15s -> ", "", "");
	tl_text_escape(stdout, finding->mend);
	putchar('\n');
}

static void say_preload(const struct patient *patient)
{
	if (!patient->has_library)
		return;
	puts("\nA service that carries the library can be recorded at any time (threadline record --attach).\n"
	     "Start it with this in its environment:");
	printf("LD_PRELOAD=");
	tl_text_escape(stdout, patient->injection.preload);
	putchar('\n');
	if (patient->injection.library_path[0]) {
		printf("LD_LIBRARY_PATH=");
		tl_text_escape(stdout, patient->injection.library_path);
		putchar('\n');
	}
}

int tl_doctor_run(int argc, char **argv, const struct tl_signals *signals)
{
	static struct patient patient;
	struct tl_error ignored;
	int wrong = 0;

	if (argc > 1) {
		bool help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;

		fputs("usage: threadline doctor\n\nLooks for what keeps programs from being recorded here, and says how "
		      "to mend it.\nThe exit status is 1 when something is wrong.\n",
		      help ? stdout : stderr);
		return help ? 0 : USAGE;
	}
	patient.signals = *signals;
	patient.has_library = tl_injection_init(&patient.injection, 0, "", &ignored) == 0;
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct finding finding = {0};

		looks[i].look(&patient, &finding);
		say(&looks[i], &finding);
		fflush(stdout);
		wrong += finding.verdict == WRONG;
	}
	say_preload(&patient);
	return wrong ? FAULTS : 0;
}
