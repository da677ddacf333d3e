/*
 * The items of one stream: packet after packet into memory, and of each its losses
 * and then its events. See direct_internal.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "viewer/read/direct_internal.h"

#define COUNT_SANE (UINT64_C(1) << 48) /* a greater loss is a counter that went backwards */

/* ---- packets ------------------------------------------------------------------ */

/* Opens the next file that holds anything. 1: there is none. */
static int open_next(struct tl_direct_stream *stream, struct tl_error *error)
{
	if (stream->descriptor >= 0)
		stream->file++;
	tl_direct_leave_file(stream);
	if (stream->file == stream->files.n)
		return 1;
	stream->descriptor = open(tl_direct_present(stream)->path, O_RDONLY | O_CLOEXEC);
	stream->next = 0;
	if (stream->descriptor < 0)
		return tl_error_set(error, TL_EIO, "%s: %s", tl_direct_present(stream)->path, strerror(errno));
	return 0;
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

/* Is done with the packet, if there is one. */
static int leave_packet(struct tl_direct_stream *stream, struct tl_error *error)
{
	bool is_whole = tl_direct_is_whole(stream);

	stream->is_mapped = false;
	if (is_whole)
		return 0;
	tl_direct_clear_counts(stream->to);
	return tl_direct_lost(tl_direct_present(stream), stream->packet.at, error);
}

/* Goes to the next packet. 1: there is none. */
static int next_packet(struct tl_direct_stream *stream, struct tl_error *error)
{
	uint8_t head[TL_DIRECT_HEAD_MAX];
	int result = leave_packet(stream, error);

	if (result < 0)
		return result;
	stream->has_previous |= stream->has_packet;
	if (stream->has_packet)
		stream->previous = stream->packet;
	stream->has_packet = false;
	while (stream->descriptor < 0 || stream->next == tl_direct_present(stream)->size) {
		result = open_next(stream, error);
		if (result != 0)
			return result;
	}
	result = tl_direct_read_head(tl_direct_present(stream), stream->descriptor, stream->next, head, &stream->packet,
				     error);
	if (result == 0)
		result = tl_direct_get_bytes(stream, error);
	if (result < 0)
		return result;
	stream->class = stream->packet.class;
	stream->next += stream->packet.bytes;
	stream->to->bytes += stream->packet.bytes;
	stream->has_packet = true;
	stream->cursor = (struct tl_ctf_cursor){
		.packet = stream->bytes,
		.at = stream->packet.first,
		.end = stream->packet.end,
		.clock = stream->packet.begin_clock,
		.scratch = stream->to->scratch,
	};
	stream->straight_form = stream->is_straight && stream->class->is_dense ? stream->class->form : TL_FORM_PLANNED;
	find_losses(stream);
	tl_direct_look_ahead(stream);
	return 0;
}

/* To the next packet with anything in it; 1: there is none. */
static int find_packet(struct tl_direct_stream *stream)
{
	int result = 0;

	while (result == 0 && stream->to->losses.n == 0 && !stream->pending.class && !stream->failed)
		result = next_packet(stream, &stream->failure);
	if (result == 1)
		find_tail(stream);
	stream->failed |= result < 0;
	return result;
}

/* ---- batches ------------------------------------------------------------------ */

/* Up to the end of the batch, or of the packet. */
static void decode_batch(struct tl_direct_stream *stream)
{
	struct tl_direct_batch *batch = stream->to;

	while (stream->pending.class && batch->n < TL_DIRECT_BATCH && !batch->scratch->is_full)
		batch->n += tl_direct_decode(stream, batch->items + batch->n, batch->times + batch->n,
					     TL_DIRECT_BATCH - batch->n, INT64_MAX);
}

static bool has_any(const struct tl_direct_stream *stream)
{
	const struct tl_direct_batch *batch = stream->to;

	return batch->n || batch->losses.n || (stream->is_straight && stream->pending.class);
}

/* What was decoded is not what the packet held. */
static void take_back(struct tl_direct_stream *stream)
{
	struct tl_direct_batch *batch = stream->to;

	batch->n = 0;
	tl_direct_clear_counts(batch);
	stream->failed = true;
	stream->pending.class = NULL;
	stream->ready = TL_FORM_PLANNED;
	tl_error_init(&stream->failure);
	tl_direct_lost(tl_direct_present(stream), stream->packet.at, &stream->failure);
}

void tl_direct_fill(struct tl_direct_stream *stream)
{
	struct tl_direct_batch *batch = stream->to;

	batch->n = batch->at = 0;
	batch->losses.n = batch->losses.next = 0;
	stream->cursor.scratch = batch->scratch;
	if (!stream->is_straight)
		tl_ctf_scratch_clear(batch->scratch);
	while (!stream->failed && !batch->ended && !has_any(stream)) {
		find_packet(stream);
		if (!stream->is_straight && batch->losses.n == 0)
			decode_batch(stream);
	}
	/* Of what is decoded straight the merge asks when the next event is. */
	if ((batch->n || stream->is_straight) && !tl_direct_is_whole(stream))
		take_back(stream);
	batch->result = stream->failed && !has_any(stream) ? stream->failure.code : 0;
	batch->error = stream->failure;
}

static int begin_batch(struct tl_direct_batch *batch, bool is_kernels)
{
	batch->items = calloc(TL_DIRECT_BATCH, sizeof *batch->items);
	batch->times = calloc(TL_DIRECT_BATCH, sizeof *batch->times);
	batch->scratch = calloc(1, sizeof *batch->scratch);
	if (is_kernels)
		batch->scheds = calloc(TL_DIRECT_BATCH, sizeof *batch->scheds);
	return batch->items && batch->times && batch->scratch && (!is_kernels || batch->scheds) ? 0 : -1;
}

int tl_direct_stream_begin(struct tl_direct_stream *stream, bool is_ahead, struct tl_ctf_scratch *scratch)
{
	bool is_kernels = stream->class->is_kernels;

	stream->is_ahead = is_ahead;
	stream->is_straight = !is_ahead && !is_kernels;
	stream->from = &stream->batches[0];
	stream->to = &stream->batches[is_ahead];
	stream->pending.ns = INT64_MIN;
	tl_error_init(&stream->failure);
	tl_direct_clear_counts(&stream->batches[0]);
	tl_direct_clear_counts(&stream->batches[1]);
	stream->map_least = TL_DIRECT_MAP_LEAST;
	if (stream->is_straight) {
		stream->from->scratch = scratch;
		return 0;
	}
	if (begin_batch(stream->from, is_kernels) != 0)
		return -1;
	return is_ahead ? begin_batch(stream->to, is_kernels) : 0;
}

void tl_direct_stream_finish(struct tl_direct_stream *stream)
{
	tl_direct_leave_file(stream);
	free(stream->buffer);
	for (size_t i = 0; i < stream->files.n; i++)
		free(stream->files.items[i].path);
	tl_vec_finish(&stream->files);
	for (int i = 0; i < 2; i++) {
		free(stream->batches[i].items);
		free(stream->batches[i].scheds);
		free(stream->batches[i].times);
		if (stream->is_straight || !stream->batches[i].scratch)
			continue;
		tl_ctf_scratch_clear(stream->batches[i].scratch);
		free(stream->batches[i].scratch);
	}
}
