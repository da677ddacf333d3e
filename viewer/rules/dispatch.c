/* Lists of listeners; see dispatch.h. */
#include "viewer/rules/dispatch.h"

#include <string.h>

/* What the rules share, with its place in the judge. */
struct shared {
	tl_hear *event;
	size_t memory;
	struct tl_hears hears[TL_HEARS];
};

static const struct shared shared[] = {
	{tl_objects_unblock, offsetof(struct tl_judge, places), {{.kinds = TL_ON(UNBLOCK)}}},
	{tl_objects_taken, offsetof(struct tl_judge, places), {{.kinds = TL_ON(START), .reasons = TL_REASONS_EDGE}}},
	{tl_objects_end, offsetof(struct tl_judge, places), {{.kinds = TL_ON(DESTROY)}}},
	{tl_resources_event,
	 offsetof(struct tl_judge, resources),
	 {{.kinds = TL_ON(PROCESS_BEGIN) | TL_ON(STATUS) | TL_ON(DUMP_END) | TL_ON(OPEN) | TL_ON(CLOSE)},
	  {.kinds = TL_ON(BLOCK), .reasons = TL_RESOURCES_REASONS, .has = TL_HAS_RESOURCES}}},
	{tl_locks_event,
	 offsetof(struct tl_judge, locks),
	 {{.kinds = TL_ON(EXIT) | TL_ON(LOCK_EDGE) | TL_ON(DESTROY) | TL_ON(MISUSE)},
	  {.kinds = TL_ON(BLOCK), .odd = TL_ODD_HOLDING}}},
};
#define N_SHARED (sizeof shared / sizeof *shared)

/* ---- who listens -------------------------------------------------------------- */

/* What events must be to be told to a list. */
struct selector {
	unsigned kind, cause, reason; /* cause: of starts only */
	bool is_odd;
	uint32_t has; /* what has happened by now */
};

static bool fits(const struct tl_hears *row, const struct selector *to)
{
	if (!(row->kinds >> to->kind & 1) || (row->has && !(row->has & to->has)))
		return false;
	if (to->reason < TL_N_REASONS && row->reasons && !(row->reasons >> to->reason & 1))
		return false;
	return to->kind != TL_EVENT_START || !row->causes || row->causes >> to->cause & 1;
}

/* Does one of the rows fit such events? All of them, or those that are odd as in `odd`. */
static bool listens(const struct tl_hears *rows, const struct selector *to, uint32_t *odd)
{
	bool any = false, all = false;

	*odd = 0;
	for (const struct tl_hears *row = rows; row < rows + TL_HEARS; row++) {
		if (!fits(row, to))
			continue;
		any = true;
		all |= row->odd == 0;
		*odd |= row->odd;
	}
	if (all)
		*odd = 0;
	return all || (any && to->is_odd);
}

/* Does it listen to whatever is odd in this way? */
static bool cares_for(const struct tl_hears *rows, uint32_t odd)
{
	for (const struct tl_hears *row = rows; row < rows + TL_HEARS; row++)
		if (row->kinds == 0 && row->odd & odd)
			return true;
	return false;
}

/* ---- the lists ------------------------------------------------------------------ */

static int add_shared(struct tl_dispatch *dispatch, const struct tl_judge *judge, const struct selector *to)
{
	struct tl_listener listener = {0};
	int result = 0;

	for (size_t i = 0; i < N_SHARED && result == 0; i++) {
		if (!listens(shared[i].hears, to, &listener.odd))
			continue;
		listener.event = shared[i].event;
		memcpy(&listener.memory, (const char *)judge + shared[i].memory, sizeof listener.memory);
		result = tl_vec_push(&dispatch->listeners, listener);
	}
	return result;
}

static int add_rule(struct tl_dispatch *dispatch, size_t i, uint32_t odd)
{
	return tl_vec_push(&dispatch->listeners,
			   (struct tl_listener){tl_rules[i].ops->event, &tl_rules[i], dispatch->memory[i], odd});
}

static int add_rules(struct tl_dispatch *dispatch, const struct selector *to)
{
	uint32_t odd;
	int result = 0;

	for (size_t i = 0; i < tl_n_rules && result == 0; i++)
		if (listens(tl_rules[i].ops->hears, to, &odd))
			result = add_rule(dispatch, i, odd);
	return result;
}

/* Those who care for nothing but what is odd, unless they hear of such an event by what it is. */
static int add_others(struct tl_dispatch *dispatch, const struct selector *to)
{
	uint32_t heard;
	int result = 0;

	for (uint32_t odd = 1; odd <= TL_ODD_INSIDE; odd <<= 1)
		for (size_t i = 0; i < tl_n_rules && result == 0; i++)
			if (cares_for(tl_rules[i].ops->hears, odd) && !listens(tl_rules[i].ops->hears, to, &heard))
				result = add_rule(dispatch, i, odd);
	return result;
}

static int collect(struct tl_dispatch *dispatch, const struct tl_judge *judge, const struct selector *to)
{
	bool is_end = to->kind == TL_EVENT_DESTROY;
	int result = 0;

	dispatch->listeners.n = 0;
	if (!is_end)
		result = add_shared(dispatch, judge, to);
	if (result == 0)
		result = add_rules(dispatch, to);
	if (result == 0 && is_end)
		result = add_shared(dispatch, judge, to);
	if (result == 0 && to->is_odd)
		result = add_others(dispatch, to);
	return result == 0 ? tl_vec_push(&dispatch->listeners, (struct tl_listener){0}) : result;
}

const struct tl_listener *tl_dispatch_make(struct tl_dispatch *dispatch, const struct tl_judge *judge, size_t list,
					   bool is_odd)
{
	size_t row = list / TL_REASON_LISTS;
	const struct selector to = {
		.kind = row < TL_N_EVENT_KINDS ? (unsigned)row : TL_EVENT_START,
		.cause = row < TL_N_EVENT_KINDS ? 0 : (unsigned)(row - TL_N_EVENT_KINDS),
		.reason = (unsigned)(list % TL_REASON_LISTS),
		.is_odd = is_odd,
		.has = judge->has,
	};
	const struct tl_listener *made = NULL;

	if (collect(dispatch, judge, &to) == 0)
		made = tl_arena_copy(&dispatch->arena, dispatch->listeners.items,
				     dispatch->listeners.n * sizeof *dispatch->listeners.items);
	(is_odd ? dispatch->odd : dispatch->usual)[list] = made;
	return made;
}

/* What was made before stays where it is: there are few things that can happen. */
void tl_dispatch_again(struct tl_dispatch *dispatch, const struct tl_judge *judge)
{
	dispatch->has = judge->has;
	memset(dispatch->usual, 0, sizeof dispatch->usual);
	memset(dispatch->odd, 0, sizeof dispatch->odd);
}

void tl_dispatch_init(struct tl_dispatch *dispatch, void *const *memory)
{
	_Static_assert(TL_N_EVENT_KINDS <= 32 && TL_N_CAUSES <= 32, "they are bits of a set");
	_Static_assert(TL_N_REASONS < TL_REASON_LISTS, "and reasons, with one more list");
	memset(dispatch, 0, sizeof *dispatch);
	tl_arena_init(&dispatch->arena);
	dispatch->memory = memory;
}

void tl_dispatch_finish(struct tl_dispatch *dispatch)
{
	tl_vec_finish(&dispatch->listeners);
	tl_arena_finish(&dispatch->arena);
}

/* ---- telling ---------------------------------------------------------------------- */

int tl_dispatch_odd(struct tl_dispatch *dispatch, size_t list, struct tl_judge *judge, const struct tl_event *event,
		    const struct tl_step *step)
{
	const struct tl_listener *listener = dispatch->odd[list];

	if (!listener && !(listener = tl_dispatch_make(dispatch, judge, list, true)))
		return -1;
	for (; listener->event; listener++)
		if ((listener->odd == 0 || listener->odd & step->odd) &&
		    listener->event(listener->memory, listener->rule, judge, event, step) != 0)
			return -1;
	return 0;
}
