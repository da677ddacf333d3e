/*
 * What happened in a range of the trace, in numbers, each with the place on the
 * timeline where its largest part is: time of each task by look, waits by reason, by
 * object and by stack, and how soon who was woken ran. What viewer/stats counts
 * for reports, but of any range at any time, from a sealed model, and with places
 * to go to.
 *
 * Made in slices, so that a window stays alive while it is made: begin, then step
 * until it is done. Knows no pixels. Not thread-safe.
 */
#ifndef TL_MODEL_SURVEY_H
#define TL_MODEL_SURVEY_H

#include "viewer/model/model.h"
#include "viewer/stats/quantiles.h"

/* A sum of waits of one kind, and where the longest of them is. */
struct tl_survey_waits {
	uint64_t n; /* waits that touch the range */
	int64_t ns; /* within the range */
	int64_t longest_ns;
	uint32_t row, span; /* the longest */
	uint32_t n_tasks;   /* that waited so */
	uint32_t last_row;  /* that was counted */
};

struct tl_survey_task {
	int64_t looks_ns[TL_N_LOOKS];
	uint64_t waits, woken,
		wakes; /* waits that touch the range; starts in it whose waker is known; that it caused */
};

struct tl_survey_object {
	uint32_t object; /* of the model; 0: none */
	uint8_t reason;  /* both sides of a read-write lock count as one */
	struct tl_survey_waits waits;
};

struct tl_survey_stack {
	uint32_t nonce, stack; /* stack 0: not recorded */
	uint8_t reason;
	struct tl_survey_waits waits;
};

/* Wake-ups that took [2^i, 2^(i+1)) ns; the first also those that took none. */
struct tl_survey_wake {
	uint64_t n;
	int64_t longest_ns;
	uint32_t row, edge; /* the longest */
};

#define TL_SURVEY_WAKES 63

/* A hash table into an array of the survey. */
struct tl_survey_table {
	uint32_t *slots; /* index + 1 */
	size_t room;     /* a power of two, or 0 */
};

struct tl_survey {
	const struct tl_model *model; /* borrowed; NULL: not begun */
	int64_t from_ns, to_ns;
	struct tl_survey_task *tasks; /* by row */
	struct tl_survey_waits reasons[TL_N_REASONS];
	TL_VEC(struct tl_survey_object) objects; /* when done: the longest time first */
	TL_VEC(struct tl_survey_stack) stacks;   /* likewise */
	struct tl_survey_wake wakes[TL_SURVEY_WAKES];
	struct tl_quantiles wake_ns;
	int64_t looks_ns[TL_N_LOOKS]; /* of all tasks */
	bool done;
	/* Where it stands: */
	uint32_t row;
	size_t span, edge;
	bool in_row;
	uint32_t counted_wait;
	bool counted;
	struct tl_survey_table object_table, stack_table;
};

/* Begins anew with [from_ns, to_ns) of a sealed model. 0, or -1 without memory. */
int tl_survey_begin(struct tl_survey *survey, const struct tl_model *model, int64_t from_ns, int64_t to_ns);
/* Looks at some `budget` more spans and edges. 0, or -1 without memory: it is over then, and empty. */
int tl_survey_step(struct tl_survey *survey, size_t budget);
/* Accepts one that was never begun (zeroed). */
void tl_survey_finish(struct tl_survey *survey);

/* The bucket of `wakes` for a time. */
unsigned tl_survey_bucket(int64_t ns);

#endif
