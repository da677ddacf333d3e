/*
 * Where events come from: one interface, one file per source (Babeltrace2,
 * event list in text, and others to come). A source yields, in order of time,
 * either the next event, or "so much is missing here", or the end. It knows the
 * format of its input and nothing of what the events mean: it neither orders
 * causes nor judges.
 */
#ifndef TL_READ_SOURCE_H
#define TL_READ_SOURCE_H

#include "viewer/base/error.h"
#include "viewer/read/event.h"
#include "viewer/read/offsets.h"

enum tl_item_type {
	TL_ITEM_END = 0,
	TL_ITEM_EVENT = 1,
	TL_ITEM_LOSS = 2,
	TL_ITEM_QUIET = 3, /* of a live source only: nothing has come for a moment, and more may come */
};

/* What is missing, and how we know. */
enum tl_loss_kind {
	TL_LOSS_EVENTS,  /* the tracer discarded events */
	TL_LOSS_PACKETS, /* the tracer overwrote whole packets */
	TL_LOSS_TAIL,    /* the file ends in the middle of a packet: the rest was left out */
};

struct tl_loss {
	enum tl_loss_kind kind;
	int64_t begin_ns, end_ns; /* since the epoch; equal when only a point is known; INT64_MIN/MAX: unknown */
	uint64_t count;           /* events (EVENTS), packets (PACKETS), bytes (TAIL) */
	bool count_known;
	bool is_kernels;   /* of the kernel's scheduler events: of which task, nobody can say */
	const char *where; /* the stream, as a person finds it: file name and CPU; never NULL in an item */
};

/* Texts of a loss are valid as long as those of an event. */
struct tl_item {
	enum tl_item_type type;
	bool is_plain; /* after tl_source_fill: it points to nothing that would have to be kept */
	union {
		struct tl_event event; /* TL_ITEM_EVENT */
		struct tl_loss loss;   /* TL_ITEM_LOSS */
	};
};

#define TL_STREAM_NAME 256 /* bytes of room for a stream's `where` */

/* What is known of the input; complete only after TL_ITEM_END. */
struct tl_source_info {
	char host[128];          /* from the trace's environment; "" if unknown */
	int64_t start_ns;        /* of the first event of any kind, since the epoch */
	int64_t end_ns;          /* of the last */
	uint64_t events;         /* ours, and the kernel's that we understand */
	uint64_t kernel_events;  /* of them, the kernel's */
	uint64_t foreign_events; /* of other providers: counted, not delivered */
	uint64_t malformed;      /* named as ours, but not with our fields or values: not delivered */
	uint64_t lost_events;    /* counted by the tracer */
	uint64_t lost_packets;
	uint64_t read_bytes, all_bytes; /* of the streams: how far it is; 0 of 0: not known */
	uint64_t tail_bytes;            /* left out after the last whole packet of a stream */
};

struct tl_source;

/* How a kind of source works; a source's struct begins with struct tl_source. */
struct tl_source_ops {
	const char *name; /* "babeltrace", "text" */
	/*
	 * Fills `item` and returns its type, or a negative tl_error_code with
	 * `error` set. After an error only destroy may be called: what came
	 * before it stays valid.
	 */
	int (*next)(struct tl_source *source, struct tl_item *item, struct tl_error *error);
	/*
	 * Not NULL: the next items at once, up to `max` (at least 1) and no more than are there
	 * without delay. Sets the items' `is_plain`, and in `times` when each is (tl_item_time).
	 * How many, 0 at the end, or as `next`.
	 */
	int (*fill)(struct tl_source *source, struct tl_item *items, int64_t *times, size_t max,
		    struct tl_error *error);
	void (*destroy)(struct tl_source *source);
};

#define TL_SNAPSHOT_ROOM 1024

struct tl_source {
	const struct tl_source_ops *ops;
	struct tl_source_info info;
	char refusal[256]; /* why the direct reader left the trace to Babeltrace; "": it did not */
	/*
	 * Not 0: before that time, since the epoch, something of every task may be missing,
	 * as in a snapshot of memory that was overwritten; events from there are left out.
	 */
	int64_t whole_from_ns;
	/*
	 * Not 0: after that time, since the epoch, something of every task may be missing, for
	 * the streams of a snapshot or a part are not cut at the same moment. Left out as well.
	 */
	int64_t whole_until_ns;
	uint64_t left_out;             /* so many so far; not counted in info.events */
	char newest[TL_SNAPSHOT_ROOM]; /* what was opened is the latest of a folder's snapshots: its path; "" */
	char others[TL_SNAPSHOT_ROOM]; /* the names of the rest, the latest first */
};

int tl_source_next_inside(struct tl_source *source, struct tl_item *item, struct tl_error *error);
static inline int tl_source_next(struct tl_source *source, struct tl_item *item, struct tl_error *error)
{
	return __builtin_expect((source->whole_from_ns | source->whole_until_ns) == 0, 1)
		       ? source->ops->next(source, item, error)
		       : tl_source_next_inside(source, item, error);
}

/* When an event is, or a loss begins. */
static inline int64_t tl_item_time(const struct tl_item *item)
{
	return item->type == TL_ITEM_EVENT ? item->event.time_ns : item->loss.begin_ns;
}

/*
 * Several items, as ops->fill; of any source, though of some only one at a time. A quiet
 * item comes alone. What they point to is valid until the next call.
 */
int tl_source_fill(struct tl_source *source, struct tl_item *items, int64_t *times, size_t max, struct tl_error *error);

/* Accepts NULL. */
void tl_source_destroy(struct tl_source *source);

/* Which reader takes CTF traces. */
enum tl_reader {
	TL_READER_ANY, /* the direct one, or Babeltrace where that one refuses */
	TL_READER_DIRECT,
	TL_READER_BABELTRACE,
};

/* "direct" and "babeltrace"; false: none of them. */
bool tl_reader_find(const char *name, enum tl_reader *reader);

/*
 * Opens what is at `path`: a folder that holds a CTF trace (or several, at any
 * depth), or a regular file with an event list in text. The caller owns the
 * source. NULL with `error` set when nothing there can be read.
 */
struct tl_source *tl_source_open(const char *path, struct tl_error *error);
/* The same with a certain reader for folders. */
struct tl_source *tl_source_open_with(const char *path, enum tl_reader reader, struct tl_error *error);
/* The same, and with offsets of clocks (NULL: none), of which those that fit are marked. */
struct tl_source *tl_source_open_one(const char *path, enum tl_reader reader, struct tl_offsets *offsets,
				     struct tl_error *error);

/*
 * Opens several at once, as one source: their events by time. Folders go
 * together as the parts of one do; what is given twice counts once.
 */
struct tl_source *tl_source_open_several(const char *const *paths, size_t n, struct tl_error *error);
/*
 * The same, and as tl_source_open_with where it is one, with what the user says of the
 * clocks (NULL: nothing), which must outlive the call. An offset that fits nothing is an error.
 */
struct tl_source *tl_source_open_shifted(const char *const *paths, size_t n, enum tl_reader reader,
					 struct tl_offsets *offsets, struct tl_error *error);

/* One kind each; tl_source_open picks among them. */
struct tl_source *tl_source_babeltrace_create(const char *path, struct tl_error *error);
struct tl_source *tl_source_babeltrace_create_several(const char *const *paths, size_t n, struct tl_offsets *offsets,
						      struct tl_error *error);
/* Refuses (TL_EFORMAT) what is outside of the part of CTF 1.8 that LTTng writes, and streams without a whole packet. */
struct tl_source *tl_source_direct_create(const char *path, struct tl_error *error);
struct tl_source *tl_source_direct_create_several(const char *const *paths, size_t n, struct tl_offsets *offsets,
						  struct tl_error *error);
/*
 * Follows a session that runs: "net://HOST[:PORT]", the only one there, or
 * "net://HOST[:PORT]/host/HOST/NAME". Waits for a session that is not there yet, by quiet
 * items, and ends with it.
 */
struct tl_source *tl_source_live_create(const char *url, struct tl_error *error);
/* Shifts all times of an event list, before anything is read from it. */
void tl_source_text_shift(struct tl_source *source, int64_t ns);
/* Is it such an address, and no path? */
bool tl_source_is_live(const char *path);
struct tl_source *tl_source_text_create(const char *path, struct tl_error *error);
/* For a source of that kind: sets its whole_from_ns and, if `is_cut`, its whole_until_ns. */
void tl_source_direct_bound(struct tl_source *source, bool is_cut);
/*
 * For a source of that kind of which nothing was read yet: packets of at least so many bytes
 * are mapped, smaller ones are read. 1: all are; SIZE_MAX: none is; else it does what is faster.
 */
void tl_source_direct_map(struct tl_source *source, size_t least);
/* Reads text from memory (copied). `name` stands in errors. */
struct tl_source *tl_source_text_create_memory(const char *name, const char *text, size_t size, struct tl_error *error);

#endif
