/* What command lines share; see options.h. */
#include "viewer/cli/options.h"

#include <stdio.h>
#include <unistd.h>

#include "viewer/base/text.h"
#include "viewer/cli/commands.h"

void tl_option_say(const char *command, const char *what, const char *value)
{
	fprintf(stderr, "threadline %s: %s", command, what);
	if (value) {
		fputs(" '", stderr);
		tl_text_escape(stderr, value);
		fputs("'", stderr);
	}
}

int tl_option_error(const char *command, const char *what, const char *value)
{
	tl_option_say(command, what, value);
	fprintf(stderr, "\nthreadline %s --help tells how it is used\n", command);
	return TL_EXIT_USAGE;
}

int tl_option_no_format(const char *command, const char *name, const char *(*name_at)(size_t))
{
	tl_option_say(command, "there is no format", name);
	fputs("; there are", stderr);
	for (size_t i = 0; name_at(i); i++)
		fprintf(stderr, "%s %s", i ? "," : "", name_at(i));
	fputc('\n', stderr);
	return TL_EXIT_USAGE;
}

int tl_option_window(const char *command, struct tl_window *window, bool is_from, const char *text)
{
	*(is_from ? &window->has_from : &window->has_to) = true;
	if (tl_when_parse(is_from ? &window->from : &window->to, text) == 0)
		return -1;
	return tl_option_error(
		command, "--from and --to take a time like 1.5s, 250us, 12345 (ns) or 2026-05-01T12:30:00, not", text);
}

int tl_option_reader(const char *command, struct tl_reading *reading, const char *name)
{
	if (tl_reader_find(name, &reading->reader))
		return -1;
	return tl_option_error(command, "--reader: direct or babeltrace, not", name);
}

int tl_option_offset(const char *command, struct tl_reading *reading, const char *text)
{
	struct tl_error error;

	tl_error_init(&error);
	if (tl_offsets_add(&reading->offsets, text, &error) == 0)
		return -1;
	return tl_option_error(command, "--clock-offset takes HOST=+1.5ms or TRACE=-20us, not", text);
}

static void say_newest(const char *command, const struct tl_source *source)
{
	fprintf(stderr, "threadline %s: ", command);
	tl_text_escape(stderr, source->newest);
	fputs(", the latest snapshot", stderr);
	if (source->others[0]) {
		fputs(" (others: ", stderr);
		tl_text_escape(stderr, source->others);
		fputc(')', stderr);
	}
	fputc('\n', stderr);
}

struct tl_source *tl_reading_open(const char *command, struct tl_reading *reading, const char *path,
				  struct tl_error *error)
{
	struct tl_source *source = tl_source_open_shifted(&path, 1, reading->reader, &reading->offsets, error);

	if (source && reading->is_verbose) {
		fprintf(stderr, "threadline %s: reader: %s", command, source->ops->name);
		if (source->refusal[0]) {
			fputs(" (not the direct one: ", stderr);
			tl_text_escape(stderr, source->refusal);
			fputc(')', stderr);
		}
		fputc('\n', stderr);
	}
	if (source && source->newest[0])
		say_newest(command, source);
	return source;
}

int tl_option_trace(const char *command, const struct tl_window *window, int argc, char **argv, const char **path)
{
	if (optind + 1 != argc)
		return tl_option_error(command, optind == argc ? "which trace?" : "only one trace at a time:",
				       optind == argc ? NULL : argv[optind + 1]);
	if (window->has_from && window->has_to && window->from.is_clock == window->to.is_clock &&
	    window->from.ns > window->to.ns)
		return tl_option_error(command, "--from must not be after --to", NULL);
	*path = argv[optind];
	return -1;
}
