/* Reads ahead, ties and missing causes; see order.h. */
#include "viewer/order/order.h"

#include <stdlib.h>
#include <string.h>
#include "viewer/base/table.h"

#include "viewer/base/vec.h"
#include "viewer/order/pointed.h"

#define DEFAULT_TOLERANCE_NS 1000000
#define MAX_CHAIN 32 /* causes of causes that are looked for */

/* How far a task's own numbers have got. */
struct progress {
	uint64_t task;
	uint32_t seq;
	UT_hash_handle hh;
};

/* An item read ahead, with copies of what it points to. */
struct ahead {
	struct tl_item item;
	void *copies;
	size_t room;
};

struct tl_order {
	struct tl_source *source;
	int64_t tolerance_ns;
	struct progress *tasks;
	struct tl_recent recent; /* of them */
	struct tl_pointed pointed;
	TL_VEC(struct ahead) queue; /* in order of time; what is before `head` was given */
	size_t head;
	struct ahead given; /* the item given last */
	int end;            /* TL_ITEM_END or the source's error, once reached */
	bool ended;
	struct tl_error failure;
};

struct tl_order *tl_order_create(struct tl_source *source)
{
	struct tl_order *order = calloc(1, sizeof *order);

	if (!order)
		return NULL;
	order->source = source;
	order->tolerance_ns = DEFAULT_TOLERANCE_NS;
	tl_pointed_init(&order->pointed);
	return order;
}

void tl_order_destroy(struct tl_order *order)
{
	struct progress *task, *next;

	if (!order)
		return;
	HASH_ITER(hh, order->tasks, task, next) {
		HASH_DEL(order->tasks, task);
		free(task);
	}
	for (size_t i = order->head; i < order->queue.n; i++)
		free(order->queue.items[i].copies);
	tl_vec_finish(&order->queue);
	free(order->given.copies);
	free(order);
}

void tl_order_set_tolerance(struct tl_order *order, int64_t ns)
{
	order->tolerance_ns = ns;
}

static struct progress *find_task(struct tl_order *order, uint64_t id)
{
	void **slot = tl_recent_slot(&order->recent, id);
	struct progress *task = *slot;

	if (task && task->task == id)
		return task;
	HASH_FIND(hh, order->tasks, &id, sizeof id, task);
	if (task)
		*slot = task;
	return task;
}

static int64_t time_of(const struct tl_item *item)
{
	return item->type == TL_ITEM_EVENT ? item->event.time_ns : item->loss.begin_ns;
}

/* Makes the item point to copies of its own. */
static int own_copies(const struct tl_order *order, struct ahead *ahead)
{
	size_t size = tl_pointed_size(&order->pointed, &ahead->item);

	if (size > ahead->room) {
		void *grown = realloc(ahead->copies, size);

		if (!grown)
			return -1;
		ahead->copies = grown;
		ahead->room = size;
	}
	if (size)
		tl_pointed_copy(&order->pointed, &ahead->item, ahead->copies);
	return 0;
}

static size_t queued(const struct tl_order *order)
{
	return order->queue.n - order->head;
}

static struct tl_item *queued_at(const struct tl_order *order, size_t i)
{
	return &order->queue.items[order->head + i].item;
}

/* Room for one more: at the end, or by taking back what was given. */
static int make_room(struct tl_order *order)
{
	if (order->head > 0 && (queued(order) == 0 || order->queue.n == order->queue.room)) {
		memmove(order->queue.items, order->queue.items + order->head,
			queued(order) * sizeof *order->queue.items);
		order->queue.n -= order->head;
		order->head = 0;
	}
	return tl_vec_reserve(&order->queue);
}

/* Reads one more item into the queue; false at the end, an error, or when it is full. */
static bool pull(struct tl_order *order)
{
	struct ahead *ahead;
	int got;

	if (order->ended || queued(order) >= TL_ORDER_AHEAD)
		return false;
	if (make_room(order) != 0) {
		order->ended = true;
		order->end = tl_error_set(&order->failure, TL_ENOMEM, "out of memory while ordering events");
		return false;
	}
	ahead = &order->queue.items[order->queue.n];
	/* The memory of the item given last serves again. */
	ahead->copies = order->given.copies;
	ahead->room = order->given.room;
	order->given.copies = NULL;
	order->given.room = 0;
	got = tl_source_next(order->source, &ahead->item, &order->failure);
	if (got > 0 && own_copies(order, ahead) != 0)
		got = tl_error_set(&order->failure, TL_ENOMEM, "out of memory while ordering events");
	if (got <= 0) {
		free(ahead->copies);
		order->end = got;
		order->ended = true;
		return false;
	}
	order->queue.n++;
	return true;
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
static size_t first_of_ties(struct tl_order *order)
{
	int64_t time_ns = time_of(queued_at(order, 0));
	size_t best = 0;

	for (size_t i = 1; i < queued(order) || pull(order); i++) {
		if (time_of(queued_at(order, i)) != time_ns)
			break;
		if (comes_before(queued_at(order, i), queued_at(order, best)))
			best = i;
	}
	return best;
}

/* What must come before an event and has not: the event of `task` with `seq`. */
struct cause {
	uint64_t task;
	uint32_t seq;
};

static bool is_behind(struct tl_order *order, uint64_t id, uint32_t seq)
{
	const struct progress *task = find_task(order, id);

	return !task || tl_seq_diff(task->seq, seq) < 0;
}

static bool lacks_cause(struct tl_order *order, const struct tl_event *event, struct cause *cause)
{
	const struct progress *self = find_task(order, event->task);

	if (self && tl_seq_diff(event->seq, self->seq) > 1) {
		*cause = (struct cause){event->task, self->seq + 1};
		return true;
	}
	/* Of a task that is new here an earlier event may stand behind, at the same time. */
	if (!self && event->seq > 1) {
		*cause = (struct cause){event->task, event->seq - 1};
		return true;
	}
	if (event->kind == TL_EVENT_START && event->u.start.waker)
		*cause = (struct cause){tl_event_peer(event, event->u.start.waker), event->u.start.waker_seq};
	else if (event->kind == TL_EVENT_UNBLOCK && event->u.unblock.target && event->u.unblock.target_seq)
		*cause = (struct cause){tl_event_peer(event, event->u.unblock.target), event->u.unblock.target_seq};
	else
		return false;
	return cause->task != event->task && is_behind(order, cause->task, cause->seq);
}

/* Where the cause stands in what is, or can be, read ahead; SIZE_MAX: not there. */
static size_t find_ahead(struct tl_order *order, const struct cause *cause)
{
	int64_t now = time_of(queued_at(order, 0)), limit;

	if (__builtin_add_overflow(now, order->tolerance_ns, &limit))
		limit = INT64_MAX;
	for (size_t i = 0; i < queued(order) || pull(order); i++) {
		const struct tl_item *item = queued_at(order, i);

		if (time_of(item) > limit)
			break;
		if (item->type == TL_ITEM_EVENT && item->event.task == cause->task && item->event.seq == cause->seq)
			return i;
	}
	return SIZE_MAX;
}

/* From an item back to the first of its missing causes that is at hand. */
static size_t back_to_cause(struct tl_order *order, size_t at)
{
	struct cause cause;

	for (int i = 0; i < MAX_CHAIN; i++) {
		size_t found;

		if (queued_at(order, at)->type != TL_ITEM_EVENT ||
		    !lacks_cause(order, &queued_at(order, at)->event, &cause))
			break;
		found = find_ahead(order, &cause);
		if (found == SIZE_MAX || found == at)
			break;
		at = found;
	}
	return at;
}

static int note_progress(struct tl_order *order, const struct tl_event *event)
{
	struct progress *task = find_task(order, event->task);

	if (!task) {
		task = malloc(sizeof *task);
		if (!task)
			return -1;
		task->task = event->task;
		task->seq = event->seq;
		HASH_ADD(hh, order->tasks, task, sizeof task->task, task);
	} else if (tl_seq_diff(event->seq, task->seq) > 0) {
		task->seq = event->seq;
	}
	return 0;
}

int tl_order_next(struct tl_order *order, struct tl_item *item, struct tl_error *error)
{
	struct ahead *first;
	size_t at;

	if (queued(order) == 0 && !pull(order)) {
		if (order->end < 0 && error)
			*error = order->failure;
		item->type = TL_ITEM_END;
		return order->end;
	}
	at = back_to_cause(order, first_of_ties(order));
	first = &order->queue.items[order->head];
	free(order->given.copies);
	order->given = first[at];
	memmove(first + 1, first, at * sizeof *first);
	order->head++;
	if (order->given.item.type == TL_ITEM_EVENT && note_progress(order, &order->given.item.event) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory while ordering events");
	*item = order->given.item;
	return (int)item->type;
}
