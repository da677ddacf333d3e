/*
 * The direct CTF source: merges what direct_stream.c decodes; see
 * direct_internal.h. As right as Babeltrace, and that is tested: both readers give
 * the same items for every trace that this one does not refuse.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/read/direct_internal.h"

static inline void see_time(struct tl_direct_reader *reader, int64_t ns)
{
	struct tl_source_info *info = &reader->base.info;

	if (!reader->any_time)
		info->start_ns = info->end_ns = ns;
	reader->any_time = true;
	if (ns < info->start_ns)
		info->start_ns = ns;
	if (ns > info->end_ns)
		info->end_ns = ns;
}

/* What the batch has counted. */
static void add_up(struct tl_direct_reader *reader, struct tl_direct_batch *batch)
{
	reader->base.info.foreign_events += batch->foreign;
	reader->base.info.malformed += batch->malformed;
	reader->base.info.read_bytes += batch->bytes;
	batch->bytes = 0;
	if (batch->seen_low <= batch->seen_high) {
		see_time(reader, batch->seen_low);
		see_time(reader, batch->seen_high);
	}
	tl_direct_clear_counts(batch);
}

static int damaged(const struct tl_direct_reader *reader, struct tl_error *error)
{
	return tl_error_add(error, "%s: the trace is damaged: it can be read only up to this point",
			    reader->roots.text);
}

static struct tl_direct_stream *first_of(const struct tl_direct_reader *reader)
{
	return &reader->streams[reader->merge.entries[0].index];
}

/* What comes next of a stream. */
enum next {
	NEXT_NOTHING, /* that is at hand: it is to be refilled */
	NEXT_LOSS,
	NEXT_BATCH,    /* an event of its batch */
	NEXT_SCHED,    /* a kernel's, for the mapper */
	NEXT_STRAIGHT, /* an event that is to be decoded to where it is wanted */
};

/* And when. */
static inline enum next find_next(const struct tl_direct_stream *stream, int64_t *ns)
{
	const struct tl_direct_batch *batch = stream->from;

	if (batch->losses.next < batch->losses.n) {
		*ns = batch->losses.items[batch->losses.next].begin_ns;
		return NEXT_LOSS;
	}
	if (batch->at < batch->n) {
		*ns = batch->times[batch->at];
		return batch->items[batch->at].event.kind == TL_DIRECT_SCHED ? NEXT_SCHED : NEXT_BATCH;
	}
	*ns = stream->pending.ns;
	return stream->is_straight && stream->pending.class ? NEXT_STRAIGHT : NEXT_NOTHING;
}

/* ---- what the first stream gives: how many items, or a code ------------------------- */

/* Where items are wanted. */
struct room {
	struct tl_item *items;
	int64_t *times;
	size_t n;
};

static int give_loss(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct room room)
{
	struct tl_source_info *info = &reader->base.info;
	const struct tl_loss *loss = &stream->from->losses.items[stream->from->losses.next++];
	uint64_t *sum = loss->kind == TL_LOSS_PACKETS ? &info->lost_packets : &info->lost_events;

	room.items->type = TL_ITEM_LOSS;
	room.items->is_plain = false;
	room.items->loss = *loss;
	room.times[0] = loss->begin_ns;
	/* A tail was counted when it was opened. */
	if (loss->kind != TL_LOSS_TAIL)
		*sum = loss->count > UINT64_MAX - *sum ? UINT64_MAX : *sum + loss->count;
	return 1;
}

/* Those of the batch that come before all other streams' items. */
static int give_batch(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct room room)
{
	struct tl_direct_batch *batch = stream->from;
	int64_t until_ns = tl_merge_second(&reader->merge), ns;
	size_t n = 0;

	do {
		room.items[n] = batch->items[batch->at];
		room.times[n] = batch->times[batch->at];
		see_time(reader, room.times[n]);
		n++;
		batch->at++;
	} while (n < room.n && find_next(stream, &ns) == NEXT_BATCH && ns < until_ns);
	reader->base.info.events += n;
	return (int)n;
}

static inline bool is_next_straight(const struct tl_direct_stream *stream)
{
	return stream->is_straight && stream->pending.class && stream->from->losses.next == stream->from->losses.n;
}

/*
 * Decodes those that come before all other streams' items, and goes on with the stream that is
 * first then: where threads talk to each other, every few events are of another one.
 */
static int give_straight(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct room room)
{
	struct tl_merge *merge = &reader->merge;
	int64_t low = INT64_MAX, high = INT64_MIN;
	size_t n = 0, got;

	do {
		if (stream->ready != TL_FORM_PLANNED) {
			got = tl_direct_take_turns(reader, room.items + n, room.times + n, room.n - n);
		} else {
			tl_direct_use(reader, stream);
			got = tl_direct_decode(stream, room.items + n, room.times + n, room.n - n,
					       tl_merge_second(merge));
			/* Its next item, if that is not at hand, cannot be earlier than the last one. */
			tl_merge_move_first(merge, stream->pending.ns);
		}
		if (got) {
			/* Their times go up. */
			low = room.times[n] < low ? room.times[n] : low;
			n += got;
			high = room.times[n - 1] > high ? room.times[n - 1] : high;
		}
		stream = first_of(reader);
	} while (n < room.n && is_next_straight(stream) && !reader->scratch.is_full);
	reader->n_straight += n;
	reader->straight_low = low < reader->straight_low ? low : reader->straight_low;
	reader->straight_high = high > reader->straight_high ? high : reader->straight_high;
	return (int)n;
}

static void begin_straight(struct tl_direct_reader *reader)
{
	tl_ctf_scratch_clear(&reader->scratch);
	reader->used = NULL;
	reader->n_straight = 0;
	reader->straight_low = INT64_MAX;
	reader->straight_high = INT64_MIN;
}

/* Counts what was decoded straight in this call. Negative: not all of it was there to be decoded. */
static int confirm_straight(struct tl_direct_reader *reader, struct tl_error *error)
{
	for (struct tl_direct_stream *stream = reader->used; stream; stream = stream->next_used) {
		stream->is_used = false;
		if (!tl_direct_is_whole(stream)) {
			tl_direct_lost(tl_direct_present(stream), stream->packet.at, error);
			return damaged(reader, error);
		}
	}
	if (reader->n_straight) {
		see_time(reader, reader->straight_low);
		see_time(reader, reader->straight_high);
	}
	reader->base.info.events += reader->n_straight;
	return 0;
}

/* Gives one of the kernel's events to the mapper: what comes of it is fetched by next_of_kernel. */
static int give_sched(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_error *error)
{
	struct tl_source_info *info = &reader->base.info;
	int result;

	if (!reader->kernel)
		reader->kernel = tl_kernel_create();
	result = reader->kernel ? tl_kernel_take(reader->kernel, &stream->from->scheds[stream->from->at++]) : TL_ENOMEM;
	if (result == TL_ENOMEM)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	info->malformed += result != 0;
	info->events += result == 0;
	info->kernel_events += result == 0;
	return 0;
}

static int next_of_kernel(struct tl_direct_reader *reader, struct room room)
{
	size_t n = 0;

	while (n < room.n && tl_kernel_next(reader->kernel, &room.items[n].event)) {
		room.items[n].type = TL_ITEM_EVENT;
		room.items[n].is_plain = !tl_kernel_has_texts(reader->kernel);
		room.times[n] = room.items[n].event.time_ns;
		n++;
	}
	return (int)n;
}

/* ---- refilling ----------------------------------------------------------------------- */

/* The stream's next batch: from a decoder that has filled it ahead, who fills the next one then; or here. */
static void take_batch(struct tl_direct_reader *reader, struct tl_direct_stream *stream)
{
	struct tl_direct_batch *filled = stream->to;

	if (!stream->is_ahead) {
		tl_direct_fill(stream);
		return;
	}
	tl_decoders_wait(&reader->decoders, &stream->task);
	stream->to = stream->from;
	stream->from = filled;
	if (!filled->ended && filled->result == 0)
		tl_decoders_ask(&reader->decoders, &stream->task);
}

static int refill_first(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_error *error)
{
	int64_t ns;

	take_batch(reader, stream);
	add_up(reader, stream->from);
	if (stream->from->result < 0) {
		if (error)
			*error = stream->from->error;
		return damaged(reader, error);
	}
	if (find_next(stream, &ns) != NEXT_NOTHING)
		tl_merge_move_first(&reader->merge, ns);
	else if (stream->from->ended)
		tl_merge_remove_first(&reader->merge);
	return 0;
}

/*
 * The first stream has moved on: to its next item, or if that is not at hand to the last one. It cannot
 * be earlier, and is fetched when the stream is first again.
 */
static void move_first(struct tl_direct_reader *reader, const struct tl_direct_stream *stream)
{
	int64_t ns;

	if (find_next(stream, &ns) == NEXT_NOTHING && !stream->is_straight) {
		if (stream->from->at == 0)
			return;
		ns = stream->from->times[stream->from->at - 1];
	}
	tl_merge_move_first(&reader->merge, ns);
}

/* ---- the source ------------------------------------------------------------------------ */

/* Would that step change what items that were given point to? */
static bool is_in_the_way(const struct tl_direct_reader *reader, enum next next)
{
	switch (next) {
	case NEXT_NOTHING: return true;
	case NEXT_SCHED: return reader->kernel && tl_kernel_has_texts(reader->kernel);
	case NEXT_STRAIGHT: return reader->scratch.is_full;
	default: return false;
	}
}

/* Of the first stream: how many items, maybe none yet; or a code. */
static int give_first(struct tl_direct_reader *reader, enum next next, struct room room, struct tl_error *error)
{
	struct tl_direct_stream *stream = first_of(reader);
	int result = 0;

	switch (next) {
	case NEXT_NOTHING: return refill_first(reader, stream, error);
	case NEXT_LOSS: result = give_loss(reader, stream, room); break;
	case NEXT_BATCH: result = give_batch(reader, stream, room); break;
	case NEXT_SCHED: result = give_sched(reader, stream, error); break;
	case NEXT_STRAIGHT: return give_straight(reader, stream, room);
	}
	move_first(reader, stream);
	return result;
}

/* As the source's `fill`, and what was decoded straight is still to be confirmed. */
static int fill(struct tl_direct_reader *reader, struct room all, struct tl_error *error)
{
	size_t n = 0;

	while (n < all.n) {
		struct room room = {all.items + n, all.times + n, all.n - n};
		int result = reader->kernel ? next_of_kernel(reader, room) : 0;

		if (result == 0) {
			enum next next;
			int64_t ns;

			if (reader->merge.n == 0)
				break;
			next = find_next(first_of(reader), &ns);
			if (n && is_in_the_way(reader, next))
				break;
			result = give_first(reader, next, room, error);
		}
		if (result < 0)
			return result;
		n += (size_t)result;
	}
	return (int)n;
}

static int direct_fill(struct tl_source *base, struct tl_item *items, int64_t *times, size_t max,
		       struct tl_error *error)
{
	struct tl_direct_reader *reader = (struct tl_direct_reader *)base;
	int n, result;

	begin_straight(reader);
	n = fill(reader, (struct room){items, times, max}, error);
	result = n > 0 ? confirm_straight(reader, error) : 0;
	return result < 0 ? result : n;
}

static int direct_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	int64_t ns;
	int n = direct_fill(base, item, &ns, 1, error);

	if (n == 0)
		item->type = TL_ITEM_END;
	return n > 0 ? (int)item->type : n;
}

static void direct_destroy(struct tl_source *base)
{
	struct tl_direct_reader *reader = (struct tl_direct_reader *)base;

	tl_direct_close(reader);
	tl_roots_finish(&reader->roots);
	tl_ctf_scratch_clear(&reader->scratch);
	free(reader);
}

static const struct tl_source_ops ops = {"direct", direct_next, direct_fill, direct_destroy};

struct tl_source *tl_source_direct_create_several(const char *const *paths, size_t n, struct tl_offsets *offsets,
						  struct tl_error *error)
{
	struct tl_direct_reader *reader = calloc(1, sizeof *reader);

	if (!reader) {
		tl_error_set(error, TL_ENOMEM, "out of memory");
		return NULL;
	}
	reader->base.ops = &ops;
	if (tl_roots_init(&reader->roots, paths, n) != 0)
		tl_error_set(error, TL_ENOMEM, "out of memory");
	else if (reader->roots.offsets = offsets, tl_direct_open(reader, error) == 0)
		return &reader->base;
	else
		tl_error_add(error, "%s: not for the direct reader", reader->roots.text);
	direct_destroy(&reader->base);
	return NULL;
}

struct tl_source *tl_source_direct_create(const char *path, struct tl_error *error)
{
	return tl_source_direct_create_several(&path, 1, NULL, error);
}
