/*
 * What the files of the direct CTF reader share; no other file includes this. It
 * reads LTTng's own form of CTF 1.8 without Babeltrace: stream files packet by
 * packet, event classes by plans that were compiled once. In the order of the flow:
 *
 *   _open: which folders and files, and whether all of it is understood
 *   _packet: the head of one packet      _bytes: where its bytes are
 *   _stream: the items of one stream     _decode: the events of one packet
 *   _decoders: threads that fill batches of streams ahead of the merge
 *   direct.c: the interface on top, which merges the streams
 *
 * What is not understood, or damaged in the way of packets, is refused when the
 * trace is opened, with the reason: then Babeltrace reads it.
 */
#ifndef TL_READ_DIRECT_INTERNAL_H
#define TL_READ_DIRECT_INTERNAL_H

#include "viewer/base/mapped.h"
#include "viewer/base/table.h"

#include "viewer/read/ctf_sched.h"
#include "viewer/read/direct_decoders.h"
#include "viewer/read/direct_header.h"
#include "viewer/read/discover.h"
#include "viewer/read/domain.h"
#include "viewer/read/merge.h"
#include "viewer/read/roots.h"
#include "viewer/read/source.h"

#define TL_DIRECT_PACKET_MAX ((uint64_t)64 << 20) /* bytes; read as a whole */
#define TL_DIRECT_HEAD_MAX 4096                   /* bytes; of a packet's header and context */
#define TL_DIRECT_BATCH 256                       /* events decoded ahead at once */

/*
 * Packets of so many bytes are mapped, smaller ones are read. Of a file in the page cache, 220 MB:
 * copied piece by piece in 46 ms, whatever their size; mapped, walked over and given back in
 * pieces of 64 KiB in 63 ms, of 128 KiB in 49, of 256 KiB in 40, of 2 MiB in 35. And what is
 * copied drives other things out of the processor's caches.
 */
#define TL_DIRECT_MAP_LEAST ((uint64_t)256 << 10)

/* Slots of what packets and events say before their fields. */
enum tl_direct_slot {
	TL_SLOT_MAGIC,
	TL_SLOT_UUID,
	TL_SLOT_STREAM_ID,
	TL_SLOT_INSTANCE_ID,
	TL_SLOT_CONTENT_SIZE,
	TL_SLOT_PACKET_SIZE,
	TL_SLOT_BEGIN,
	TL_SLOT_END,
	TL_SLOT_SEQUENCE,
	TL_SLOT_DISCARDED,
	TL_SLOT_CPU,
	TL_SLOT_EVENT_ID,
	TL_N_SLOTS,
};

struct tl_direct_class {
	uint32_t program;
	uint8_t verdict; /* enum tl_ctf_verdict */
	uint8_t kind;
	uint8_t laid_out; /* its kind, if its events are decoded without a plan (ctf_layout.h); else TL_DIRECT_PLANNED */
	uint64_t id;
	struct tl_ctf_sched *sched; /* of one of the kernel's; else NULL */
	bool is_timeless;           /* its events may be stamped 0, which is not when anything happened */
};

#define TL_DIRECT_PLANNED UINT8_MAX
#define TL_DIRECT_SCHED UINT8_MAX /* in place of an event's kind: see the stream's `scheds` */

struct tl_direct_stream_class {
	uint64_t id;
	bool has[TL_N_SLOTS]; /* which of them its packets say */
	uint32_t packet_context, event_header;
	enum tl_direct_form form; /* of the event header */
	const struct tl_ctf_clock *clock;
	int64_t offset_ns; /* of the clock from the epoch, if has_time: if it fits */
	bool has_time;
	struct tl_direct_class *classes; /* by id */
	size_t n_classes;
	uint64_t short_ids;  /* classes that there are, below the id that says that LTTng's header is a long one */
	uint64_t last_clock; /* the last that is a time, modulo 2^64 */
	bool is_dense;       /* the id is the place */
	bool is_kernels;     /* its classes are those of a kernel's scheduler */
};

/* One folder with metadata. */
struct tl_direct_trace {
	char *path;
	struct tl_ctf_metadata metadata;
	struct tl_ctf_plans plans;
	uint32_t packet_header;
	bool has[TL_N_SLOTS];
	struct tl_direct_stream_class *classes;
	size_t n_classes;
};

struct tl_direct_packet {
	uint64_t at, bytes;  /* in the file */
	uint64_t first, end; /* of its events, in bits */
	uint64_t begin_clock, end_clock;
	uint64_t slots[TL_N_SLOTS];
	const struct tl_direct_stream_class *class;
	bool is_cut; /* where it was not understood: the file ends in the middle of it */
};

/* A file of a stream; a stream has several where files were rotated. */
struct tl_direct_file {
	char *path;
	uint64_t size; /* up to the end of its last whole packet */
	uint64_t tail; /* bytes after that: of a packet that is cut short */
	const struct tl_direct_trace *trace;
	uint64_t begin_clock; /* of its first packet */
};

/* A loss that the head of a packet tells, given before its events. */
struct tl_direct_losses {
	struct tl_loss items[2];
	int n, next;
};

/* Losses, and events behind them, in the order of time; all of events from one packet. */
struct tl_direct_batch {
	struct tl_direct_losses losses;
	struct tl_item *items;   /* NULL: the stream's events are not decoded ahead */
	struct tl_sched *scheds; /* in place of events; NULL: there are no such classes */
	int64_t *times;          /* the same as the events': what the merge looks at */
	size_t n, at;
	struct tl_ctf_scratch *scratch;
	uint64_t foreign, malformed, bytes; /* since they were last counted */
	int64_t seen_low, seen_high;        /* of foreign and malformed events; low > high: none */
	bool ended;                         /* nothing comes behind it */
	int result;                         /* of filling it: 0, or a code, and nothing is in it */
	struct tl_error error;
};

/* Of events that are not given nothing is counted yet. */
static inline void tl_direct_clear_counts(struct tl_direct_batch *batch)
{
	batch->foreign = batch->malformed = 0;
	batch->seen_low = INT64_MAX;
	batch->seen_high = INT64_MIN;
}

/* The next event of a packet, of which the header was read: the merge wants to know its time. */
struct tl_direct_pending {
	const struct tl_direct_class *class; /* NULL: there is none */
	uint64_t at;                         /* where it begins, in bits */
	int64_t ns;                          /* of it, or if it has none of the one before */
	bool is_timed;                       /* its time is one that can be */
};

struct tl_direct_stream {
	TL_VEC(struct tl_direct_file) files; /* in order of time */
	/* What tells streams apart. */
	bool has_instance;
	uint64_t class_id, instance_id;
	uint8_t uuid[16];

	const struct tl_direct_stream_class *class;
	uint16_t domain;
	char where[TL_STREAM_NAME];
	int32_t cpu; /* by its first packet; -1: not told */

	size_t file;    /* the present one */
	int descriptor; /* of it; -1: none */
	uint64_t next;  /* where its next packet begins */
	struct tl_direct_packet packet;
	const uint8_t *bytes; /* of it: mapped, or in the buffer */
	bool is_mapped;       /* it is, and so is to be asked whether it is whole */
	struct tl_mapped mapped;
	uint64_t map_least;
	uint8_t *buffer;
	size_t room;
	bool has_packet, has_previous;
	struct tl_direct_packet previous; /* its end, and what it counted as lost */
	struct tl_ctf_cursor cursor;
	struct tl_direct_pending pending;

	bool failed;
	struct tl_error failure; /* once failed, told when what is before it is used up */
	bool tail_told;

	/* What is given, and what is filled: two where a decoder fills ahead, else the same one. */
	struct tl_direct_batch batches[2], *from, *to;
	bool is_ahead;
	bool is_straight; /* no event goes by way of a batch: they are decoded to where they are wanted */
	/* How the headers of its events look if they can be `ready`; else TL_FORM_PLANNED. */
	enum tl_direct_form straight_form;
	/* Its pending event lies as the contract has it behind a short header of this form, and nothing else comes first. */
	enum tl_direct_form ready;
	bool is_used; /* so in the present call of the source, and to be asked whether it is whole */
	struct tl_direct_stream *next_used;
	struct tl_direct_task task;
};

/* The file that is being read. */
static inline const struct tl_direct_file *tl_direct_present(const struct tl_direct_stream *stream)
{
	return &stream->files.items[stream->file];
}

struct tl_direct_reader {
	struct tl_source base;
	struct tl_roots roots;
	struct tl_direct_trace *traces;
	size_t n_traces;
	struct tl_direct_stream *streams;
	size_t n_streams;
	struct tl_decoders decoders;
	struct tl_merge merge;
	struct tl_ctf_scratch scratch; /* of what is decoded straight to where it is wanted */
	/* Of the present call: streams of which events were decoded straight, and what counts if they are whole. */
	struct tl_direct_stream *used;
	size_t n_straight;
	int64_t straight_low, straight_high;
	struct tl_domains domains;
	struct tl_kernel *kernel; /* the mapper; NULL until the kernel's first event */
	bool any_time;
};

/* Something of the packet is given in the present call. */
static inline void tl_direct_use(struct tl_direct_reader *reader, struct tl_direct_stream *stream)
{
	if (stream->is_used)
		return;
	stream->is_used = true;
	stream->next_used = reader->used;
	reader->used = stream;
}

/* ---- direct_open.c ----------------------------------------------------------- */

/* Finds, compiles and looks through all that lies below the reader's roots. 0, or a code with the reason. */
int tl_direct_open(struct tl_direct_reader *reader, struct tl_error *error);
void tl_direct_close(struct tl_direct_reader *reader);

/* ---- direct_packet.c --------------------------------------------------------- */

/*
 * Reads the head of the packet at `at` of a file of `size` bytes. 0, or a code: it
 * is not whole, or not what the metadata describes. `buffer` has room for
 * TL_DIRECT_HEAD_MAX bytes.
 */
int tl_direct_read_head(const struct tl_direct_file *file, int descriptor, uint64_t at, uint8_t *buffer,
			struct tl_direct_packet *packet, struct tl_error *error);

/* Nanoseconds since the epoch; false: none that fits. Cycles are nanoseconds: other clocks were refused. */
static inline bool tl_direct_time(const struct tl_direct_stream_class *class, uint64_t cycles, int64_t *ns)
{
	return class->has_time && !__builtin_add_overflow(class->offset_ns, cycles, ns);
}

/* ---- direct_bytes.c ---------------------------------------------------------- */

/* Of a packet that is not there any more, or that the system cannot read. */
int tl_direct_lost(const struct tl_direct_file *file, uint64_t at, struct tl_error *error);
/* Finds the `bytes` of the stream's packet, which stay until the next call. 0, or a code. */
int tl_direct_get_bytes(struct tl_direct_stream *stream, struct tl_error *error);
/*
 * Was everything there that was read of the packet? To be asked before what was made of it is
 * passed on, and before the packet is left: zeroes stand for what was not.
 */
bool tl_direct_is_whole(const struct tl_direct_stream *stream);
/* Closes the present file, if any. */
void tl_direct_leave_file(struct tl_direct_stream *stream);

/* ---- direct_stream.c --------------------------------------------------------- */

/*
 * `is_ahead`: one batch is to be filled while the other is given. Else events are decoded
 * straight to where they are wanted, with numbers in `scratch`, but for a kernel's. 0, or negative without memory.
 */
int tl_direct_stream_begin(struct tl_direct_stream *stream, bool is_ahead, struct tl_ctf_scratch *scratch);
/*
 * Fills the batch `to`, or the losses that come before it; of what is decoded straight,
 * finds the next event only. Neither: the stream has ended, or is damaged here, as the
 * batch says. By one thread at a time.
 */
void tl_direct_fill(struct tl_direct_stream *stream);
void tl_direct_stream_finish(struct tl_direct_stream *stream);

/* ---- direct_decode.c --------------------------------------------------------- */

/* Reads the header of the next event of the packet: it is `pending` then, if there is one. Damage is the stream's `failure`. */
void tl_direct_look_ahead(struct tl_direct_stream *stream);
/*
 * Decodes the events of the packet from the pending one on, which there is, while they
 * are before `until_ns` (the first in any case), up to `max`, and no longer than their
 * times go up: to `items` and `times`. How many; others are counted in the batch `to`.
 */
size_t tl_direct_decode(struct tl_direct_stream *stream, struct tl_item *items, int64_t *times, size_t max,
			int64_t until_ns);
/*
 * The same of all streams together, the first of which is `ready`: in the order of their times,
 * as long as the first one is. Where threads talk to each other, every few events are of another
 * stream. The first stream is then the one that comes next, if its next item is at hand.
 */
size_t tl_direct_take_turns(struct tl_direct_reader *reader, struct tl_item *items, int64_t *times, size_t max);

#endif
