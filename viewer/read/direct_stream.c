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

/* Room for a packet of that size, where that of the batch that is given does not lie. */
static uint8_t *make_room(struct tl_direct_stream *stream, uint64_t bytes)
{
	uint8_t **buffer;

	stream->buffer = stream->is_ahead ? !stream->from->buffer : 0;
	buffer = &stream->buffers[stream->buffer];
	if (bytes > stream->rooms[stream->buffer]) {
		uint8_t *grown = realloc(*buffer, bytes);

		if (!grown)
			return NULL;
		*buffer = grown;
		stream->rooms[stream->buffer] = bytes;
	}
	return *buffer;
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
	struct tl_loss *loss = &stream->to->losses.items[stream->to->losses.n++];

	*loss = (struct tl_loss){
		.kind = kind, .count_known = count < COUNT_SANE, .is_kernels = stream->class->is_kernels};
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

	stream->to->losses.n = stream->to->losses.next = 0;
	/* Of what a stream's first packet counts nobody knows how much was told before. */
	if (has[TL_SLOT_DISCARDED] && lost)
		note_loss(stream, TL_LOSS_EVENTS, any ? lost : UINT64_MAX, from, now->end_clock);
	if (has[TL_SLOT_SEQUENCE] && any && now->slots[TL_SLOT_SEQUENCE] - before->slots[TL_SLOT_SEQUENCE] > 1)
		note_loss(stream, TL_LOSS_PACKETS, now->slots[TL_SLOT_SEQUENCE] - before->slots[TL_SLOT_SEQUENCE] - 1,
			  from, now->begin_clock);
}

/* The stream has ended: in the middle of a packet, for which that is told. */
static void find_tail(struct tl_direct_stream *stream)
{
	uint64_t bytes = stream->files.items[stream->files.n - 1].tail;
	struct tl_loss *loss = &stream->to->losses.items[0];

	stream->to->ended = true;
	stream->to->losses.n = stream->to->losses.next = 0;
	if (bytes == 0 || stream->tail_told)
		return;
	stream->tail_told = true;
	*loss = (struct tl_loss){
		.kind = TL_LOSS_TAIL,
		.end_ns = INT64_MAX,
		.count = bytes,
		.count_known = true,
		.is_kernels = stream->class->is_kernels,
		.where = stream->where,
	};
	tl_direct_time(stream->class, stream->cursor.clock, &loss->begin_ns);
	stream->to->losses.n = 1;
}

/* Reads the next packet. 1: there is none. */
static int next_packet(struct tl_direct_stream *stream, struct tl_error *error)
{
	const struct tl_direct_file *file;
	uint8_t *buffer;
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
	buffer = make_room(stream, TL_DIRECT_HEAD_MAX);
	result = buffer ? tl_direct_read_head(file, stream->descriptor, stream->next, buffer, &stream->packet, error)
			: tl_error_set(error, TL_ENOMEM, "out of memory");
	if (result < 0)
		return result;
	buffer = make_room(stream, stream->packet.bytes);
	if (!buffer)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	if (!read_whole(stream->descriptor, buffer, stream->packet.bytes, stream->packet.at))
		return tl_error_set(error, TL_EIO, "%s: cannot be read, or has become shorter", file->path);
	stream->class = stream->packet.class;
	stream->next += stream->packet.bytes;
	stream->to->bytes += stream->packet.bytes;
	stream->has_packet = true;
	stream->cursor = (struct tl_ctf_cursor){
		.packet = buffer,
		.at = stream->packet.first,
		.end = stream->packet.end,
		.clock = stream->packet.begin_clock,
		.scratch = stream->to->scratch,
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
	if (ns < stream->to->seen_low)
		stream->to->seen_low = ns;
	if (ns > stream->to->seen_high)
		stream->to->seen_high = ns;
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

/* Only its place in the order of time is found here: what it means depends on what comes before it in all streams. */
static bool take_sched(struct tl_direct_stream *stream, const struct tl_direct_class *class, int64_t ns)
{
	struct tl_sched *sched = &stream->to->scheds[stream->to->n];

	*sched = (struct tl_sched){
		.kind = class->sched->kind,
		.domain = stream->domain,
		.has_cpu = stream->cpu >= 0,
		.cpu = stream->cpu >= 0 ? (uint16_t)stream->cpu : 0,
		.time_ns = ns,
	};
	return tl_ctf_sched_take(class->sched, &stream->cursor, sched);
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
	struct tl_event *event = &stream->to->events[stream->to->n];
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
			stream->to->times[stream->to->n++] = ns;
			return 0;
		}
	}
	if (timed && !class->is_timeless)
		see(stream, ns);
	if (class->verdict == TL_CTF_SCHED && timed && take_sched(stream, class, ns)) {
		event->kind = TL_DIRECT_SCHED;
		stream->to->times[stream->to->n++] = ns;
		return 0;
	}
	if (class->verdict == TL_CTF_FOREIGN)
		stream->to->foreign++;
	else
		stream->to->malformed++;
	return 0;
}

/* Up to the end of the batch, or of the packet. */
static int decode_events(struct tl_direct_stream *stream)
{
	int result = 0;

	while (result == 0 && stream->to->n < TL_DIRECT_BATCH && stream->cursor.at < stream->cursor.end &&
	       stream->cursor.n_scratch + SCRATCH_OF_EVENT <= TL_CTF_SCRATCH)
		result = decode_event(stream, &stream->failure);
	return result;
}

/* To the next packet with anything in it; 1: there is none. */
static int find_packet(struct tl_direct_stream *stream)
{
	int result = 0;

	while (result == 0 && stream->to->losses.n == 0 &&
	       (!stream->has_packet || stream->cursor.at >= stream->cursor.end))
		result = next_packet(stream, &stream->failure);
	if (result == 1)
		find_tail(stream);
	return result;
}

void tl_direct_fill(struct tl_direct_stream *stream)
{
	struct tl_direct_batch *batch = stream->to;
	int result = stream->failed ? stream->failure.code : 0;

	batch->n = batch->at = 0;
	batch->losses.n = batch->losses.next = 0;
	stream->cursor.scratch = batch->scratch;
	stream->cursor.n_scratch = 0;
	if (!stream->failed)
		tl_error_init(&stream->failure);
	while (result == 0 && batch->n == 0 && batch->losses.n == 0) {
		result = find_packet(stream);
		if (result == 0 && batch->losses.n == 0)
			result = decode_events(stream);
	}
	stream->failed = result < 0;
	batch->buffer = stream->buffer;
	batch->result = batch->n || batch->losses.n || result == 1 ? 0 : result;
	batch->error = stream->failure;
}

static int begin_batch(struct tl_direct_batch *batch, bool is_kernels)
{
	batch->seen_low = INT64_MAX;
	batch->seen_high = INT64_MIN;
	batch->events = calloc(TL_DIRECT_BATCH, sizeof *batch->events);
	batch->times = calloc(TL_DIRECT_BATCH, sizeof *batch->times);
	batch->scratch = calloc(TL_CTF_SCRATCH, sizeof *batch->scratch);
	if (is_kernels)
		batch->scheds = calloc(TL_DIRECT_BATCH, sizeof *batch->scheds);
	return batch->events && batch->times && batch->scratch && (!is_kernels || batch->scheds) ? 0 : -1;
}

int tl_direct_stream_begin(struct tl_direct_stream *stream, bool is_ahead)
{
	stream->is_ahead = is_ahead;
	stream->from = &stream->batches[0];
	stream->to = &stream->batches[is_ahead];
	if (begin_batch(stream->from, stream->class->is_kernels) != 0)
		return -1;
	return is_ahead ? begin_batch(stream->to, stream->class->is_kernels) : 0;
}

void tl_direct_stream_finish(struct tl_direct_stream *stream)
{
	if (stream->descriptor >= 0)
		close(stream->descriptor);
	for (size_t i = 0; i < stream->files.n; i++)
		free(stream->files.items[i].path);
	tl_vec_finish(&stream->files);
	for (int i = 0; i < 2; i++) {
		free(stream->buffers[i]);
		free(stream->batches[i].events);
		free(stream->batches[i].scheds);
		free(stream->batches[i].times);
		free(stream->batches[i].scratch);
	}
}
