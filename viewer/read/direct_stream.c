/*
 * The items of one stream: packet after packet into memory, and of each its losses
 * and then its events, a batch at a time. See direct_internal.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "viewer/read/direct_internal.h"

#define SCRATCH_OF_EVENT (4 * 255)     /* numbers that one event may take */
#define COUNT_SANE (UINT64_C(1) << 48) /* a greater loss is a counter that went backwards */

static const struct tl_direct_file *present_file(const struct tl_direct_stream *stream)
{
	return &stream->files.items[stream->file];
}

/* ---- packets ------------------------------------------------------------------ */

static int make_room(struct tl_direct_stream *stream, uint64_t bytes, struct tl_error *error)
{
	uint8_t *grown;

	if (bytes <= stream->room)
		return 0;
	grown = realloc(stream->buffer, bytes);
	if (!grown)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	stream->buffer = grown;
	stream->room = bytes;
	return 0;
}

/* Opens the next file that holds anything. 1: there is none. */
static int open_next(struct tl_direct_stream *stream, struct tl_error *error)
{
	if (stream->descriptor >= 0) {
		close(stream->descriptor);
		stream->descriptor = -1;
		stream->file++;
	}
	if (stream->file == stream->files.n)
		return 1;
	stream->descriptor = open(present_file(stream)->path, O_RDONLY | O_CLOEXEC);
	stream->next = 0;
	if (stream->descriptor < 0)
		return tl_error_set(error, TL_EIO, "%s: %s", present_file(stream)->path, strerror(errno));
	return 0;
}

static bool read_whole(int descriptor, uint8_t *to, uint64_t n, uint64_t at)
{
	while (n) {
		ssize_t got = pread(descriptor, to, n, (off_t)at);

		if (got <= 0)
			return false;
		to += got;
		at += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return true;
}

/* A loss that the packet's head tells; a count that is not sane is not known. */
static void note_loss(struct tl_direct_stream *stream, enum tl_loss_kind kind, uint64_t count, uint64_t from,
		      uint64_t to)
{
	struct tl_loss *loss = &stream->losses.items[stream->losses.n++];

	*loss = (struct tl_loss){.kind = kind, .count_known = count < COUNT_SANE};
	loss->count = loss->count_known ? count : 0;
	tl_direct_time(stream->class, from, &loss->begin_ns);
	tl_direct_time(stream->class, to, &loss->end_ns);
	loss->where = stream->where;
}

/*
 * What lies between the packet before and this one: events that the tracer counted
 * as discarded, packets that were overwritten before they were read. The bounds are
 * Babeltrace's: from the end of the packet before to the end of this one, or to its
 * beginning.
 */
static void find_losses(struct tl_direct_stream *stream)
{
	const struct tl_direct_packet *now = &stream->packet, *before = &stream->previous;
	const bool *has = stream->class->has;
	bool any = stream->has_previous;
	uint64_t from = any ? before->end_clock : now->begin_clock;
	uint64_t lost = now->slots[TL_SLOT_DISCARDED] - (any ? before->slots[TL_SLOT_DISCARDED] : 0);

	stream->losses.n = stream->losses.next = 0;
	/* Of what a stream's first packet counts nobody knows how much was told before. */
	if (has[TL_SLOT_DISCARDED] && lost)
		note_loss(stream, TL_LOSS_EVENTS, any ? lost : UINT64_MAX, from, now->end_clock);
	if (has[TL_SLOT_SEQUENCE] && any && now->slots[TL_SLOT_SEQUENCE] - before->slots[TL_SLOT_SEQUENCE] > 1)
		note_loss(stream, TL_LOSS_PACKETS, now->slots[TL_SLOT_SEQUENCE] - before->slots[TL_SLOT_SEQUENCE] - 1,
			  from, now->begin_clock);
}

/* Reads the next packet. 1: there is none. */
static int next_packet(struct tl_direct_stream *stream, struct tl_error *error)
{
	const struct tl_direct_file *file;
	int result;

	stream->has_previous |= stream->has_packet;
	if (stream->has_packet)
		stream->previous = stream->packet;
	stream->has_packet = false;
	while (stream->descriptor < 0 || stream->next == present_file(stream)->size) {
		result = open_next(stream, error);
		if (result != 0)
			return result;
	}
	file = present_file(stream);
	result = make_room(stream, TL_DIRECT_HEAD_MAX, error);
	if (result == 0)
		result = tl_direct_read_head(file, stream->descriptor, stream->next, stream->buffer, &stream->packet,
					     error);
	if (result == 0)
		result = make_room(stream, stream->packet.bytes, error);
	if (result < 0)
		return result;
	if (!read_whole(stream->descriptor, stream->buffer, stream->packet.bytes, stream->packet.at))
		return tl_error_set(error, TL_EIO, "%s: cannot be read, or has become shorter", file->path);
	stream->class = stream->packet.class;
	stream->next += stream->packet.bytes;
	stream->bytes += stream->packet.bytes;
	stream->has_packet = true;
	stream->cursor = (struct tl_ctf_cursor){
		.packet = stream->buffer,
		.at = stream->packet.first,
		.end = stream->packet.end,
		.clock = stream->packet.begin_clock,
		.scratch = stream->scratch,
	};
	find_losses(stream);
	return 0;
}

/* ---- events ------------------------------------------------------------------- */

static const struct tl_direct_class *find_class(const struct tl_direct_stream_class *stream, uint64_t id)
{
	size_t low = 0, high = stream->n_classes;

	if (stream->is_dense)
		return id < stream->n_classes ? &stream->classes[id] : NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stream->classes[middle].id == id)
			return &stream->classes[middle];
		if (stream->classes[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void see(struct tl_direct_stream *stream, int64_t ns)
{
	if (ns < stream->seen_low)
		stream->seen_low = ns;
	if (ns > stream->seen_high)
		stream->seen_high = ns;
}

/* status.since_ns is said in the trace's clock, by code that does not know its offset. */
static bool convert_since(const struct tl_direct_stream *stream, int64_t *since_ns)
{
	return *since_ns <= 0 || tl_direct_time(stream->class, (uint64_t)*since_ns, since_ns);
}

static bool is_good(const struct tl_direct_stream *stream, struct tl_event *event, bool timed)
{
	return timed && !stream->cursor.is_wrong && event->task != 0 &&
	       (event->kind != TL_EVENT_STATUS || convert_since(stream, &event->u.status.since_ns));
}

static int event_failed(const struct tl_direct_stream *stream, uint64_t bit, const char *what, struct tl_error *error)
{
	return tl_error_set(error, TL_EFORMAT, "%s: packet at byte %" PRIu64 ", event at byte %" PRIu64 ": %s",
			    present_file(stream)->path, stream->packet.at, stream->packet.at + bit / 8, what);
}

static bool read_header(struct tl_direct_stream *stream, uint64_t *id)
{
	const struct tl_direct_stream_class *class = stream->class;

	if (class->form != TL_FORM_PLANNED)
		return tl_direct_read_header(class->form, &stream->cursor, id);
	if (!tl_ctf_execute(&present_file(stream)->trace->plans, class->event_header, &stream->cursor))
		return false;
	*id = class->has[TL_SLOT_EVENT_ID] ? stream->cursor.slots[TL_SLOT_EVENT_ID] : 0;
	return true;
}

/* Decodes the next event into the batch, or counts it. */
static int decode_event(struct tl_direct_stream *stream, struct tl_error *error)
{
	const struct tl_ctf_plans *plans = &present_file(stream)->trace->plans;
	struct tl_ctf_cursor *cursor = &stream->cursor;
	struct tl_event *event = &stream->events[stream->n];
	const struct tl_direct_class *class;
	uint64_t at = cursor->at;
	uint64_t id = 0;
	int64_t ns = 0;
	bool timed;

	cursor->event = event;
	cursor->is_wrong = false;
	if (!read_header(stream, &id))
		return event_failed(stream, at, cursor->failure, error);
	class = find_class(stream->class, id);
	if (!class)
		return event_failed(stream, at, "it is of no class of the metadata", error);
	if (!tl_ctf_execute(plans, class->program, cursor))
		return event_failed(stream, at, cursor->failure, error);
	if (cursor->at == at)
		return event_failed(stream, at, "it takes no room", error);
	timed = tl_direct_time(stream->class, cursor->clock, &ns);
	if (class->verdict == TL_CTF_OURS) {
		event->kind = class->kind;
		event->time_ns = ns;
		event->domain = stream->domain;
		if (is_good(stream, event, timed)) {
			stream->times[stream->n++] = ns;
			return 0;
		}
	}
	if (timed)
		see(stream, ns);
	if (class->verdict == TL_CTF_FOREIGN)
		stream->foreign++;
	else
		stream->malformed++;
	return 0;
}

int tl_direct_refill(struct tl_direct_stream *stream, struct tl_error *error)
{
	int result = 0;

	if (stream->failed) {
		if (error)
			*error = stream->failure;
		return stream->failure.code;
	}
	stream->n = stream->at = 0;
	stream->cursor.n_scratch = 0;
	tl_error_init(&stream->failure);
	while (stream->n == 0 && result == 0) {
		while (!stream->has_packet || stream->cursor.at >= stream->cursor.end) {
			result = next_packet(stream, &stream->failure);
			if (result == 1)
				stream->ended = true;
			if (result < 0 && error)
				*error = stream->failure;
			if (result != 0 || stream->losses.n)
				return result < 0 ? result : 0;
		}
		while (result == 0 && stream->n < TL_DIRECT_BATCH && stream->cursor.at < stream->cursor.end &&
		       stream->cursor.n_scratch + SCRATCH_OF_EVENT <= TL_CTF_SCRATCH)
			result = decode_event(stream, &stream->failure);
	}
	stream->failed = result < 0;
	if (stream->n)
		return 0;
	if (result < 0 && error)
		*error = stream->failure;
	return result;
}

void tl_direct_stream_finish(struct tl_direct_stream *stream)
{
	if (stream->descriptor >= 0)
		close(stream->descriptor);
	for (size_t i = 0; i < stream->files.n; i++)
		free(stream->files.items[i].path);
	tl_vec_finish(&stream->files);
	free(stream->buffer);
	free(stream->events);
	free(stream->times);
	free(stream->scratch);
}
