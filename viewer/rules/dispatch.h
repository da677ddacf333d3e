/*
 * Who hears of which event: a list for each kind, reason of its wait and, for starts,
 * cause, so that an event costs what the rules that care for it cost. First what the
 * rules share (objects, resources, locks), then the rules as the registry has them; but
 * the end of an object is judged by what was known of it, and reaches what they share last.
 */
#ifndef TL_RULES_DISPATCH_H
#define TL_RULES_DISPATCH_H

#include "viewer/base/vec.h"
#include "viewer/rules/rule.h"

/* Lists beside those of the kinds: for what is odd about an event. */
enum tl_odd { TL_ODD_GAP, TL_ODD_AFTER_EXIT, TL_ODD_INSIDE, TL_ODD_UNENDED, TL_N_ODDS };

#define TL_REASON_LISTS (TL_N_REASONS + 1) /* and one for what has none, or one that is not known */
#define TL_LISTS ((TL_N_EVENT_KINDS + TL_N_CAUSES) * TL_REASON_LISTS + TL_N_ODDS)

struct tl_listener {
	int (*event)(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		     const struct tl_step *step);
	const struct tl_rule *rule;
	void *memory; /* the rule's own */
};

struct tl_dispatch {
	TL_VEC(struct tl_listener) listeners; /* of one list after the other */
	uint32_t first[TL_LISTS + 1];
};

/* `memory` is each rule's own, in the registry's order. 0, or negative without memory. */
int tl_dispatch_init(struct tl_dispatch *dispatch, void *const *memory);
void tl_dispatch_finish(struct tl_dispatch *dispatch);

/* Tells all who listen. 0, or negative without memory. */
int tl_dispatch_event(const struct tl_dispatch *dispatch, struct tl_judge *judge, const struct tl_event *event,
		      const struct tl_step *step);

#endif
