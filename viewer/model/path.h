/*
 * The critical path to a moment: why did this start now? Walks back from a
 * task's stretch to who made it start, to what that task did before, to who had
 * made that start, and so on. What the path consists of adds up to the time
 * between its two ends, so that its parts tell where that time went.
 *
 * Works on a sealed model; knows no pixels. Bounded: see TL_PATH_MOST.
 */
#ifndef TL_MODEL_PATH_H
#define TL_MODEL_PATH_H

#include "viewer/model/model.h"

/* Stretches that a path may have. */
#define TL_PATH_MOST 20000u

/* How a stretch of the path led to the one after it. */
enum tl_path_link {
	TL_PATH_LAST,    /* the path leads to here */
	TL_PATH_WENT_ON, /* the same task went on */
	TL_PATH_WOKE,    /* it ended the wait of the next one's task */
	TL_PATH_CREATED, /* it created the next one's task */
};

/* Where the path begins, and why it goes no further back. */
enum tl_path_end {
	TL_PATH_EMPTY,   /* there was nothing to begin with */
	TL_PATH_BEGIN,   /* a task whose creation is not in the trace */
	TL_PATH_UNKNOWN, /* a wait ended, and nobody is known to have ended it */
	TL_PATH_GAP,     /* events are missing */
	TL_PATH_CIRCLE,  /* causes that lead around without any time passing: the trace contradicts itself */
	TL_PATH_FULL,    /* TL_PATH_MOST */
};

/* A stretch of one task. The next one begins where it ends. */
struct tl_path_step {
	int64_t begin_ns, end_ns;
	uint32_t row, span; /* `span` of the row covers it, but for TL_LOOK_RUNNABLE: it is what was woken */
	uint8_t look;       /* enum tl_look; RUNNABLE: woken or created, and not yet running */
	uint8_t reason;     /* blocked: enum tl_reason */
	uint8_t link;       /* enum tl_path_link, to the next one */
};

/* The time of one task in one look along the path. */
struct tl_path_sum {
	uint32_t row;
	uint8_t look, reason;
	uint32_t n; /* stretches */
	int64_t ns;
	uint32_t first; /* its longest stretch: place in `steps` */
};

struct tl_path {
	TL_VEC(struct tl_path_step) steps; /* in order of time */
	TL_VEC(struct tl_path_sum) sums;   /* the longest time first */
	enum tl_path_end end;
	uint32_t hops; /* from task to task */
};

/*
 * Fills `path` (zeroed, or filled before) with the path to the end of span
 * `span` of `row`; for a wait that ended, to the stretch that it let run.
 * 0, or -1 without memory: the path is empty then.
 */
int tl_path_find(struct tl_path *path, const struct tl_model *model, uint32_t row, size_t span);
void tl_path_finish(struct tl_path *path);

/* The last step in `row` that covers `time_ns`, or SIZE_MAX. */
size_t tl_path_step_at(const struct tl_path *path, uint32_t row, int64_t time_ns);
/* The first step that ends after `time_ns`; steps.n: none. */
size_t tl_path_from(const struct tl_path *path, int64_t time_ns);

/* "a wait that nobody is known to have ended" and so on. */
const char *tl_path_end_text(enum tl_path_end end);

#endif
