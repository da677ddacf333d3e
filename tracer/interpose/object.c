/* Objects beyond waits; see object.h. */
#include "tracer/interpose/object.h"

#include "tracer/interpose/wait.h"

/*
 * One bit for many addresses: an end that nobody needs is told at times, one that
 * somebody needs is never left out. So the mutexes of a million short-lived
 * objects that were never contended leave no trace.
 */
#define SEEN_BITS 16
static _Atomic uint64_t seen[1u << (SEEN_BITS - 6)];

static uint32_t bit_of(uint64_t object)
{
	return (uint32_t)((object * 0x9E3779B97F4A7C15u) >> (64 - SEEN_BITS));
}

static bool was_seen(uint64_t object)
{
	uint32_t bit = bit_of(object);

	return atomic_load_explicit(&seen[bit >> 6], memory_order_relaxed) >> (bit & 63) & 1;
}

void tl_object_seen(uint64_t object)
{
	uint32_t bit = bit_of(object);

	/* A store only when it is needed: the line stays shared. */
	if (!was_seen(object))
		atomic_fetch_or_explicit(&seen[bit >> 6], UINT64_C(1) << (bit & 63), memory_order_relaxed);
}

void tl_object_ends(uint64_t object, uint8_t reason)
{
	struct tl_ev_destroy event = {.object = object, .reason = reason};
	struct tl_entry *self;

	if (!tl_tracing() || !was_seen(object))
		return;
	self = tl_task_current();
	if (!self)
		return;
	event.waiters = (uint16_t)tl_place_waiters(object);
	tl_emit_destroy(self, &event);
}

void tl_misuse(uint8_t kind, uint64_t object, int error, void *frame)
{
	struct tl_entry *self = tl_tracing() ? tl_task_current() : NULL;
	struct tl_ev_misuse event = {.kind = kind, .object = object, .error = error};

	if (!self)
		return;
	event.stack = tl_stack_capture(self, frame, TL_UNWIND_MAY_BEGIN);
	tl_emit_misuse(self, &event);
}
