/* The public API of threadline.h, over the task table and the emitters. */
#include <assert.h>
#include <string.h>

#include "threadline/threadline.h"
#include "tracer/emit.h"
#include "tracer/names.h"
#include "tracer/stack.h"

#define API TL_SHARED

static_assert((int)THREADLINE_PARK == TL_REASON_PARK && (int)THREADLINE_PERMIT == TL_REASON_PERMIT &&
		      (int)THREADLINE_SEND == TL_REASON_SEND && (int)THREADLINE_RECEIVE == TL_REASON_RECEIVE &&
		      (int)THREADLINE_SELECT == TL_REASON_SELECT && (int)THREADLINE_WAIT == TL_REASON_USER &&
		      (int)THREADLINE_WAIT_LEVEL == TL_REASON_USER_LEVEL,
	      "the API's reasons are the contract's");
static_assert((int)THREADLINE_FIBER == TL_TASK_KIND_FIBER && (int)THREADLINE_COROUTINE == TL_TASK_KIND_COROUTINE &&
		      (int)THREADLINE_JOB == TL_TASK_KIND_JOB,
	      "the API's kinds are the contract's");

/* A handle is the entry's place and number: stale ones are recognised. */
static threadline_task handle_of(const struct tl_entry *entry)
{
	return entry ? ((uint64_t)entry->index + 1) << 32 | entry->number : 0;
}

static struct tl_entry *entry_of(threadline_task task)
{
	uint32_t place = (uint32_t)(task >> 32);

	return place ? tl_task_find(place - 1, (uint32_t)task) : NULL;
}

static uint64_t address(const void *object)
{
	return (uint64_t)(uintptr_t)object;
}

/* The current task's turn on this thread is over: the thread's own task goes on. */
static void leave(const struct tl_entry *entry)
{
	if (entry != tl_thread.own)
		tl_thread.current = tl_thread.own;
}

API threadline_task threadline_self(void)
{
	return handle_of(tl_task_current());
}

API threadline_task threadline_create(enum threadline_kind kind, const char *name)
{
	struct tl_entry *self = tl_task_current(), *child = self ? tl_task_create() : NULL;
	struct tl_ev_create event;

	if (!child)
		return 0;
	event = (struct tl_ev_create){
		.child = child->number,
		.kind = (uint8_t)kind,
		.stack = tl_stack_capture(self, TL_HERE, TL_UNWIND_MAY_BEGIN),
		.name = name ? name : "",
	};
	child->creator = self->number;
	child->create_seq = tl_emit_create(self, &event);
	tl_names_keep_task(child, event.name);
	atomic_store_explicit(&child->kind, (uint8_t)kind, memory_order_release);
	return handle_of(child);
}

API void threadline_start(threadline_task task)
{
	struct tl_entry *entry = entry_of(task), *self = tl_task_current();
	struct tl_ev_start event;
	uint64_t waker;

	if (!entry || !self)
		return;
	tl_task_standing_change(entry);
	event = (struct tl_ev_start){.wait = tl_task_wait_end(entry), .carrier = tl_task_carrier()};
	waker = atomic_exchange(&entry->waker, 0);
	if (event.wait != 0) {
		event.cause = waker ? TL_CAUSE_HANDOFF : TL_CAUSE_UNKNOWN;
		event.waker = (uint32_t)(waker >> 32);
		event.waker_seq = (uint32_t)waker;
	} else if (!entry->started) {
		event.cause = TL_CAUSE_FIRST;
		event.waker = entry->creator;
		event.waker_seq = entry->create_seq;
	} else {
		event.cause = TL_CAUSE_READY; /* after a schedule: it never waited */
	}
	entry->started = true;
	tl_thread.current = entry;
	atomic_store_explicit(&entry->carrier, event.carrier, memory_order_relaxed);
	tl_emit_start(entry, &event);
	tl_task_standing_said(entry);
}

API uint32_t threadline_block(enum threadline_reason reason, const void *object)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_block event;

	if (!self)
		return 0;
	event = (struct tl_ev_block){
		.wait = tl_task_wait_number(self),
		.reason = (uint8_t)reason,
		.object = address(object),
		.timeout_ns = TL_NO_TIMEOUT,
		.stack = tl_stack_capture(self, TL_HERE, TL_UNWIND_MAY_BEGIN),
		.held = tl_thread.held,
		.n_held = (uint8_t)tl_thread.n_held,
	};
	tl_task_standing_change(self);
	tl_task_standing_begin(self, &event, ((const uint64_t *)TL_HERE)[1]);
	tl_emit_block(self, &event);
	tl_task_wait_begin(self);
	tl_task_standing_said(self);
	leave(self);
	return event.wait;
}

API void threadline_unblock(threadline_task task, enum threadline_reason reason, const void *object)
{
	struct tl_entry *target = entry_of(task), *self = tl_task_current();
	struct tl_ev_unblock event;
	uint32_t waiting, seq;

	if (!target || !self)
		return;
	waiting = atomic_load_explicit(&target->waiting, memory_order_acquire);
	event = (struct tl_ev_unblock){
		.target = target->number,
		/* Not waiting: it is the next wait that this unblock comes too early for. */
		.target_wait = waiting ? waiting : tl_task_wait_number(target),
		.target_seq = atomic_load_explicit(&target->seq, memory_order_acquire),
		.object = address(object),
		.reason = (uint8_t)reason,
		.waiters = waiting ? 1 : 0,
	};
	seq = tl_emit_unblock(self, &event);
	if (waiting)
		atomic_store(&target->waker, (uint64_t)self->number << 32 | seq);
}

API void threadline_unblock_object(enum threadline_reason reason, const void *object, unsigned waiters)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_unblock event = {
		.object = address(object),
		.reason = (uint8_t)reason,
		.waiters = (uint16_t)(waiters < UINT16_MAX ? waiters : UINT16_MAX),
	};

	if (self)
		tl_emit_unblock(self, &event);
}

API void threadline_schedule(void)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_schedule event = {.reason = TL_YIELD_YIELD};

	if (!self)
		return;
	tl_emit_schedule(self, &event);
	leave(self);
}

API void threadline_exit(void)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_exit event = {0};

	/* A thread's own task ends when the thread does. */
	if (!self || self == tl_thread.own)
		return;
	tl_emit_exit(self, &event);
	leave(self);
	tl_task_release(self);
}

API void threadline_name_task(threadline_task task, const char *name)
{
	struct tl_entry *self = tl_task_current(), *named = task ? entry_of(task) : self;
	struct tl_ev_name event = {.what = TL_NAMED_TASK, .text = name};

	if (!self || !named || !name)
		return;
	event.id = named->number;
	tl_names_keep_task(named, name);
	tl_emit_name(self, &event);
}

API void threadline_name_object(const void *object, const char *name)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_name event = {.what = TL_NAMED_OBJECT, .id = address(object), .text = name};

	if (!self || !name)
		return;
	tl_names_keep_object(event.id, name);
	tl_emit_name(self, &event);
}

API void threadline_open(const void *resource, const char *kind)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_open event = {.resource = address(resource), .kind = kind ? kind : ""};

	if (!self)
		return;
	event.stack = tl_stack_capture(self, TL_HERE, TL_UNWIND_MAY_BEGIN);
	tl_emit_open(self, &event);
}

API void threadline_close(const void *resource)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_close event = {.resource = address(resource)};

	if (!self)
		return;
	event.stack = tl_stack_capture(self, TL_HERE, TL_UNWIND_MAY_BEGIN);
	tl_emit_close(self, &event);
}

API void threadline_region_begin(const char *text)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_region_begin event = {.text = text ? text : ""};

	if (self)
		tl_emit_region_begin(self, &event);
}

API void threadline_region_end(const char *text)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_region_end event = {.text = text ? text : ""};

	if (self)
		tl_emit_region_end(self, &event);
}

API void threadline_mark(const char *text)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_mark event = {.text = text ? text : ""};

	if (self)
		tl_emit_mark(self, &event);
}
