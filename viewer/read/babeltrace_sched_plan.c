/*
 * Which events of a kernel tracer are understood, and where each class has what is
 * needed of it: LTTng and perf name the same tracepoints and fields differently.
 * Decided once a class. A class with the name of such an event, but without a field
 * that is needed, or with another type of it, is malformed.
 */
#include <stddef.h>
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

/* One thing to know, under one of several names; the first that is there counts. */
struct want {
	const char *names[2];
	enum tl_bt_sched_type type;
	size_t offset;
	bool optional;
	const char *beside; /* only if there is a field of this name, too */
};

#define WANTS 6
#define AT(member) offsetof(struct tl_sched, member)

struct known {
	const char *name;
	enum tl_sched_kind kind;
	struct want wants[WANTS];
};

static const struct want wants_of_wakeup[WANTS] = {{{"tid", "pid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
						   {{"comm"}, TL_BT_SCHED_COMM, AT(comm), true, NULL}};

/* perf calls a thread's id pid. */
static const struct known all_known[] = {
	{"sched_switch",
	 TL_SCHED_SWITCH,
	 {{{"prev_tid", "prev_pid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
	  {{"next_tid", "next_pid"}, TL_BT_SCHED_ID, AT(other), false, NULL},
	  {{"prev_state"}, TL_BT_SCHED_STATE, AT(state), false, NULL},
	  {{"prev_comm"}, TL_BT_SCHED_COMM, AT(comm), true, NULL},
	  {{"next_comm"}, TL_BT_SCHED_COMM, AT(other_comm), true, NULL}}},
	{"sched_process_fork",
	 TL_SCHED_FORK,
	 {{{"parent_tid", "parent_pid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
	  {{"child_tid", "child_pid"}, TL_BT_SCHED_ID, AT(other), false, NULL},
	  {{"child_pid"}, TL_BT_SCHED_ID, AT(pid), true, "child_tid"},
	  {{"parent_pid"}, TL_BT_SCHED_ID, AT(parent_pid), true, "parent_tid"},
	  {{"parent_comm"}, TL_BT_SCHED_COMM, AT(comm), true, NULL},
	  {{"child_comm"}, TL_BT_SCHED_COMM, AT(other_comm), true, NULL}}},
	{"sched_process_exec",
	 TL_SCHED_EXEC,
	 {{{"tid", "pid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
	  {{"old_tid", "old_pid"}, TL_BT_SCHED_ID, AT(other), true, NULL},
	  {{"filename"}, TL_BT_SCHED_FILE, AT(file), true, NULL}}},
	{"lttng_statedump_process_state",
	 TL_SCHED_THREAD,
	 {{{"tid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
	  {{"pid"}, TL_BT_SCHED_ID, AT(pid), false, NULL},
	  {{"ppid"}, TL_BT_SCHED_CONTEXT, AT(parent_pid), true, NULL},
	  {{"name"}, TL_BT_SCHED_COMM, AT(comm), true, NULL},
	  {{"type"}, TL_BT_SCHED_KIND, AT(is_kernel_thread), true, NULL}}},
	/* Of perf data convert --all, beside the tracepoints: also of what was there before, at time 0. */
	{"perf_fork",
	 TL_SCHED_THREAD,
	 {{{"tid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
	  {{"pid"}, TL_BT_SCHED_ID, AT(pid), false, NULL},
	  {{"ppid"}, TL_BT_SCHED_CONTEXT, AT(parent_pid), true, NULL}}},
	{"perf_comm",
	 TL_SCHED_THREAD,
	 {{{"tid"}, TL_BT_SCHED_ID, AT(tid), false, NULL},
	  {{"pid"}, TL_BT_SCHED_ID, AT(pid), false, NULL},
	  {{"comm"}, TL_BT_SCHED_COMM, AT(comm), true, NULL}}},
};

static const struct {
	const char *name;
	enum tl_sched_kind kind;
} about_one[] = {
	{"sched_wakeup", TL_SCHED_WAKEUP},
	{"sched_waking", TL_SCHED_WAKEUP},
	{"sched_wakeup_new", TL_SCHED_WAKEUP},
	{"sched_process_exit", TL_SCHED_EXIT},
};

/* Where the event was recorded: in its payload by perf, in a context by LTTng when asked to. */
static const struct want contexts[] = {
	{{"tid"}, TL_BT_SCHED_CONTEXT, AT(current_tid), true, NULL},
	{{"pid"}, TL_BT_SCHED_CONTEXT, AT(current_pid), true, NULL},
};
static const struct want perf_contexts[] = {
	{{"perf_tid"}, TL_BT_SCHED_CONTEXT, AT(current_tid), true, NULL},
	{{"perf_pid"}, TL_BT_SCHED_CONTEXT, AT(current_pid), true, NULL},
	{{"perf_cpu", "cpu_id"}, TL_BT_SCHED_CPU, AT(cpu), true, NULL},
};

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

static bool fits(const bt_field_class *class, enum tl_bt_sched_type type)
{
	switch (type) {
	case TL_BT_SCHED_COMM: return is_text(class);
	case TL_BT_SCHED_FILE: return bt_field_class_get_type(class) == BT_FIELD_CLASS_TYPE_STRING;
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
static bool add_step(struct tl_bt_plan *plan, const bt_field_class *structure, enum tl_bt_scope scope,
		     const struct want *want)
{
	uint64_t at = UINT64_MAX;

	for (size_t i = 0; i < sizeof want->names / sizeof *want->names && at == UINT64_MAX; i++)
		at = find_member(structure, want->names[i]);
	if (want->beside && find_member(structure, want->beside) == UINT64_MAX)
		at = UINT64_MAX;
	if (at == UINT64_MAX)
		return want->optional;
	if (plan->n_steps == TL_BT_SCHED_STEPS ||
	    !fits(bt_field_class_structure_member_borrow_field_class_const(
			  bt_field_class_structure_borrow_member_by_index_const(structure, at)),
		  want->type))
		return false;
	plan->sched[plan->n_steps++] = (struct tl_bt_sched_step){at, want->offset, scope, want->type};
	return true;
}

/* What the events are called: perf says the subsystem, too. */
static const char *plain_name(const char *name)
{
	return strncmp(name, "sched:", 6) == 0 ? name + 6 : name;
}

static const struct want *find_known(const char *name, enum tl_sched_kind *kind)
{
	name = plain_name(name);
	for (size_t i = 0; i < sizeof all_known / sizeof *all_known; i++) {
		*kind = all_known[i].kind;
		if (strcmp(all_known[i].name, name) == 0)
			return all_known[i].wants;
	}
	for (size_t i = 0; i < sizeof about_one / sizeof *about_one; i++) {
		*kind = about_one[i].kind;
		if (strcmp(about_one[i].name, name) == 0)
			return wants_of_wakeup;
	}
	return NULL;
}

bool tl_bt_plan_sched(struct tl_bt_plan *plan, const bt_event_class *class)
{
	const bt_field_class *payload = bt_event_class_borrow_payload_field_class_const(class);
	const bt_field_class *common = bt_stream_class_borrow_event_common_context_field_class_const(
		bt_event_class_borrow_stream_class_const(class));
	const bt_field_class *specific = bt_event_class_borrow_specific_context_field_class_const(class);
	enum tl_sched_kind kind;
	const struct want *wants = find_known(bt_event_class_get_name(class), &kind);
	bool good = true;

	if (!wants)
		return false;
	plan->kind = (int)kind;
	for (size_t i = 0; good && i < WANTS && wants[i].names[0]; i++)
		good = add_step(plan, payload, TL_BT_PAYLOAD, &wants[i]);
	for (size_t i = 0; good && i < sizeof perf_contexts / sizeof *perf_contexts; i++)
		good = add_step(plan, payload, TL_BT_PAYLOAD, &perf_contexts[i]);
	for (size_t i = 0; good && i < sizeof contexts / sizeof *contexts; i++)
		good = add_step(plan, common, TL_BT_COMMON, &contexts[i]) &&
		       add_step(plan, specific, TL_BT_SPECIFIC, &contexts[i]);
	plan->verdict = good ? TL_BT_SCHED : TL_BT_MALFORMED;
	return true;
}

bool tl_bt_has_sched(const bt_stream_class *class)
{
	uint64_t n = bt_stream_class_get_event_class_count(class);

	for (uint64_t i = 0; i < n; i++) {
		const char *name = bt_event_class_get_name(bt_stream_class_borrow_event_class_by_index_const(class, i));
		enum tl_sched_kind kind;

		if (name && find_known(name, &kind))
			return true;
	}
	return false;
}
