/*
 * Loss items: what the tracer says it discarded, and the torn ends of streams that
 * tail.c left out. A torn end is told where its stream ends; when no stream is left
 * to end, before the first event or after the last.
 */
#include <stdio.h>
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

#define COUNT_SANE (UINT64_C(1) << 48) /* a greater loss is a counter that went backwards */

static void add_up(uint64_t *sum, uint64_t n)
{
	*sum = n > UINT64_MAX - *sum ? UINT64_MAX : *sum + n;
}

/* Begins a loss item at the stream's present time. */
static struct tl_loss *start_loss(struct tl_bt_reader *reader, const struct tl_bt_stream *stream,
				  enum tl_loss_kind kind)
{
	struct tl_loss *loss = &reader->item->loss;

	memset(loss, 0, sizeof *loss);
	loss->kind = kind;
	loss->begin_ns = stream->time_ns;
	loss->end_ns = INT64_MAX;
	loss->is_kernels = stream->is_kernels;
	loss->where = stream->where;
	reader->item->type = TL_ITEM_LOSS;
	reader->filled = true;
	return loss;
}

void tl_bt_on_discarded(struct tl_bt_reader *reader, struct tl_bt_stream *stream, const bt_message *message,
			bool packets)
{
	struct tl_loss *loss = start_loss(reader, stream, packets ? TL_LOSS_PACKETS : TL_LOSS_EVENTS);
	struct tl_source_info *info = &reader->base.info;
	bt_property_availability known = packets ? bt_message_discarded_packets_get_count(message, &loss->count)
						 : bt_message_discarded_events_get_count(message, &loss->count);

	tl_bt_discarded_bounds(message, packets, &loss->begin_ns, &loss->end_ns);
	loss->count_known = known == BT_PROPERTY_AVAILABILITY_AVAILABLE && loss->count < COUNT_SANE;
	if (!loss->count_known)
		loss->count = 0;
	add_up(packets ? &info->lost_packets : &info->lost_events, loss->count);
}

void tl_bt_on_stream_end(struct tl_bt_reader *reader, const struct tl_bt_stream *stream)
{
	for (size_t i = 0; i < reader->tails.list.n; i++) {
		struct tl_tail *tail = &reader->tails.list.items[i];

		if (tail->told || strcmp(tail->path, stream->path) != 0)
			continue;
		tail->told = true;
		*start_loss(reader, stream, TL_LOSS_TAIL) = (struct tl_loss){.kind = TL_LOSS_TAIL,
									     .begin_ns = stream->time_ns,
									     .end_ns = INT64_MAX,
									     .count = tail->bytes,
									     .count_known = true,
									     .is_kernels = stream->is_kernels};
		reader->item->loss.where = stream->where;
		return;
	}
}

bool tl_bt_next_tail(struct tl_bt_reader *reader, struct tl_item *item, bool early)
{
	for (size_t i = 0; i < reader->tails.list.n; i++) {
		struct tl_tail *tail = &reader->tails.list.items[i];
		const char *name = tail->original;
		size_t n = strlen(reader->roots.text);

		if (tail->told || (early && tail->path[0]))
			continue;
		tail->told = true;
		if (strncmp(name, reader->roots.text, n) == 0 && name[n] == '/')
			name += n + 1;
		memset(&item->loss, 0, sizeof item->loss);
		item->loss = (struct tl_loss){.kind = TL_LOSS_TAIL,
					      .begin_ns = INT64_MIN,
					      .end_ns = INT64_MAX,
					      .count = tail->bytes,
					      .count_known = true};
		item->loss.where = name;
		item->type = TL_ITEM_LOSS;
		return true;
	}
	return false;
}

void tl_bt_count_tails(struct tl_bt_reader *reader)
{
	for (size_t i = 0; i < reader->tails.list.n; i++)
		add_up(&reader->base.info.tail_bytes, reader->tails.list.items[i].bytes);
}
