/* What goes on while a recording runs; see live.h. */
#include "tracer/record/live.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "threadline/events.h"
#include "tracer/record/attached.h"
#include "tracer/record/clock.h"
#include "tracer/record/control.h"
#include "tracer/record/summary.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "
#define ASK_LEAST_NS INT64_C(500000000)
#define ASK_MOST_NS INT64_C(10000000000)
#define ASK_SENT_NS INT64_C(5000000000) /* who looks on knows nobody until then */
#define AT_MOST_NS INT64_C(60000000000)
#define LOCKS \
	(UINT32_C(1) << TL_REASON_MUTEX | UINT32_C(1) << TL_REASON_RWLOCK_READ | UINT32_C(1) << TL_REASON_RWLOCK_WRITE)

/* A snapshot that LTTng could not give: the session is of no use any more. */
static void replace_stalled(struct tl_live *live)
{
	struct tl_error error;

	tl_error_init(&error);
	live->flight.stalled = false;
	if (tl_recording_replace(live->recording, &error) == 0) {
		tl_attached_name_again(live);
		fputs(PREFIX "LTTng's session has stalled; a fresh one goes on from here, what was in memory is lost\n",
		      stderr);
		return;
	}
	tl_error_add(&error, "LTTng's session has stalled, and cannot be replaced");
	tl_error_print(&error, PREFIX, stderr);
	live->ended = true;
}

/* ---- who asks ------------------------------------------------------------------- */

static void answer_snapshot(struct tl_live *live, int asker, const char *name)
{
	char answer[TL_POST_TEXT];
	struct tl_error error;

	tl_error_init(&error);
	if (!live->options->flight)
		snprintf(answer, sizeof answer, "error: it is not a flight recording (threadline record --flight)");
	else if (*name && !tl_snapshot_is_name(name))
		snprintf(answer, sizeof answer,
			 "error: a snapshot's name has letters, digits, '.', '-' and '_', and at most 55 of them");
	else if (tl_flight_take(&live->flight, name, "asked", &error) != 0)
		snprintf(answer, sizeof answer, "error: %.1000s", error.n ? error.cause[0] : "it failed");
	else
		snprintf(answer, sizeof answer, "%.3900s/%s", live->flight.output->path, live->flight.latest);
	tl_post_answer(asker, answer);
}

static void answer_stop(struct tl_live *live, int asker)
{
	live->ended = true;
	tl_post_answer(asker, live->options->attach ? "ended" : "ended; the command goes on");
}

static void answer(struct tl_live *live)
{
	char question[TL_POST_TEXT];
	int asker = tl_post_take(&live->post, question);

	if (asker < 0)
		return;
	if (strncmp(question, "snapshot ", 9) == 0)
		answer_snapshot(live, asker, question + 9);
	else if (strcmp(question, "stop") == 0)
		answer_stop(live, asker);
	else
		tl_post_answer(asker, "error: not understood");
}

static int open_post(struct tl_live *live, const struct tl_output *output, struct tl_error *error)
{
	char text[TL_POST_TEXT], name[1024], since[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S", &tm);
	tl_text_escape_to(name, sizeof name, live->options->attach ? "" : live->options->command[0]);
	snprintf(text, sizeof text, "what: %s%s%s\nsince: %s\n", live->options->attach ? "attached" : name,
		 live->options->flight ? ", flight recorder" : "", live->options->live ? ", live" : "", since);
	tl_text_escape_to(name, sizeof name, output->path[0] ? output->path : output->name);
	snprintf(text + strlen(text), sizeof text - strlen(text), "to: %s\n", name);
	return tl_post_open(&live->post, live->recording->home.run, live->recording->name, text, error);
}

/* ---- tasks that are stuck ------------------------------------------------------- */

static bool was_told(struct tl_live *live, const struct tl_stuck *stuck)
{
	for (unsigned i = 0; i < live->n_told && i < TL_STUCK_REMEMBERED; i++)
		if (live->told[i].process == stuck->process && live->told[i].task == stuck->task &&
		    live->told[i].since_ns == stuck->since_ns)
			return true;
	live->told[live->n_told++ % TL_STUCK_REMEMBERED] = *stuck;
	return false;
}

static void watch(struct tl_live *live)
{
	int64_t now_ns = tl_clock_ns();
	char what[128], lasted[TL_TIME_TEXT];
	struct tl_stuck stuck;

	while (tl_watch_next(&live->watch, &stuck)) {
		if (was_told(live, &stuck))
			continue;
		snprintf(what, sizeof what, "a task of process %d has waited for %s", (int)stuck.process,
			 tl_text_duration(lasted, now_ns - stuck.since_ns));
		tl_flight_happened(&live->flight, "blocked", what);
	}
}

/* Others of this user's programs may have such events, too; who is dead already counts. */
static bool is_ours(const struct tl_live *live, pid_t process)
{
	char mark[64];

	if (!tl_target_exists(process) || (live->options->attach && tl_targets_everything(&live->options->target)))
		return true;
	for (size_t i = 0; live->options->attach && i < live->targets.n; i++)
		if (live->targets.items[i].vpid == process)
			return true;
	snprintf(mark, sizeof mark, "THREADLINE_RECORDING=%" PRId64, live->recording->id);
	return !live->options->attach && tl_target_has_variable(process, mark);
}

#define EVENTS_AT_ONCE 1000 /* a flood of them must not hold up the rest */

static void watch_events(struct tl_live *live)
{
	struct tl_stuck event;
	char what[192];
	pid_t process = 0;

	for (int i = 0; i < EVENTS_AT_ONCE && tl_watch_next(&live->events, &event); i++)
		if (!process && is_ours(live, event.process))
			process = event.process;
	if (!process)
		return;
	snprintf(what, sizeof what, "process %d: %.128s", (int)process, live->options->on_event);
	tl_flight_happened(&live->flight, "event", what);
}

/*
 * From time to time all is told once more: for the watch, and so that the memory of a
 * program that dies holds what it said once.
 */
static void ask(struct tl_live *live)
{
	int64_t every_ns = live->options->on_block_ns ? live->options->on_block_ns / 2
			   : live->options->to        ? ASK_SENT_NS
						      : ASK_MOST_NS;
	struct tl_error ignored;

	if (tl_clock_ns() < live->ask_ns)
		return;
	every_ns = every_ns < ASK_LEAST_NS ? ASK_LEAST_NS : every_ns > ASK_MOST_NS ? ASK_MOST_NS : every_ns;
	live->ask_ns = tl_clock_ns() + every_ns;
	tl_error_init(&ignored);
	tl_control_regenerate(live->recording->session, &ignored);
}

/* ---- the whole ------------------------------------------------------------------ */

/* The command goes on without us; only its end is waited for. */
static void stop_early(struct tl_live *live)
{
	struct tl_error error;

	tl_error_init(&error);
	if (live->options->attach || live->stopped)
		return;
	live->stopped = true;
	tl_live_finish(live);
	if (tl_recording_stop(live->recording, &error) != 0)
		tl_error_print(&error, PREFIX, stderr);
}

static void look_at_relay(struct tl_live *live)
{
	switch (tl_relayed_look(live->relayed)) {
	case TL_RELAYED_ENDS: live->ended = true; break;
	case TL_RELAYED_BACK: tl_attached_name_again(live); break;
	case TL_RELAYED_SAME: break;
	}
}

static void on_tick(void *data)
{
	struct tl_live *live = data;

	answer(live);
	if (live->flight.stalled && !live->ended)
		replace_stalled(live);
	if (!live->ended)
		look_at_relay(live);
	if (!live->ended && tl_bounds_look(&live->bounds))
		live->ended = true;
	if (live->ended) {
		stop_early(live);
		return;
	}
	if (live->options->attach && live->recording->created && tl_clock_ns() >= live->look_ns)
		tl_attached_look(live);
	if (live->watch.child > 0)
		watch(live);
	if (live->events.child > 0)
		watch_events(live);
	/* Who comes to look at a live one later begins with what is told from then on. */
	if (live->options->flight || (live->options->to && live->recording->created))
		ask(live);
}

static bool on_signal(void *data, int signal)
{
	struct tl_live *live = data;

	if (!live->options->flight || signal != SIGUSR2)
		return false;
	if (!live->ended)
		tl_flight_happened(&live->flight, "signal", "SIGUSR2");
	return true;
}

int tl_live_begin(struct tl_live *live, const struct tl_record_options *options, struct tl_recording *recording,
		  const struct tl_output *output, struct tl_relayed *relayed, struct tl_error *error)
{
	int code = 0;

	*live = (struct tl_live){
		.options = options, .recording = recording, .relayed = relayed, .post = {.file = -1, .socket = -1}};
	relayed->recording = recording;
	live->flight = (struct tl_flight){
		.recording = recording,
		.output = output,
		.at_most_ns = options->at_most_ns ? options->at_most_ns : AT_MOST_NS,
	};
	code = tl_bounds_init(&live->bounds, options, recording, output, error);
	if (code == 0 && options->attach)
		code = tl_attached_begin(live, error);
	if (code == 0 && options->on_block_ns)
		code = tl_watch_start(&live->watch, recording->session,
				      options->on_block_reasons ? options->on_block_reasons : LOCKS,
				      options->on_block_ns, error);
	if (code == 0 && options->on_event)
		code = tl_watch_start_event(&live->events, recording->session, options->on_event, error);
	if (code == 0)
		code = open_post(live, output, error);
	if (code == 0 && options->attach)
		tl_attached_await(live);
	return code;
}

struct tl_meanwhile tl_live_meanwhile(struct tl_live *live)
{
	return (struct tl_meanwhile){.data = live, .on_signal = on_signal, .on_tick = on_tick};
}

/* Its programs have all ended: there is nothing to wait for, unless others of the name may come. */
static bool is_over(const struct tl_live *live)
{
	const struct tl_target_choice *choice = &live->options->target;

	return live->ended || (live->until_ns && tl_clock_ns() >= live->until_ns) ||
	       (choice->n_pids > 0 && choice->n_names == 0 && tl_targets_living(&live->targets) == 0);
}

void tl_live_attend(struct tl_live *live)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	const struct timespec pause = {.tv_nsec = TL_MEANWHILE_MS * TL_NS_PER_MS};
	sigset_t all;

	if (live->options->for_ns)
		live->until_ns = tl_clock_ns() + live->options->for_ns;
	sigfillset(&all);
	while (!is_over(live)) {
		int signal = sigtimedwait(&all, NULL, &pause);

		for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
			live->ended |= signal == ends[i];
		if (signal <= 0)
			on_tick(live);
		else
			on_signal(live, signal);
	}
}

void tl_live_command_ended(struct tl_live *live, int status)
{
	char what[64];
	int signal = status - 128;

	/* Those with which people end programs are no accidents. */
	if (!live->options->flight || live->ended || signal <= 0 || signal == SIGINT || signal == SIGTERM ||
	    signal == SIGHUP || signal == SIGPIPE)
		return;
	snprintf(what, sizeof what, "the command died of signal %d (%s)", signal, strsignal(signal));
	live->flight.last_ns = 0;
	tl_flight_happened(&live->flight, "died", what);
}

void tl_live_finish(struct tl_live *live)
{
	struct tl_error ignored;

	if (live->watch.child > 0) {
		tl_watch_finish(&live->watch);
		tl_control_unwatch(live->watch.name, &ignored);
	}
	if (live->events.child > 0) {
		tl_watch_finish(&live->events);
		tl_control_unwatch(live->events.name, &ignored);
	}
	tl_post_close(&live->post);
	tl_bounds_finish(&live->bounds);
}
