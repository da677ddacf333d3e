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

/* What the stream has counted since the last time. */
static void add_up(struct tl_direct_reader *reader, struct tl_direct_stream *stream)
{
	reader->base.info.foreign_events += stream->foreign;
	reader->base.info.malformed += stream->malformed;
	reader->base.info.read_bytes += stream->bytes;
	stream->foreign = stream->malformed = stream->bytes = 0;
	if (stream->seen_low <= stream->seen_high) {
		see_time(reader, stream->seen_low);
		see_time(reader, stream->seen_high);
	}
	stream->seen_low = INT64_MAX;
	stream->seen_high = INT64_MIN;
}

static bool has_losses(const struct tl_direct_stream *stream)
{
	return stream->losses.next < stream->losses.n;
}

/* The time of the stream's next item; false: its batch is used up. */
static bool next_time(const struct tl_direct_stream *stream, int64_t *ns)
{
	if (has_losses(stream))
		*ns = stream->losses.items[stream->losses.next].begin_ns;
	else if (stream->at < stream->n)
		*ns = stream->times[stream->at];
	else
		return false;
	return true;
}

static void give_loss(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_item *item)
{
	struct tl_source_info *info = &reader->base.info;
	uint64_t *sum;

	item->type = TL_ITEM_LOSS;
	item->loss = stream->losses.items[stream->losses.next++];
	sum = item->loss.kind == TL_LOSS_PACKETS ? &info->lost_packets : &info->lost_events;
	*sum = item->loss.count > UINT64_MAX - *sum ? UINT64_MAX : *sum + item->loss.count;
}

static int give_event(struct tl_direct_reader *reader, struct tl_direct_stream *stream, struct tl_item *item)
{
	item->type = TL_ITEM_EVENT;
	item->event = stream->events[stream->at++];
	reader->base.info.events++;
	see_time(reader, item->event.time_ns);
	return TL_ITEM_EVENT;
}

/* The first stream has moved on to `ns`: which one is first now, and before what time it stays so. */
static void move_first(struct tl_direct_reader *reader, int64_t ns)
{
	const struct tl_merge *merge = &reader->merge;

	tl_merge_move_first(&reader->merge, ns);
	reader->running = &reader->streams[merge->entries[0].index];
	reader->first_until_ns = tl_merge_second(merge);
}

/*
 * A stream whose batch is used up stays where it is: its next item cannot be
 * earlier, and is fetched when the stream is first again.
 */
static int next_of_first(struct tl_direct_reader *reader, struct tl_item *item, struct tl_error *error)
{
	int64_t ns;

	while (reader->merge.n) {
		struct tl_direct_stream *stream = &reader->streams[reader->merge.entries[0].index];
		int result;

		reader->running = NULL;
		if (!next_time(stream, &ns)) {
			result = tl_direct_refill(stream, error);
			add_up(reader, stream);
			if (result < 0)
				return tl_error_add(error,
						    "%s: the trace is damaged: it can be read only up to this point",
						    reader->roots.text);
			if (next_time(stream, &ns))
				tl_merge_move_first(&reader->merge, ns);
			else if (stream->ended)
				tl_merge_remove_first(&reader->merge);
			continue;
		}
		if (has_losses(stream))
			give_loss(reader, stream, item);
		else
			give_event(reader, stream, item);
		if (next_time(stream, &ns))
			move_first(reader, ns);
		return (int)item->type;
	}
	return (int)(item->type = TL_ITEM_END);
}

/* Mostly it is the turn of the same stream again, and the merge need not be asked. */
static int direct_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct tl_direct_reader *reader = (struct tl_direct_reader *)base;
	struct tl_direct_stream *stream = reader->running;

	if (stream && stream->at + 1 < stream->n && stream->times[stream->at + 1] < reader->first_until_ns &&
	    !has_losses(stream))
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

struct tl_source *tl_source_direct_create_several(const char *const *paths, size_t n, struct tl_error *error)
{
	struct tl_direct_reader *reader = calloc(1, sizeof *reader);

	if (!reader) {
		tl_error_set(error, TL_ENOMEM, "out of memory");
		return NULL;
	}
	reader->base.ops = &ops;
	if (tl_roots_init(&reader->roots, paths, n) != 0)
		tl_error_set(error, TL_ENOMEM, "out of memory");
	else if (tl_direct_open(reader, error) == 0)
		return &reader->base;
	else
		tl_error_add(error, "%s: not for the direct reader", reader->roots.text);
	direct_destroy(&reader->base);
	return NULL;
}

struct tl_source *tl_source_direct_create(const char *path, struct tl_error *error)
{
	return tl_source_direct_create_several(&path, 1, error);
}
