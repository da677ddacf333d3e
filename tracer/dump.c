/* Tells a recording that begins late what it has missed; see dump.h. */
#include "tracer/dump.h"

#include <stdlib.h>
#include <time.h>

#include "tracer/emit.h"
#include "tracer/names.h"
#include "tracer/process.h"
#include "tracer/stack.h"

/* Of LTTng's own, which exports it without a header: a probe for one of its tracepoints. */
extern int lttng_ust_tracepoint_provider_register(const char *provider, const char *event, void (*probe)(void),
						  void *data, const char *signature) __attribute__((weak));

#define SPEAKER "(Threadline itself)" /* how viewers and reports call it */
#define TRIES 20
#define PAUSE_NS 1000000

/*
 * LTTng calls for its session's beginning soon after the process began, at no certain
 * moment. What is recorded from the beginning has all been told by itself then.
 */
#define YOUNG_NS INT64_C(2000000000)

void (*tl_dump_more)(struct tl_entry *speaker);

static struct tl_entry *speaker; /* a task of ours that says it; made for the first dump */
static uint32_t n_dumps;
static bool is_set_up, is_whole, is_always;
static int64_t begun_ns;

static int64_t now_ns(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* What a wait says of itself, unless another inside of it has just been there. */
static bool fill_wait(const struct tl_entry *entry, struct tl_ev_status *event)
{
	const struct tl_stand *standing = &entry->standing;
	uint64_t site = standing->site;

	if (standing->wait != event->wait)
		return false;
	event->state = TL_STANDING_BLOCKED;
	event->reason = standing->reason;
	event->object = standing->object;
	event->since_ns = standing->since_ns;
	event->stack = standing->stack ? standing->stack : tl_stack_of_site(speaker, site);
	return true;
}

static bool is_changing(const struct tl_entry *entry)
{
	return atomic_load(&entry->standing.saying) != 0;
}

/*
 * True: said, or nothing is to be said. False: it changes just now. Everything that is
 * said of the task is read between two looks at its own count of events: while
 * recorded, no state changes without an event.
 */
static bool say_status(struct tl_entry *entry)
{
	struct tl_ev_status event = {.target = atomic_load(&entry->number)};
	bool known = true;

	if (event.target == 0 || entry == speaker)
		return true;
	if (is_changing(entry))
		return false;
	event.target_seq = atomic_load(&entry->seq);
	event.carrier = atomic_load(&entry->carrier);
	event.wait = atomic_load(&entry->waiting);
	event.since_ns = now_ns();
	if (entry->exited)
		event.state = TL_STANDING_EXITED;
	else if (event.wait)
		known = fill_wait(entry, &event);
	else if (event.carrier)
		event.state = TL_STANDING_RUNNING;
	else
		known = false; /* made, and never run: it will begin in this recording, if ever */
	if (is_changing(entry) || atomic_load(&entry->seq) != event.target_seq ||
	    atomic_load(&entry->number) != event.target)
		return false;
	if (known)
		tl_emit_status(speaker, &event);
	return true;
}

/* Those that were just changing once more, a few times; who still does then will speak for itself. */
static void say_standings(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	uint32_t n = tl_task_entries();

	for (uint32_t i = 0; i < n; i++) {
		struct tl_entry *entry = tl_task_at(i);

		for (int tries = 0; entry && !say_status(entry) && tries < TRIES; tries++)
			if (tries > 1)
				nanosleep(&pause, NULL);
	}
}

static void say_all(void)
{
	struct tl_ev_name name = {.what = TL_NAMED_TASK, .id = speaker->number, .text = SPEAKER};
	struct tl_ev_dump_end end = {.dump = ++n_dumps};

	tl_process_tell(speaker);
	tl_emit_name(speaker, &name);
	tl_stack_tell_all(speaker);
	tl_names_tell(speaker);
	/* Whose orders follow is known then. */
	say_standings();
	if (tl_dump_more)
		tl_dump_more(speaker);
	tl_emit_dump_end(speaker, &end);
}

/* The probe of lttng_ust_statedump:start. LTTng makes no two calls at once. */
static void dump(void *data, void *session)
{
	struct tl_inside inside;

	(void)data;
	(void)session;
	if (!is_set_up || !*tl_emit_recording_flag() || !tl_process_is_self())
		return;
	if (is_whole && !is_always && now_ns() - begun_ns < YOUNG_NS)
		return;
	inside = tl_enter();
	if (!speaker)
		speaker = tl_task_create();
	if (speaker)
		say_all();
	tl_leave(inside);
}

void tl_dump_init(bool recorded)
{
	union {
		void (*probe)(void *, void *);
		void (*any)(void);
	} as = {.probe = dump};

	is_whole = recorded;
	is_always = getenv("THREADLINE_DUMPS") != NULL;
	begun_ns = now_ns();
	is_set_up = true;
	if (lttng_ust_tracepoint_provider_register)
		lttng_ust_tracepoint_provider_register("lttng_ust_statedump", "start", as.any, NULL,
						       "struct lttng_ust_session *, session");
}

void tl_dump_after_fork(void)
{
	speaker = NULL;
	n_dumps = 0;
	is_whole = *tl_emit_recording_flag() != 0;
	begun_ns = now_ns();
}
