/* Cycles among the orders of locks; see lock_order.h. */
#include "viewer/rules/lock_order.h"

/*
 * What is not on any cycle has, after enough rounds, no edge in or none out: take
 * it away and the search has next to nothing left in a correct program.
 */
static int peel(struct tl_orders *orders)
{
	TL_VEC(uint32_t) ends = {0};
	uint32_t *from = calloc(orders->locks.n + 1, sizeof *from), *into = NULL;
	int result = -1;

	if (!from)
		return -1;
	/* Edges by the lock that they lead to: counted, then placed. */
	into = malloc((orders->edges.n ? orders->edges.n : 1) * sizeof *into);
	if (!into)
		goto done;
	for (size_t i = 0; i < orders->edges.n; i++)
		from[orders->edges.items[i]->key.b + 1]++;
	for (size_t i = 0; i < orders->locks.n; i++) {
		from[i + 1] += from[i];
		orders->locks.items[i]->n_in = from[i + 1] - from[i];
		orders->locks.items[i]->n_out = (uint32_t)orders->locks.items[i]->edges.n;
	}
	for (size_t i = orders->edges.n; i-- > 0;)
		into[--from[orders->edges.items[i]->key.b + 1]] = (uint32_t)i;
	/* from[b + 1] is now where b's edges begin. */
	for (uint32_t i = 0; i < orders->locks.n; i++)
		if ((orders->locks.items[i]->n_in == 0 || orders->locks.items[i]->n_out == 0) &&
		    tl_vec_push(&ends, i) != 0)
			goto done;
	while (ends.n > 0) {
		struct tl_order_lock *lock = orders->locks.items[ends.items[--ends.n]];
		uint32_t begin = from[lock->index + 1];
		uint32_t end = lock->index + 2 <= orders->locks.n ? from[lock->index + 2] : (uint32_t)orders->edges.n;

		for (size_t i = 0; i < lock->edges.n; i++) {
			struct tl_order_edge *edge = orders->edges.items[lock->edges.items[i]];
			struct tl_order_lock *to = orders->locks.items[edge->key.b];

			if (edge->out)
				continue;
			edge->out = true;
			if (--to->n_in == 0 && to->n_out > 0 && tl_vec_push(&ends, to->index) != 0)
				goto done;
		}
		lock->n_out = 0;
		for (uint32_t i = begin; i < end; i++) {
			struct tl_order_edge *edge = orders->edges.items[into[i]];
			struct tl_order_lock *by = orders->locks.items[edge->key.a];

			if (edge->out)
				continue;
			edge->out = true;
			if (--by->n_out == 0 && by->n_in > 0 && tl_vec_push(&ends, by->index) != 0)
				goto done;
		}
		lock->n_in = 0;
	}
	result = 0;
done:
	tl_vec_finish(&ends);
	free(into);
	free(from);
	return result;
}

/* Do both hold one lock that lets only one of them in? Then they never meet. */
static bool have_gate(struct tl_orders *orders, const struct tl_order_edge *a, const struct tl_order_edge *b)
{
	/* Long lists, compared, are work too. */
	orders->steps += a->n_held * b->n_held / 16u;
	for (uint32_t i = 0; i < a->n_held; i++)
		for (uint32_t j = 0; j < b->n_held; j++)
			if (tl_held_lock(a->held[i]) == tl_held_lock(b->held[j]) &&
			    !(tl_held_is_shared(a->held[i]) && tl_held_is_shared(b->held[j])))
				return true;
	return false;
}

/* May the edge be part of a deadlock with those on the path before it? */
static bool fits(struct tl_orders *orders, size_t depth, const struct tl_order_edge *edge)
{
	/* Two readers of a lock do not keep each other out. */
	if (depth > 0 && orders->path[depth - 1]->key.b_shared && edge->key.a_shared)
		return false;
	for (size_t i = 0; i < depth; i++)
		if (orders->path[i]->key.a == edge->key.b || have_gate(orders, orders->path[i], edge))
			return false;
	return true;
}

static bool closes(struct tl_orders *orders, size_t length, const struct tl_order_edge *edge)
{
	for (size_t i = 1; i + 1 < length; i++)
		if (have_gate(orders, orders->path[i], edge))
			return false;
	return !(edge->key.b_shared && orders->path[0]->key.a_shared) && !have_gate(orders, orders->path[0], edge) &&
	       (length < 2 || !(orders->path[length - 2]->key.b_shared && edge->key.a_shared));
}

static bool still_there(const struct tl_orders *orders, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (orders->path[i]->out)
			return false;
	return true;
}

/*
 * Ways of `length` edges that begin at `start`, its lock with the lowest index, so
 * that each cycle is found once. Recursion is as deep as the longest cycle.
 */
static int search(struct tl_orders *orders, uint32_t start, uint32_t at, size_t depth, size_t length,
		  tl_order_take take, void *data)
{
	const struct tl_order_lock *lock = orders->locks.items[at];
	int result = 0;

	for (size_t i = 0; i < lock->edges.n && result == 0 && !orders->gave_up; i++) {
		struct tl_order_edge *edge = orders->edges.items[lock->edges.items[i]];

		if (edge->out || edge->key.b < start)
			continue;
		if (++orders->steps > TL_ORDER_STEPS) {
			orders->gave_up = true;
			return 0;
		}
		if (depth + 1 == length) {
			if (edge->key.b != start || !closes(orders, length, edge))
				continue;
			orders->path[depth] = edge;
			if (still_there(orders, length))
				result = take(data, orders->path, length);
			continue;
		}
		if (edge->key.b == start || !fits(orders, depth, edge))
			continue;
		orders->path[depth] = edge;
		result = search(orders, start, edge->key.b, depth + 1, length, take, data);
	}
	return result;
}

/* What takes the cycles of one length, and keeps which edges they were of. */
struct taking {
	struct tl_orders *orders;
	tl_order_take take;
	void *data;
	bool *told; /* by index of the edge */
};

static int take_and_note(void *data, const struct tl_order_edge *const *cycle, size_t n)
{
	struct taking *taking = data;

	for (size_t i = 0; i < n; i++)
		taking->told[cycle[i]->index] = true;
	return taking->take(taking->data, cycle, n);
}

int tl_order_cycles(struct tl_orders *orders, tl_order_take take, void *data)
{
	struct taking taking = {orders, take, data, calloc(orders->edges.n + 1, sizeof(bool))};
	int result = taking.told ? peel(orders) : -1;

	for (size_t length = 2; length <= TL_ORDER_CYCLE && result == 0; length++) {
		orders->steps = 0;
		for (uint32_t i = 0; i < orders->locks.n && result == 0 && !orders->gave_up; i++)
			if (orders->locks.items[i]->n_out > 0)
				result = search(orders, i, i, 0, length, take_and_note, &taking);
		/* A longer way round through the same orders says nothing new. */
		for (size_t i = 0; i < orders->edges.n && result == 0; i++)
			orders->edges.items[i]->out |= taking.told[i];
	}
	free(taking.told);
	return result;
}
