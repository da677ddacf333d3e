/*
 * The times of messages, from clock snapshots to nanoseconds since the epoch. The
 * sink merges streams by them; a message without one takes the place of the
 * message before it.
 */
#include "viewer/read/babeltrace_internal.h"

/* Fills `ns`; false when there is no such time, or none that fits. */
static bool snapshot_ns(const bt_clock_snapshot *snapshot, int64_t *ns)
{
	if (bt_clock_snapshot_get_ns_from_origin(snapshot, ns) == BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK)
		return true;
	tl_bt_drop_error();
	return false;
}

static const bt_stream_class *discarded_class(const bt_message *message, bool packets)
{
	return bt_stream_borrow_class_const(packets ? bt_message_discarded_packets_borrow_stream_const(message)
						    : bt_message_discarded_events_borrow_stream_const(message));
}

bool tl_bt_discarded_bounds(const bt_message *message, bool packets, int64_t *begin_ns, int64_t *end_ns)
{
	const bt_stream_class *class = discarded_class(message, packets);

	if (packets)
		return bt_stream_class_discarded_packets_have_default_clock_snapshots(class) &&
		       snapshot_ns(bt_message_discarded_packets_borrow_beginning_default_clock_snapshot_const(message),
				   begin_ns) &&
		       snapshot_ns(bt_message_discarded_packets_borrow_end_default_clock_snapshot_const(message),
				   end_ns);
	return bt_stream_class_discarded_events_have_default_clock_snapshots(class) &&
	       snapshot_ns(bt_message_discarded_events_borrow_beginning_default_clock_snapshot_const(message),
			   begin_ns) &&
	       snapshot_ns(bt_message_discarded_events_borrow_end_default_clock_snapshot_const(message), end_ns);
}

void tl_bt_read_time(struct tl_bt_stream *stream)
{
	const bt_message *message = stream->messages[stream->next];
	int64_t ns, end_ns;
	bool timed = false;

	switch (bt_message_get_type(message)) {
	case BT_MESSAGE_TYPE_EVENT:
		timed = stream->clock &&
			snapshot_ns(bt_message_event_borrow_default_clock_snapshot_const(message), &ns);
		break;
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS: timed = tl_bt_discarded_bounds(message, false, &ns, &end_ns); break;
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS: timed = tl_bt_discarded_bounds(message, true, &ns, &end_ns); break;
	case BT_MESSAGE_TYPE_MESSAGE_ITERATOR_INACTIVITY:
		timed = snapshot_ns(bt_message_message_iterator_inactivity_borrow_clock_snapshot_const(message), &ns);
		break;
	default: break;
	}
	stream->timed = timed;
	if (timed)
		stream->time_ns = ns;
}

void tl_bt_see_time(struct tl_bt_reader *reader, int64_t ns)
{
	struct tl_source_info *info = &reader->base.info;

	if (!reader->any_time || ns < info->start_ns)
		info->start_ns = ns;
	if (!reader->any_time || ns > info->end_ns)
		info->end_ns = ns;
	reader->any_time = true;
}

/*
 * status.since_ns is said in the trace's clock, by code that does not know the
 * clock's offset; every other time is since the epoch, and so is this one from
 * here on. LTTng's clocks count nanoseconds; any other stays as it is.
 */
bool tl_bt_convert_since(const struct tl_bt_stream *stream, int64_t *since_ns)
{
	if (!stream->clock || *since_ns <= 0 || bt_clock_class_get_frequency(stream->clock) != UINT64_C(1000000000))
		return true;
	if (bt_clock_class_cycles_to_ns_from_origin(stream->clock, (uint64_t)*since_ns, since_ns) ==
	    BT_CLOCK_CLASS_CYCLES_TO_NS_FROM_ORIGIN_STATUS_OK)
		return true;
	tl_bt_drop_error();
	return false;
}
