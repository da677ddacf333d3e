/* The way to another host; see relayed.h. */
#include "tracer/record/relayed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/record/clock.h"
#include "tracer/record/line.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "
#define REACH_MS 10000
#define RETRY_MS 500
#define PAUSE_MS 2000

/* A folder's name there, and a part of an URL: letters, digits and what does no harm. */
static void make_plain(char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

	if (*name == '.')
		*name = '_';
	for (; *name; name++)
		if (!strchr(plain, *name))
			*name = '_';
}

int tl_relayed_init(struct tl_relayed *relayed, const char *address, const char *what, const char *wanted,
		    struct tl_error *error)
{
	const char *slash = strrchr(what, '/');
	char given[TL_RELAY_NAME];
	int code;

	*relayed = (struct tl_relayed){.is_wanted = true, .line = -1};
	if (wanted) {
		snprintf(relayed->name, sizeof relayed->name, "%.*s", TL_RELAY_NAME - 8, wanted);
		snprintf(given, sizeof given, "%s", relayed->name);
		make_plain(relayed->name);
		if (!*wanted || strlen(wanted) >= TL_RELAY_NAME - 8 || strcmp(given, relayed->name) != 0)
			return tl_error_set(
				error, TL_EUSAGE,
				"with --to, -o gives the trace its name at the other host: letters, digits, "
				"'.', '-' and '_', at most %d",
				TL_RELAY_NAME - 9);
	} else {
		snprintf(relayed->name, sizeof relayed->name, "%.40s-%d", slash ? slash + 1 : what, (int)getpid());
		make_plain(relayed->name);
	}
	code = tl_address_parse(&relayed->address, address, error);
	if (code != 0)
		return code;
	relayed->line = tl_line_open(&relayed->address, REACH_MS, error);
	if (relayed->line >= 0)
		return 0;
	return tl_error_add(error, "start one there with: threadline relay ADDRESS (port %u to %u must be open)",
			    relayed->address.port, relayed->address.port + TL_RELAY_LIVE);
}

static enum tl_relayed_news on_cut(struct tl_relayed *relayed)
{
	close(relayed->line);
	relayed->line = -1;
	relayed->n_cuts++;
	relayed->cut_ns = tl_clock_ns();
	relayed->next_ns = relayed->cut_ns + (int64_t)PAUSE_MS * TL_NS_PER_MS;
	fprintf(stderr,
		PREFIX "the connection to %s is lost, and with it what had not been sent; what had arrived is there\n",
		relayed->address.host);
	/* It would wait for a host that is away whenever it is asked for anything. */
	tl_recording_abandon(relayed->recording);
	if (relayed->ends) {
		fputs(PREFIX "the recording ends here (--if-cut end); the programs go on\n", stderr);
		return TL_RELAYED_ENDS;
	}
	fputs(PREFIX "nothing is recorded until it is back (threadline stop ends it)\n", stderr);
	return TL_RELAYED_SAME;
}

static enum tl_relayed_news try_again(struct tl_relayed *relayed)
{
	char lasted[TL_TIME_TEXT];
	struct tl_error error;

	tl_error_init(&error);
	relayed->next_ns = tl_clock_after_ms(PAUSE_MS);
	relayed->line = tl_line_open(&relayed->address, RETRY_MS, &error);
	if (relayed->line < 0)
		return TL_RELAYED_SAME;
	if (tl_recording_resume(relayed->recording, &error) != 0) {
		tl_error_add(&error, "%s answers again, but recording does not begin; trying on",
			     relayed->address.host);
		tl_error_print(&error, PREFIX "warning: ", stderr);
		tl_recording_abandon(relayed->recording);
		close(relayed->line);
		relayed->line = -1;
		return TL_RELAYED_SAME;
	}
	fprintf(stderr, PREFIX "%s answers again: a fresh trace goes on from here, without the last %s\n",
		relayed->address.host, tl_text_duration(lasted, tl_clock_ns() - relayed->cut_ns));
	relayed->away_ns += tl_clock_ns() - relayed->cut_ns;
	relayed->cut_ns = 0;
	return TL_RELAYED_BACK;
}

enum tl_relayed_news tl_relayed_look(struct tl_relayed *relayed)
{
	if (!relayed->is_wanted)
		return TL_RELAYED_SAME;
	if (relayed->cut_ns == 0)
		return tl_line_is_cut(relayed->line) ? on_cut(relayed) : TL_RELAYED_SAME;
	if (relayed->ends || tl_clock_ns() < relayed->next_ns)
		return TL_RELAYED_SAME;
	return try_again(relayed);
}

int64_t tl_relayed_away_ns(const struct tl_relayed *relayed)
{
	return relayed->away_ns + (relayed->cut_ns ? tl_clock_ns() - relayed->cut_ns : 0);
}

void tl_relayed_finish(struct tl_relayed *relayed)
{
	if (relayed->is_wanted && relayed->line >= 0)
		close(relayed->line);
	relayed->line = -1;
}
