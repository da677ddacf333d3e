/*
 * Events of a kernel's scheduler: decoded into struct tl_sched by the class's plan,
 * given to the mapper, and what comes of them handed out one by one. What the mapper
 * hands out points into its own memory, not into messages.
 */
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

/* An integer of whatever sign and size; false when it does not fit an int64_t. */
static bool get_integer(const bt_field *field, int64_t *value)
{
	uint64_t large;

	if (tl_bt_is_integer(bt_field_borrow_class_const(field), true, 64)) {
		*value = bt_field_integer_signed_get_value(field);
		return true;
	}
	large = bt_field_integer_unsigned_get_value(field);
	*value = (int64_t)large;
	return large <= INT64_MAX;
}

static char get_byte(const bt_field *array, uint64_t i)
{
	const bt_field *element = bt_field_array_borrow_element_field_by_index_const(array, i);

	if (tl_bt_is_integer(bt_field_borrow_class_const(element), true, 8))
		return (char)bt_field_integer_signed_get_value(element);
	return (char)bt_field_integer_unsigned_get_value(element);
}

/* A name, up to its NUL or its end, cut to what fits. */
static void get_comm(const bt_field *field, char to[TL_SCHED_COMM])
{
	uint64_t n, i = 0;

	if (bt_field_get_class_type(field) == BT_FIELD_CLASS_TYPE_STRING) {
		n = bt_field_string_get_length(field);
		if (n > 0)
			strncpy(to, bt_field_string_get_value(field), TL_SCHED_COMM - 1);
		return;
	}
	n = bt_field_array_get_length(field);
	for (; i < n && i < TL_SCHED_COMM - 1 && (to[i] = get_byte(field, i)) != '\0'; i++)
		;
	to[i] = '\0';
}

static bool put_number(struct tl_sched *sched, const struct tl_bt_sched_step *step, const bt_field *field)
{
	int64_t value;
	bool fits = get_integer(field, &value);

	return tl_sched_put(sched, step->type, step->offset, value, fits);
}

static bool decode(const struct tl_bt_plan *plan, const bt_event *event, struct tl_sched *sched)
{
	const bt_field *scopes[] = {
		[TL_SCHED_PAYLOAD] = bt_event_borrow_payload_field_const(event),
		[TL_SCHED_COMMON] = bt_event_borrow_common_context_field_const(event),
		[TL_SCHED_SPECIFIC] = bt_event_borrow_specific_context_field_const(event),
	};

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct tl_bt_sched_step *step = &plan->sched[i];
		const bt_field *field = bt_field_structure_borrow_member_field_by_index_const(scopes[step->scope],
											      step->member);

		if (step->type == TL_SCHED_NAME)
			get_comm(field, (char *)sched + step->offset);
		else if (step->type == TL_SCHED_FILE)
			sched->file = bt_field_string_get_length(field) ? bt_field_string_get_value(field) : NULL;
		else if (!put_number(sched, step, field))
			return false;
	}
	return true;
}

bool tl_bt_next_sched(struct tl_bt_reader *reader, struct tl_item *item)
{
	if (!reader->kernel || !tl_kernel_next(reader->kernel, &item->event))
		return false;
	item->type = TL_ITEM_EVENT;
	return true;
}

int tl_bt_take_sched(struct tl_bt_reader *reader, const struct tl_bt_stream *stream, const struct tl_bt_plan *plan,
		     const bt_event *event)
{
	struct tl_sched sched = {
		.kind = (uint8_t)plan->kind,
		.domain = stream->domain,
		.has_cpu = stream->cpu >= 0,
		.cpu = stream->cpu >= 0 ? (uint16_t)stream->cpu : 0,
		.time_ns = stream->time_ns,
	};
	int result;

	if (!stream->timed || !decode(plan, event, &sched))
		return TL_EFORMAT;
	if (!reader->kernel && !(reader->kernel = tl_kernel_create()))
		return TL_ENOMEM;
	result = tl_kernel_take(reader->kernel, &sched);
	if (result == 0)
		reader->filled = tl_bt_next_sched(reader, reader->item);
	return result;
}
