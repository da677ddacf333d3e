/*
 * lock-order-inversion: locks that were taken in one order here and in another
 * there, so that two tasks can come to wait for each other, whether they did in
 * this run or not.
 */
#include "viewer/rules/lock_order.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/rules/rules.h"

#define TOLD_MOST 100
#define HASH_START 0xCBF29CE484222325u

static uint64_t hash(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x9E3779B97F4A7C15u ^ (hash >> 29);
}

static struct tl_order_lock *get_lock(struct tl_orders *orders, const struct tl_judge *judge, uint32_t nonce,
				      uint64_t address)
{
	struct tl_order_lock wanted, *found;

	memset(&wanted.key, 0, sizeof wanted.key);
	wanted.key.address = address;
	wanted.key.nonce = nonce;
	wanted.key.generation = tl_locks_generation(judge->locks, nonce, address);
	HASH_FIND(hh, orders->by_key, &wanted.key, sizeof wanted.key, found);
	if (found)
		return found;
	found = tl_arena_alloc(&orders->arena, sizeof *found);
	if (!found)
		return NULL;
	found->key = wanted.key;
	found->index = (uint32_t)orders->locks.n;
	HASH_ADD(hh, orders->by_key, key, sizeof found->key, found);
	return tl_vec_push(&orders->locks, found) == 0 ? found : NULL;
}

/* The place in the code: one address, which does not change when the stack is known better. */
static uint64_t site_of(const struct tl_judge *judge, uint32_t nonce, uint32_t stack)
{
	const struct tl_stack *found = tl_state_find_stack(judge->state, nonce, stack);

	return found && found->n > 0 ? found->pcs[0] : stack;
}

/* Another event of an order that is known: somebody else takes part, or the stack is whole now. */
static void take_again(struct tl_order_edge *edge, const struct tl_event *event, const struct tl_task *task)
{
	const struct tl_ev_lock_edge *told = &event->u.lock_edge;

	if (edge->tasks[0] != task && !edge->tasks[1])
		edge->tasks[1] = task;
	if (edge->guessed && !(told->how & TL_EDGE_GUESSED)) {
		edge->guessed = false;
		edge->stack_a = told->stack_a;
		edge->stack_b = told->stack_b;
		edge->seq = event->seq;
		edge->time_ns = event->time_ns;
		edge->tasks[1] = edge->tasks[0] != task ? edge->tasks[0] : edge->tasks[1];
		edge->tasks[0] = task;
	}
}

static int add_edge(struct tl_orders *orders, struct tl_order_lock *a, const struct tl_order_edge *wanted,
		    const struct tl_event *event, const struct tl_task *task, const uint64_t *held, uint8_t n_held)
{
	const struct tl_ev_lock_edge *told = &event->u.lock_edge;
	struct tl_order_edge *edge = tl_arena_copy(&orders->arena, wanted, sizeof *wanted);

	if (!edge)
		return -1;
	edge->held = n_held ? tl_arena_copy(&orders->arena, held, n_held * sizeof *held) : NULL;
	edge->n_held = n_held;
	if (n_held && !edge->held)
		return -1;
	edge->stack_a = told->stack_a;
	edge->stack_b = told->stack_b;
	edge->guessed = (told->how & TL_EDGE_GUESSED) != 0;
	edge->tasks[0] = task;
	edge->seq = event->seq;
	edge->time_ns = event->time_ns;
	edge->index = (uint32_t)orders->edges.n;
	HASH_ADD(hh, orders->edges_by_key, key, sizeof edge->key, edge);
	if (tl_vec_push(&a->edges, edge->index) != 0)
		return -1;
	return tl_vec_push(&orders->edges, edge);
}

static int take_edge(struct tl_orders *orders, const struct tl_judge *judge, const struct tl_event *event,
		     const struct tl_task *task)
{
	const struct tl_ev_lock_edge *told = &event->u.lock_edge;
	uint32_t nonce = tl_task_process(event->task);
	uint64_t a_address = tl_held_lock(told->a), b_address = tl_held_lock(told->b);
	struct tl_order_lock *a, *b;
	struct tl_order_edge wanted, *found;
	uint64_t held[UINT8_MAX], held_hash = HASH_START;
	uint8_t n_held = 0;

	/* Whoever's list was wrong: nothing can be concluded from it. */
	if (a_address == b_address || tl_locks_is_muddled(judge->locks, nonce, a_address) ||
	    tl_locks_is_muddled(judge->locks, nonce, b_address))
		return 0;
	a = get_lock(orders, judge, nonce, a_address);
	b = get_lock(orders, judge, nonce, b_address);
	if (!a || !b)
		return -1;
	for (uint32_t i = 0; i < told->n_held; i++) {
		if (tl_locks_is_muddled(judge->locks, nonce, tl_held_lock(told->held[i])))
			continue;
		held[n_held++] = told->held[i];
		held_hash = hash(held_hash, told->held[i]);
	}
	memset(&wanted, 0, sizeof wanted);
	wanted.key.a = a->index;
	wanted.key.b = b->index;
	wanted.key.a_shared = tl_held_is_shared(told->a);
	wanted.key.b_shared = tl_held_is_shared(told->b);
	wanted.key.site_a = site_of(judge, nonce, told->stack_a);
	wanted.key.site_b = site_of(judge, nonce, told->stack_b);
	wanted.key.held = held_hash;
	HASH_FIND(hh, orders->edges_by_key, &wanted.key, sizeof wanted.key, found);
	if (!found)
		return add_edge(orders, a, &wanted, event, task, held, n_held);
	take_again(found, event, task);
	return 0;
}

static int order_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	struct tl_orders *orders = self;
	const struct tl_task *by = step->task;

	(void)rule;
	/* Of a task that had ended before this recording nobody knows with whom it could meet. */
	if (event->u.lock_edge.by)
		by = tl_state_find_task(judge->state, tl_task_sibling(event->task, event->u.lock_edge.by));
	if (!by)
		return 0;
	if (!(event->u.lock_edge.how & TL_EDGE_NO_MORE))
		return take_edge(orders, judge, event, by);
	orders->full = step->task;
	orders->full_ns = event->time_ns;
	orders->full_seq = event->seq;
	return 0;
}

/* ---- reporting --------------------------------------------------------------- */

/* Cycles of the same places in the code: one finding. */
struct told {
	uint64_t key;
	size_t finding;
	UT_hash_handle hh;
};

struct report {
	const struct tl_rule *rule;
	struct tl_judge *judge;
	struct tl_orders *orders;
	struct told *told;
	uint32_t n_told;
};

/* Could these two ever have run at the same time? */
static bool can_meet(const struct tl_task *a, const struct tl_task *b)
{
	if (a == b)
		return false;
	return !(a->exit_seen && b->create_seen && a->exit_ns <= b->created_ns) &&
	       !(b->exit_seen && a->create_seen && b->exit_ns <= a->created_ns);
}

/* Did tasks that could run at the same time take each two neighbours of the cycle? */
static bool tasks_can_meet(const struct tl_order_edge *const *cycle, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct tl_order_edge *a = cycle[i], *b = cycle[(i + 1) % n];
		bool any = false;

		for (int x = 0; x < 2; x++)
			for (int y = 0; y < 2; y++)
				any |= a->tasks[x] && b->tasks[y] && can_meet(a->tasks[x], b->tasks[y]);
		if (!any)
			return false;
	}
	return true;
}

static uint64_t key_of(const struct tl_order_edge *const *cycle, size_t n)
{
	uint64_t key = 0;

	/* Where a cycle begins is chance: a sum. */
	for (size_t i = 0; i < n; i++)
		key += hash(hash(HASH_START, cycle[i]->key.site_a), cycle[i]->key.site_b);
	return hash(key, tl_task_process(cycle[0]->tasks[0]->id));
}

static char *lock_label(const struct tl_judge *judge, const struct tl_orders *orders, const struct tl_task *task,
			uint32_t lock, char buffer[TL_OBJECT_LABEL])
{
	char label[TL_OBJECT_LABEL];

	tl_object_label(judge, task, TL_REASON_UNKNOWN, orders->locks.items[lock]->key.address, label);
	/* Whether mutex or not is not told. */
	snprintf(buffer, TL_OBJECT_LABEL, "lock %s", label + strlen(tl_reason_text(TL_REASON_UNKNOWN)) + 1);
	return buffer;
}

/* "lock 1, then lock 2, here; lock 2, then lock 1 there". */
static void describe(const struct report *report, const struct tl_order_edge *const *cycle, size_t n, char *text,
		     size_t size)
{
	char a[TL_OBJECT_LABEL], b[TL_OBJECT_LABEL];
	size_t at = 0;

	for (size_t i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(
			text + at, size - at, "%s%s while %s is held", i == 0 ? "" : ", ",
			lock_label(report->judge, report->orders, cycle[i]->tasks[0], cycle[i]->key.b, b),
			lock_label(report->judge, report->orders, cycle[i]->tasks[0], cycle[i]->key.a, a));
}

static void prove_edge(const struct report *report, struct tl_finding *finding, const struct tl_order_edge *edge)
{
	char a[TL_OBJECT_LABEL], b[TL_OBJECT_LABEL], label[TL_TASK_LABEL];
	struct tl_proof proof = {
		.kind = TL_EVENT_LOCK_EDGE,
		.task = edge->tasks[0]->id,
		.seq = edge->seq,
		.time_ns = edge->time_ns,
		.stack = edge->stack_a,
	};

	lock_label(report->judge, report->orders, edge->tasks[0], edge->key.a, a);
	lock_label(report->judge, report->orders, edge->tasks[0], edge->key.b, b);
	tl_task_label(edge->tasks[0], label);
	tl_prove(report->judge, finding, &proof, "%s has taken %s%s here%s", label, a,
		 edge->key.a_shared ? " as a reader" : "",
		 edge->guessed ? " (certain is the innermost frame only)" : "");
	proof.stack = edge->stack_b;
	tl_prove(report->judge, finding, &proof, "and takes %s%s while it holds it", b,
		 edge->key.b_shared ? " as a reader" : "");
}

static int report_cycle(struct report *report, const struct tl_order_edge *const *cycle, size_t n)
{
	const struct tl_task *tasks[TL_ORDER_CYCLE];
	struct tl_finding *finding;
	size_t n_tasks = 0;
	char chain[800];

	for (size_t i = 0; i < n; i++) {
		size_t known = 0;

		while (known < n_tasks && tasks[known] != cycle[i]->tasks[0])
			known++;
		if (known == n_tasks)
			tasks[n_tasks++] = cycle[i]->tasks[0];
	}
	describe(report, cycle, n, chain, sizeof chain);
	finding = tl_report(report->rule, report->judge, tasks, n_tasks, "locks are taken in contrary orders: %s",
			    chain);
	if (!finding)
		return -1;
	if (tasks_can_meet(cycle, n)) {
		finding->evidence = "no lock is held in all of these places that would keep the tasks apart";
	} else {
		finding->severity = TL_INFO;
		finding->evidence = "each order is told once, by the first task that had it, and these cannot have run "
				    "at the same time: harmless, if no others take part";
	}
	finding->certainty = TL_PROVEN;
	for (size_t i = 0; i < n; i++)
		prove_edge(report, finding, cycle[i]);
	return 0;
}

static int take_cycle(void *data, const struct tl_order_edge *const *cycle, size_t n)
{
	struct report *report = data;
	/* Those that could meet, and those that could not, are two findings. */
	uint64_t key = hash(key_of(cycle, n), tasks_can_meet(cycle, n));
	struct told *told;

	HASH_FIND(hh, report->told, &key, sizeof key, told);
	if (told) {
		report->judge->findings->list.items[told->finding].count++;
		return 0;
	}
	/* More than anybody reads, and each costs a search: that there are more is said. */
	if (report->n_told++ == TOLD_MOST) {
		report->orders->gave_up = true;
		return 0;
	}
	told = tl_arena_alloc(&report->orders->arena, sizeof *told);
	if (!told)
		return -1;
	told->key = key;
	told->finding = report->judge->findings->list.n;
	HASH_ADD(hh, report->told, key, sizeof told->key, told);
	return report_cycle(report, cycle, n);
}

/* Silence is no proof where not all was told, or looked at. */
static int report_incomplete(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_orders *orders)
{
	const struct tl_task *task = orders->full ? orders->full : orders->edges.items[0]->tasks[0];
	struct tl_proof proof = {
		.kind = TL_EVENT_LOCK_EDGE,
		.task = task->id,
		.seq = orders->full ? orders->full_seq : orders->edges.items[0]->seq,
		.time_ns = orders->full ? orders->full_ns : orders->edges.items[0]->time_ns,
	};
	struct tl_finding *finding = tl_report(rule, judge, &task, 1,
					       "not every order of locks could be %s: there may be more inversions",
					       orders->full ? "recorded" : "looked at");

	if (!finding)
		return -1;
	finding->severity = TL_INFO;
	finding->certainty = TL_PROVEN;
	finding->meaning = "the locks of this program are nested in more ways than there is room for";
	tl_prove(judge, finding, &proof, "%s", orders->full ? "the last that could be told" : "the first of them");
	return 0;
}

static int order_end(void *self, const struct tl_rule *rule, struct tl_judge *judge)
{
	struct tl_orders *orders = self;
	struct report report = {rule, judge, orders, NULL, 0};
	int result = tl_order_cycles(orders, take_cycle, &report);

	HASH_CLEAR(hh, report.told);
	if (result == 0 && (orders->full || orders->gave_up))
		result = report_incomplete(rule, judge, orders);
	return result;
}

static void order_finish(void *self)
{
	struct tl_orders *orders = self;

	HASH_CLEAR(hh, orders->by_key);
	HASH_CLEAR(hh, orders->edges_by_key);
	for (size_t i = 0; i < orders->locks.n; i++)
		tl_vec_finish(&orders->locks.items[i]->edges);
	tl_vec_finish(&orders->locks);
	tl_vec_finish(&orders->edges);
	tl_arena_finish(&orders->arena);
}

const struct tl_rule_ops tl_rule_lock_order_inversion = {
	.size = sizeof(struct tl_orders),
	.hears = {{.kinds = TL_ON(LOCK_EDGE)}},
	.event = order_event,
	.end = order_end,
	.finish = order_finish,
};
