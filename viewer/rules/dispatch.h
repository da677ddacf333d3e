/*
 * Who hears of which event: a list for each kind, reason of its wait and, for starts,
 * cause, so that an event costs what the rules that care for it cost. First what the
 * rules share (objects, resources, locks), then the rules as the registry has them; but
 * the end of an object is judged by what was known of it, and reaches what they share last.
 *
 * Beside each list stands the one for events that are odd: the same listeners and
 * those who care for odd events only; last those who care for nothing else. What waits
 * for something to happen first (TL_HAS_ bits) comes into the lists when it has. A
 * list is made when the first event of its kind is there: of most there is none.
 */
#ifndef TL_RULES_DISPATCH_H
#define TL_RULES_DISPATCH_H

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"
#include "viewer/rules/rule.h"

#define TL_REASON_LISTS 32 /* TL_N_REASONS of them, and one for what has none, or one that is not known */
#define TL_LISTS ((TL_N_EVENT_KINDS + TL_N_CAUSES) * TL_REASON_LISTS)

struct tl_listener {
	tl_hear *event; /* NULL: the list is at its end */
	const struct tl_rule *rule;
	void *memory; /* the listener's own */
	uint32_t odd; /* in the lists of odd events: told of those with one of these bits; 0: of all */
};

struct tl_dispatch {
	const struct tl_listener *usual[TL_LISTS], *odd[TL_LISTS]; /* NULL: not made yet */
	void *const *memory;                                       /* of each rule */
	uint32_t has;                                              /* what had happened when the lists were made */
	TL_VEC(struct tl_listener) listeners;                      /* of the list that is being made */
	struct tl_arena arena;                                     /* where lists live */
};

/* `memory` is each rule's own, in the registry's order, and stays. */
void tl_dispatch_init(struct tl_dispatch *dispatch, void *const *memory);
void tl_dispatch_finish(struct tl_dispatch *dispatch);

/* What tl_dispatch_event does with what is not usual: lists that are not there, events that are odd, other lists. */
const struct tl_listener *tl_dispatch_make(struct tl_dispatch *dispatch, const struct tl_judge *judge, size_t list,
					   bool is_odd); /* NULL: out of memory */
int tl_dispatch_odd(struct tl_dispatch *dispatch, size_t list, struct tl_judge *judge, const struct tl_event *event,
		    const struct tl_step *step);
void tl_dispatch_again(struct tl_dispatch *dispatch, const struct tl_judge *judge);

/* Lists of kinds by reason; behind them those of starts, by cause and reason. */
static inline size_t tl_dispatch_list(unsigned kind, unsigned cause, unsigned reason)
{
	size_t row = kind == TL_EVENT_START ? TL_N_EVENT_KINDS + (cause < TL_N_CAUSES ? cause : 0) : kind;

	return row * TL_REASON_LISTS + reason;
}

/* Tells all who listen. 0, or negative without memory. */
static inline int tl_dispatch_event(struct tl_dispatch *dispatch, struct tl_judge *judge, const struct tl_event *event,
				    const struct tl_step *step)
{
	size_t list = tl_dispatch_list(event->kind, event->u.start.cause, step->reason);

	if (step->odd) {
		if (tl_dispatch_odd(dispatch, list, judge, event, step) != 0)
			return -1;
	} else {
		const struct tl_listener *listener = dispatch->usual[list];

		if (__builtin_expect(!listener, 0) && !(listener = tl_dispatch_make(dispatch, judge, list, false)))
			return -1;
		for (; listener->event; listener++)
			if (listener->event(listener->memory, listener->rule, judge, event, step) != 0)
				return -1;
	}
	if (judge->has != dispatch->has)
		tl_dispatch_again(dispatch, judge);
	return 0;
}

#endif
