/*
 * deadlock-cycle and join-cycle: tasks that at the end of the trace wait for each
 * other, by locks and by joins. Who holds a lock is taken from the lists that the
 * waits themselves carry: a task that waits can give nothing back. Semaphores and
 * conditions have no owner, so no cycle goes through them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/rules/rules.h"

#define HOLDERS 8       /* of one lock, that are followed: readers may be many */
#define CHAIN_SHOWN 800 /* bytes of a message */

/* Who holds a lock, of those that wait at the end. */
struct holder {
	const struct tl_task *task;
	bool shared;
	struct holder *next;
};

struct held_lock {
	struct tl_object_key key;
	struct holder *holders;
	UT_hash_handle hh;
};

/* What a task waits for, as far as it is another task. */
struct node {
	const struct tl_task *task;
	uint32_t on[HOLDERS]; /* indices of tasks */
	uint32_t n_on;
	bool by_hint;     /* the owner is a hint that no list confirms */
	uint8_t mark;     /* of the search: 0 new, 1 on the way, 2 done */
	uint32_t next_on; /* of the search: how many of `on` were followed */
	bool is_told;     /* in a cycle, or behind one */
};

struct graph {
	struct tl_judge *judge;
	struct held_lock *locks;
	struct tl_arena arena;
	struct node *nodes; /* by index of the task */
	size_t n;
	TL_VEC(uint32_t) path;
	uint64_t found; /* cycles */
};

/* Does it wait, as far as this trace tells, for what somebody in its own process must do? */
static bool waits(const struct tl_task *task)
{
	return task->state == TL_TASK_BLOCKED && !task->wait.is_shared && !task->process->replaced;
}

static struct held_lock *find_lock(const struct graph *graph, uint32_t nonce, uint64_t address)
{
	struct held_lock wanted = {.key = tl_object_key_in(nonce, address)}, *found;

	HASH_FIND(hh, graph->locks, &wanted.key, sizeof wanted.key, found);
	return found;
}

static int add_holder(struct graph *graph, const struct tl_task *task, uint64_t held)
{
	struct held_lock *lock = find_lock(graph, tl_task_process(task->id), tl_held_lock(held));
	struct holder *holder = tl_arena_alloc(&graph->arena, sizeof *holder);

	if (!holder)
		return -1;
	if (!lock) {
		lock = tl_arena_alloc(&graph->arena, sizeof *lock);
		if (!lock)
			return -1;
		lock->key = tl_object_key(task->id, tl_held_lock(held));
		HASH_ADD(hh, graph->locks, key, sizeof lock->key, lock);
	}
	holder->task = task;
	holder->shared = tl_held_is_shared(held);
	holder->next = lock->holders;
	lock->holders = holder;
	return 0;
}

/* Every lock that somebody who waits says it holds. */
static int collect_holders(struct graph *graph)
{
	for (size_t i = 0; i < graph->n; i++) {
		const struct tl_task *task = tl_state_task_at(graph->judge->state, (uint32_t)i);
		const struct tl_held *held = waits(task) ? tl_locks_held(graph->judge->locks, task) : NULL;

		graph->nodes[i].task = task;
		for (uint32_t h = 0; held && h < held->n; h++)
			if (!tl_locks_is_muddled(graph->judge->locks, tl_task_process(task->id),
						 tl_held_lock(held->locks[h])) &&
			    add_holder(graph, task, held->locks[h]) != 0)
				return -1;
	}
	return 0;
}

static void follow(struct node *node, const struct tl_task *task)
{
	if (node->n_on < HOLDERS)
		node->on[node->n_on++] = task->index;
}

/* A task whose wait a state dump told says nothing of locks: then the waiter's hint counts. */
static void follow_hint(struct graph *graph, struct node *node)
{
	const struct tl_wait *wait = &node->task->wait;

	for (size_t i = 0; wait->owner && i < graph->n; i++) {
		const struct tl_task *task = graph->nodes[i].task;

		if (task != node->task && task->process == node->task->process && task->carrier == wait->owner &&
		    waits(task) && !tl_locks_held(graph->judge->locks, task)) {
			follow(node, task);
			node->by_hint = true;
			return;
		}
	}
}

static void connect(struct graph *graph, struct node *node)
{
	const struct tl_wait *wait = &node->task->wait;
	uint32_t nonce = tl_task_process(node->task->id);
	const struct held_lock *lock;
	const struct tl_task *joined;

	if (!waits(node->task))
		return;
	if (wait->reason == TL_REASON_JOIN) {
		joined = tl_state_find_task(graph->judge->state, wait->object);
		if (joined && waits(joined))
			follow(node, joined);
		return;
	}
	if (!tl_is_owned(wait->reason) || tl_locks_is_muddled(graph->judge->locks, nonce, wait->object))
		return;
	lock = find_lock(graph, nonce, wait->object);
	/* Itself: that is self-deadlock. */
	for (const struct holder *h = lock ? lock->holders : NULL; h; h = h->next)
		if (h->task != node->task && tl_is_kept_out(wait->reason, h->shared))
			follow(node, h->task);
	if (!lock)
		follow_hint(graph, node);
}

/* ---- one cycle -------------------------------------------------------------- */

struct cycle {
	const struct tl_task **tasks; /* in the order in which each waits for the next */
	size_t n;
	bool only_joins, only_locks, timed, by_hint;
	const struct tl_task *closing; /* whose wait began last */
};

static void look_at(const struct graph *graph, struct cycle *cycle)
{
	cycle->only_joins = cycle->only_locks = true;
	for (size_t i = 0; i < cycle->n; i++) {
		const struct tl_task *task = cycle->tasks[i];
		bool joins = task->wait.reason == TL_REASON_JOIN;

		cycle->only_joins &= joins;
		cycle->only_locks &= !joins;
		cycle->timed |= task->wait.timeout_ns >= 0;
		cycle->by_hint |= graph->nodes[task->index].by_hint;
		if (!cycle->closing || task->wait.begin_ns > cycle->closing->wait.begin_ns)
			cycle->closing = task;
	}
}

/* "A still waits for mutex 0x10, held by B, which waits for ..., held by A". */
static void describe(const struct tl_judge *judge, const struct cycle *cycle, char text[CHAIN_SHOWN])
{
	char label[TL_TASK_LABEL], next[TL_TASK_LABEL], object[TL_OBJECT_LABEL];
	size_t at = (size_t)snprintf(text, CHAIN_SHOWN, "%s", tl_task_label(cycle->tasks[0], label));

	for (size_t i = 0; i < cycle->n && at < CHAIN_SHOWN; i++) {
		const struct tl_task *task = cycle->tasks[i], *on = cycle->tasks[(i + 1) % cycle->n];
		const char *and = i == 0 ? " still" : ", which";

		if (task->wait.reason == TL_REASON_JOIN)
			at += (size_t)snprintf(text + at, CHAIN_SHOWN - at, "%s waits for the end of %s", and,
					       tl_task_label(on, next));
		else
			at += (size_t)snprintf(
				text + at, CHAIN_SHOWN - at, "%s waits for %s, held by %s", and,
				tl_object_label(judge, task, task->wait.reason, task->wait.object, object),
				tl_task_label(on, next));
	}
}

static void prove_waits(struct tl_judge *judge, struct tl_finding *finding, const struct cycle *cycle)
{
	char label[TL_TASK_LABEL], next[TL_TASK_LABEL], object[TL_OBJECT_LABEL];

	for (size_t i = 0; i < cycle->n; i++) {
		const struct tl_task *task = cycle->tasks[i], *on = cycle->tasks[(i + 1) % cycle->n];
		struct tl_proof proof = tl_proof_of_wait(task);

		if (task->wait.reason == TL_REASON_JOIN)
			tl_prove(judge, finding, &proof, "%s waits for the end of %s", tl_task_label(task, label),
				 tl_task_label(on, next));
		else
			tl_prove(judge, finding, &proof, "%s waits for %s, which %s holds", tl_task_label(task, label),
				 tl_object_label(judge, task, task->wait.reason, task->wait.object, object),
				 tl_task_label(on, next));
	}
	finding->time_ns = cycle->closing->wait.begin_ns;
}

static int report_cycle(const struct tl_rule *rule, struct tl_judge *judge, const struct cycle *cycle)
{
	char chain[CHAIN_SHOWN];
	struct tl_finding *finding;

	describe(judge, cycle, chain);
	finding = tl_report(rule, judge, cycle->tasks, cycle->n, "at the end of the trace %s", chain);
	if (!finding)
		return -1;
	if ((cycle->timed || cycle->by_hint) && finding->severity > TL_WARNING)
		finding->severity = TL_WARNING;
	finding->evidence = cycle->by_hint ? "a holder is known by the waiter's word only: it may have released the "
					     "lock since"
			    : cycle->timed ? "one of the waits has a deadline, which breaks the cycle"
			    : cycle->only_joins
				    ? "each is the end of the next, and none can come"
				    : "each says, as it begins to wait, that it holds what the one before waits for";
	if (!cycle->by_hint && !judge->lost_any)
		finding->certainty = TL_PROVEN;
	prove_waits(judge, finding, cycle);
	return 0;
}

static int tell(struct graph *graph, const struct tl_rule *rule, bool joins, const uint32_t *path, size_t n)
{
	struct cycle cycle = {.n = n};
	int result = 0;

	cycle.tasks = malloc(n * sizeof *cycle.tasks);
	if (!cycle.tasks)
		return -1;
	for (size_t i = 0; i < n; i++) {
		cycle.tasks[i] = graph->nodes[path[i]].task;
		graph->nodes[path[i]].is_told = true;
	}
	look_at(graph, &cycle);
	/* Both rules search; each tells what is its own. */
	if (cycle.only_joins == joins)
		result = report_cycle(rule, graph->judge, &cycle);
	for (size_t i = 0; i < n && result == 0; i++)
		if (cycle.only_joins == joins && !cycle.timed)
			result = tl_tell_stuck(graph->judge, cycle.tasks[i]);
	free(cycle.tasks);
	return result;
}

/* ---- the search ------------------------------------------------------------- */

/* Depth first from one node, without recursion: each node is passed once, each cycle found at the edge that closes it. */
static int search_from(struct graph *graph, const struct tl_rule *rule, bool joins, uint32_t start)
{
	graph->path.n = 0;
	if (tl_vec_push(&graph->path, start) != 0)
		return -1;
	graph->nodes[start].mark = 1;
	while (graph->path.n > 0) {
		struct node *node = &graph->nodes[graph->path.items[graph->path.n - 1]];
		uint32_t to;

		if (node->next_on == node->n_on) {
			node->mark = 2;
			graph->path.n--;
			continue;
		}
		to = node->on[node->next_on++];
		if (graph->nodes[to].mark == 0) {
			graph->nodes[to].mark = 1;
			if (tl_vec_push(&graph->path, to) != 0)
				return -1;
		} else if (graph->nodes[to].mark == 1) {
			size_t from = 0;

			while (graph->path.items[from] != to)
				from++;
			if (tell(graph, rule, joins, graph->path.items + from, graph->path.n - from) != 0)
				return -1;
		}
	}
	return 0;
}

/* Whoever waits, through others, for a task of a cycle waits for nothing else: told with it. */
static int tell_followers(struct graph *graph)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < graph->n; i++) {
			struct node *node = &graph->nodes[i];

			for (uint32_t on = 0; on < node->n_on && !node->is_told; on++)
				if (tl_is_told_stuck(graph->judge, graph->nodes[node->on[on]].task) &&
				    node->task->wait.timeout_ns < 0) {
					node->is_told = more = true;
					if (tl_tell_stuck(graph->judge, node->task) != 0)
						return -1;
				}
		}
	}
	return 0;
}

static int judge_cycles(const struct tl_rule *rule, struct tl_judge *judge, bool joins)
{
	struct graph graph = {.judge = judge, .n = tl_state_task_count(judge->state)};
	int result = -1;

	tl_arena_init(&graph.arena);
	graph.nodes = calloc(graph.n ? graph.n : 1, sizeof *graph.nodes);
	if (!graph.nodes || collect_holders(&graph) != 0)
		goto done;
	for (size_t i = 0; i < graph.n; i++)
		connect(&graph, &graph.nodes[i]);
	result = 0;
	for (size_t i = 0; i < graph.n && result == 0; i++)
		if (graph.nodes[i].mark == 0 && graph.nodes[i].n_on > 0)
			result = search_from(&graph, rule, joins, (uint32_t)i);
	if (result == 0)
		result = tell_followers(&graph);
done:
	HASH_CLEAR(hh, graph.locks);
	tl_arena_finish(&graph.arena);
	tl_vec_finish(&graph.path);
	free(graph.nodes);
	return result;
}

static int deadlock_cycles(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	(void)self;
	return judge_cycles(rule, judge, false);
}

static int join_cycles(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	(void)self;
	return judge_cycles(rule, judge, true);
}

const struct tl_rule_ops tl_rule_deadlock_cycle = {.end = deadlock_cycles};
const struct tl_rule_ops tl_rule_join_cycle = {.end = join_cycles};
