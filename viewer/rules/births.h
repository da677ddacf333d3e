/*
 * Tasks in groups by the place in the code that created them: what goes wrong with
 * the tasks of one place is one finding, however many they are. For the rules on
 * how tasks come to their end (or do not), at the end of the trace.
 */
#ifndef TL_RULES_BIRTHS_H
#define TL_RULES_BIRTHS_H

#include "viewer/rules/rule.h"

#define TL_BIRTHS_MOST 16 /* places that one rule reports; the last one says how many more there are */

struct tl_birth {
	struct {
		uint64_t entry; /* the function that the tasks run */
		uint32_t nonce, stack;
	} key;
	TL_VEC(const struct tl_task *) members; /* in order of appearance, one at least */
	UT_hash_handle hh;
};

struct tl_births {
	struct tl_birth *groups;
};

/* Adds a task whose create was seen; 0, or -1 without memory. */
int tl_births_add(struct tl_births *births, const struct tl_task *task);
void tl_births_finish(struct tl_births *births);

/*
 * Reports each group through `report`, which makes the finding (tasks and message)
 * or returns NULL without memory; count and proofs are added here. 0, or -1.
 */
int tl_births_report(const struct tl_births *births, const struct tl_rule *rule, struct tl_judge *judge,
		     struct tl_finding *(*report)(const struct tl_rule *rule, struct tl_judge *judge,
						  const struct tl_birth *group));

#endif
