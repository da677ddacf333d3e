/*
 * lock-convoy: many tasks wait for one lock, without a break, for long, while it is
 * handed from one to the next. One finding for each such lock, the worst first, and
 * few of them; of each lock its longest spell.
 */
#include <stdlib.h>

#include "viewer/base/text.h"
#include "viewer/rules/rules.h"
#include "viewer/rules/worst.h"

#define MANY 4             /* tasks that wait at once */
#define LONG_NS 100000000u /* without a break */
#define HANDED_LEAST 16    /* times: or it is one long hold and no convoy */

/* A time in which MANY waited or more. */
struct spell {
	int64_t from_ns;
	uint64_t length_ns;
	uint64_t handed;                   /* waits that ended in it */
	uint32_t most;                     /* waited at once */
	const struct tl_task *tasks[MANY]; /* those that came last when it began */
	struct tl_proof last;              /* the one that made them many */
};

struct lock {
	uint64_t object;
	uint8_t reason;
	uint32_t waiting;
	const struct tl_task *latest[MANY]; /* to come, a ring */
	uint32_t n_latest;
	struct spell now, longest;
	uint32_t spells; /* that were long enough */
};

/* By index of the task: the lock that it waits for. */
struct waiting {
	struct lock *lock;
	uint32_t wait;
};

struct convoys {
	TL_VEC(struct waiting) tasks;
};

static void finish(void *self)
{
	struct convoys *convoys = self;

	tl_vec_finish(&convoys->tasks);
}

static void end_spell(struct lock *lock, int64_t now_ns)
{
	lock->now.length_ns = tl_elapsed_ns(lock->now.from_ns, now_ns);
	if (lock->now.length_ns >= LONG_NS && lock->now.handed >= HANDED_LEAST) {
		lock->spells++;
		if (lock->now.length_ns > lock->longest.length_ns)
			lock->longest = lock->now;
	}
	lock->now = (struct spell){0};
}

static void leave(struct waiting *waiting, int64_t now_ns)
{
	struct lock *lock = waiting->lock;

	if (!lock)
		return;
	waiting->lock = NULL;
	if (lock->waiting-- == MANY)
		end_spell(lock, now_ns);
	else if (lock->waiting >= MANY)
		lock->now.handed++;
}

static int come(struct tl_judge *judge, struct waiting *waiting, const struct tl_event *event,
		const struct tl_task *task)
{
	struct lock *lock = tl_places_get_part(judge->places, TL_PLACE_CONVOY,
					       tl_object_key(event->task, event->u.block.object), sizeof *lock);

	if (!lock)
		return -1;
	lock->object = event->u.block.object;
	*waiting = (struct waiting){lock, event->u.block.wait};
	lock->reason = event->u.block.reason;
	lock->latest[lock->n_latest++ % MANY] = task;
	if (++lock->waiting == MANY) {
		lock->now.from_ns = event->time_ns;
		for (unsigned i = 0; i < MANY; i++)
			lock->now.tasks[i] = lock->latest[i];
		lock->now.last = tl_proof_of(event);
	}
	if (lock->waiting > lock->now.most)
		lock->now.most = lock->waiting;
	return 0;
}

static int convoy_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			const struct tl_step *step)
{
	struct convoys *convoys = self;
	struct waiting *waiting;

	(void)rule;
	while (convoys->tasks.n <= step->task->index)
		if (tl_vec_push(&convoys->tasks, (struct waiting){0}) != 0)
			return -1;
	waiting = &convoys->tasks.items[step->task->index];
	/* What ended its wait may be missing. */
	if (step->missing > 0 || event->kind == TL_EVENT_EXIT ||
	    (event->kind == TL_EVENT_START && event->u.start.wait == waiting->wait))
		leave(waiting, event->time_ns);
	/* A handler that waits for a lock inside of a wait for a lock is left out. */
	if (event->kind == TL_EVENT_BLOCK && tl_is_owned(event->u.block.reason) && !waiting->lock &&
	    !(event->u.block.how & TL_BLOCK_SHARED))
		return come(judge, waiting, event, step->task);
	return 0;
}

static int report(const struct tl_rule *rule, struct tl_judge *judge, const void *what, size_t more)
{
	const struct lock *lock = what;
	const struct spell *spell = &lock->longest;
	const struct tl_task *tasks[MANY];
	char object[TL_OBJECT_LABEL], took[TL_TIME_TEXT];
	struct tl_finding *finding;
	size_t n = 0;

	for (unsigned i = 0; i < MANY; i++) {
		size_t known = 0;

		while (known < n && tasks[known] != spell->tasks[i])
			known++;
		if (known == n)
			tasks[n++] = spell->tasks[i];
	}
	finding = tl_report(rule, judge, tasks, n, "%d tasks or more waited for %s at once, for %s without a break",
			    MANY, tl_object_label(judge, tasks[0], lock->reason, lock->object, object),
			    tl_text_duration(took, (int64_t)spell->length_ns));
	if (!finding)
		return -1;
	finding->count = lock->spells;
	finding->evidence = tl_judge_text(judge, "%u waited at the most; %llu got it meanwhile", (unsigned)spell->most,
					  (unsigned long long)spell->handed);
	if (finding->evidence && more)
		finding->evidence = tl_judge_text(judge, "%s; %zu more locks like this are not shown",
						  finding->evidence, more);
	tl_prove(judge, finding, &spell->last, "comes to wait as number %d", MANY);
	return finding->evidence ? 0 : -1;
}

static int convoys_end(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	const struct tl_places *places = judge->places;
	struct tl_worst found = {0};
	int result = 0;

	(void)self;
	for (size_t i = 0; i < places->users[TL_PLACE_CONVOY].n && result == 0; i++) {
		struct lock *lock = places->users[TL_PLACE_CONVOY].items[i];

		if (lock->waiting >= MANY)
			end_spell(lock, judge->end_ns);
		if (lock->spells > 0)
			result = tl_worst_add(&found, lock, lock->longest.length_ns);
	}
	if (result == 0)
		result = tl_worst_report(&found, rule, judge, report);
	tl_worst_finish(&found);
	return result;
}

const struct tl_rule_ops tl_rule_lock_convoy = {
	.size = sizeof(struct convoys),
	.hears = {{.kinds = TL_ON(BLOCK) | TL_ON(START) | TL_ON(EXIT), .reasons = TL_REASONS_OWNED},
		  {.odd = TL_ODD_GAP}},
	.event = convoy_event,
	.end = convoys_end,
	.finish = finish,
};
