/* The processes that a recording is attached to; see attached.h. */
#include "tracer/record/attached.h"

#include <stdio.h>

#include "tracer/record/clock.h"
#include "tracer/record/control.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "
#define LOOK_NS INT64_C(500000000)

/* The new ones are handed to LTTng; without --pid and --name it records whoever comes. */
static int look(struct tl_live *live, struct tl_error *error)
{
	size_t from = live->targets.n, n = tl_targets_look(&live->targets, &live->options->target);
	pid_t pids[TL_TARGETS];

	live->look_ns = tl_clock_ns() + LOOK_NS;
	if (n == 0 || tl_targets_everything(&live->options->target))
		return 0;
	for (size_t i = 0; i < n; i++)
		pids[i] = live->targets.items[from + i].vpid;
	return tl_recording_track(live->recording, pids, n, error);
}

/* A process that was given and does not exist, or cannot be recorded, is said before anything else. */
static int check_pids(const struct tl_target_choice *choice, struct tl_error *error)
{
	for (size_t i = 0; i < choice->n_pids; i++) {
		if (!tl_target_exists(choice->pids[i]))
			return tl_error_set(error, TL_EUSAGE, "there is no process %d", (int)choice->pids[i]);
		if (!tl_target_carries_library(choice->pids[i]))
			return tl_error_set(
				error, TL_EUSAGE,
				"process %d does not carry Threadline's library, or is another user's: it must "
				"be started with it (threadline doctor says how)",
				(int)choice->pids[i]);
	}
	return 0;
}

/* Whether it may wait is decided when a program starts. */
static int check_blocking(const struct tl_targets *targets, struct tl_error *error)
{
	for (size_t i = 0; i < targets->n; i++)
		if (!tl_target_has_variable(targets->items[i].pid, "LTTNG_UST_ALLOW_BLOCKING="))
			return tl_error_set(error, TL_EUSAGE,
					    "--lossless: process %d does not let LTTng wait: that is decided when a "
					    "program starts, with LTTNG_UST_ALLOW_BLOCKING=1 in its environment",
					    (int)targets->items[i].pid);
	return 0;
}

static void say_targets(const struct tl_live *live)
{
	const struct tl_targets *targets = &live->targets;

	if (targets->n == 0)
		fputs(PREFIX "no such process carries Threadline's library yet; waiting for one\n", stderr);
	for (size_t i = 0; i < targets->n && i < 8; i++) {
		if (targets->items[i].is_silent)
			continue;
		fprintf(stderr, PREFIX "recording process %d, ", (int)targets->items[i].pid);
		tl_text_escape(stderr, targets->items[i].name);
		fputc('\n', stderr);
	}
	if (targets->n > 8)
		fprintf(stderr, PREFIX "... and %zu more\n", targets->n - 8);
	fputs(PREFIX "Ctrl+C ends the recording; the programs go on\n", stderr);
}

/* Who carries the library and has not reached the daemon would be missing without a word. */
static bool is_reached(const struct tl_target *target, const pid_t *pids, int n)
{
	for (int i = 0; i < n; i++)
		if (pids[i] == target->pid || pids[i] == target->vpid)
			return true;
	return false;
}

/* Who has lost a session daemon may sleep for 5 s before it looks for another. */
#define REACH_MS 8000

static size_t count_silent(struct tl_live *live)
{
	struct tl_error ignored;
	pid_t pids[TL_TARGETS];
	size_t silent = 0;
	int n;

	tl_error_init(&ignored);
	n = tl_control_processes(pids, TL_TARGETS, &ignored);
	for (size_t i = 0; i < live->targets.n; i++) {
		live->targets.items[i].is_silent = !is_reached(&live->targets.items[i], pids, n);
		silent += live->targets.items[i].is_silent;
	}
	return silent;
}

static void await_registration(struct tl_live *live)
{
	int64_t deadline_ns = tl_clock_after_ms(REACH_MS);

	while (count_silent(live) > 0 && tl_clock_left_ms(deadline_ns) > 0)
		tl_clock_sleep_ms(TL_MEANWHILE_MS / 2);
	for (size_t i = 0; i < live->targets.n; i++)
		if (live->targets.items[i].is_silent)
			fprintf(stderr,
				PREFIX "warning: process %d carries the library but does not reach the session daemon "
				       "(another user, another HOME, a container?): it is not recorded\n",
				(int)live->targets.items[i].pid);
}

/* A fresh session knows of none of its processes. */
void tl_attached_name_again(struct tl_live *live)
{
	struct tl_error error;

	tl_error_init(&error);
	live->targets.n = 0;
	if (live->options->attach && look(live, &error) != 0)
		tl_error_print(&error, PREFIX "warning: ", stderr);
}

void tl_attached_look(struct tl_live *live)
{
	size_t living = tl_targets_living(&live->targets);
	struct tl_error error;

	tl_error_init(&error);
	if (look(live, &error) != 0)
		tl_error_print(&error, PREFIX "warning: ", stderr);
	if (live->options->flight && tl_targets_living(&live->targets) < living)
		tl_flight_happened(&live->flight, "gone", "a process has gone");
}

int tl_attached_begin(struct tl_live *live, struct tl_error *error)
{
	int code = check_pids(&live->options->target, error);

	if (code == 0)
		code = look(live, error);
	return code == 0 && live->options->lossless ? check_blocking(&live->targets, error) : code;
}

void tl_attached_await(struct tl_live *live)
{
	await_registration(live);
	say_targets(live);
}
