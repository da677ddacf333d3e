/*
 * The direct CTF source: merges what direct_stream.c decodes; see
 * direct_internal.h. As right as Babeltrace, and that is tested: both readers give
 * the same items for every trace that this one does not refuse.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/read/direct_internal.h"

static void see_time(struct tl_direct_reader *reader, int64_t ns)
{
	struct tl_source_info *info = &reader->base.info;

	if (!reader->any_time || ns < info->start_ns)
		info->start_ns = ns;
	if (!reader->any_time || ns > info->end_ns)
		info->end_ns = ns;
	reader->any_time = true;
}

/* What the batch has counted. */
static void add_up(struct tl_direct_reader *reader, struct tl_direct_batch *batch)
{
	reader->base.info.foreign_events += batch->foreign;
	reader->base.info.malformed += batch->malformed;
	reader->base.info.read_bytes += batch->bytes;
	batch->foreign = batch->malformed = batch->bytes = 0;
	if (batch->seen_low <= batch->seen_high) {
		see_time(reader, batch->seen_low);
		see_time(reader, batch->seen_high);
	}
	batch->seen_low = INT64_MAX;
	batch->seen_high = INT64_MIN;
}

static bool has_losses(const struct tl_direct_stream *stream)
{
	return stream->from->losses.next < stream->from->losses.n;
}

/* The time of the stream's next item; false: its batch is used up. */
static bool next_time(const struct tl_direct_stream *stream, int64_t *ns)
{
	if (has_losses(stream))
		*ns = stream->from->losses.items[stream->from->losses.next].begin_ns;
	else if (stream->from->at < stream->from->n)
		*ns = stream->from->times[stream->from->at];
	else
		return false;
	return true;
}

static int give_loss(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_item *item)
{
	struct tl_source_info *info = &reader->base.info;
	uint64_t *sum;

	item->type = TL_ITEM_LOSS;
	item->loss = stream->from->losses.items[stream->from->losses.next++];
	if (item->loss.kind == TL_LOSS_TAIL)
		return TL_ITEM_LOSS; /* counted when it was opened */
	sum = item->loss.kind == TL_LOSS_PACKETS ? &info->lost_packets : &info->lost_events;
	*sum = item->loss.count > UINT64_MAX - *sum ? UINT64_MAX : *sum + item->loss.count;
	return TL_ITEM_LOSS;
}

static int give_event(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_item *item)
{
	item->type = TL_ITEM_EVENT;
	item->event = stream->from->events[stream->from->at++];
	reader->base.info.events++;
	see_time(reader, item->event.time_ns);
	return TL_ITEM_EVENT;
}

/* The first stream has moved on to `ns`: which one is first now, and before what time it stays so. */
static void move_first(struct tl_direct_reader *reader, int64_t ns)
{
	const struct tl_merge *merge = &reader->merge;
	struct tl_direct_stream *first;

	tl_merge_move_first(&reader->merge, ns);
	first = &reader->streams[merge->entries[0].index];
	/* The kernel's events are no items as they are. */
	reader->running = first->from->scheds ? NULL : first;
	reader->first_until_ns = tl_merge_second(merge);
}

static bool next_of_kernel(struct tl_direct_reader *reader, struct tl_item *item)
{
	if (!reader->kernel || !tl_kernel_next(reader->kernel, &item->event))
		return false;
	item->type = TL_ITEM_EVENT;
	return true;
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

/* Of the first stream: an item; or 0 when none came of what was first there; or a code. */
static int give_first(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_item *item,
		      struct tl_error *error)
{
	int result;
	int64_t ns;

	if (has_losses(stream))
		result = give_loss(reader, stream, item);
	else if (stream->from->events[stream->from->at].kind == TL_DIRECT_SCHED)
		result = give_sched(reader, stream, error);
	else
		result = give_event(reader, stream, item);
	if (next_time(stream, &ns))
		move_first(reader, ns);
	return result;
}

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
		return tl_error_add(error, "%s: the trace is damaged: it can be read only up to this point",
				    reader->roots.text);
	}
	if (next_time(stream, &ns))
		tl_merge_move_first(&reader->merge, ns);
	else if (stream->from->ended)
		tl_merge_remove_first(&reader->merge);
	return 0;
}

/*
 * A stream whose batch is used up stays where it is: its next item cannot be
 * earlier, and is fetched when the stream is first again.
 */
static int next_of_first(struct tl_direct_reader *reader, struct tl_item *item, struct tl_error *error)
{
	while (!next_of_kernel(reader, item)) {
		struct tl_direct_stream *stream;
		int64_t ns;
		int result;

		if (reader->merge.n == 0)
			return (int)(item->type = TL_ITEM_END);
		stream = &reader->streams[reader->merge.entries[0].index];
		reader->running = NULL;
		result = next_time(stream, &ns) ? give_first(reader, stream, item, error)
						: refill_first(reader, stream, error);
		if (result != 0)
			return result;
	}
	return TL_ITEM_EVENT;
}

/* Mostly it is the turn of the same stream again, and the merge need not be asked. */
static int direct_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct tl_direct_reader *reader = (struct tl_direct_reader *)base;
	struct tl_direct_stream *stream = reader->running;

	if (stream && stream->from->at + 1 < stream->from->n &&
	    stream->from->times[stream->from->at + 1] < reader->first_until_ns && !has_losses(stream) &&
	    !reader->kernel)
		return give_event(reader, stream, item);
	return next_of_first(reader, item, error);
}

static void direct_destroy(struct tl_source *base)
{
	struct tl_direct_reader *reader = (struct tl_direct_reader *)base;

	tl_direct_close(reader);
	tl_roots_finish(&reader->roots);
	free(reader);
}

static const struct tl_source_ops ops = {"direct", direct_next, direct_destroy};

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
