/*
 * What the building of a model consists of, in small steps, and where they are done: at
 * once, or by a thread of their own that fills the rows while the next events are
 * judged. Deciding what is to be done (build.c) needs the state; doing it needs memory,
 * and waits for it.
 */
#ifndef TL_MODEL_FEED_H
#define TL_MODEL_FEED_H

#include "viewer/model/model.h"

enum tl_feed_what {
	TL_FEED_SPAN,  /* appended to its row */
	TL_FEED_CAUSE, /* of the row's last span */
	TL_FEED_WOKEN, /* an edge into the row, and the spans that mostly come with it */
};

/* What else there is to a step TL_FEED_WOKEN. */
enum tl_feed_woken {
	TL_WOKEN_RUNNABLE = 1, /* a span from where the edge leaves on, */
	TL_WOKEN_RUNS = 2,     /* and one from where it arrives */
};

/* One step. Two fit into a cache line. */
struct tl_feed_step {
	int64_t begin_ns; /* of the span; of an edge: from_ns */
	uint64_t object;  /* of the span: its address; of an edge: to_ns, as it is */
	uint32_t row;
	uint32_t stack; /* of an edge: from_row */
	uint32_t wait;  /* of an edge: enum tl_feed_woken */
	uint8_t look;   /* of an edge: its kind */
	uint8_t reason, cause;
	uint8_t what; /* enum tl_feed_what */
};

/* How a row ends after all steps that were given: all that deciding on the next one needs to know. */
struct tl_feed_end {
	uint64_t task;
	int64_t last_ns;   /* of the task's own last event */
	uint64_t standing; /* as tl_feed_standing says of the last span, or TL_FEED_NOTHING */
};

#define TL_FEED_NOTHING UINT64_MAX /* it has no spans */

/* What tells a span from the one before: the task's state, and if it is blocked the number of its wait, else 0. */
static inline uint64_t tl_feed_standing(enum tl_task_state state, uint32_t wait)
{
	return (uint64_t)wait << 8 | state;
}

/* The next step, to be filled in all its fields, and then given. */
static inline struct tl_feed_step *tl_feed_step(struct tl_model *model)
{
	return model->batch.at;
}

/* A batch is full: does it, or hands it over; 0 or -1. */
int tl_feed_give_batch(struct tl_model *model);

/* Does the step that was filled, or hands it over; 0 or -1. */
static inline int tl_feed_give(struct tl_model *model)
{
	return ++model->batch.at < model->batch.end ? 0 : tl_feed_give_batch(model);
}

/* A model begins without a thread: what is given is done at once. 0 or -1. */
int tl_feed_begin(struct tl_model *model);

/* Waits until every step that was given is done, and brings the rows' last_ns up to date; 0 or -1: out of memory. */
int tl_feed_drain(struct tl_model *model);

/* Ends the building, and the thread, if there is one. Steps that are not done yet are left out. */
void tl_feed_end(struct tl_model *model);

#endif
