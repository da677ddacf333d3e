/*
 * What the files of the CTF source share; no other file includes this. One struct
 * is the whole source, and goes by "reader". In the order of the flow:
 *
 *   _open: which folders are which trace      _graph: sources, sink, connections
 *   _sink: one message after the other        _time, _stream: when and where it is
 *   _plan, _decode: events that are ours      _loss: what is missing
 *   _sched_plan, _sched: those of a kernel's scheduler, by way of kernel.h's mapper
 *   _error: the library's errors as ours      babeltrace.c: the interface, on top
 *   _live: sessions that run
 *
 * `tl_bt_` is ours, `bt_` the library's. Everything runs in the thread of whoever
 * calls the source.
 */
#ifndef TL_READ_BABELTRACE_INTERNAL_H
#define TL_READ_BABELTRACE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include <babeltrace2/babeltrace.h>
#include "viewer/base/table.h"

#include "viewer/base/vec.h"
#include "viewer/read/domain.h"
#include "viewer/read/sched_wants.h"
#include "viewer/read/merge.h"
#include "viewer/read/roots.h"
#include "viewer/read/source.h"
#include "viewer/read/tail.h"

#define TL_BT_MAX_STEPS 16     /* fields of one kind, task and seq included */
#define TL_BT_MAX_SEQUENCES 4  /* sequences in one kind */
#define TL_BT_SEQUENCE_MAX 255 /* their count is a u8 */
#define TL_BT_CACHE_SLOTS 256  /* of plans by address, a power of two */

enum tl_bt_verdict { TL_BT_OURS, TL_BT_SCHED, TL_BT_FOREIGN, TL_BT_MALFORMED };

struct tl_bt_step {
	uint64_t member; /* in the payload */
	size_t offset;   /* in struct tl_event */
	size_t count_offset;
	enum tl_field_type type;
	unsigned values; /* named values: how many there are */
};

struct tl_bt_sched_step {
	uint64_t member; /* in the structure of its scope */
	size_t offset;   /* in struct tl_sched */
	enum tl_sched_scope scope;
	enum tl_sched_type type;
};

struct tl_bt_plan {
	const bt_event_class *class; /* we hold a reference: its address stays its own */
	enum tl_bt_verdict verdict;
	bool is_timeless; /* its events may be stamped 0, which is not when anything happened */
	int kind;         /* enum tl_event_kind; of TL_BT_SCHED: enum tl_sched_kind */
	bool clears;      /* the class lacks a field of a later version: it is 0 */
	size_t n_steps;
	union {
		struct tl_bt_step steps[TL_BT_MAX_STEPS];
		struct tl_bt_sched_step sched[TL_SCHED_WANTS];
	};
	UT_hash_handle hh;
};

struct tl_bt_stream {
	bt_message_iterator *iterator;
	bt_message_array_const messages; /* the iterator's; valid until it is asked for more */
	uint64_t next, n;
	int64_t time_ns;             /* of the present message; of the last one with a time */
	bool timed;                  /* the present message has a time of its own */
	const bt_clock_class *clock; /* NULL: none */
	uint16_t domain;
	char where[TL_STREAM_NAME];
	char path[512];  /* of the stream's (first) file, as the library says it */
	bool has_cpu;    /* `where` names the CPU */
	int32_t cpu;     /* by its first packet; -1: not told */
	bool is_kernels; /* its classes are those of a kernel's scheduler */
};

/* One of the streams behind the single port of a live source. */
struct tl_bt_live {
	const bt_stream *key; /* we hold a reference */
	struct tl_bt_stream stream;
	UT_hash_handle hh;
};

struct tl_bt_reader {
	struct tl_source base;
	struct {
		bool is_wanted;
		char *url;       /* "net://HOST:PORT" */
		char *path;      /* "host/HOST/SESSION", "SESSION", or "": the only one */
		bool is_watched; /* its connection ends by itself when the other side is silent */
		struct tl_bt_live *streams;
	} live;
	struct tl_roots roots;
	struct tl_tails tails;

	const bt_plugin *plugin;
	const bt_component_class_source *fs; /* of files, or a live one */
	bt_graph *graph;

	struct tl_bt_stream *streams;
	size_t n_streams, n_iterators;
	struct tl_merge merge;
	struct tl_domains domains;

	struct tl_bt_plan *plans;
	const struct tl_bt_plan *cache[TL_BT_CACHE_SLOTS];
	uint64_t sequences[TL_BT_MAX_SEQUENCES][TL_BT_SEQUENCE_MAX];

	struct tl_kernel *kernel; /* NULL until the kernel's first event */
	struct tl_item *item;     /* of the present call of next() */
	bool filled;              /* it is done */
	const bt_message *held;   /* what the last item points into */
	bool any_time;            /* info.start_ns and end_ns are set */
	bool ended;
	int failure; /* a failure of our own inside consume() */
};

/* The traces that go into the graph: folders[first .. first+n) are one trace. */
struct tl_bt_part {
	size_t first, n;
};

struct tl_bt_parts {
	TL_VEC(struct tl_bt_part) list;
	const char **paths; /* by folder: itself, or its repaired form */
};

/* ---- babeltrace_error.c ---------------------------------------------------- */

/*
 * Moves the library's error into `error`, innermost cause first, and returns
 * `code`. What its graph adds about itself is left out: it tells nothing about the
 * trace.
 */
int tl_bt_take_error(struct tl_error *error, int code);
void tl_bt_drop_error(void);
/* Drops the library's error and sets ours; returns TL_ENOMEM. */
int tl_bt_no_memory(struct tl_error *error);

/* ---- babeltrace_open.c, babeltrace_graph.c --------------------------------- */

/* Finds the plugin and in it the source called `name`. */
int tl_bt_load_plugin(struct tl_bt_reader *reader, const char *name, struct tl_error *error);
/* Finds and opens all traces below the reader's roots: the graph is ready to run. 0 or a code. */
int tl_bt_open_traces(struct tl_bt_reader *reader, struct tl_error *error);

/* Adds a source for one trace, which may lie in several folders, to a graph, which owns it. */
int tl_bt_add_source(const struct tl_bt_reader *reader, bt_graph *graph, const char *const *paths, size_t n,
		     const bt_component_source **component, struct tl_error *error);
/* Adds all sources and the sink, and connects them: one port a stream. After a failure there is no graph. */
int tl_bt_build_graph(struct tl_bt_reader *reader, const struct tl_bt_parts *parts, struct tl_error *error);
/* Undoes build_graph, whole or failed. */
void tl_bt_drop_graph(struct tl_bt_reader *reader);

/* ---- babeltrace.c, babeltrace_live.c ---------------------------------------- */

/* A reader of these paths, without a graph; NULL with `error` set. */
struct tl_bt_reader *tl_bt_create(const char *const *paths, size_t n, struct tl_error *error);
/* The stream that a message of a live source is of, at the time of its port; NULL: out of memory. */
struct tl_bt_stream *tl_bt_live_stream(struct tl_bt_reader *reader, struct tl_bt_stream *port,
				       const bt_message *message);
/* The session was not there yet: waits a little and looks again. A quiet item, or a negative code. */
int tl_bt_live_wait(struct tl_bt_reader *reader, struct tl_item *item, struct tl_error *error);
/* Lets the graph's connection fail when nothing answers any more: it waits for ever otherwise. */
void tl_bt_live_watch(struct tl_bt_reader *reader);
void tl_bt_live_finish(struct tl_bt_reader *reader);

/* ---- babeltrace_sink.c ----------------------------------------------------- */

/* The class of our sink, whose instance is made with the reader as its data; NULL when out of memory. */
const bt_component_class_sink *tl_bt_make_sink_class(void);
/* Lets go of the message that the last item points into. */
void tl_bt_release_held(struct tl_bt_reader *reader);

/* ---- babeltrace_time.c ----------------------------------------------------- */

/* Looks at the present message's time; one without keeps the place of the one before it. */
void tl_bt_read_time(struct tl_bt_stream *stream);
/* Widens info.start_ns and end_ns. */
void tl_bt_see_time(struct tl_bt_reader *reader, int64_t ns);
/* The bounds of a discarded-events or discarded-packets message; false if it has none. */
bool tl_bt_discarded_bounds(const bt_message *message, bool packets, int64_t *begin_ns, int64_t *end_ns);
/* Turns a status event's time into one since the epoch; false when none fits. */
bool tl_bt_convert_since(const struct tl_bt_stream *stream, int64_t *since_ns);

/* ---- babeltrace_stream.c --------------------------------------------------- */

/* Gives a stream its name, clock and domain; 0, TL_ENOMEM, or TL_ELIMIT: too many clocks. */
int tl_bt_on_stream_beginning(struct tl_bt_reader *reader, struct tl_bt_stream *stream, const bt_message *message);
/* Adds the CPU to the stream's name, from the first packet's context. */
void tl_bt_on_packet_beginning(struct tl_bt_stream *stream, const bt_message *message);

/* ---- babeltrace_plan.c, babeltrace_decode.c -------------------------------- */

/* Whether every value of the class is an integer of this sign and of so many bits at the most. */
bool tl_bt_is_integer(const bt_field_class *class, bool is_signed, unsigned bits);
/* The plan of a class, made at its first event; the reader's. NULL when out of memory. */
const struct tl_bt_plan *tl_bt_find_plan(struct tl_bt_reader *reader, const bt_event_class *class);
void tl_bt_drop_plans(struct tl_bt_reader *reader);
/* Fills the present item's event, but not its type; false when a value is not one of the contract. */
bool tl_bt_decode_event(struct tl_bt_reader *reader, const struct tl_bt_stream *stream, const struct tl_bt_plan *plan,
			const bt_event *bt_event);

/* ---- babeltrace_sched_plan.c, babeltrace_sched.c ------------------------------ */

/* Makes the plan of a class of the kernel's; false when its name says that it is none. */
bool tl_bt_plan_sched(struct tl_bt_plan *plan, const bt_event_class *class);
/* Whether the stream's classes are among those that say what a kernel's threads do. */
bool tl_bt_has_sched(const bt_stream_class *class);
/*
 * Gives an event to the mapper, and fills the present item with the first thing
 * that comes of it, if anything does. 0; TL_EFORMAT: malformed; TL_ENOMEM.
 */
int tl_bt_take_sched(struct tl_bt_reader *reader, const struct tl_bt_stream *stream, const struct tl_bt_plan *plan,
		     const bt_event *event);
/* Fills `item` with what else came of the last one; false: nothing. */
bool tl_bt_next_sched(struct tl_bt_reader *reader, struct tl_item *item);

/* ---- babeltrace_loss.c ----------------------------------------------------- */

/* Fills the present item with what a message says was discarded. */
void tl_bt_on_discarded(struct tl_bt_reader *reader, struct tl_bt_stream *stream, const bt_message *message,
			bool packets);
/* A torn stream ends: fills the present item with where its last whole packet ends. */
void tl_bt_on_stream_end(struct tl_bt_reader *reader, const struct tl_bt_stream *stream);
/*
 * Fills `item` with a tail that no stream's end will tell: before the first event
 * (`early`, nothing is left of the stream), or at the end. False when there is none.
 */
bool tl_bt_next_tail(struct tl_bt_reader *reader, struct tl_item *item, bool early);
/* Sets info.tail_bytes. */
void tl_bt_count_tails(struct tl_bt_reader *reader);

#endif
