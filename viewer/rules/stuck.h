/*
 * What the rules on tasks that wait for ever share, for their own files only:
 * who waits at the end, in groups, and what decides whether they are stuck.
 */
#ifndef TL_RULES_STUCK_H
#define TL_RULES_STUCK_H

#include "viewer/rules/rule.h"

#define TL_LONG_WAIT_NS 1000000000u

/* Tasks that wait at the end for the same reason on the same stack. */
struct tl_stuck_group {
	struct {
		uint32_t nonce, stack;
		uint64_t object; /* only where there is no stack to tell places apart */
		uint64_t reason;
	} key;
	TL_VEC(const struct tl_task *) members; /* oldest wait first */
	bool shares;                            /* two of them wait for the same object */
	UT_hash_handle hh;
};

/* A process in which a task may still run, or be woken from outside. */
struct tl_stuck_lively {
	const struct tl_process *process;
	UT_hash_handle hh;
};

/* Everything that waits at the end. */
struct tl_stuck_profile {
	struct tl_stuck_group *groups;
	struct tl_stuck_lively *lively;
	/*
	 * By index of a waker, for the group at hand: the latest time before which
	 * a member waits in vain for it. See note_turns.
	 */
	int64_t *turned_ns;
};

/* What decided about a group. */
struct tl_stuck_verdict {
	bool stuck;
	const char *evidence;
	uint32_t growth[TL_GROWTH];
};

/* Does the task wait without a deadline, for what only this process can give, which an exec has not ended? */
bool tl_stuck_waits(const struct tl_task *task);

/* The object whose signal the task has missed for good; NULL: it has not (lost_wakeup.c). */
const struct tl_object *tl_lost_wakeup_of(const struct tl_judge *judge, const struct tl_task *task);

/* The object whose latest signal, sent when the task was there, nobody has taken; NULL: not so (lost_wakeup.c). */
const struct tl_object *tl_not_consumed_of(const struct tl_judge *judge, const struct tl_task *task);

/* Fills an empty profile; 0, or -1 without memory. To be finished in any case. */
int tl_stuck_collect(struct tl_stuck_profile *profile, const struct tl_judge *judge);
void tl_stuck_finish(struct tl_stuck_profile *profile);

/* Is the process among those in which something may still go on? NULL: no. */
struct tl_stuck_lively *tl_stuck_find_lively(const struct tl_stuck_profile *profile, const struct tl_process *process);

/* Does nothing of the group's process run any more, though it has not ended? */
bool tl_stuck_whole_process(const struct tl_stuck_profile *profile, const struct tl_stuck_group *group);

/* Decides about a group, and counts how it grew; 0, or -1 without memory. */
int tl_stuck_judge(const struct tl_judge *judge, struct tl_stuck_profile *profile, const struct tl_stuck_group *group,
		   struct tl_stuck_verdict *verdict);

#endif
