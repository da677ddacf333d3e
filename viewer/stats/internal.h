/* What the files of viewer/stats share, for themselves only. */
#ifndef TL_STATS_INTERNAL_H
#define TL_STATS_INTERNAL_H

#include "viewer/stats/stats.h"

/* All return 0, or -1 without memory, unless they say otherwise. */

/* The row of a task, made if need be; NULL: out of memory. */
struct tl_stats_task *tl_stats_task_at(struct tl_stats *stats, uint32_t index);

/* How much of [from_ns, to_ns] lies in the window. */
uint64_t tl_stats_cut(const struct tl_stats *stats, int64_t from_ns, int64_t to_ns);
/* Does it touch the window? */
bool tl_stats_touches(const struct tl_stats *stats, int64_t from_ns, int64_t to_ns);

/* objects.c; NULL: out of memory, or of the find: it is not known. */
struct tl_stats_object *tl_stats_object_get(struct tl_stats *stats, uint32_t nonce, uint64_t object, uint8_t reason);
int tl_stats_object_waited(struct tl_stats *stats, struct tl_stats_object *object, uint32_t task);
void tl_stats_objects_finish(struct tl_stats *stats);

/* account.c: brings the row up to what the state says at `time_ns`. */
int tl_stats_follow(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns);
/* Ends the open span. */
int tl_stats_close(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns);
/* Events of the task are missing since its last. */
int tl_stats_gap(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns);
/* It was woken at `time_ns`, as is known only now. */
int tl_stats_woken(struct tl_stats *stats, const struct tl_state *state, const struct tl_task *task, int64_t time_ns);

/* groups.c: the group of a task by what is known of it now; negative: out of memory. */
int64_t tl_stats_group_get(struct tl_stats *stats, const struct tl_task *task);
int tl_stats_group_all(struct tl_stats *stats, const struct tl_state *state);

/* pairs.c */
struct tl_stats_seen {
	const struct tl_task *a, *b; /* b: NULL for places */
	uint32_t stack;
	uint8_t reason;
	uint64_t n, ns;
	struct tl_stats_object *object;
};
int tl_stats_pair_add(struct tl_stats *stats, const struct tl_state *state, struct tl_stats_pairs *pairs,
		      const struct tl_stats_seen *seen);
/* From here on pairs are of groups. */
int tl_stats_regroup(struct tl_stats *stats, const struct tl_state *state);
void tl_stats_pairs_finish(struct tl_stats_pairs *pairs);

#endif
