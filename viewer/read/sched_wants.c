/* Names and fields of the kernel's events; see sched_wants.h. */
#include "viewer/read/sched_wants.h"

#include <stddef.h>
#include <string.h>

#define WANTS 6 /* in a payload */
#define AT(member) offsetof(struct tl_sched, member)

struct known {
	const char *name;
	enum tl_sched_kind kind;
	struct tl_sched_want wants[WANTS];
};

static const struct tl_sched_want wants_of_wakeup[WANTS] = {
	{{"tid", "pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	{{"comm"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(comm), true, NULL}};

/* perf calls a thread's id pid. */
static const struct known all_known[] = {
	{"sched_switch",
	 TL_SCHED_SWITCH,
	 {{{"prev_tid", "prev_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	  {{"next_tid", "next_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(other), false, NULL},
	  {{"prev_state"}, TL_SCHED_STATE, TL_SCHED_PAYLOAD, AT(state), false, NULL},
	  {{"prev_comm"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(comm), true, NULL},
	  {{"next_comm"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(other_comm), true, NULL}}},
	{"sched_process_fork",
	 TL_SCHED_FORK,
	 {{{"parent_tid", "parent_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	  {{"child_tid", "child_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(other), false, NULL},
	  {{"child_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(pid), true, "child_tid"},
	  {{"parent_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(parent_pid), true, "parent_tid"},
	  {{"parent_comm"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(comm), true, NULL},
	  {{"child_comm"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(other_comm), true, NULL}}},
	{"sched_process_exec",
	 TL_SCHED_EXEC,
	 {{{"tid", "pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	  {{"old_tid", "old_pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(other), true, NULL},
	  {{"filename"}, TL_SCHED_FILE, TL_SCHED_PAYLOAD, AT(file), true, NULL}}},
	{"lttng_statedump_process_state",
	 TL_SCHED_THREAD,
	 {{{"tid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	  {{"pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(pid), false, NULL},
	  {{"ppid"}, TL_SCHED_CONTEXT, TL_SCHED_PAYLOAD, AT(parent_pid), true, NULL},
	  {{"name"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(comm), true, NULL},
	  {{"type"}, TL_SCHED_KTHREAD, TL_SCHED_PAYLOAD, AT(is_kernel_thread), true, NULL}}},
	/* Of perf data convert --all, beside the tracepoints: also of what was there before, at time 0. */
	{"perf_fork",
	 TL_SCHED_THREAD,
	 {{{"tid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	  {{"pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(pid), false, NULL},
	  {{"ppid"}, TL_SCHED_CONTEXT, TL_SCHED_PAYLOAD, AT(parent_pid), true, NULL}}},
	{"perf_comm",
	 TL_SCHED_THREAD,
	 {{{"tid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(tid), false, NULL},
	  {{"pid"}, TL_SCHED_ID, TL_SCHED_PAYLOAD, AT(pid), false, NULL},
	  {{"comm"}, TL_SCHED_NAME, TL_SCHED_PAYLOAD, AT(comm), true, NULL}}},
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
static const struct tl_sched_want contexts[] = {
	{{"perf_tid"}, TL_SCHED_CONTEXT, TL_SCHED_PAYLOAD, AT(current_tid), true, NULL},
	{{"perf_pid"}, TL_SCHED_CONTEXT, TL_SCHED_PAYLOAD, AT(current_pid), true, NULL},
	{{"perf_cpu", "cpu_id"}, TL_SCHED_CPU, TL_SCHED_PAYLOAD, AT(cpu), true, NULL},
	{{"tid"}, TL_SCHED_CONTEXT, TL_SCHED_COMMON, AT(current_tid), true, NULL},
	{{"pid"}, TL_SCHED_CONTEXT, TL_SCHED_COMMON, AT(current_pid), true, NULL},
	{{"tid"}, TL_SCHED_CONTEXT, TL_SCHED_SPECIFIC, AT(current_tid), true, NULL},
	{{"pid"}, TL_SCHED_CONTEXT, TL_SCHED_SPECIFIC, AT(current_pid), true, NULL},
};

/* What the events are called: perf says the subsystem, too. */
static const char *plain_name(const char *name)
{
	return strncmp(name, "sched:", 6) == 0 ? name + 6 : name;
}

static const struct tl_sched_want *find_known(const char *name, enum tl_sched_kind *kind)
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

size_t tl_sched_find(const char *name, struct tl_sched_want wants[TL_SCHED_WANTS], enum tl_sched_kind *kind)
{
	const struct tl_sched_want *of_payload = find_known(name, kind);
	size_t n = 0;

	_Static_assert(WANTS + sizeof contexts / sizeof *contexts <= TL_SCHED_WANTS, "there is room for all");
	if (!of_payload)
		return 0;
	for (; n < WANTS && of_payload[n].names[0]; n++)
		wants[n] = of_payload[n];
	for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
		wants[n++] = contexts[i];
	return n;
}

bool tl_sched_is_one(const char *name)
{
	enum tl_sched_kind kind;

	return find_known(name, &kind) != NULL;
}

bool tl_sched_is_timeless(const char *name)
{
	return strncmp(name, "perf_", 5) == 0;
}

bool tl_sched_put(struct tl_sched *sched, enum tl_sched_type type, size_t offset, int64_t value, bool fits)
{
	char *to = (char *)sched + offset;

	if (!fits) {
		if (type == TL_SCHED_STATE)
			return false;
		value = -1;
	}
	switch (type) {
	case TL_SCHED_ID:
		if (value < 0 || value > TL_SCHED_TID_MAX)
			return false;
		*(uint32_t *)(void *)to = (uint32_t)value;
		return true;
	case TL_SCHED_CONTEXT:
		*(uint32_t *)(void *)to = value < 0 || value > TL_SCHED_TID_MAX ? 0 : (uint32_t)value;
		return true;
	case TL_SCHED_CPU:
		sched->has_cpu = value >= 0 && value <= UINT16_MAX;
		sched->cpu = sched->has_cpu ? (uint16_t)value : 0;
		return sched->has_cpu;
	case TL_SCHED_KTHREAD: sched->is_kernel_thread = value == 1; return true;
	default: *(int64_t *)(void *)to = value; return true;
	}
}
