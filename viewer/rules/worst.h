/*
 * The worst few of many: rules that only inform report those, worst first, and say
 * of the last how many more there are. For the end of the trace.
 */
#ifndef TL_RULES_WORST_H
#define TL_RULES_WORST_H

#include "viewer/rules/rule.h"

#define TL_WORST_MOST 5 /* are reported */

struct tl_worst {
	TL_VEC(struct tl_worst_item {
		const void *what;
		uint64_t how_bad;
	})
	items;
};

/* 0, or -1 without memory. `what` is not touched before it is reported. */
int tl_worst_add(struct tl_worst *worst, const void *what, uint64_t how_bad);

/* Calls `report` for each of the worst; `more`: how many are left out after it, 0 but for the last. 0, or -1. */
int tl_worst_report(struct tl_worst *worst, const struct tl_rule *rule, struct tl_judge *judge,
		    int (*report)(const struct tl_rule *rule, struct tl_judge *judge, const void *what, size_t more));
void tl_worst_finish(struct tl_worst *worst);

#endif
