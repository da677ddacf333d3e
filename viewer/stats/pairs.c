/*
 * Who waits where, and who wakes whom. By single tasks as long as they are few;
 * then by groups, for a hundred thousand tasks would make more pairs than memory.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/stats/internal.h"

static struct tl_stats_pair *get(struct tl_stats_pairs *pairs, const struct tl_stats_pair *wanted, unsigned most)
{
	struct tl_stats_pair *pair;

	HASH_FIND(hh, pairs->table, &wanted->key, sizeof wanted->key, pair);
	if (pair || HASH_COUNT(pairs->table) >= most)
		return pair;
	pair = calloc(1, sizeof *pair);
	if (!pair)
		return NULL;
	pair->key = wanted->key;
	pair->object = wanted->object;
	HASH_ADD(hh, pairs->table, key, sizeof pair->key, pair);
	return pair;
}

static void merge(struct tl_stats_pair *into, const struct tl_stats_pair *from)
{
	into->n = tl_add_capped(into->n, from->n);
	into->total_ns = tl_add_capped(into->total_ns, from->total_ns);
	if (from->longest_ns > into->longest_ns)
		into->longest_ns = from->longest_ns;
	into->many_objects |= from->many_objects || into->object != from->object;
}

/* The same pairs, of groups. What was there is freed in any case. */
static int regroup_one(struct tl_stats *stats, const struct tl_state *state, struct tl_stats_pairs *pairs)
{
	struct tl_stats_pairs by_group = {.left_out = pairs->left_out};
	struct tl_stats_pair *pair, *next;
	int result = 0;

	HASH_ITER(hh, pairs->table, pair, next) {
		struct tl_stats_pair wanted = *pair, *into;
		int64_t a = tl_stats_group_get(stats, tl_state_task_at(state, pair->key.a));
		int64_t b = pair->key.b;

		if (pairs == &stats->wakes)
			b = tl_stats_group_get(stats, tl_state_task_at(state, pair->key.b));
		wanted.key.a = (uint32_t)a;
		wanted.key.b = (uint32_t)b;
		into = a < 0 || b < 0 ? NULL : get(&by_group, &wanted, UINT_MAX);
		if (into)
			merge(into, pair);
		else
			result = -1;
		HASH_DEL(pairs->table, pair);
		free(pair);
	}
	*pairs = by_group;
	return result;
}

int tl_stats_regroup(struct tl_stats *stats, const struct tl_state *state)
{
	int result = 0;

	if (stats->grouped)
		return 0;
	stats->grouped = true;
	result |= regroup_one(stats, state, &stats->places);
	result |= regroup_one(stats, state, &stats->wakes);
	return result;
}

/* Its number in pairs; negative: out of memory. */
static int64_t node_of(struct tl_stats *stats, const struct tl_task *task)
{
	return stats->grouped ? tl_stats_group_get(stats, task) : task->index;
}

int tl_stats_pair_add(struct tl_stats *stats, const struct tl_state *state, struct tl_stats_pairs *pairs,
		      const struct tl_stats_seen *seen)
{
	struct tl_stats_pair one = {.n = seen->n, .total_ns = seen->ns, .longest_ns = seen->ns, .object = seen->object};
	struct tl_stats_pair *pair;
	int64_t a, b;

	if (HASH_COUNT(pairs->table) >= TL_STATS_PAIRS && tl_stats_regroup(stats, state) != 0)
		return -1;
	a = node_of(stats, seen->a);
	b = seen->b ? node_of(stats, seen->b) : seen->stack;
	if (a < 0 || b < 0)
		return -1;
	one.key.a = (uint32_t)a;
	one.key.b = (uint32_t)b;
	one.key.nonce = seen->b ? 0 : tl_task_process(seen->a->id);
	one.key.reason = seen->reason;
	pair = get(pairs, &one, TL_STATS_PAIRS * 2);
	if (!pair && HASH_COUNT(pairs->table) < TL_STATS_PAIRS * 2)
		return -1;
	if (pair)
		merge(pair, &one);
	else
		pairs->left_out++;
	return 0;
}

void tl_stats_pairs_finish(struct tl_stats_pairs *pairs)
{
	struct tl_stats_pair *pair, *next;

	HASH_ITER(hh, pairs->table, pair, next) {
		HASH_DEL(pairs->table, pair);
		free(pair);
	}
}
