/*
 * `threadline relay`: runs LTTng's relay daemon, to which other hosts record
 * (threadline record --to), into a folder that only its owner can enter, and says
 * what arrives. On loopback unless an address is given: the daemon asks nobody who he is.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/address.h"
#include "tracer/record/clock.h"
#include "tracer/record/commands.h"
#include "tracer/record/keeper.h"
#include "tracer/record/line.h"
#include "tracer/record/output.h"
#include "tracer/record/summary.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "
#define PROGRAM "lttng-relayd"
#define FAILED 1
#define USAGE 2
#define BEGIN_MS 10000
#define END_MS 10000
#define LOOK_MS 500
#define TRACES_MAX 4096 /* told of; more arrive in silence */

static const char usage[] = "usage: threadline relay [-o DIR] [ADDRESS[:PORT]]\n"
			    "\n"
			    "Takes traces from other hosts (threadline record --to) and writes them below DIR, a\n"
			    "folder for each host, until Ctrl+C. ADDRESS is one of this host's own (default:\n"
			    "127.0.0.1, for this host alone), PORT the first of three (default: 5342).\n"
			    "The daemon, LTTng's, asks nobody who he is: open these ports to hosts you trust.\n"
			    "\n"
			    "  -o, --output DIR       must not exist, be empty, or be an earlier relay's\n"
			    "                         (default: ./threadline-relay)\n";

struct relay {
	const char *wanted; /* -o */
	struct tl_output output;
	struct tl_address address;
	pid_t daemon;
	char log[PATH_MAX];
	struct {
		char name[600]; /* "HOST/TRACE" */
	} * seen;
	size_t n_seen;
};

/* A folder that has been a relay's goes on; any other must be new or empty. */
static int make_folder(struct relay *relay, struct tl_error *error)
{
	const char *wanted = relay->wanted ? relay->wanted : "threadline-relay";
	struct stat st;
	int code = 0;

	if (!*wanted)
		return tl_error_set(error, TL_EUSAGE, "-o: the folder's name is empty");
	if (snprintf(relay->log, sizeof relay->log, "%s/.relay.log", wanted) >= PATH_MAX - 512)
		return tl_error_set(error, TL_EUSAGE, "the folder's path is too long");
	if (lstat(relay->log, &st) != 0 || !S_ISREG(st.st_mode))
		code = tl_output_create(&relay->output, wanted, "relay", error);
	else if (!realpath(wanted, relay->output.path))
		code = tl_error_set(error, TL_EIO, "%s: %s", wanted, strerror(errno));
	snprintf(relay->output.name, sizeof relay->output.name, "%s", wanted);
	if (code == 0 && (stat(wanted, &st) != 0 || st.st_uid != geteuid() || chmod(wanted, 0700) != 0))
		code = tl_error_set(error, TL_EUSAGE, "%s is not this user's own folder", wanted);
	return code;
}

static void run_daemon(const struct relay *relay, const char *program, const struct tl_signals *signals)
{
	int log = open(relay->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	static const char *const ports[] = {"--control-port", "--data-port", "--live-port"};
	char urls[3][TL_URL], folder[PATH_MAX + 16];
	char *words[12];
	int n = 0;

	words[n++] = (char *)PROGRAM;
	for (unsigned i = 0; i < 3; i++) {
		tl_address_url(&relay->address, i, urls[i]);
		words[n++] = (char *)ports[i];
		words[n++] = urls[i];
	}
	snprintf(folder, sizeof folder, "--output=%s", relay->output.path);
	words[n++] = folder;
	words[n] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* Signals reach it through us alone: first we are told, then it ends. */
	setpgid(0, 0);
	umask(077);
	if (null >= 0)
		dup2(null, 0);
	dup2(log >= 0 ? log : null, 1);
	dup2(log >= 0 ? log : null, 2);
	sigaction(SIGCHLD, &signals->child, NULL);
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
	execv(program, words);
	_exit(127);
}

/* The first thing that it complained of, in its own words. */
static void add_complaint(const struct relay *relay, struct tl_error *error)
{
	FILE *log = fopen(relay->log, "re");
	char line[512], first[512] = "";

	while (log && !first[0] && fgets(line, sizeof line, log))
		if (strstr(line, "rror") || strstr(line, "ERROR"))
			snprintf(first, sizeof first, "%s", line);
	if (log)
		fclose(log);
	first[strcspn(first, "\n")] = '\0';
	if (first[0])
		tl_error_add(error, "it said: %s", first);
}

/* Is it there? It listens last of all, so who gets through to it may send. */
static int await_daemon(struct relay *relay, struct tl_error *error)
{
	int64_t deadline_ns = tl_clock_after_ms(BEGIN_MS);
	struct tl_error ignored;
	int line;

	tl_error_init(&ignored);
	while (waitpid(relay->daemon, NULL, WNOHANG) == 0) {
		line = tl_line_open(&relay->address, LOOK_MS, &ignored);
		if (line >= 0) {
			close(line);
			/* Somebody else's daemon may have answered: then ours ends at once. */
			tl_clock_sleep_ms(LOOK_MS);
			if (waitpid(relay->daemon, NULL, WNOHANG) == 0)
				return 0;
			break;
		}
		if (tl_clock_left_ms(deadline_ns) == 0)
			return tl_error_set(error, TL_ELIMIT, "the relay daemon does not begin within %d s",
					    BEGIN_MS / 1000);
		tl_clock_sleep_ms(20);
	}
	relay->daemon = 0;
	tl_error_set(error, TL_EIO,
		     "the relay daemon ended as soon as it was started: is %s an address of this host, "
		     "and are its ports %u to %u free?",
		     relay->address.number, relay->address.port, relay->address.port + TL_RELAY_LIVE);
	add_complaint(relay, error);
	return TL_EIO;
}

static int start(struct relay *relay, const struct tl_signals *signals, struct tl_error *error)
{
	char program[PATH_MAX];

	if (!tl_keeper_find_program(PROGRAM, program, sizeof program))
		return tl_error_set(error, TL_EIO, PROGRAM " was not found in PATH: install the package lttng-tools");
	relay->daemon = fork();
	if (relay->daemon == 0)
		run_daemon(relay, program, signals);
	if (relay->daemon < 0)
		return tl_error_set(error, TL_EIO, "cannot fork: %s", strerror(errno));
	return await_daemon(relay, error);
}

/* ---- what arrives --------------------------------------------------------------- */

static bool is_news(struct relay *relay, const char *name)
{
	for (size_t i = 0; i < relay->n_seen; i++)
		if (strcmp(relay->seen[i].name, name) == 0)
			return false;
	if (relay->n_seen == TRACES_MAX)
		return false;
	snprintf(relay->seen[relay->n_seen++].name, sizeof relay->seen[0].name, "%s", name);
	return true;
}

static void look_at_host(struct relay *relay, const char *host, bool is_told)
{
	char path[PATH_MAX], name[600];
	const struct dirent *entry;
	DIR *traces;

	if (snprintf(path, sizeof path, "%s/%s", relay->output.path, host) >= PATH_MAX)
		return;
	traces = opendir(path);
	while (traces && (entry = readdir(traces))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%.255s/%.255s", host, entry->d_name);
		if (!is_news(relay, name) || !is_told)
			continue;
		printf("receiving ");
		tl_text_escape(stdout, name);
		putchar('\n');
		fflush(stdout);
	}
	if (traces)
		closedir(traces);
}

static void look_around(struct relay *relay, bool is_told)
{
	DIR *hosts = opendir(relay->output.path);
	const struct dirent *entry;

	while (hosts && (entry = readdir(hosts)))
		if (entry->d_name[0] != '.')
			look_at_host(relay, entry->d_name, is_told);
	if (hosts)
		closedir(hosts);
}

/* Until somebody ends it, or it ends by itself. */
static int attend(struct relay *relay)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	const struct timespec pause = {.tv_nsec = LOOK_MS * TL_NS_PER_MS};
	struct tl_error error;
	sigset_t all;

	sigfillset(&all);
	for (;;) {
		int signal = sigtimedwait(&all, NULL, &pause);

		look_around(relay, true);
		if (waitpid(relay->daemon, NULL, WNOHANG) != 0) {
			tl_error_init(&error);
			tl_error_set(&error, TL_EIO, "the relay daemon has ended by itself");
			add_complaint(relay, &error);
			tl_error_print(&error, PREFIX, stderr);
			return FAILED;
		}
		for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
			if (signal == ends[i])
				return 0;
	}
}

static void end_daemon(const struct relay *relay)
{
	int64_t deadline_ns = tl_clock_after_ms(END_MS);

	if (relay->daemon <= 0)
		return;
	kill(relay->daemon, SIGTERM);
	while (waitpid(relay->daemon, NULL, WNOHANG) == 0) {
		if (tl_clock_left_ms(deadline_ns) == 0)
			kill(relay->daemon, SIGKILL);
		tl_clock_sleep_ms(10);
	}
}

static void say_begin(const struct relay *relay)
{
	printf("relay at %s, ports %u to %u, writing to %s/HOST/\n", relay->address.number, relay->address.port,
	       relay->address.port + TL_RELAY_LIVE, relay->output.path);
	printf("record to it:  threadline record --to %s%s%s -- COMMAND\n", relay->address.is_v6 ? "[" : "",
	       relay->address.number, relay->address.is_v6 ? "]" : "");
	fflush(stdout);
}

static void say_end(const struct relay *relay)
{
	printf("%zu trace%s in ", relay->n_seen, relay->n_seen == 1 ? "" : "s");
	tl_summary_quote(relay->output.name, stdout);
	if (relay->n_seen) {
		printf("\nnext:  threadline check ");
		tl_summary_quote(relay->output.name, stdout);
	}
	putchar('\n');
}

/* -1: go on; else the exit status. */
static int parse(struct relay *relay, int argc, char **argv, struct tl_error *error)
{
	static const struct option known[] = {
		{"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "o:h", known, NULL)) != -1) {
		if (option != 'o') {
			fputs(usage, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : USAGE;
		}
		relay->wanted = optarg;
	}
	if (argc - optind > 1) {
		fputs(usage, stderr);
		return USAGE;
	}
	if (tl_address_parse(&relay->address, optind < argc ? argv[optind] : "127.0.0.1", error) == 0)
		return -1;
	tl_error_print(error, PREFIX, stderr);
	return USAGE;
}

int tl_relay_run(int argc, char **argv, const struct tl_signals *signals)
{
	static struct relay relay;
	struct tl_error error;
	int status;

	tl_error_init(&error);
	status = parse(&relay, argc, argv, &error);
	if (status >= 0)
		return status;
	relay.seen = calloc(TRACES_MAX, sizeof *relay.seen);
	if (!relay.seen || make_folder(&relay, &error) != 0 || start(&relay, signals, &error) != 0) {
		tl_error_add(&error, "cannot take traces");
		tl_error_print(&error, PREFIX, stderr);
		end_daemon(&relay);
		free(relay.seen);
		return FAILED;
	}
	look_around(&relay, false);
	say_begin(&relay);
	status = attend(&relay);
	end_daemon(&relay);
	look_around(&relay, false);
	say_end(&relay);
	free(relay.seen);
	return status;
}
