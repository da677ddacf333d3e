/* Shares the session daemon among recordings; see daemon.h. */
#include "tracer/record/daemon.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/record/clock.h"
#include "tracer/record/control.h"
#include "tracer/record/keeper.h"
#include "tracer/record/lock.h"

#define LOCK_MS 60000 /* others start or stop a daemon meanwhile */
#define ANSWER_MS 20000
#define GONE_MS 30000
#define PAUSE_MS 10

/* Is there a keeper? It holds the lock `daemon`. */
static bool keeper_lives(const char *run)
{
	struct tl_error ignored;
	int lock = tl_lock_open(run, "daemon", &ignored);
	bool lives = lock >= 0 && !tl_lock_take(lock, false, 0);

	if (lock >= 0)
		close(lock);
	return lives;
}

static int await_answer(struct tl_daemon *daemon, struct tl_error *error)
{
	int64_t deadline_ns = tl_clock_after_ms(ANSWER_MS);
	char said[256];

	while (!tl_control_alive()) {
		bool lives = keeper_lives(daemon->run);

		if (lives && tl_clock_left_ms(deadline_ns) > 0) {
			tl_clock_sleep_ms(PAUSE_MS);
			continue;
		}
		tl_daemon_complaint(daemon, said, sizeof said);
		return tl_error_set(error, TL_EIO, "LTTng's session daemon %s%s%s",
				    lives ? "does not answer" : "ended as soon as it was started",
				    *said ? "; it said: " : "", said);
	}
	return 0;
}

/* Holding `lock`: a daemon answers in the end, or it is told why not. */
static int ensure(struct tl_daemon *daemon, struct tl_error *error)
{
	int code = 0;

	if (!tl_lock_take(daemon->recordings, false, LOCK_MS))
		return tl_error_set(error, TL_ELIMIT, "the previous session daemon does not end");
	if (!tl_control_alive()) {
		if (!keeper_lives(daemon->run))
			code = tl_keeper_start(daemon->run, daemon->log, error);
		if (code == 0)
			code = await_answer(daemon, error);
	}
	daemon->kept = keeper_lives(daemon->run);
	return code;
}

int tl_daemon_acquire(struct tl_daemon *daemon, const struct tl_home *home, struct tl_error *error)
{
	int lock, code;

	memset(daemon, 0, sizeof *daemon);
	snprintf(daemon->run, sizeof daemon->run, "%s", home->run);
	if (snprintf(daemon->log, sizeof daemon->log, "%s/daemon.log", home->run) >= (int)sizeof daemon->log)
		return tl_error_set(error, TL_ELIMIT, "the path of %s is too long", home->run);
	daemon->recordings = tl_lock_open(home->run, "recordings", error);
	if (daemon->recordings < 0)
		return daemon->recordings;
	lock = tl_lock_open(home->run, "lock", error);
	if (lock < 0)
		return lock;
	if (tl_lock_take(lock, true, LOCK_MS))
		code = ensure(daemon, error);
	else
		code = tl_error_set(error, TL_ELIMIT, "another recording has been starting for %d s", LOCK_MS / 1000);
	close(lock);
	if (code != 0)
		tl_error_add(error, "cannot get a session daemon");
	return code;
}

int tl_daemon_release(struct tl_daemon *daemon, struct tl_error *error)
{
	int64_t deadline_ns = tl_clock_after_ms(GONE_MS);
	struct tl_error ignored;
	int lock, code = 0;
	bool last;

	if (daemon->recordings < 0)
		return 0;
	/* With `lock` held nobody new comes in between the question and the answer. */
	lock = tl_lock_open(daemon->run, "lock", &ignored);
	if (lock >= 0)
		tl_lock_take(lock, true, LOCK_MS);
	/*
	 * Were we the last? Either nobody has it now, or only the keeper, which
	 * takes it for itself alone the moment that nobody shares it any more.
	 */
	tl_lock_release(daemon->recordings);
	last = tl_lock_take(daemon->recordings, true, 0) || !tl_lock_take(daemon->recordings, false, 0);
	tl_lock_release(daemon->recordings);
	close(daemon->recordings);
	daemon->recordings = -1;
	while (last && code == 0 && keeper_lives(daemon->run)) {
		if (tl_clock_left_ms(deadline_ns) == 0)
			code = tl_error_set(error, TL_ELIMIT,
					    "the session daemon that was started for this recording does not end");
		tl_clock_sleep_ms(PAUSE_MS);
	}
	if (lock >= 0)
		close(lock);
	return code;
}

/* LTTng's lines: "PERROR - 10:00:00.1 [1/2]: what happened (in f() at f.c:1)". */
static void undecorate(char *line)
{
	char *begin = strstr(line, "]: "), *end;

	if (begin)
		memmove(line, begin + 3, strlen(begin + 3) + 1);
	end = strstr(line, " (in ");
	if (end)
		*end = '\0';
	line[strcspn(line, "\n")] = '\0';
}

void tl_daemon_complaint(const struct tl_daemon *daemon, char *text, size_t size)
{
	FILE *log = daemon->log[0] ? fopen(daemon->log, "re") : NULL;
	char line[1024];

	text[0] = '\0';
	if (!log)
		return;
	while (fgets(line, sizeof line, log)) {
		/* It asks for more descriptors than it may have: no harm done. */
		if ((!strstr(line, "Error") && !strstr(line, "PERROR")) || strstr(line, "open files limit"))
			continue;
		undecorate(line);
		snprintf(text, size, "%.*s", (int)size - 1, line);
	}
	fclose(log);
}
