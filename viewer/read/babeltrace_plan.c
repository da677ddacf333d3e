/*
 * Plans: how the events of one class are decoded. The class's fields are compared
 * with the event contract once, at its first event, so that decoding compares
 * nothing but values. A plan is found again by its class's address.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

#define PROVIDER "threadline:"

bool tl_bt_is_integer(const bt_field_class *class, bool is_signed, unsigned bits)
{
	bt_field_class_type type = bt_field_class_get_type(class);
	bool fits = is_signed ? type == BT_FIELD_CLASS_TYPE_SIGNED_INTEGER ||
					type == BT_FIELD_CLASS_TYPE_SIGNED_ENUMERATION
			      : type == BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER ||
					type == BT_FIELD_CLASS_TYPE_UNSIGNED_ENUMERATION;

	return fits && bt_field_class_integer_get_field_value_range(class) <= bits;
}

static bool is_sequence(const bt_field_class *class, unsigned bits)
{
	bt_field_class_type type = bt_field_class_get_type(class);

	return (type == BT_FIELD_CLASS_TYPE_DYNAMIC_ARRAY_WITH_LENGTH_FIELD ||
		type == BT_FIELD_CLASS_TYPE_DYNAMIC_ARRAY_WITHOUT_LENGTH_FIELD) &&
	       tl_bt_is_integer(bt_field_class_array_borrow_element_field_class_const(class), false, bits);
}

/* Whether a field of `class` always holds what the contract says, but for the range of named values. */
static bool fits(const bt_field_class *class, enum tl_field_type type)
{
	switch (type) {
	case TL_FIELD_U8: return tl_bt_is_integer(class, false, 8);
	case TL_FIELD_U16: return tl_bt_is_integer(class, false, 16);
	case TL_FIELD_U32: return tl_bt_is_integer(class, false, 32);
	case TL_FIELD_U64: return tl_bt_is_integer(class, false, 64);
	case TL_FIELD_S32: return tl_bt_is_integer(class, true, 32);
	case TL_FIELD_S64: return tl_bt_is_integer(class, true, 64);
	case TL_FIELD_TEXT: return bt_field_class_get_type(class) == BT_FIELD_CLASS_TYPE_STRING;
	case TL_FIELD_ADDRS: return is_sequence(class, 64);
	case TL_FIELD_BYTES: return is_sequence(class, 8);
	default: return tl_bt_is_integer(class, false, 8);
	}
}

/* Adds the step for one field; false when the payload has no such field, or another type of it. */
static bool add_step(struct tl_bt_plan *plan, const bt_field_class *payload, const struct tl_field_info *field)
{
	uint64_t n = bt_field_class_structure_get_member_count(payload);

	assert(plan->n_steps < TL_BT_MAX_STEPS);
	for (uint64_t i = 0; i < n; i++) {
		const bt_field_class_structure_member *member = bt_field_class_structure_borrow_member_by_index_const(
			payload, i);

		if (strcmp(bt_field_class_structure_member_get_name(member), field->name) != 0)
			continue;
		plan->steps[plan->n_steps++] = (struct tl_bt_step){
			i, field->offset, field->count_offset, field->type,
			field->type >= TL_FIELD_REASON ? tl_value_count(field->type) : 0};
		return fits(bt_field_class_structure_member_borrow_field_class_const(member), field->type);
	}
	return false;
}

static void make_plan(struct tl_bt_plan *plan, const bt_event_class *class)
{
	static const struct tl_field_info head[] = {
		{"task", TL_FIELD_U64, offsetof(struct tl_event, task), 0},
		{"seq", TL_FIELD_U32, offsetof(struct tl_event, seq), 0},
	};
	const char *name = bt_event_class_get_name(class);
	const bt_field_class *payload = bt_event_class_borrow_payload_field_class_const(class);
	const struct tl_kind_info *kind;
	bool good;

	plan->verdict = TL_BT_FOREIGN;
	plan->is_timeless = name && tl_sched_is_timeless(name);
	if (!name || tl_bt_plan_sched(plan, class))
		return;
	if (strncmp(name, PROVIDER, strlen(PROVIDER)) != 0)
		return;
	plan->verdict = TL_BT_MALFORMED;
	plan->kind = tl_kind_find(name + strlen(PROVIDER));
	if (plan->kind < 0 || !payload)
		return;
	kind = &tl_kinds[plan->kind];
	good = add_step(plan, payload, &head[0]) && add_step(plan, payload, &head[1]);
	for (size_t i = 0; good && i < kind->n_fields; i++) {
		const struct tl_field_info *field = &kind->fields[i];
		bool is_later = tl_field_is_later(kind, field) &&
				!bt_field_class_structure_borrow_member_by_name_const(payload, field->name);

		plan->clears |= is_later;
		good = is_later || add_step(plan, payload, field);
	}
	if (good)
		plan->verdict = TL_BT_OURS;
}

const struct tl_bt_plan *tl_bt_find_plan(struct tl_bt_reader *reader, const bt_event_class *class)
{
	const struct tl_bt_plan **slot = &reader->cache[(uintptr_t) class / 64 % TL_BT_CACHE_SLOTS];
	struct tl_bt_plan *plan;

	if (*slot && (*slot)->class == class)
		return *slot;
	HASH_FIND_PTR(reader->plans, &class, plan);
	if (!plan) {
		plan = calloc(1, sizeof *plan);
		if (!plan)
			return NULL;
		bt_event_class_get_ref(class);
		plan->class = class;
		make_plan(plan, class);
		HASH_ADD_PTR(reader->plans, class, plan);
	}
	return *slot = plan;
}

void tl_bt_drop_plans(struct tl_bt_reader *reader)
{
	struct tl_bt_plan *plan, *next;

	HASH_ITER(hh, reader->plans, plan, next) {
		HASH_DEL(reader->plans, plan);
		bt_event_class_put_ref(plan->class);
		free(plan);
	}
}
