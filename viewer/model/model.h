/*
 * What the viewer draws: for each task a row of spans, the edges between rows,
 * the program's own marks and regions, what was lost, and levels of detail over
 * all of it. Built in the same single pass as the check, through its observer;
 * then sealed, and never changed again.
 *
 * The model knows tasks, times and findings, and nothing of pixels, colours or
 * windows. A question about n pixel columns costs O(n log spans), however many
 * events there are. Times are int64_t ns since the start of the trace (0), so
 * that they are subtracted as integers before anyone makes a float of them.
 *
 * Not thread-safe while it is built; a sealed model may be read by many.
 */
#ifndef TL_MODEL_MODEL_H
#define TL_MODEL_MODEL_H

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"
#include "viewer/rules/check.h"

/*
 * How a stretch of a task looks: its state, and for waits the family of what it
 * waits for. In rising order of what a person must see: of two looks that take
 * the same time in a pixel, the later one here is drawn.
 */
enum tl_look {
	TL_LOOK_NONE, /* no such task yet */
	TL_LOOK_EXITED,
	TL_LOOK_CREATED, /* created, has not run */
	TL_LOOK_RUNNING,
	TL_LOOK_RUNNABLE,
	TL_LOOK_IDLE, /* blocked: sleep, io, child, signal */
	TL_LOOK_WAIT, /* blocked: condition, semaphore, channel, join, ... */
	TL_LOOK_LOCK, /* blocked: mutex, rwlock, spin, once */
	TL_LOOK_GAP,  /* unknown: events are missing */
	TL_N_LOOKS,
};

/* "waiting for a lock" and so on; never NULL. */
const char *tl_look_text(enum tl_look look);
/* The state that a look stands for; NONE and GAP give TL_TASK_UNKNOWN. */
enum tl_task_state tl_look_state(enum tl_look look);
/* The look of a blocked task, by enum tl_reason. */
enum tl_look tl_look_of_reason(unsigned reason);

/* A stretch of one task in one look; it ends where the next span of its row begins. */
struct tl_span {
	int64_t begin_ns;
	uint32_t object; /* place in the model's table of objects; 0: none */
	uint32_t stack;  /* id in the task's process; 0: none */
	uint32_t wait;   /* blocked: number of the wait; else 0 */
	uint8_t look;    /* enum tl_look */
	uint8_t reason;  /* blocked: enum tl_reason; else 0 */
	uint8_t cause;   /* running: enum tl_cause of its start; else 0 */
	uint8_t spare;
};

enum tl_edge_kind { TL_EDGE_CREATE, TL_EDGE_UNBLOCK };

/*
 * A cause in another row, kept with the row where it took effect, in order of
 * to_ns. Packed: there are about as many as waits, and a fifth would be padding.
 */
struct __attribute__((packed, aligned(4))) tl_edge {
	int64_t from_ns, to_ns;
	uint32_t from_row : 31;
	uint32_t kind : 1; /* enum tl_edge_kind */
};

/* An edge that leaves a row: edge `edge` of row `row`. In order of its from_ns. */
struct tl_edge_ref {
	uint32_t row, edge;
};

/* A finding flagged in a row. In order of time. */
struct tl_flag {
	int64_t time_ns;
	uint32_t finding; /* place in the list of findings */
	uint8_t severity; /* enum tl_severity */
};

/* A region of the program's own; end_ns is the trace's end if it never ended; before the model is sealed, TL_REGION_OPEN. */
#define TL_REGION_OPEN ((int64_t)1 << 60) /* later than any time, and far from an overflow */
struct tl_region {
	int64_t begin_ns, end_ns;
	const char *text;
};

struct tl_mark {
	int64_t time_ns;
	const char *text;
};

#define TL_REGION_LANES 2 /* nesting that is kept; deeper regions are counted only */

/* What few rows have. */
struct tl_row_extra {
	TL_VEC(struct tl_flag) flags;
	uint8_t *flag_worst;                             /* highest severity + 1 of each TL_FLAG_BLOCK flags */
	TL_VEC(struct tl_region) lanes[TL_REGION_LANES]; /* disjoint within a lane */
	TL_VEC(struct tl_mark) marks;
	uint32_t depth; /* while building: regions open */
};

#define TL_FLAG_BLOCK 32
#define TL_SPAN_BLOCK 32

/*
 * Level of detail, of TL_SPAN_BLOCK spans of a row: the time in each look (but
 * the first, which never lasts) before them, and of each span its begin, since
 * the block's own << TL_TICK_SHIFT, and its look. Three cache lines.
 */
#define TL_TICK_SHIFT 4
#define TL_TICK_FAR (UINT32_MAX >> TL_TICK_SHIFT) /* or more: the span itself tells */

struct tl_block {
	int64_t sums[TL_N_LOOKS - 1];
	uint32_t ticks[TL_SPAN_BLOCK];
};

/* The tick of a span in a block that begins at `block_ns`. */
static inline uint32_t tl_model_tick(const struct tl_span *span, int64_t block_ns)
{
	int64_t since = span->begin_ns - block_ns;

	return (since < TL_TICK_FAR ? (uint32_t)since : TL_TICK_FAR) << TL_TICK_SHIFT | span->look;
}

struct tl_row {
	uint64_t task;
	TL_VEC(struct tl_span) spans;
	TL_VEC(struct tl_edge) edges;
	struct tl_block *blocks; /* tl_row_blocks of them, or NULL */
	int64_t *block_begins;   /* where each of these begins: apart, so that a search touches nothing else */
	struct tl_edge_ref *outs;
	size_t blocks_room, begins_room, outs_room;
	uint32_t n_outs;
	int64_t last_ns;            /* of its own last event */
	uint32_t nonce;             /* of the process with whose rows it stands */
	uint32_t beside;            /* the first row of those that stand right beside it: itself, if alone */
	bool is_kernels;            /* it shows what the kernel says of a thread */
	bool at_end;                /* it stands behind all others: the kernel's own threads */
	bool outs_mixed;            /* while building: the outs are not in their order */
	struct tl_row_extra *extra; /* NULL: none */
};

/* Only rows with more than TL_SPAN_BLOCK spans have levels of detail. */
static inline size_t tl_row_blocks(const struct tl_row *row)
{
	return row->spans.n > TL_SPAN_BLOCK ? (row->spans.n + TL_SPAN_BLOCK - 1) / TL_SPAN_BLOCK : 0;
}

struct tl_object {
	uint64_t address;
	uint32_t nonce; /* of its process */
};

/* Where objects are found by their address. */
struct tl_object_slot {
	uint32_t tag;   /* bits of the hash */
	uint32_t place; /* in the model's table of objects; 0: free */
};

/* A stretch in which the tracer lost something. */
struct tl_hole {
	int64_t begin_ns, end_ns;
	uint64_t count;
	enum tl_loss_kind kind;
	bool count_known;
};

#define TL_OVERVIEW 2048

/* The whole trace at one glance: how much of the tasks' time each look takes. */
struct tl_overview {
	int64_t bucket_ns;                    /* width of a bucket, >= 1 */
	float looks[TL_OVERVIEW][TL_N_LOOKS]; /* tasks in that look, on average */
	uint8_t worst[TL_OVERVIEW];           /* highest severity + 1; 0: no finding */
	double most;                          /* the highest sum of a bucket's looks */
};

struct tl_model {
	TL_VEC(struct tl_row) rows;       /* by tl_task.index */
	TL_VEC(struct tl_object) objects; /* [0] is none */
	TL_VEC(struct tl_hole) holes;
	struct tl_overview *overview;
	struct tl_arena arena; /* texts of marks and regions */
	int64_t epoch_ns;      /* time 0, since the Unix epoch */
	int64_t end_ns;        /* of the last event; >= 1 once sealed */
	uint64_t events;
	uint64_t n_edges;
	bool begun, sealed;
	/* While it is built (viewer/model/feed.h): */
	TL_VEC(struct tl_feed_end) ends; /* one for each row */
	struct {
		struct tl_feed_step *at, *end;
	} batch;                  /* where the next step is put */
	struct tl_feed_step *one; /* the batch of one step, for who does it at once */
	struct tl_feed *feed;     /* NULL: it has no thread of its own */
	/*
	 * Not NULL: the spans, edges, outs, blocks and their begins of all rows are parts of this, which is
	 * mapped and not the model's to change (viewer/cache).
	 */
	void *kept;
	size_t kept_size;
	struct tl_object_slot *object_table; /* open addressing into `objects`, at most half of it in use */
	size_t object_room;                  /* a power of two, or 0 */
	unsigned object_shift;               /* of the upper bits of a hash, so that they are a place */
};

/* NULL when out of memory. */
struct tl_model *tl_model_create(void);
/* Accepts NULL. */
void tl_model_destroy(struct tl_model *model);

/* The observer that builds `model`; it must outlive the check. */
struct tl_observer tl_model_observer(struct tl_model *model);

/*
 * From here on, rows are filled by a thread of their own while the observer goes on with the next
 * event. That thread ends with the building; rows must not be looked at but after
 * tl_model_peek, to the next event. Without memory, or another processor, all stays as it was.
 */
void tl_model_hurry(struct tl_model *model);

/*
 * Ends the building: settles time 0 at `start_ns` (the trace's start since the
 * epoch; INT64_MIN: the first event seen), closes what is open, flags the
 * findings (which may be NULL) and computes the levels of detail. Once only.
 * Returns 0 or TL_ENOMEM.
 */
int tl_model_seal(struct tl_model *model, const struct tl_state *state, const struct tl_findings *findings,
		  int64_t start_ns, struct tl_error *error);

/*
 * Before it is sealed: makes what was built so far fit for all queries below (flags excepted:
 * there are none), until the next event. As often as one likes. 0 or TL_ENOMEM.
 */
int tl_model_peek(struct tl_model *model, const struct tl_state *state);

/* For who fills a row from elsewhere: sorts its flags (`extra` may be NULL), and finds flag_worst. 0 or -1. */
int tl_row_index_flags(struct tl_row_extra *extra);

/* Bytes held, for people who watch memory. */
size_t tl_model_bytes(const struct tl_model *model);

/* `since epoch` as a time of the model; saturates beyond 9 years. */
int64_t tl_model_time(const struct tl_model *model, int64_t since_epoch_ns);

/* ---- queries on a sealed model --------------------------------------------- */

#define TL_NO_SPAN SIZE_MAX

/* The span of a row that covers `time_ns`; TL_NO_SPAN before its first. */
size_t tl_model_span_at(const struct tl_row *row, int64_t time_ns);
/* The wait in which the task stood to its end or the trace's; NULL: it did not wait then. */
const struct tl_span *tl_row_last_wait(const struct tl_row *row);

/* Where span `i` of a row ends. */
int64_t tl_model_span_end(const struct tl_model *model, const struct tl_row *row, size_t i);

/* What one pixel column shows of a row. */
struct tl_column {
	uint32_t span;    /* at the column's begin, or the first in it; UINT32_MAX: none */
	uint16_t looks;   /* bit 1 << look: it takes some time in this column */
	uint8_t look;     /* the one that takes most of it */
	uint8_t severity; /* of the worst finding in it, + 1; 0: none */
	uint8_t changes;  /* spans that begin in it, 255: or more */
};

/*
 * Columns [bounds[i], bounds[i + 1]) for i < n, in rising order. A column that
 * is empty (deeper than 1 ns a pixel) shows the nanosecond at its begin.
 */
void tl_model_columns(const struct tl_model *model, const struct tl_row *row, const int64_t *bounds, size_t n,
		      struct tl_column *columns);

/* How long a row was in each look before `time_ns`; NONE: always 0. */
void tl_model_sums(const struct tl_model *model, const struct tl_row *row, int64_t time_ns, int64_t sums[TL_N_LOOKS]);
/* The same before each of `n` times in rising order. */
void tl_model_sums_along(const struct tl_model *model, const struct tl_row *row, const int64_t *times_ns, size_t n,
			 int64_t (*sums)[TL_N_LOOKS]);
/* What a column shows in which each look lasts so long: looks and look; no span. */
struct tl_column tl_model_column_of(const int64_t sums[TL_N_LOOKS]);

/* The first edge into the row with to_ns >= `time_ns`; the first out of it with from_ns >= it. */
size_t tl_model_edge_from(const struct tl_row *row, int64_t time_ns);
/* The same from edge `from` on, for who goes through a row in steps: close steps touch little memory. */
size_t tl_model_edge_next(const struct tl_row *row, size_t from, int64_t time_ns);
size_t tl_model_out_from(const struct tl_model *model, const struct tl_row *row, int64_t time_ns);
/* The edge behind a reference. Borrowed. */
const struct tl_edge *tl_model_edge(const struct tl_model *model, struct tl_edge_ref ref);
/* The edge that made span `i` of a row start; NULL when nobody is known. */
const struct tl_edge *tl_model_cause(const struct tl_row *row, size_t i);

/* The first mark with time >= `time_ns`; marks are in row->extra. */
size_t tl_model_mark_from(const struct tl_row *row, int64_t time_ns);
/* The first flag with time >= `time_ns`; flags are in row->extra. */
size_t tl_model_flag_from(const struct tl_row *row, int64_t time_ns);
/* Highest severity + 1 of the flags in [t0, t1); 0: none. */
unsigned tl_model_flag_worst(const struct tl_row *row, int64_t t0_ns, int64_t t1_ns);

#endif
