/*
 * Runs a source through order, state and rules: what `check`, the viewer and
 * the tests all do. The observer sees every event after the state took it, so
 * that the model is built in the same single pass.
 */
#ifndef TL_RULES_CHECK_H
#define TL_RULES_CHECK_H

#include "viewer/read/source.h"
#include "viewer/rules/finding.h"
#include "viewer/state/state.h"

struct tl_observer {
	void *data;
	/* An event in causal order, with what it did; 0, or negative to stop. */
	int (*event)(void *data, const struct tl_state *state, const struct tl_event *event, const struct tl_step *step,
		     struct tl_error *error);
	/* A loss at this point of the order. */
	int (*loss)(void *data, const struct tl_state *state, const struct tl_loss *loss, struct tl_error *error);
};

struct tl_check_options {
	const struct tl_observer *observer;            /* may be NULL */
	bool (*progress)(void *data, uint64_t events); /* may be NULL; called now and then, and whenever a live
							  source is quiet; false stops */
	void *progress_data;
};

/* What a check leaves; init before, finish after. */
struct tl_check {
	struct tl_state *state;
	struct tl_findings findings;
	struct tl_source_info
		info;    /* as the source knows it: at the present event, or a little ahead; all, at the end */
	uint64_t lost;   /* events missing by seq, or counted as lost by the tracer: the larger */
	uint64_t again;  /* events that were there twice, as in parts of a recording that overlap; they count once */
	bool incomplete; /* anything is missing, also what nobody could count */
	bool truncated;  /* a tail was left out */
	bool stopped;    /* the progress callback stopped it */
};

int tl_check_init(struct tl_check *check, struct tl_error *error);
void tl_check_finish(struct tl_check *check);

/*
 * Reads `source` to its end. Returns 0, or a negative code with `error` set
 * when the source failed in the middle: state and findings then hold what came
 * before, judged as a trace that ends there.
 */
int tl_check_run(struct tl_check *check, struct tl_source *source, const struct tl_check_options *options,
		 struct tl_error *error);

#endif
