/* Reads the command line of `threadline record`; see options.h. */
#include "tracer/record/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: threadline record [-o DIR] [options] [--] COMMAND [ARG...]\n"
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
	fputs("      --check            check the recording as well: the exit status is COMMAND's\n"
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
	if (!options->command[0] && !options->help)
		return tl_error_set(error, TL_EUSAGE, "no command to record is given (see threadline record --help)");
	if (!options->check && (options->report || options->n_check_words))
		return tl_error_set(error, TL_EUSAGE, "%s is for --check, which is not given",
				    options->report ? "--report" : options->check_words[0]);
	return 0;
}
