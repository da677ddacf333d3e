/*
 * Where each class of a kernel tracer's events has what is needed of it
 * (sched_wants.h). Decided once a class.
 */
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

static bool is_any_integer(const bt_field_class *class)
{
	return tl_bt_is_integer(class, false, 64) || tl_bt_is_integer(class, true, 64);
}

/* A text: a string, or an array of bytes. */
static bool is_text(const bt_field_class *class)
{
	bt_field_class_type type = bt_field_class_get_type(class);
	const bt_field_class *element;

	if (type == BT_FIELD_CLASS_TYPE_STRING)
		return true;
	if (type != BT_FIELD_CLASS_TYPE_STATIC_ARRAY && type != BT_FIELD_CLASS_TYPE_DYNAMIC_ARRAY_WITH_LENGTH_FIELD &&
	    type != BT_FIELD_CLASS_TYPE_DYNAMIC_ARRAY_WITHOUT_LENGTH_FIELD)
		return false;
	element = bt_field_class_array_borrow_element_field_class_const(class);
	return tl_bt_is_integer(element, false, 8) || tl_bt_is_integer(element, true, 8);
}

static bool fits(const bt_field_class *class, enum tl_sched_type type)
{
	switch (type) {
	case TL_SCHED_NAME: return is_text(class);
	case TL_SCHED_FILE: return bt_field_class_get_type(class) == BT_FIELD_CLASS_TYPE_STRING;
	default: return is_any_integer(class);
	}
}

/* The member's place in the structure, which may be NULL; UINT64_MAX: there is none. */
static uint64_t find_member(const bt_field_class *structure, const char *name)
{
	uint64_t n = structure ? bt_field_class_structure_get_member_count(structure) : 0;

	for (uint64_t i = 0; name && i < n; i++)
		if (strcmp(bt_field_class_structure_member_get_name(
				   bt_field_class_structure_borrow_member_by_index_const(structure, i)),
			   name) == 0)
			return i;
	return UINT64_MAX;
}

/* Adds the step for one thing; false when it is needed and not there, or there and of another type. */
static bool add_step(struct tl_bt_plan *plan, const bt_field_class *structure, const struct tl_sched_want *want)
{
	uint64_t at = UINT64_MAX;

	for (size_t i = 0; i < sizeof want->names / sizeof *want->names && at == UINT64_MAX; i++)
		at = find_member(structure, want->names[i]);
	if (want->beside && find_member(structure, want->beside) == UINT64_MAX)
		at = UINT64_MAX;
	if (at == UINT64_MAX)
		return want->optional;
	if (plan->n_steps == TL_SCHED_WANTS ||
	    !fits(bt_field_class_structure_member_borrow_field_class_const(
			  bt_field_class_structure_borrow_member_by_index_const(structure, at)),
		  want->type))
		return false;
	plan->sched[plan->n_steps++] = (struct tl_bt_sched_step){at, want->offset, want->scope, want->type};
	return true;
}

bool tl_bt_plan_sched(struct tl_bt_plan *plan, const bt_event_class *class)
{
	const bt_field_class *scopes[TL_N_SCHED_SCOPES] = {
		[TL_SCHED_PAYLOAD] = bt_event_class_borrow_payload_field_class_const(class),
		[TL_SCHED_COMMON] = bt_stream_class_borrow_event_common_context_field_class_const(
			bt_event_class_borrow_stream_class_const(class)),
		[TL_SCHED_SPECIFIC] = bt_event_class_borrow_specific_context_field_class_const(class),
	};
	struct tl_sched_want wants[TL_SCHED_WANTS];
	enum tl_sched_kind kind;
	size_t n = tl_sched_find(bt_event_class_get_name(class), wants, &kind);
	bool good = true;

	if (!n)
		return false;
	plan->kind = (int)kind;
	for (size_t i = 0; good && i < n; i++)
		good = add_step(plan, scopes[wants[i].scope], &wants[i]);
	plan->verdict = good ? TL_BT_SCHED : TL_BT_MALFORMED;
	return true;
}

bool tl_bt_has_sched(const bt_stream_class *class)
{
	uint64_t n = bt_stream_class_get_event_class_count(class);

	for (uint64_t i = 0; i < n; i++) {
		const char *name = bt_event_class_get_name(bt_stream_class_borrow_event_class_by_index_const(class, i));

		if (name && tl_sched_is_one(name))
			return true;
	}
	return false;
}
