/*
 * The report's numbers against a painter: programs that are made up at random tell
 * their events, and beside that paint, nanosecond by nanosecond, what each task
 * does. Counting the paint must give what viewer/stats computes from spans.
 */
#include "tests/unit/unit.h"

#include "tests/unit/stats/run.h"

#define TASKS 6
#define OBJECTS 3
#define EVENTS 300
#define TIME (EVENTS * 12 + 20)
#define WAITS (EVENTS + 10)

enum paint { NOBODY, RUNNING, RUNNABLE, UNKNOWN, BLOCKED /* + the reason */ };

struct actor {
	bool exists, ended;
	int does; /* enum paint */
	int since, said;
	unsigned seq, wait, object;
	unsigned released_by, released_seq; /* of its wait by object; 0: not yet */
	int released;
	unsigned char paint[TIME];
};

struct program {
	uint64_t random;
	int now;
	struct actor actors[TASKS + 1]; /* by number; 0: nobody */
	FILE *list;
	struct {
		unsigned actor, object;
		int from, to;
	} waits[WAITS]; /* stretches, each of another wait */
	int n_waits;
	struct {
		int at, ns; /* ns < 0: not known */
	} wakes[WAITS];
	int n_wakes;
};

static const char *const reasons[OBJECTS] = {"mutex", "cond", "park"};
static const unsigned reason_numbers[OBJECTS] = {TL_REASON_MUTEX, TL_REASON_COND, TL_REASON_PARK};

static unsigned dice(struct program *p, unsigned sides)
{
	p->random = p->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(p->random >> 33) % sides;
}

static void paint(struct program *p, struct actor *a, int does, int at)
{
	if (at < a->since)
		at = a->since;
	for (int t = a->since; t < at; t++)
		a->paint[t] = (unsigned char)a->does;
	if (a->does >= BLOCKED) {
		p->waits[p->n_waits].actor = (unsigned)(a - p->actors);
		p->waits[p->n_waits].object = a->object;
		p->waits[p->n_waits].from = a->since;
		p->waits[p->n_waits++].to = at;
	}
	a->does = does;
	a->since = at;
}

/* Begins a line of the list; sometimes events before it have been lost. */
static void say(struct program *p, unsigned number, const char *kind, bool may_lose)
{
	struct actor *a = &p->actors[number];

	if (may_lose && dice(p, 25) == 0) {
		a->seq += 1 + dice(p, 3);
		paint(p, a, UNKNOWN, a->said);
		paint(p, a, RUNNING, p->now);
	}
	a->seq++;
	a->said = p->now;
	fprintf(p->list, "%d %s task=%u seq=%u", p->now, kind, number, a->seq);
}

static void create(struct program *p, unsigned by)
{
	for (unsigned n = 1; n <= TASKS; n++)
		if (!p->actors[n].exists) {
			say(p, by, "create", true);
			fprintf(p->list, " child=%u\n", n);
			p->actors[n] = (struct actor){.exists = true, .does = RUNNABLE, .since = p->now};
			return;
		}
}

static void block(struct program *p, unsigned number)
{
	struct actor *a = &p->actors[number];

	say(p, number, "block", true);
	a->object = dice(p, OBJECTS);
	a->wait++;
	a->released_by = 0;
	fprintf(p->list, " wait=%u reason=%s object=%u stack=1\n", a->wait, reasons[a->object], 16 + a->object);
	paint(p, a, BLOCKED + (int)reason_numbers[a->object], p->now);
}

/* By the task's name if it is parked, else by the object. */
static void release(struct program *p, unsigned by)
{
	unsigned n = 1 + dice(p, TASKS);
	struct actor *a = &p->actors[n];

	for (int i = 0; i < TASKS && (a->does < BLOCKED || a->released_by); i++) {
		n = n % TASKS + 1;
		a = &p->actors[n];
	}
	if (n == by || !a->exists || a->does < BLOCKED || a->released_by)
		return;
	say(p, by, "unblock", true);
	a->released_by = by;
	a->released_seq = p->actors[by].seq;
	a->released = p->now;
	fprintf(p->list, " reason=%s object=%u", reasons[a->object], 16 + a->object);
	if (reason_numbers[a->object] == TL_REASON_PARK) {
		fprintf(p->list, " target=%u target_wait=%u", n, a->wait);
		paint(p, a, RUNNABLE, p->now);
	}
	fputc('\n', p->list);
}

/* Goes on from a wait: woken, or by itself. */
static void go_on(struct program *p, unsigned number)
{
	struct actor *a = &p->actors[number];
	bool timeout = !a->released_by;

	say(p, number, "start", false);
	fprintf(p->list, " wait=%u carrier=%u cause=%s", a->wait, 100 + number, timeout ? "timeout" : "handoff");
	if (!timeout)
		fprintf(p->list, " waker=%u waker_seq=%u", a->released_by, a->released_seq);
	fputc('\n', p->list);
	if (!timeout) {
		if (a->does >= BLOCKED)
			paint(p, a, RUNNABLE, a->released);
		p->wakes[p->n_wakes].at = p->now;
		p->wakes[p->n_wakes++].ns = p->now - a->since;
	}
	paint(p, a, RUNNING, p->now);
}

static void act(struct program *p, unsigned number)
{
	struct actor *a = &p->actors[number];

	if (a->does >= BLOCKED || (a->does == RUNNABLE && a->released_by)) {
		if (a->released_by || dice(p, 6) == 0) {
			go_on(p, number);
			a->released_by = 0;
		}
		return;
	}
	if (a->does == RUNNABLE) {
		say(p, number, "start", false);
		fprintf(p->list, " carrier=%u\n", 100 + number);
		paint(p, a, RUNNING, p->now);
		return;
	}
	switch (dice(p, 8)) {
	case 0: create(p, number); return;
	case 1:
	case 2: block(p, number); return;
	case 3:
	case 4:
	case 5: release(p, number); return;
	case 6:
		say(p, number, "schedule", true);
		fputc('\n', p->list);
		paint(p, a, RUNNABLE, p->now);
		return;
	default:
		if (number == 1 || dice(p, 8)) {
			say(p, number, "mark", true);
			fputc('\n', p->list);
			return;
		}
		say(p, number, "exit", true);
		fputc('\n', p->list);
		paint(p, a, NOBODY, p->now);
		a->ended = true;
	}
}

/* The list of a program, to be freed; `p` holds what it did. */
static char *make(struct program *p, uint64_t seed)
{
	char *text;
	size_t size;

	memset(p, 0, sizeof *p);
	p->random = seed;
	p->list = open_memstream(&text, &size);
	p->actors[1] = (struct actor){.exists = true, .does = RUNNING};
	say(p, 1, "process_begin", false);
	fputs(" pid=1\n", p->list);
	for (int i = 0; i < EVENTS; i++) {
		unsigned n = 1 + dice(p, TASKS);

		p->now += 1 + (int)dice(p, 12);
		if (p->actors[n].exists && !p->actors[n].ended)
			act(p, n);
	}
	p->now++;
	if (p->actors[1].does == RUNNING) {
		say(p, 1, seed % 2 ? "process_end" : "mark", false);
		fputc('\n', p->list);
	}
	fclose(p->list);
	return text;
}

/* The end of all that is left over: what is last in the list. */
static void finish(struct program *p, int end)
{
	for (unsigned n = 1; n <= TASKS; n++)
		if (p->actors[n].exists && !p->actors[n].ended)
			paint(p, &p->actors[n], NOBODY, end);
}

static uint64_t painted(const struct actor *a, int does, int from, int to)
{
	uint64_t n = 0;

	for (int t = from; t < to; t++)
		n += a->paint[t] == does;
	return n;
}

static void compare_times(const struct program *p, const struct stats_run *r, int from, int to)
{
	for (unsigned n = 1; n <= TASKS; n++) {
		const struct actor *a = &p->actors[n];
		const struct tl_stats_task *row;
		uint64_t blocked = 0;

		if (!a->exists)
			continue;
		row = stats_row_of(r, n);
		for (unsigned o = 0; o < OBJECTS; o++) {
			unsigned reason = reason_numbers[o];

			assert_int_equal(row->by_reason_ns[reason], painted(a, BLOCKED + (int)reason, from, to));
			blocked += row->by_reason_ns[reason];
		}
		assert_int_equal(row->blocked_ns, blocked);
		assert_int_equal(row->running_ns, painted(a, RUNNING, from, to));
		assert_int_equal(row->runnable_ns, painted(a, RUNNABLE, from, to));
		assert_int_equal(row->unknown_ns, painted(a, UNKNOWN, from, to));
		assert_int_equal(tl_stats_life(row), (uint64_t)(to - from) - painted(a, NOBODY, from, to));
		assert_int_equal(tl_stats_life(row), row->running_ns + row->runnable_ns + row->unknown_ns + blocked);
	}
}

static void compare_objects(const struct program *p, const struct stats_run *r, int from, int to)
{
	for (const struct tl_stats_object *o = r->stats->objects; o; o = o->hh.next) {
		uint64_t waits = 0, total = 0, longest = 0;
		bool by[TASKS + 1] = {false};
		unsigned waiters = 0;

		for (int i = 0; i < p->n_waits; i++) {
			int begin = p->waits[i].from < from ? from : p->waits[i].from;
			int end = p->waits[i].to > to ? to : p->waits[i].to;

			if (16 + p->waits[i].object != o->key.object || p->waits[i].from > to || p->waits[i].to < from)
				continue;
			waits++;
			total += (uint64_t)(end - begin);
			longest = (uint64_t)(end - begin) > longest ? (uint64_t)(end - begin) : longest;
			waiters += !by[p->waits[i].actor];
			by[p->waits[i].actor] = true;
		}
		assert_int_equal(o->waits, waits);
		assert_int_equal(o->total_ns, total);
		assert_int_equal(o->longest_ns, longest);
		assert_int_equal(o->n_waiters, waiters);
	}
}

static void compare_wakes(const struct program *p, const struct stats_run *r, int from, int to)
{
	uint64_t n = 0, sum = 0, max = 0, pairs = 0, places = 0;

	for (int i = 0; i < p->n_wakes; i++) {
		if (p->wakes[i].at < from || p->wakes[i].at > to)
			continue;
		n++;
		sum += (uint64_t)p->wakes[i].ns;
		max = (uint64_t)p->wakes[i].ns > max ? (uint64_t)p->wakes[i].ns : max;
	}
	assert_int_equal(r->stats->wake_ns.n, n);
	assert_int_equal(r->stats->wake_ns.sum, sum);
	assert_int_equal(r->stats->wake_ns.max, max);
	for (const struct tl_stats_pair *pair = r->stats->wakes.table; pair; pair = pair->hh.next)
		pairs += pair->n;
	assert_int_equal(pairs, n);
	for (const struct tl_stats_pair *pair = r->stats->places.table; pair; pair = pair->hh.next)
		places += pair->total_ns;
	for (const struct tl_stats_object *o = r->stats->objects; o; o = o->hh.next)
		places -= o->total_ns;
	assert_int_equal(places, 0);
}

static void compare(const struct program *p, const char *text, int from, int to, int end)
{
	struct tl_when from_when = {.ns = from}, to_when = {.ns = to};
	struct stats_run r;

	/* The whole, as one says it without options. */
	if (from == 0 && to == end)
		stats_run(&r, text, NULL, NULL, 0);
	else
		stats_run(&r, text, &from_when, &to_when, 0);
	compare_times(p, &r, from, to);
	compare_objects(p, &r, from, to);
	compare_wakes(p, &r, from, to);
	stats_stop(&r);
}

static void test_times_are_those_of_the_painter(void **state)
{
	struct program *p = malloc(sizeof *p);
	uint64_t wakes = 0, waits = 0, unknown = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed++) {
		char *text = make(p, seed * 977);
		int end = atoi(strrchr(text, '\n') ? text : "0"), from, to;

		for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
			end = atoi(line);
		finish(p, end);
		compare(p, text, 0, end, end);
		for (int i = 0; i < 4; i++) {
			from = (int)dice(p, (unsigned)end);
			to = from + (int)dice(p, (unsigned)(end - from) + 1);
			compare(p, text, from, to, end);
		}
		wakes += (uint64_t)p->n_wakes;
		waits += (uint64_t)p->n_waits;
		for (unsigned n = 1; n <= TASKS; n++)
			unknown += painted(&p->actors[n], UNKNOWN, 0, end);
		free(text);
	}
	/* What was compared was there. */
	assert_true(wakes > 1000 && waits > 1000 && unknown > 1000);
	free(p);
}

TL_UNIT_MAIN(cmocka_unit_test(test_times_are_those_of_the_painter))
