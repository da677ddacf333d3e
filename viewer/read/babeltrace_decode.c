/*
 * Decoding: the payload of one event into the item's struct tl_event, step by step
 * of its class's plan. Types fit, the plan saw to that; what a trace can still get
 * wrong are values. Texts and sequences stay valid until the next event.
 */
#include <assert.h>
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

/* A sequence into scratch memory, which lives until the next event. */
static bool decode_sequence(const bt_field *field, const struct tl_bt_step *step, char *event, uint64_t *scratch)
{
	uint64_t n = bt_field_array_get_length(field);
	uint8_t *bytes = (uint8_t *)scratch;
	const void *at = scratch;

	if (n > TL_BT_SEQUENCE_MAX)
		return false;
	for (uint64_t i = 0; i < n; i++) {
		const bt_field *element = bt_field_array_borrow_element_field_by_index_const(field, i);
		uint64_t value = bt_field_integer_unsigned_get_value(element);

		if (step->type == TL_FIELD_ADDRS)
			scratch[i] = value;
		else
			bytes[i] = (uint8_t)value;
	}
	memcpy(event + step->offset, &at, sizeof at);
	*(uint8_t *)(event + step->count_offset) = (uint8_t)n;
	return true;
}

/* The offsets come from offsetof on members of just these types. */
static bool decode_field(const bt_field *field, const struct tl_bt_step *step, char *event)
{
	void *to = event + step->offset;
	uint64_t value;

	switch (step->type) {
	case TL_FIELD_U64: *(uint64_t *)to = bt_field_integer_unsigned_get_value(field); return true;
	case TL_FIELD_U32: *(uint32_t *)to = (uint32_t)bt_field_integer_unsigned_get_value(field); return true;
	case TL_FIELD_U16: *(uint16_t *)to = (uint16_t)bt_field_integer_unsigned_get_value(field); return true;
	case TL_FIELD_U8: *(uint8_t *)to = (uint8_t)bt_field_integer_unsigned_get_value(field); return true;
	case TL_FIELD_S32: *(int32_t *)to = (int32_t)bt_field_integer_signed_get_value(field); return true;
	case TL_FIELD_S64: *(int64_t *)to = bt_field_integer_signed_get_value(field); return true;
	case TL_FIELD_TEXT:
		/* An empty string's value is what an earlier event left there (seen with 2.0.4). */
		*(const char **)to = bt_field_string_get_length(field) ? bt_field_string_get_value(field) : "";
		return true;
	default:
		value = bt_field_integer_unsigned_get_value(field);
		*(uint8_t *)to = (uint8_t)value;
		return value < step->values;
	}
}

static bool decode_payload(struct tl_bt_reader *reader, const struct tl_bt_plan *plan, const bt_event *bt_event,
			   struct tl_event *event)
{
	const bt_field *payload = bt_event_borrow_payload_field_const(bt_event);
	size_t sequences = 0;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct tl_bt_step *step = &plan->steps[i];
		const bt_field *field = bt_field_structure_borrow_member_field_by_index_const(payload, step->member);
		bool good;

		if (step->type == TL_FIELD_ADDRS || step->type == TL_FIELD_BYTES) {
			assert(sequences < TL_BT_MAX_SEQUENCES);
			good = decode_sequence(field, step, (char *)event, reader->sequences[sequences++]);
		} else {
			good = decode_field(field, step, (char *)event);
		}
		if (!good)
			return false;
	}
	return event->task != 0;
}

bool tl_bt_decode_event(struct tl_bt_reader *reader, const struct tl_bt_stream *stream, const struct tl_bt_plan *plan,
			const bt_event *bt_event)
{
	struct tl_event *event = &reader->item->event;

	event->time_ns = stream->time_ns;
	event->domain = stream->domain;
	event->peer = 0;
	if (plan->clears)
		memset(&event->u, 0, sizeof event->u);
	event->kind = (uint8_t)plan->kind;
	return stream->timed && decode_payload(reader, plan, bt_event, event) &&
	       (plan->kind != TL_EVENT_STATUS || tl_bt_convert_since(stream, &event->u.status.since_ns));
}
