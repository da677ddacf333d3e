/*
 * Tasks that a person would call alike: of one program and kind, with names that
 * differ in numbers only, or, without names, with one function or place of creation.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "viewer/stats/internal.h"

#define NAME 128

/* "worker-12" to "worker-*". */
static void without_numbers(char out[NAME], const char *name)
{
	size_t n = 0;

	while (*name && n + 1 < NAME) {
		size_t digits = strspn(name, "0123456789");

		out[n++] = digits ? '*' : *name;
		name += digits ? digits : 1;
	}
	out[n] = '\0';
}

/* Unnamed tasks of unknown creation are alike in nothing: each is a group of its own. */
static void key_of(char *key, size_t size, const struct tl_task *task, const char *name, bool alone)
{
	if (name[0] && !alone)
		snprintf(key, size, "n%u %s\n%s", (unsigned)task->kind, name, task->process->program);
	else if (task->create_seen && !alone)
		snprintf(key, size, "c%u %" PRIx32 " %" PRIx64 " %" PRIx32, (unsigned)task->kind,
			 tl_task_process(task->id), task->entry, task->entry ? 0 : task->create_stack);
	else
		snprintf(key, size, "t%" PRIx64, task->id);
}

int64_t tl_stats_group_get(struct tl_stats *stats, const struct tl_task *task)
{
	char name[NAME], key[NAME * 4];
	struct tl_stats_group *group;

	without_numbers(name, task->name);
	key_of(key, sizeof key, task, name, stats->each_alone);
	HASH_FIND_STR(stats->by_key, key, group);
	if (group)
		return group->index;
	group = calloc(1, sizeof *group);
	if (!group)
		return -1;
	group->key = tl_arena_string(&stats->arena, key);
	group->name = tl_arena_string(&stats->arena, name);
	group->index = (uint32_t)stats->groups.n;
	group->first = task->index;
	if (!group->key || !group->name || tl_vec_push(&stats->groups, group) != 0) {
		free(group);
		return -1;
	}
	HASH_ADD_KEYPTR(hh, stats->by_key, group->key, strlen(group->key), group);
	return group->index;
}

static void add_task(struct tl_stats_group *group, const struct tl_stats_task *row)
{
	group->running_ns = tl_add_capped(group->running_ns, row->running_ns);
	group->runnable_ns = tl_add_capped(group->runnable_ns, row->runnable_ns);
	group->unknown_ns = tl_add_capped(group->unknown_ns, row->unknown_ns);
	group->blocked_ns = tl_add_capped(group->blocked_ns, row->blocked_ns);
	group->life_ns = tl_add_capped(group->life_ns, tl_stats_life(row));
	for (unsigned r = 0; r < TL_N_REASONS; r++)
		group->by_reason_ns[r] = tl_add_capped(group->by_reason_ns[r], row->by_reason_ns[r]);
	group->waits += row->waits;
	group->woken += row->woken;
	group->wakes += row->wakes;
}

int tl_stats_group_all(struct tl_stats *stats, const struct tl_state *state)
{
	for (uint32_t i = 0; i < stats->tasks.n; i++) {
		const struct tl_task *task = tl_state_task_at(state, i);
		int64_t group = tl_stats_group_get(stats, task);

		if (group < 0)
			return -1;
		stats->tasks.items[i].group = (uint32_t)group;
	}
	for (uint32_t i = 0; i < stats->tasks.n; i++) {
		const struct tl_stats_task *row = &stats->tasks.items[i];
		struct tl_stats_group *group = stats->groups.items[row->group];

		if (!row->begun)
			continue;
		if (group->n++ == 0)
			group->first = i;
		add_task(group, row);
	}
	return 0;
}
