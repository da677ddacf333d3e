/*
 * What the building of a model consists of, in small steps, and where they are done: at
 * once, or by a thread of their own that fills the rows while the next events are
 * judged. Deciding what is to be done (build.c) needs the state; doing it needs memory,
 * and waits for it.
 */
#ifndef TL_MODEL_FEED_H
#define TL_MODEL_FEED_H

#include "viewer/model/model.h"

/* One step. Two fit into a cache line. */
struct tl_feed_step {
	int64_t begin_ns; /* of the span; of an edge: from_ns */
	uint64_t object;  /* of the span: its address; of an edge: to_ns, as it is */
	uint32_t row;
	uint32_t stack; /* of an edge: from_row */
	uint32_t wait;
	uint8_t what; /* enum tl_feed_what */
	uint8_t look; /* of an edge: its kind */
	uint8_t reason;
	union {
		uint8_t cause;
		bool is_late; /* of an edge: from_row is not there yet */
	};
};

enum tl_feed_what {
	TL_FEED_SPAN,  /* appended to its row */
	TL_FEED_CAUSE, /* of the row's last span */
	TL_FEED_EDGE,
};

/* How a row ends after all steps that were given: all that deciding on the next one needs to know. */
struct tl_feed_end {
	uint64_t task;
	int64_t begin_ns, last_ns; /* of the last span; of the task's own last event */
	uint32_t wait;
	uint8_t look;
	bool any; /* it has spans */
};

/* Does a step of the model now, or hands it over; 0 or -1. */
int tl_feed_give(struct tl_model *model, const struct tl_feed_step *step);

/* Waits until every step that was given is done, and brings the rows' last_ns up to date; 0 or -1: out of memory. */
int tl_feed_drain(struct tl_model *model);

/* Ends the thread, if there is one. Steps that are not done yet are left out. */
void tl_feed_end(struct tl_model *model);

#endif
