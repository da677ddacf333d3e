/*
 * The sink, our component at the graph's end: one input port and one iterator a
 * stream. It takes the messages of all streams in order of time (merge.c says which
 * stream comes next), gives each to whoever knows its type, and stops at the first
 * item that comes of one.
 */
#include <stdio.h>

#include "viewer/read/babeltrace_internal.h"

#define MESSAGES_PER_RUN 8192 /* looked at before control returns to next() */

/* ---- messages -------------------------------------------------------------- */

static int on_sched(struct tl_bt_reader *reader, const struct tl_bt_stream *stream, const struct tl_bt_plan *plan,
		    const bt_event *event)
{
	int result = tl_bt_take_sched(reader, stream, plan, event);

	if (result == TL_EFORMAT) {
		reader->base.info.malformed++;
		return 0;
	}
	reader->base.info.events++;
	reader->base.info.kernel_events++;
	return result;
}

static int on_event(struct tl_bt_reader *reader, struct tl_bt_stream *stream, const bt_message *message)
{
	const bt_event *event = bt_message_event_borrow_event_const(message);
	const struct tl_bt_plan *plan = tl_bt_find_plan(reader, bt_event_borrow_class_const(event));

	if (!plan)
		return TL_ENOMEM;
	if (stream->timed && !plan->is_timeless)
		tl_bt_see_time(reader, stream->time_ns);
	if (plan->verdict == TL_BT_FOREIGN) {
		reader->base.info.foreign_events++;
	} else if (plan->verdict == TL_BT_SCHED) {
		return on_sched(reader, stream, plan, event);
	} else if (plan->verdict == TL_BT_MALFORMED || !tl_bt_decode_event(reader, stream, plan, event)) {
		reader->base.info.malformed++;
	} else {
		reader->base.info.events++;
		reader->item->type = TL_ITEM_EVENT;
		reader->filled = true;
	}
	return 0;
}

static int on_message(struct tl_bt_reader *reader, struct tl_bt_stream *stream, const bt_message *message)
{
	switch (bt_message_get_type(message)) {
	case BT_MESSAGE_TYPE_EVENT: return on_event(reader, stream, message);
	case BT_MESSAGE_TYPE_STREAM_BEGINNING: return tl_bt_on_stream_beginning(reader, stream, message);
	case BT_MESSAGE_TYPE_STREAM_END: tl_bt_on_stream_end(reader, stream); return 0;
	case BT_MESSAGE_TYPE_PACKET_BEGINNING: tl_bt_on_packet_beginning(stream, message); return 0;
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS: tl_bt_on_discarded(reader, stream, message, false); return 0;
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS: tl_bt_on_discarded(reader, stream, message, true); return 0;
	default: return 0;
	}
}

/* ---- the sink -------------------------------------------------------------- */

static bt_component_class_initialize_method_status sink_initialize(bt_self_component_sink *self,
								   bt_self_component_sink_configuration *configuration,
								   const bt_value *params, void *data)
{
	struct tl_bt_reader *reader = data;
	char name[32];

	(void)configuration;
	(void)params;
	bt_self_component_set_data(bt_self_component_sink_as_self_component(self), reader);
	for (size_t i = 0; i < reader->n_streams; i++) {
		snprintf(name, sizeof name, "in%zu", i);
		if (bt_self_component_sink_add_input_port(self, name, NULL, NULL) !=
		    BT_SELF_COMPONENT_ADD_PORT_STATUS_OK)
			return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_ERROR;
	}
	return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

static struct tl_bt_reader *sink_reader(bt_self_component_sink *self)
{
	return bt_self_component_get_data(bt_self_component_sink_as_self_component(self));
}

static bt_component_class_sink_graph_is_configured_method_status sink_configured(bt_self_component_sink *self)
{
	struct tl_bt_reader *reader = sink_reader(self);

	for (size_t i = 0; i < reader->n_streams; i++) {
		bt_self_component_port_input *port = bt_self_component_sink_borrow_input_port_by_index(self, i);

		if (bt_message_iterator_create_from_sink_component(self, port, &reader->streams[i].iterator) !=
		    BT_MESSAGE_ITERATOR_CREATE_FROM_SINK_COMPONENT_STATUS_OK)
			return BT_COMPONENT_CLASS_SINK_GRAPH_IS_CONFIGURED_METHOD_STATUS_ERROR;
		reader->n_iterators++;
		reader->streams[i].time_ns = INT64_MIN;
		tl_merge_add(&reader->merge, (uint32_t)i, INT64_MIN);
	}
	return BT_COMPONENT_CLASS_SINK_GRAPH_IS_CONFIGURED_METHOD_STATUS_OK;
}

void tl_bt_release_held(struct tl_bt_reader *reader)
{
	if (reader->held)
		bt_message_put_ref(reader->held);
	reader->held = NULL;
}

/* Asks the first stream for more messages, and puts it where its next one belongs, or out. */
static bt_message_iterator_next_status refill(struct tl_bt_reader *reader, struct tl_bt_stream *stream)
{
	bt_message_iterator_next_status status;

	stream->next = stream->n = 0;
	status = bt_message_iterator_next(stream->iterator, &stream->messages, &stream->n);
	/* It may succeed and leave an error behind (seen with 2.0.4), at which its next function aborts the program. */
	if (status >= 0)
		tl_bt_drop_error();
	if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
		tl_merge_remove_first(&reader->merge);
	if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK || stream->n == 0) {
		stream->n = 0;
		return status;
	}
	tl_bt_read_time(stream);
	tl_merge_move_first(&reader->merge, stream->time_ns);
	return status;
}

/*
 * Takes the first stream's present message: hands it on, and keeps it if an item
 * came of it. A stream whose batch is used up stays where it is: its next message
 * cannot be earlier, and is fetched when the stream is first again.
 */
static int take_message(struct tl_bt_reader *reader, struct tl_bt_stream *stream)
{
	const bt_message *message = stream->messages[stream->next];
	struct tl_bt_stream *of = reader->live.is_wanted ? tl_bt_live_stream(reader, stream, message) : stream;
	int result = of ? on_message(reader, of, message) : TL_ENOMEM;

	stream->next++;
	if (reader->filled)
		reader->held = message;
	else
		bt_message_put_ref(message);
	if (stream->next < stream->n) {
		tl_bt_read_time(stream);
		tl_merge_move_first(&reader->merge, stream->time_ns);
	}
	return result;
}

static bt_component_class_sink_consume_method_status sink_consume(bt_self_component_sink *self)
{
	struct tl_bt_reader *reader = sink_reader(self);

	for (int i = 0; i < MESSAGES_PER_RUN && !reader->filled; i++) {
		struct tl_bt_stream *stream;

		if (reader->merge.n == 0)
			return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_END;
		stream = &reader->streams[reader->merge.entries[0].index];
		if (stream->next == stream->n) {
			bt_message_iterator_next_status status = refill(reader, stream);

			if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_AGAIN)
				return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_AGAIN;
			if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK &&
			    status != BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
				return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_ERROR;
			continue;
		}
		reader->failure = take_message(reader, stream);
		if (reader->failure < 0)
			return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_ERROR;
	}
	return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_OK;
}

/* Messages that were fetched and not looked at. */
static void drop_streams(struct tl_bt_reader *reader)
{
	tl_bt_release_held(reader);
	for (size_t i = 0; i < reader->n_iterators; i++) {
		struct tl_bt_stream *stream = &reader->streams[i];

		for (; stream->next < stream->n; stream->next++)
			bt_message_put_ref(stream->messages[stream->next]);
		bt_message_iterator_put_ref(stream->iterator);
	}
	reader->n_iterators = 0;
}

/* The iterators must go before the graph's ports do. */
static void sink_finalize(bt_self_component_sink *self)
{
	drop_streams(sink_reader(self));
}

const bt_component_class_sink *tl_bt_make_sink_class(void)
{
	bt_component_class_sink *class = bt_component_class_sink_create("threadline", sink_consume);

	if (class && (bt_component_class_sink_set_initialize_method(class, sink_initialize) != 0 ||
		      bt_component_class_sink_set_graph_is_configured_method(class, sink_configured) != 0 ||
		      bt_component_class_sink_set_finalize_method(class, sink_finalize) != 0)) {
		bt_component_class_sink_put_ref(class);
		class = NULL;
	}
	return class;
}
