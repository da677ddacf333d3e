/* Reads the command line of `threadline record`; see options.h. */
#include "tracer/record/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threadline/events.h"
#include "viewer/base/text.h"

#define ROTATE_BYTES_LEAST (UINT64_C(1) << 20)
#define ROTATE_NS_LEAST INT64_C(1000000000)
#define KEEP_FILES_MOST 10000

static const char usage[] = "usage: threadline record [-o DIR] [options] [--] COMMAND [ARG...]\n"
			    "       threadline record --attach [--pid N | --name PATTERN] [-o DIR] [options]\n"
			    "\n"
			    "Runs COMMAND and records what its threads do. The exit status is COMMAND's\n"
			    "(128+n when signal n ended it), 125 when recording itself failed, 126 when\n"
			    "COMMAND cannot be executed, 127 when it is not found.\n"
			    "\n"
			    "  -o, --output DIR       the folder to record to; must not exist, or be empty\n"
			    "                         (default: ./threadline-COMMAND-DATE-TIME)\n"
			    "      --buffer-size SIZE memory that holds the events of one processor until\n"
			    "                         they are written, like 4M (default: 18M, or less where\n"
			    "                         /dev/shm is small)\n";

void tl_record_print_usage(FILE *file)
{
	fputs(usage, file);
#define LINE(member, name, help) fprintf(file, "      --%-16s %s\n", name, help);
	TL_CHOICES(LINE)
	fputs("      --attach           record programs that run already and carry Threadline's\n"
	      "                         library (threadline doctor says how), until Ctrl+C; they go on\n"
	      "      --pid N            with --attach: this process and its children (repeatable)\n"
	      "      --name PATTERN     with --attach: processes of this name, like 'redis*'\n"
	      "      --for TIME         with --attach: no longer than that, like 30s or 5m\n"
	      "      --flight           keep the latest events in memory and write nothing but\n"
	      "                         snapshots, each a folder in DIR: when threadline snapshot asks,\n"
	      "                         on SIGUSR2, and when COMMAND dies of a signal\n"
	      "      --keep SIZE        with --flight: how much memory (default: 64M)\n"
	      "      --on-block TIME    with --flight: a snapshot when a task waits for longer than\n"
	      "                         that, like 5s, for a mutex or a read-write lock\n"
	      "      --on-block-reasons LIST\n"
	      "                         with --on-block: for these: mutex,rwlock-read,cond,semaphore ...\n"
	      "      --at-most TIME     with --flight: snapshots that nobody asked for are at least so\n"
	      "                         far apart (default: 1m)\n"
	      "      --max-size SIZE    end the recording when the trace has this size; COMMAND goes on\n"
	      "      --rotate SIZE|TIME begin a new part of the trace after that, like 1G or 10m; each\n"
	      "                         part can be judged alone, DIR holds them all\n"
	      "      --keep-files N     with --rotate: remove all but the latest N parts\n"
	      "      --survive          keep the buffers in /dev/shm even if everything is killed, for\n"
	      "                         threadline recover\n"
	      "      --on-event EXPR    with --flight: a snapshot at every event PROVIDER:EVENT of LTTng's, and\n"
	      "                         behind a space a filter, like 'shop:order amount > 1000'\n"
	      "      --to HOST[:PORT]   send the trace to the relay daemon there (threadline relay), and\n"
	      "                         write nothing here; -o is its name there\n"
	      "      --if-cut wait|end  with --to: when the connection is lost go on with a fresh trace when\n"
	      "                         it is back (default), or end the recording; COMMAND goes on\n"
	      "      --live             the same as --to 127.0.0.1: what is sent can be followed there with\n"
	      "                         threadline check --live and threadline view --live\n"
	      "      --lossless         let COMMAND wait where a buffer is full, up to 5 s an event\n"
	      "      --check            check the recording as well: the exit status is COMMAND's\n"
	      "                         unless that is 0, else that of threadline check (1, 2 or\n"
	      "                         3). Without -o the trace is kept only if there are findings\n"
	      "      --report FILE      with --check: write the report there, not to stdout\n"
	      "      --format, --fail-on, --rule, --ignore, --baseline, --color VALUE\n"
	      "                         with --check: as threadline check --help says\n"
	      "  -v, --verbose          say what is done\n"
	      "  -h, --help             this text\n",
	      file);
}

static void choose(struct tl_record_options *options, const char *name)
{
	size_t n = strlen(options->chosen);

	/* Again and again is once: the list holds each name at the most. */
	if (!strstr(options->chosen, name))
		snprintf(options->chosen + n, sizeof options->chosen - n, "%s%s", n ? "," : "", name);
}

static int parse_time(const char *name, int64_t *ns, struct tl_error *error)
{
	if (!isdigit((unsigned char)*optarg) || tl_text_parse_time(optarg, ns) != 0 || *ns == 0)
		return tl_error_set(error, TL_EUSAGE, "--%s: '%s' is not a time like 500ms, 30s or 5m", name, optarg);
	return 0;
}

static int add_pid(struct tl_target_choice *target, struct tl_error *error)
{
	char *end;
	long pid = strtol(optarg, &end, 10);

	if (!isdigit((unsigned char)*optarg) || *end || pid <= 0 || pid > INT_MAX)
		return tl_error_set(error, TL_EUSAGE, "--pid: '%s' is not the number of a process", optarg);
	if (target->n_pids == TL_TARGET_WORDS)
		return tl_error_set(error, TL_EUSAGE, "--pid: at most %d may be given", TL_TARGET_WORDS);
	target->pids[target->n_pids++] = (pid_t)pid;
	return 0;
}

static int add_name(struct tl_target_choice *target, struct tl_error *error)
{
	if (target->n_names == TL_TARGET_WORDS)
		return tl_error_set(error, TL_EUSAGE, "--name: at most %d may be given", TL_TARGET_WORDS);
	target->names[target->n_names++] = optarg;
	return 0;
}

/* "mutex,cond": names of the contract's reasons. */
static int parse_reasons(uint32_t *bits, struct tl_error *error)
{
	static const struct {
		const char *name;
		unsigned number;
	} reasons[] = {
#define REASON(n, number, text, class) {text, number},
		TL_REASONS(REASON)};
	const char *at = optarg;
	size_t i, n;

	for (*bits = 0; *at; at += n + (at[n] == ',')) {
		n = strcspn(at, ",");
		for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
			if (strlen(reasons[i].name) == n && strncmp(reasons[i].name, at, n) == 0)
				break;
		if (i == sizeof reasons / sizeof *reasons)
			return tl_error_set(error, TL_EUSAGE, "--on-block-reasons: there is no reason '%.*s' to wait",
					    (int)n, at);
		*bits |= UINT32_C(1) << reasons[i].number;
	}
	if (!*bits)
		return tl_error_set(error, TL_EUSAGE, "--on-block-reasons: none is given");
	return 0;
}

/* "512K", "4M", "1G" or bytes. */
static int parse_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;
	unsigned long long value;
	int shift = 0;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || value == 0)
		return -1;
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || value > UINT64_MAX >> shift)
		return -1;
	*bytes = (uint64_t)value << shift;
	return 0;
}

static int add_check_option(struct tl_record_options *options, const char *name, struct tl_error *error)
{
	/* The options of `threadline check` that are ours as well, as it wants them. */
	static const char *const words[][2] = {{"format", "--format"},     {"fail-on", "--fail-on"},
					       {"rule", "--rule"},         {"ignore", "--ignore"},
					       {"baseline", "--baseline"}, {"color", "--color"}};

	if (options->n_check_words + 2 > TL_CHECK_WORDS)
		return tl_error_set(error, TL_EUSAGE, "too many options for the check");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i][0], name) == 0)
			options->check_words[options->n_check_words++] = words[i][1];
	options->check_words[options->n_check_words++] = optarg;
	return 0;
}

static int parse_rotate(struct tl_record_options *options, struct tl_error *error)
{
	if (parse_size(optarg, &options->rotate_bytes) == 0 && options->rotate_bytes >= ROTATE_BYTES_LEAST)
		return 0;
	options->rotate_bytes = 0;
	if (isdigit((unsigned char)*optarg) && tl_text_parse_time(optarg, &options->rotate_ns) == 0 &&
	    options->rotate_ns >= ROTATE_NS_LEAST)
		return 0;
	return tl_error_set(error, TL_EUSAGE,
			    "--rotate: '%s' is neither a size like 1G (at least 1M) nor a time like 10m "
			    "(at least 1s)",
			    optarg);
}

static int parse_keep_files(struct tl_record_options *options, struct tl_error *error)
{
	char *end;
	unsigned long n = strtoul(optarg, &end, 10);

	if (!isdigit((unsigned char)*optarg) || *end || n == 0 || n > KEEP_FILES_MOST)
		return tl_error_set(error, TL_EUSAGE, "--keep-files: '%s' is not a number from 1 to %d", optarg,
				    KEEP_FILES_MOST);
	options->keep_files = (unsigned)n;
	return 0;
}

static int apply(struct tl_record_options *options, int option, const char *name, struct tl_error *error)
{
	switch (option) {
	case 'o': options->output = optarg; return 0;
	case 'v': options->verbose = true; return 0;
	case 'h': options->help = true; return 0;
	case 'b':
		if (parse_size(optarg, &options->buffer_bytes) != 0)
			return tl_error_set(error, TL_EUSAGE, "--buffer-size: '%s' is not a size like 512K or 4M",
					    optarg);
		return 0;
	case ':': return tl_error_set(error, TL_EUSAGE, "an option needs a value (see threadline record --help)");
	case 'K':
		if (parse_size(optarg, &options->keep_bytes) != 0)
			return tl_error_set(error, TL_EUSAGE, "--keep: '%s' is not a size like 64M or 1G", optarg);
		return 0;
	case 'S':
		if (parse_size(optarg, &options->max_bytes) != 0)
			return tl_error_set(error, TL_EUSAGE, "--max-size: '%s' is not a size like 500M or 2G", optarg);
		return 0;
	case 'T': return parse_rotate(options, error);
	case 'f': return parse_keep_files(options, error);
	case 'V': options->survive = true; return 0;
	case 'O': options->to = optarg; return 0;
	case 'I':
		options->if_cut_given = true;
		options->ends_if_cut = strcmp(optarg, "end") == 0;
		if (options->ends_if_cut || strcmp(optarg, "wait") == 0)
			return 0;
		return tl_error_set(error, TL_EUSAGE, "--if-cut: 'wait' or 'end', not '%s'", optarg);
	case 'E': options->live = true; return 0;
	case 'Z': options->lossless = true; return 0;
	case 'e': options->on_event = optarg; return 0;
	case 'A': options->attach = true; return 0;
	case 'P': return add_pid(&options->target, error);
	case 'N': return add_name(&options->target, error);
	case 'F': return parse_time(name, &options->for_ns, error);
	case 'L': options->flight = true; return 0;
	case 'B': return parse_time(name, &options->on_block_ns, error);
	case 'r': return parse_reasons(&options->on_block_reasons, error);
	case 'M': return parse_time(name, &options->at_most_ns, error);
	case 'C': options->check = true; return 0;
	case 'R': options->report = optarg; return 0;
	case 'k': return add_check_option(options, name, error);
	case 'c': choose(options, name); return 0;
	default: return tl_error_set(error, TL_EUSAGE, "there is no such option (see threadline record --help)");
	}
}

int tl_record_options_parse(struct tl_record_options *options, int argc, char **argv, struct tl_error *error)
{
	static const struct option known[] = {
		{"output", required_argument, NULL, 'o'},
		{"buffer-size", required_argument, NULL, 'b'},
		{"attach", no_argument, NULL, 'A'},
		{"pid", required_argument, NULL, 'P'},
		{"name", required_argument, NULL, 'N'},
		{"for", required_argument, NULL, 'F'},
		{"flight", no_argument, NULL, 'L'},
		{"keep", required_argument, NULL, 'K'},
		{"on-block", required_argument, NULL, 'B'},
		{"on-block-reasons", required_argument, NULL, 'r'},
		{"at-most", required_argument, NULL, 'M'},
		{"max-size", required_argument, NULL, 'S'},
		{"rotate", required_argument, NULL, 'T'},
		{"keep-files", required_argument, NULL, 'f'},
		{"survive", no_argument, NULL, 'V'},
		{"to", required_argument, NULL, 'O'},
		{"if-cut", required_argument, NULL, 'I'},
		{"live", no_argument, NULL, 'E'},
		{"lossless", no_argument, NULL, 'Z'},
		{"on-event", required_argument, NULL, 'e'},
		{"check", no_argument, NULL, 'C'},
		{"report", required_argument, NULL, 'R'},
		{"format", required_argument, NULL, 'k'},
		{"fail-on", required_argument, NULL, 'k'},
		{"rule", required_argument, NULL, 'k'},
		{"ignore", required_argument, NULL, 'k'},
		{"baseline", required_argument, NULL, 'k'},
		{"color", required_argument, NULL, 'k'},
#define CHOICE(member, name, help) {name, no_argument, NULL, 'c'},
		TL_CHOICES(CHOICE){"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option, code, which = 0;

	memset(options, 0, sizeof *options);
	optind = 1;
	/* '+': the first word that is no option is COMMAND; ':': we speak ourselves. */
	while ((option = getopt_long(argc, argv, "+:o:vh", known, &which)) != -1) {
		int at = optind;

		code = apply(options, option, known[which].name, error);
		if (code != 0)
			return option == '?' || option == ':' ? tl_error_add(error, "%s", argv[at - 1]) : code;
	}
	options->command = argv + optind;
	/* LTTng shows live only what goes through a relay daemon. */
	if (options->live && !options->to)
		options->to = "127.0.0.1";
	return options->help ? 0 : tl_record_options_judge(options, error);
}
