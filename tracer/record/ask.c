/*
 * `threadline snapshot`, `status` and `stop`: they find the recordings of this user and
 * ask one of them.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/record/commands.h"
#include "tracer/record/flight.h"
#include "tracer/record/home.h"
#include "tracer/record/post.h"

#define PREFIX "threadline: "
#define FAILED 1
#define USAGE 2
#define ANSWER_MS 120000

struct found {
	struct tl_posted posted;
	pid_t wanted; /* 0: any */
	int n;
};

static void print_posted(const struct tl_posted *posted, void *data)
{
	char text[TL_POST_TEXT], *at = text, *line;

	(void)data;
	snprintf(text, sizeof text, "%s", posted->text);
	printf("recording %d\n", (int)posted->pid);
	while ((line = strsep(&at, "\n")))
		if (*line)
			printf("  %s\n", line);
}

static void note_posted(const struct tl_posted *posted, void *data)
{
	struct found *found = data;

	if (found->wanted && posted->pid != found->wanted)
		return;
	found->posted = *posted;
	found->n++;
}

/* The arguments: [--pid N] [NAME]. Negative: done, the status is in *status. */
static int parse(int argc, char **argv, const char *usage, int most, pid_t *pid, int *status)
{
	static const struct option known[] = {
		{"recording", required_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int option;
	char *end;

	*pid = 0;
	*status = USAGE;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			*status = 0;
			return -1;
		}
		*pid = option == 'r' ? (pid_t)strtol(optarg, &end, 10) : 0;
		if (option != 'r' || *pid <= 0 || *end) {
			fprintf(stderr, PREFIX "bad option\n%s", usage);
			return -1;
		}
	}
	if (argc - optind > most) {
		fputs(usage, stderr);
		return -1;
	}
	return 0;
}

/* The one recording that is meant; 0 or an exit status. */
static int find(struct found *found, const struct tl_home *home)
{
	tl_posts_list(home->run, note_posted, found);
	if (found->n == 1)
		return 0;
	if (found->n == 0)
		fputs(found->wanted ? PREFIX "there is no such recording (threadline status lists them)\n"
				    : PREFIX "nothing is being recorded\n",
		      stderr);
	else
		fprintf(stderr, PREFIX "there are %d recordings: say which with --recording N (threadline status)\n",
			found->n);
	return FAILED;
}

static int ask(pid_t wanted, const char *question)
{
	struct found found = {.wanted = wanted};
	char answer[TL_POST_TEXT];
	struct tl_error error;
	struct tl_home home;
	int status;

	tl_error_init(&error);
	if (tl_home_init(&home, &error) != 0) {
		tl_error_print(&error, PREFIX, stderr);
		return FAILED;
	}
	status = find(&found, &home);
	if (status != 0)
		return status;
	if (tl_post_ask(home.run, found.posted.pid, question, answer, ANSWER_MS, &error) != 0) {
		tl_error_print(&error, PREFIX, stderr);
		return FAILED;
	}
	if (strncmp(answer, "error: ", 7) == 0) {
		fprintf(stderr, PREFIX "%s\n", answer + 7);
		return FAILED;
	}
	printf("%s\n", answer);
	return 0;
}

/* Ctrl+C ends them at once. */
static void be_plain(const struct tl_signals *signals)
{
	sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

int tl_snapshot_run(int argc, char **argv, const struct tl_signals *signals)
{
	static const char usage[] = "usage: threadline snapshot [--recording N] [NAME]\n"
				    "\n"
				    "Saves what a flight recording (threadline record --flight) holds, and prints the\n"
				    "folder. N is the number of threadline status, needed where there are several.\n";
	char question[TL_POST_TEXT];
	int status;
	pid_t pid;

	be_plain(signals);
	if (parse(argc, argv, usage, 1, &pid, &status) != 0)
		return status;
	if (argv[optind] && !tl_snapshot_is_name(argv[optind])) {
		fputs(PREFIX "a snapshot's name has letters, digits, '.', '-' and '_', and at most 55 of them\n",
		      stderr);
		return USAGE;
	}
	snprintf(question, sizeof question, "snapshot %s", argv[optind] ? argv[optind] : "");
	return ask(pid, question);
}

int tl_stop_run(int argc, char **argv, const struct tl_signals *signals)
{
	static const char usage[] = "usage: threadline stop [--recording N]\n"
				    "\n"
				    "Ends a recording: its trace is complete, the programs go on. N is the number of\n"
				    "threadline status, needed where there are several.\n";
	int status;
	pid_t pid;

	be_plain(signals);
	if (parse(argc, argv, usage, 0, &pid, &status) != 0)
		return status;
	return ask(pid, "stop");
}

int tl_status_run(int argc, char **argv, const struct tl_signals *signals)
{
	static const char usage[] = "usage: threadline status\n\nLists what is being recorded by this user.\n";
	struct tl_error error;
	struct tl_home home;
	int status;
	pid_t pid;

	be_plain(signals);
	if (parse(argc, argv, usage, 0, &pid, &status) != 0)
		return status;
	tl_error_init(&error);
	if (tl_home_init(&home, &error) != 0) {
		tl_error_print(&error, PREFIX, stderr);
		return FAILED;
	}
	if (tl_posts_list(home.run, print_posted, NULL) == 0)
		puts("nothing is being recorded");
	return 0;
}
