/* The locks held by a thread; see held.h. */
#include "tracer/interpose/held.h"

#include "tracer/interpose/lock_order.h"

_Thread_local struct tl_taken tl_taken __attribute__((tls_model("initial-exec")));
_Atomic uint32_t tl_taken_wanted;

void tl_held_push_more(uint64_t lock, void *frame, bool waits)
{
	struct tl_thread *self = &tl_thread;
	uint32_t n = self->n_held;

	if (n >= TL_HELD_MAX) {
		self->n_more++;
		return;
	}
	self->n_held = n + 1;
	atomic_signal_fence(memory_order_seq_cst);
	self->held[n] = lock;
	tl_taken.site[n] = ((const uint64_t *)frame)[1];
	tl_taken.frame[n] = frame;
	if (tl_taken_wanted != 0)
		tl_taken.site[n] |= (uint64_t)tl_lock_order_stack(tl_taken.site[n], frame) << 48;
	if (waits && n > 0)
		tl_lock_order_note(n);
}

/* Strikes out the latest remembered hold of `lock`. */
static bool strike(uint64_t lock)
{
	struct tl_thread *self = &tl_thread;

	for (uint32_t i = self->n_held; i-- > 0;) {
		if ((self->held[i] & ~TL_HELD_SHARED) != lock)
			continue;
		for (; i + 1 < self->n_held; i++) {
			self->held[i] = self->held[i + 1];
			tl_taken.site[i] = tl_taken.site[i + 1];
			tl_taken.frame[i] = tl_taken.frame[i + 1];
		}
		self->n_held--;
		return true;
	}
	return false;
}

bool tl_held_remove(uint64_t lock)
{
	if (strike(lock))
		return true;
	if (tl_thread.n_more == 0)
		return false;
	tl_thread.n_more--; /* one of those that were not remembered, then */
	return true;
}

void tl_held_forget_all(uint64_t lock)
{
	while (strike(lock))
		;
}

bool tl_held_has(uint64_t lock)
{
	for (uint32_t i = tl_thread.n_held; i-- > 0;)
		if ((tl_thread.held[i] & ~TL_HELD_SHARED) == lock)
			return true;
	return false;
}
