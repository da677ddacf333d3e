/*
 * wake-latency-outlier: from the unblock to the start it took far longer than is
 * usual for the object: more than max(1 ms, 10 * p99). One finding for an object,
 * the slowest first, and few of them.
 *
 * A small histogram for each object: buckets by powers of two, so p99 is the upper
 * edge of its bucket, and at most twice too large.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "viewer/base/text.h"
#include "viewer/rules/rules.h"
#include "viewer/rules/worst.h"

#define FIRST_EDGE_NS 1024u /* upper edge of bucket 0; each next one is twice as much */
#define N_BUCKETS 36        /* the last one holds whatever is longer */
#define LEAST_NS 1000000u
#define OUTLIER_FACTOR 10

/* How the waiters of one object came back. */
struct wakeups {
	/* Every wakeup looks at these: the usual ones all in one cache line. */
	uint64_t slowest_ns; /* the longest latency: that of `slowest` */
	uint32_t buckets[N_BUCKETS];
	uint64_t object;
	struct {
		const struct tl_task *task, *waker;
		int64_t unblock_ns;
		struct tl_wait wait;
		struct tl_proof start;
		uint32_t waker_seq;
	} slowest;
	/* At the end: */
	uint64_t n, p99_ns, outliers;
};

static unsigned bucket_of(uint64_t latency_ns)
{
	uint64_t edges = latency_ns / FIRST_EDGE_NS;
	unsigned bucket = edges ? 64 - (unsigned)__builtin_clzll(edges) : 0;

	return bucket < N_BUCKETS - 1 ? bucket : N_BUCKETS - 1;
}

/* A thread that is joined is joined once; input and sleep come from outside. */
static bool is_measured(const struct tl_wait *wait)
{
	return wait->reason != TL_REASON_JOIN && wait->reason != TL_REASON_SLEEP && wait->reason != TL_REASON_IO &&
	       !wait->is_shared;
}

static int wakeup(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		  const struct tl_step *step)
{
	const struct tl_task *task = step->task;
	struct wakeups *wakeups;
	uint64_t latency_ns;
	int64_t from_ns;

	(void)self, (void)rule;
	/* Of nested waits the state keeps the outer one by now. */
	if (event->u.start.wait == 0 || step->cause_ns == INT64_MIN || task->wait.number != event->u.start.wait ||
	    !is_measured(&task->wait))
		return 0;
	wakeups = tl_places_get_part(judge->places, TL_PLACE_LATENCY, tl_object_key(event->task, task->wait.object),
				     sizeof *wakeups);
	if (!wakeups)
		return -1;
	/* A release may come when the waiter is only about to wait. */
	from_ns = step->cause_ns > task->wait.begin_ns ? step->cause_ns : task->wait.begin_ns;
	latency_ns = tl_elapsed_ns(from_ns, event->time_ns);
	wakeups->buckets[bucket_of(latency_ns)]++;
	if (latency_ns <= wakeups->slowest_ns)
		return 0;
	wakeups->object = task->wait.object;
	wakeups->slowest.task = task;
	wakeups->slowest.waker = step->other;
	wakeups->slowest_ns = latency_ns;
	wakeups->slowest.unblock_ns = step->cause_ns;
	wakeups->slowest.wait = task->wait;
	wakeups->slowest.start = tl_proof_of(event);
	wakeups->slowest.waker_seq = event->u.start.waker_seq;
	return 0;
}

/* Counts what lies over the limit; with fewer than 100 wakeups p99 is the slowest, and nothing does. */
static void count_outliers(struct wakeups *wakeups)
{
	uint64_t rank, below = 0, limit_ns;
	unsigned bucket = 0;

	for (unsigned i = 0; i < N_BUCKETS; i++)
		wakeups->n += wakeups->buckets[i];
	rank = wakeups->n - wakeups->n / 100;
	while (bucket < N_BUCKETS - 1 && (below += wakeups->buckets[bucket]) < rank)
		bucket++;
	wakeups->p99_ns = (uint64_t)FIRST_EDGE_NS << bucket;
	limit_ns = wakeups->p99_ns * OUTLIER_FACTOR;
	limit_ns = limit_ns > LEAST_NS ? limit_ns : LEAST_NS;
	/* The buckets that lie over it as a whole. */
	while (bucket < N_BUCKETS && (bucket == 0 || (uint64_t)FIRST_EDGE_NS << (bucket - 1) < limit_ns))
		bucket++;
	for (; bucket < N_BUCKETS; bucket++)
		wakeups->outliers += wakeups->buckets[bucket];
}

static int report(const struct tl_rule *rule, struct tl_judge *judge, const void *what, size_t more)
{
	const struct wakeups *wakeups = what;
	const struct tl_task *tasks[] = {wakeups->slowest.task, wakeups->slowest.waker};
	char label[TL_TASK_LABEL], object[TL_OBJECT_LABEL], took[TL_TIME_TEXT], usual[TL_TIME_TEXT];
	struct tl_proof wait = {
		.kind = TL_EVENT_BLOCK,
		.task = tasks[0]->id,
		.seq = wakeups->slowest.wait.seq,
		.time_ns = wakeups->slowest.wait.begin_ns,
		.stack = wakeups->slowest.wait.stack,
		.object = wakeups->object,
	};
	struct tl_proof unblock = {
		.kind = TL_EVENT_UNBLOCK,
		.task = tasks[1]->id,
		.seq = wakeups->slowest.waker_seq,
		.time_ns = wakeups->slowest.unblock_ns,
		.object = wakeups->object,
	};
	struct tl_finding *finding = tl_report(
		rule, judge, tasks, tasks[0] == tasks[1] ? 1 : 2,
		"%s went on %s after it was woken from its wait for %s; 99 of 100 took less than %s",
		tl_task_label(tasks[0], label), tl_text_duration(took, (int64_t)wakeups->slowest_ns),
		tl_object_label(judge, tasks[0], wakeups->slowest.wait.reason, wakeups->object, object),
		tl_text_duration(usual, (int64_t)wakeups->p99_ns));

	if (!finding)
		return -1;
	finding->count = wakeups->outliers;
	finding->evidence = more ? tl_judge_text(judge,
						 "%" PRIu64 " of %" PRIu64 " wakeups were as slow; so were some of "
						 "%zu more objects",
						 wakeups->outliers, wakeups->n, more)
				 : tl_judge_text(judge, "%" PRIu64 " of %" PRIu64 " wakeups were as slow",
						 wakeups->outliers, wakeups->n);
	tl_prove(judge, finding, &wait, "begins to wait");
	tl_prove(judge, finding, &unblock, "unblocks it");
	tl_prove(judge, finding, &wakeups->slowest.start, "goes on at last");
	return finding->evidence ? 0 : -1;
}

static int outliers(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct tl_places *places = judge->places;
	struct tl_worst slow = {0};
	int result = 0;

	(void)self;
	for (size_t i = 0; i < places->users[TL_PLACE_LATENCY].n && result == 0; i++) {
		struct wakeups *wakeups = places->users[TL_PLACE_LATENCY].items[i];

		count_outliers(wakeups);
		if (wakeups->outliers > 0)
			result = tl_worst_add(&slow, wakeups, wakeups->slowest_ns);
	}
	if (result == 0)
		result = tl_worst_report(&slow, rule, judge, report);
	tl_worst_finish(&slow);
	return result;
}

const struct tl_rule_ops tl_rule_wake_latency_outlier = {
	.hears = {{.kinds = TL_ON(START)}},
	.event = wakeup,
	.end = outliers,
};
