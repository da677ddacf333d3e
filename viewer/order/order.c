/* Reads ahead, ties and missing causes; see order.h. */
#include "viewer/order/order.h"

#include <stdlib.h>

#include "viewer/order/progress.h"
#include "viewer/order/window.h"

#define DEFAULT_TOLERANCE_NS 1000000
#define QUIETS 20    /* of a live source, about a second: then what waits for more goes on without */
#define MAX_CHAIN 32 /* causes of causes that are looked for */

struct tl_order {
	struct tl_source *source;
	int64_t tolerance_ns;
	struct tl_progress_table progress;
	struct tl_window window; /* what was read, in order of time */
	struct tl_place head;    /* what is before it was given */
	uint64_t given_until;    /* and some of what is before this place, as number_of tells them */
	size_t waiting;          /* so many were not */
	int end;                 /* TL_ITEM_END or the source's error, once reached */
	bool ended;
	bool is_quiet;     /* a quiet item came in the present call */
	unsigned n_quiets; /* in a row */
	struct tl_error failure;
};

struct tl_order *tl_order_create(struct tl_source *source)
{
	struct tl_order *order = calloc(1, sizeof *order);

	if (!order)
		return NULL;
	order->source = source;
	order->tolerance_ns = DEFAULT_TOLERANCE_NS;
	if (tl_window_init(&order->window) != 0) {
		tl_order_destroy(order);
		return NULL;
	}
	order->head.chunk = order->window.oldest;
	return order;
}

void tl_order_destroy(struct tl_order *order)
{
	if (!order)
		return;
	tl_progress_finish(&order->progress);
	tl_window_finish(&order->window);
	free(order);
}

void tl_order_set_tolerance(struct tl_order *order, int64_t ns)
{
	order->tolerance_ns = ns;
}

static const struct tl_item *item_at(struct tl_place place)
{
	return &place.chunk->items[place.at];
}

static int64_t time_at(struct tl_place place)
{
	return place.chunk->times[place.at];
}

static bool is_same(struct tl_place a, struct tl_place b)
{
	return a.chunk == b.chunk && a.at == b.at;
}

/* Reads what the source has at hand, and there is room for, into the window. */
static int read_some(struct tl_order *order)
{
	struct tl_chunk *chunk = tl_window_room(&order->window);
	size_t most = TL_ORDER_AHEAD - order->waiting, room = chunk ? TL_CHUNK_ITEMS - chunk->n : 0;
	int got = -1;

	if (chunk)
		got = tl_source_fill(order->source, &chunk->items[chunk->n], &chunk->times[chunk->n],
				     room < most ? room : most, &order->failure);
	if (got > 0 && chunk->items[chunk->n].type == TL_ITEM_QUIET)
		order->is_quiet = true;
	else if (!chunk || (got > 0 && tl_window_keep(&order->window, (size_t)got) != 0))
		got = tl_error_set(&order->failure, TL_ENOMEM, "out of memory while ordering events");
	return got;
}

/* Reads more items into the window, one at least; false at the end, an error, or when it is full. */
static bool pull(struct tl_order *order)
{
	int got;

	if (order->ended || order->is_quiet || order->waiting >= TL_ORDER_AHEAD)
		return false;
	/* It was waited for long enough. */
	if (order->n_quiets >= QUIETS && order->waiting > 0)
		return false;
	got = read_some(order);
	order->n_quiets = order->is_quiet ? order->n_quiets + 1 : 0;
	if (order->is_quiet)
		return false;
	if (got <= 0) {
		order->end = got;
		order->ended = true;
		return false;
	}
	order->waiting += (size_t)got;
	return true;
}

static bool reach_later(struct tl_order *order, struct tl_place *place)
{
	for (;;) {
		if (place->at < place->chunk->n) {
			if (!place->chunk->given[place->at])
				return true;
			place->at++;
		} else if (place->chunk->next) {
			*place = (struct tl_place){place->chunk->next, 0};
		} else if (!pull(order)) {
			return false;
		}
	}
}

/* From `place` to the next item that was not given, itself included, if need be by reading it; false: there is none. */
static inline bool reach(struct tl_order *order, struct tl_place *place)
{
	if (place->at < place->chunk->n && !place->chunk->given[place->at])
		return true;
	return reach_later(order, place);
}

static bool reach_next(struct tl_order *order, struct tl_place *place)
{
	place->at++;
	return reach(order, place);
}

static int rank(const struct tl_item *item)
{
	if (item->type != TL_ITEM_EVENT)
		return -1;
	switch (item->event.kind) {
	case TL_EVENT_PROCESS_BEGIN: return 0;
	case TL_EVENT_CREATE: return 1;
	case TL_EVENT_BLOCK: return 2;
	case TL_EVENT_UNBLOCK:
	case TL_EVENT_EXIT: return 3;
	case TL_EVENT_START: return 4;
	default: return 2;
	}
}

static bool comes_before(const struct tl_item *a, const struct tl_item *b)
{
	int ra = rank(a), rb = rank(b);

	if (a->type == TL_ITEM_EVENT && b->type == TL_ITEM_EVENT && a->event.task == b->event.task)
		return tl_seq_diff(a->event.seq, b->event.seq) < 0;
	if (ra != rb)
		return ra < rb;
	return a->type == TL_ITEM_EVENT && b->type == TL_ITEM_EVENT && a->event.task < b->event.task;
}

/* The first of those that stand at the head's time. */
static struct tl_place first_of_ties(struct tl_order *order)
{
	struct tl_place best = order->head, other = order->head;

	while (reach_next(order, &other) && time_at(other) == time_at(order->head))
		if (comes_before(item_at(other), item_at(best)))
			best = other;
	return best;
}

static bool lacks_cause(struct tl_order *order, const struct tl_event *event, struct tl_needed *cause)
{
	const struct tl_progress *self = tl_progress_find(&order->progress, event->task);

	if (self && tl_seq_diff(event->seq, self->seq) > 1) {
		*cause = (struct tl_needed){event->task, self->seq + 1};
		return true;
	}
	/* Of a task that is new here an earlier event may stand behind, at the same time. */
	if (!self && event->seq > 1) {
		*cause = (struct tl_needed){event->task, event->seq - 1};
		return true;
	}
	return tl_progress_named(event, cause) && tl_progress_is_behind(&order->progress, *cause);
}

/* Finds the cause in what is, or can be, read ahead. */
static bool find_ahead(struct tl_order *order, const struct tl_needed *cause, struct tl_place *found)
{
	struct tl_place place = order->head;
	int64_t limit;

	if (__builtin_add_overflow(time_at(place), order->tolerance_ns, &limit))
		limit = INT64_MAX;
	do {
		const struct tl_item *item = item_at(place);

		if (time_at(place) > limit)
			break;
		if (item->type == TL_ITEM_EVENT && item->event.task == cause->task && item->event.seq == cause->seq) {
			*found = place;
			return true;
		}
	} while (reach_next(order, &place));
	return false;
}

/* From an item back to the first of its missing causes that is at hand. */
static struct tl_place back_to_cause(struct tl_order *order, struct tl_place place)
{
	struct tl_place found;
	struct tl_needed cause;

	for (int i = 0; i < MAX_CHAIN; i++) {
		if (item_at(place)->type != TL_ITEM_EVENT || !lacks_cause(order, &item_at(place)->event, &cause) ||
		    !find_ahead(order, &cause, &found) || is_same(found, place))
			break;
		place = found;
	}
	return place;
}

/* Places count up in the order in which their items were read. */
static uint64_t number_of(struct tl_place place)
{
	return place.chunk->number * TL_CHUNK_ITEMS + place.at;
}

/* The item behind the head tells whether it comes next; it may be in another chunk. */
static inline void see_next(struct tl_order *order)
{
	if (order->head.at + 1 == order->head.chunk->n && !order->head.chunk->next)
		pull(order);
}

/* Does the head come next just as it stands? So it is nearly always: alone at its time, and not before its cause. */
static bool is_head_next(struct tl_order *order)
{
	struct tl_chunk *chunk = order->head.chunk;
	size_t at = order->head.at;
	struct tl_needed cause;

	see_next(order);
	if (at + 1 == chunk->n || chunk->given[at + 1] || chunk->times[at] == chunk->times[at + 1])
		return false;
	return chunk->items[at].type != TL_ITEM_EVENT || !lacks_cause(order, &chunk->items[at].event, &cause);
}

/* Whichever of the items that were read, or are read for that, must come next; NULL: what it waits for may still come. */
static const struct tl_item *choose(struct tl_order *order)
{
	struct tl_place place = back_to_cause(order, first_of_ties(order));

	if (order->is_quiet)
		return NULL;
	if (is_same(place, order->head)) {
		order->head.at++;
		return item_at(place);
	}
	place.chunk->given[place.at] = true;
	if (order->given_until <= number_of(place))
		order->given_until = number_of(place) + 1;
	return item_at(place);
}

static int give_quiet(const struct tl_item **item)
{
	static const struct tl_item quiet = {.type = TL_ITEM_QUIET};

	*item = &quiet;
	return TL_ITEM_QUIET;
}

/*
 * Those that stand alone at their times, behind their causes, with nothing given out of
 * turn among them. Who comes first with the others, tl_order_next finds out.
 */
size_t tl_order_ready(struct tl_order *order, const struct tl_item **items, size_t max)
{
	const struct tl_chunk *chunk = order->head.chunk;
	size_t at = order->head.at, n = 0;

	if (number_of(order->head) < order->given_until)
		return 0;
	for (; n < max && at + 1 < chunk->n && chunk->times[at] != chunk->times[at + 1]; at++) {
		const struct tl_item *item = &chunk->items[at];

		if (item->type == TL_ITEM_EVENT && !tl_progress_step(&order->progress, &item->event))
			break;
		items[n++] = item;
	}
	order->head.at = at;
	order->waiting -= n;
	return n;
}

int tl_order_next(struct tl_order *order, const struct tl_item **item, struct tl_error *error)
{
	order->is_quiet = false;
	see_next(order);
	if (tl_order_ready(order, item, 1))
		return (int)(*item)->type;
	if (!reach(order, &order->head)) {
		if (order->is_quiet)
			return give_quiet(item);
		if (order->end < 0 && error)
			*error = order->failure;
		return order->end;
	}
	*item = is_head_next(order) ? &order->head.chunk->items[order->head.at++] : choose(order);
	if (!*item)
		return give_quiet(item);
	order->waiting--;
	if ((*item)->type == TL_ITEM_EVENT && tl_progress_note(&order->progress, &(*item)->event) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory while ordering events");
	return (int)(*item)->type;
}

uint64_t tl_order_mark(const struct tl_order *order)
{
	return order->head.chunk->number;
}

void tl_order_release(struct tl_order *order, uint64_t mark)
{
	tl_window_release(&order->window, mark);
}
