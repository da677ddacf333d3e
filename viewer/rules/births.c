/* Tasks by the place that created them; see births.h. */
#include "viewer/rules/births.h"

#include <stdlib.h>

#define SHOWN 3

int tl_births_add(struct tl_births *births, const struct tl_task *task)
{
	struct tl_birth wanted = {
		.key = {.entry = task->entry, .nonce = tl_task_process(task->id), .stack = task->create_stack}};
	struct tl_birth *group;

	HASH_FIND(hh, births->groups, &wanted.key, sizeof wanted.key, group);
	if (!group) {
		group = calloc(1, sizeof *group);
		if (!group)
			return -1;
		group->key = wanted.key;
		HASH_ADD(hh, births->groups, key, sizeof group->key, group);
	}
	return tl_vec_push(&group->members, task);
}

void tl_births_finish(struct tl_births *births)
{
	struct tl_birth *group, *next;

	HASH_ITER(hh, births->groups, group, next) {
		HASH_DEL(births->groups, group);
		tl_vec_finish(&group->members);
		free(group);
	}
}

static void prove(struct tl_judge *judge, struct tl_finding *finding, const struct tl_birth *group)
{
	char label[TL_TASK_LABEL];

	for (size_t i = 0; i < group->members.n && i < SHOWN; i++) {
		/* Of three: the two oldest and the youngest. */
		const struct tl_task *task = group->members.items[i == SHOWN - 1 ? group->members.n - 1 : i];
		struct tl_proof create = tl_proof_of_create(task);

		tl_prove(judge, finding, &create, "creates %s", tl_task_label(task, label));
	}
}

int tl_births_report(const struct tl_births *births, const struct tl_rule *rule, struct tl_judge *judge,
		     struct tl_finding *(*report)(const struct tl_rule *rule, struct tl_judge *judge,
						  const struct tl_birth *group))
{
	size_t n = 0, places = HASH_COUNT(births->groups);

	for (const struct tl_birth *group = births->groups; group && n < TL_BIRTHS_MOST; group = group->hh.next, n++) {
		struct tl_finding *finding = report(rule, judge, group);

		if (!finding)
			return -1;
		finding->count = group->members.n;
		prove(judge, finding, group);
		if (n + 1 < TL_BIRTHS_MOST || places <= TL_BIRTHS_MOST)
			continue;
		finding->evidence = tl_judge_text(judge, "%s%s%zu more places like this are not shown",
						  finding->evidence, finding->evidence[0] ? "; " : "", places - n - 1);
		if (!finding->evidence)
			return -1;
	}
	return 0;
}
