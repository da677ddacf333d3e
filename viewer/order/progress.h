/*
 * How far each task's own numbers have got, and so whether an event comes behind what it
 * says was before it. For order.c alone, which asks for every event: the answers that are
 * the frequent ones are found here without a call.
 */
#ifndef TL_ORDER_PROGRESS_H
#define TL_ORDER_PROGRESS_H

#include "viewer/base/table.h"
#include "viewer/read/event.h"

struct tl_progress {
	uint64_t task;
	uint32_t seq;
	UT_hash_handle hh;
};

/* All 0 when it begins. */
struct tl_progress_table {
	struct tl_progress *tasks;
	struct tl_recent recent; /* of them */
};

/* What must come before an event: the event of `task` with `seq`. */
struct tl_needed {
	uint64_t task;
	uint32_t seq;
};

void tl_progress_finish(struct tl_progress_table *table);

struct tl_progress *tl_progress_look_up(struct tl_progress_table *table, uint64_t id, void **slot);
/* NULL: none of its events was given. */
static inline struct tl_progress *tl_progress_find(struct tl_progress_table *table, uint64_t id)
{
	void **slot = tl_recent_slot(&table->recent, id);
	struct tl_progress *task = *slot;

	return __builtin_expect(task && task->task == id, 1) ? task : tl_progress_look_up(table, id, slot);
}

/* An event is given. 0, or negative without memory. */
int tl_progress_note(struct tl_progress_table *table, const struct tl_event *event);

/* What the event names as its cause, of another task. False: nothing. */
static inline bool tl_progress_named(const struct tl_event *event, struct tl_needed *cause)
{
	uint32_t number;

	if (event->kind == TL_EVENT_START) {
		number = event->u.start.waker;
		cause->seq = event->u.start.waker_seq;
	} else if (event->kind == TL_EVENT_UNBLOCK && event->u.unblock.target_seq) {
		number = event->u.unblock.target;
		cause->seq = event->u.unblock.target_seq;
	} else {
		return false;
	}
	cause->task = tl_event_peer(event, number);
	return number && cause->task != event->task;
}

static inline bool tl_progress_is_behind(struct tl_progress_table *table, struct tl_needed cause)
{
	const struct tl_progress *task = tl_progress_find(table, cause.task);

	return !task || tl_seq_diff(task->seq, cause.seq) < 0;
}

/* Notes an event that is the next one of its task and lacks no cause, as nearly all do; false: it is another one. */
static inline bool tl_progress_step(struct tl_progress_table *table, const struct tl_event *event)
{
	struct tl_progress *task = tl_progress_find(table, event->task);
	struct tl_needed cause;

	if (!task || event->seq != task->seq + 1 ||
	    (tl_progress_named(event, &cause) && tl_progress_is_behind(table, cause)))
		return false;
	task->seq = event->seq;
	return true;
}

#endif
