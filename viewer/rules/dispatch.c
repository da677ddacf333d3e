/* Lists of listeners; see dispatch.h. */
#include "viewer/rules/dispatch.h"

#include <stdlib.h>

struct tl_listener {
	int (*event)(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		     const struct tl_step *step);
	const struct tl_rule *rule;
	void *memory;             /* the rule's own */
	uint32_t causes, reasons; /* all bits are set where they do not matter */
};

/* ---- what the rules share ---------------------------------------------------- */

static int objects_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			 const struct tl_step *step)
{
	(void)self, (void)rule;
	return tl_objects_event(judge->objects, judge->state, event, step);
}

static int resources_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
			   const struct tl_step *step)
{
	(void)self, (void)rule;
	return tl_resources_event(judge->resources, judge->state, event, step);
}

static int locks_event(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		       const struct tl_step *step)
{
	(void)self, (void)rule;
	return tl_locks_event(judge->locks, event, step);
}

static const struct tl_rule_ops shared[] = {
	{.kinds = TL_ON(DESTROY) | TL_ON(UNBLOCK), .event = objects_event},
	{.kinds = TL_ON(START), .reasons = TL_REASONS_EDGE, .event = objects_event},
	{.kinds = TL_ON(PROCESS_BEGIN) | TL_ON(STATUS) | TL_ON(DUMP_END) | TL_ON(OPEN) | TL_ON(CLOSE),
	 .event = resources_event},
	{.kinds = TL_ON(BLOCK), .reasons = TL_RESOURCES_REASONS, .event = resources_event},
	{.kinds = TL_ON(BLOCK) | TL_ON(EXIT) | TL_ON(LOCK_EDGE) | TL_ON(DESTROY) | TL_ON(MISUSE), .event = locks_event},
};
#define N_SHARED (sizeof shared / sizeof *shared)

/* ---- the lists ------------------------------------------------------------------ */

static bool listens(const struct tl_rule_ops *ops, unsigned list)
{
	static const uint32_t odds[] = {
		[TL_ODD_GAP] = TL_ON_GAP,
		[TL_ODD_AFTER_EXIT] = TL_ON_AFTER_EXIT,
		[TL_ODD_INSIDE] = TL_ON_INSIDE,
		[TL_ODD_UNENDED] = TL_ON_UNENDED,
	};

	if (!ops->event)
		return false;
	return (ops->kinds & (list < TL_N_EVENT_KINDS ? UINT32_C(1) << list : odds[list - TL_N_EVENT_KINDS])) != 0;
}

static uint32_t all_if_none(uint32_t bits)
{
	return bits ? bits : UINT32_MAX;
}

static uint32_t add(struct tl_listener *to, const struct tl_rule_ops *ops, const struct tl_rule *rule, void *memory,
		    unsigned list)
{
	if (!listens(ops, list))
		return 0;
	*to = (struct tl_listener){
		.event = ops->event,
		.rule = rule,
		.memory = memory,
		.causes = list == TL_EVENT_START ? all_if_none(ops->causes) : UINT32_MAX,
		.reasons = list < TL_N_EVENT_KINDS ? all_if_none(ops->reasons) : UINT32_MAX,
	};
	return 1;
}

static uint32_t add_shared(struct tl_listener *to, unsigned list)
{
	uint32_t n = 0;

	for (size_t i = 0; i < N_SHARED; i++)
		n += add(to + n, &shared[i], NULL, NULL, list);
	return n;
}

int tl_dispatch_init(struct tl_dispatch *dispatch, void *const *memory)
{
	uint32_t n = 0, lists = TL_N_EVENT_KINDS + TL_N_ODDS;

	_Static_assert(TL_N_EVENT_KINDS <= 28, "kinds and oddities fit into 32 bits");
	_Static_assert(TL_N_REASONS <= 32 && TL_N_CAUSES <= 32, "they are bits of a mask");
	dispatch->listeners = calloc(lists * (tl_n_rules + N_SHARED), sizeof *dispatch->listeners);
	if (!dispatch->listeners)
		return -1;
	for (unsigned list = 0; list < lists; list++) {
		dispatch->first[list] = n;
		if (list != TL_EVENT_DESTROY)
			n += add_shared(dispatch->listeners + n, list);
		for (size_t i = 0; i < tl_n_rules; i++)
			n += add(dispatch->listeners + n, tl_rules[i].ops, &tl_rules[i], memory[i], list);
		if (list == TL_EVENT_DESTROY)
			n += add_shared(dispatch->listeners + n, list);
	}
	dispatch->first[lists] = n;
	return 0;
}

void tl_dispatch_finish(struct tl_dispatch *dispatch)
{
	free(dispatch->listeners);
	dispatch->listeners = NULL;
}

/* ---- telling ---------------------------------------------------------------------- */

/* Their bits; all of them where there is none. */
static uint32_t cause_of(const struct tl_event *event)
{
	return event->kind == TL_EVENT_START ? UINT32_C(1) << (event->u.start.cause & 31) : UINT32_MAX;
}

static uint32_t reason_of(const struct tl_step *step)
{
	return step->reason < TL_N_REASONS ? UINT32_C(1) << step->reason : UINT32_MAX;
}

static bool has_heard(const struct tl_rule_ops *ops, const struct tl_event *event, const struct tl_step *step)
{
	return listens(ops, event->kind) && all_if_none(ops->reasons) & reason_of(step) &&
	       (event->kind != TL_EVENT_START || all_if_none(ops->causes) & cause_of(event));
}

/* Those who listen to what is odd, unless they have heard of the event by its kind. */
static int tell_odd(const struct tl_dispatch *dispatch, enum tl_odd odd, struct tl_judge *judge,
		    const struct tl_event *event, const struct tl_step *step)
{
	const struct tl_listener *listener = dispatch->listeners + dispatch->first[TL_N_EVENT_KINDS + odd];
	const struct tl_listener *end = dispatch->listeners + dispatch->first[TL_N_EVENT_KINDS + odd + 1];

	for (; listener < end; listener++)
		if (!has_heard(listener->rule->ops, event, step) &&
		    listener->event(listener->memory, listener->rule, judge, event, step) != 0)
			return -1;
	return 0;
}

int tl_dispatch_event(const struct tl_dispatch *dispatch, struct tl_judge *judge, const struct tl_event *event,
		      const struct tl_step *step)
{
	const struct tl_listener *listener = dispatch->listeners + dispatch->first[event->kind];
	const struct tl_listener *end = dispatch->listeners + dispatch->first[event->kind + 1];
	uint32_t cause = cause_of(event), reason = reason_of(step);

	for (; listener < end; listener++)
		if (listener->causes & cause && listener->reasons & reason &&
		    listener->event(listener->memory, listener->rule, judge, event, step) != 0)
			return -1;
	if (step->missing > 0 && tell_odd(dispatch, TL_ODD_GAP, judge, event, step) != 0)
		return -1;
	if (step->after_exit && tell_odd(dispatch, TL_ODD_AFTER_EXIT, judge, event, step) != 0)
		return -1;
	if (step->unended > 0 && tell_odd(dispatch, TL_ODD_UNENDED, judge, event, step) != 0)
		return -1;
	return step->inside ? tell_odd(dispatch, TL_ODD_INSIDE, judge, event, step) : 0;
}
