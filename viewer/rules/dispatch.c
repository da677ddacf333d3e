/* Lists of listeners; see dispatch.h. */
#include "viewer/rules/dispatch.h"

#include <string.h>

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

/* What an event must be to be told to a list. */
struct selector {
	unsigned kind, cause, reason; /* cause: of starts only */
};

static bool listens(const struct tl_rule_ops *ops, const struct selector *to)
{
	if (!ops->event || !(ops->kinds >> to->kind & 1))
		return false;
	if (to->reason < TL_N_REASONS && ops->reasons && !(ops->reasons >> to->reason & 1))
		return false;
	return to->kind != TL_EVENT_START || !ops->causes || ops->causes >> to->cause & 1;
}

static int add(struct tl_dispatch *dispatch, const struct tl_rule_ops *ops, const struct tl_rule *rule, void *memory)
{
	return tl_vec_push(&dispatch->listeners, (struct tl_listener){ops->event, rule, memory});
}

static int add_shared(struct tl_dispatch *dispatch, const struct selector *to)
{
	int result = 0;

	for (size_t i = 0; i < N_SHARED && result == 0; i++)
		if (listens(&shared[i], to))
			result = add(dispatch, &shared[i], NULL, NULL);
	return result;
}

static int add_rules(struct tl_dispatch *dispatch, void *const *memory, const struct selector *to)
{
	int result = 0;

	for (size_t i = 0; i < tl_n_rules && result == 0; i++)
		if (listens(tl_rules[i].ops, to))
			result = add(dispatch, tl_rules[i].ops, &tl_rules[i], memory[i]);
	return result;
}

/* The list of what the selector says. */
static int make_list(struct tl_dispatch *dispatch, void *const *memory, const struct selector *to)
{
	if (to->kind == TL_EVENT_DESTROY)
		return add_rules(dispatch, memory, to) == 0 ? add_shared(dispatch, to) : -1;
	return add_shared(dispatch, to) == 0 ? add_rules(dispatch, memory, to) : -1;
}

static int make_odd(struct tl_dispatch *dispatch, void *const *memory, uint32_t kinds)
{
	int result = 0;

	for (size_t i = 0; i < tl_n_rules && result == 0; i++)
		if (tl_rules[i].ops->event && tl_rules[i].ops->kinds & kinds)
			result = add(dispatch, tl_rules[i].ops, &tl_rules[i], memory[i]);
	return result;
}

/* Lists of kinds by reason; behind them those of starts, by cause and reason; behind them the odd ones. */
static size_t list_of(unsigned kind, unsigned cause, unsigned reason)
{
	size_t row = kind == TL_EVENT_START ? TL_N_EVENT_KINDS + (cause < TL_N_CAUSES ? cause : 0) : kind;

	return row * TL_REASON_LISTS + (reason < TL_N_REASONS ? reason : TL_N_REASONS);
}

int tl_dispatch_init(struct tl_dispatch *dispatch, void *const *memory)
{
	static const uint32_t odds[TL_N_ODDS] = {
		[TL_ODD_GAP] = TL_ON_GAP,
		[TL_ODD_AFTER_EXIT] = TL_ON_AFTER_EXIT,
		[TL_ODD_INSIDE] = TL_ON_INSIDE,
		[TL_ODD_UNENDED] = TL_ON_UNENDED,
	};
	size_t n = 0;
	int result = 0;

	_Static_assert(TL_N_EVENT_KINDS <= 28, "kinds and oddities fit into 32 bits");
	_Static_assert(TL_N_REASONS <= 32 && TL_N_CAUSES <= 32, "they are bits of a set");
	memset(dispatch, 0, sizeof *dispatch);
	for (unsigned row = 0; row < TL_N_EVENT_KINDS + TL_N_CAUSES; row++) {
		bool is_start = row >= TL_N_EVENT_KINDS;
		struct selector to = {is_start ? TL_EVENT_START : row, is_start ? row - TL_N_EVENT_KINDS : 0, 0};

		for (; to.reason < TL_REASON_LISTS && result == 0; to.reason++) {
			dispatch->first[n++] = (uint32_t)dispatch->listeners.n;
			result = make_list(dispatch, memory, &to);
		}
	}
	for (size_t i = 0; i < TL_N_ODDS && result == 0; i++) {
		dispatch->first[n++] = (uint32_t)dispatch->listeners.n;
		result = make_odd(dispatch, memory, odds[i]);
	}
	dispatch->first[TL_LISTS] = (uint32_t)dispatch->listeners.n;
	return result;
}

void tl_dispatch_finish(struct tl_dispatch *dispatch)
{
	tl_vec_finish(&dispatch->listeners);
}

/* ---- telling ---------------------------------------------------------------------- */

/* Those who listen to what is odd, unless they have heard of the event by what it is. */
static int tell_odd(const struct tl_dispatch *dispatch, enum tl_odd odd, struct tl_judge *judge,
		    const struct tl_event *event, const struct tl_step *step)
{
	size_t list = TL_LISTS - TL_N_ODDS + (size_t)odd;
	const struct tl_listener *listener = dispatch->listeners.items + dispatch->first[list];
	const struct tl_listener *end = dispatch->listeners.items + dispatch->first[list + 1];
	struct selector heard = {event->kind, event->kind == TL_EVENT_START ? event->u.start.cause : 0, step->reason};

	for (; listener < end; listener++)
		if (!listens(listener->rule->ops, &heard) &&
		    listener->event(listener->memory, listener->rule, judge, event, step) != 0)
			return -1;
	return 0;
}

int tl_dispatch_event(const struct tl_dispatch *dispatch, struct tl_judge *judge, const struct tl_event *event,
		      const struct tl_step *step)
{
	size_t list = list_of(event->kind, event->u.start.cause, step->reason);
	const struct tl_listener *listener = dispatch->listeners.items + dispatch->first[list];
	const struct tl_listener *end = dispatch->listeners.items + dispatch->first[list + 1];

	for (; listener < end; listener++)
		if (listener->event(listener->memory, listener->rule, judge, event, step) != 0)
			return -1;
	if (step->missing > 0 && tell_odd(dispatch, TL_ODD_GAP, judge, event, step) != 0)
		return -1;
	if (step->after_exit && tell_odd(dispatch, TL_ODD_AFTER_EXIT, judge, event, step) != 0)
		return -1;
	if (step->unended > 0 && tell_odd(dispatch, TL_ODD_UNENDED, judge, event, step) != 0)
		return -1;
	return step->inside ? tell_odd(dispatch, TL_ODD_INSIDE, judge, event, step) : 0;
}
