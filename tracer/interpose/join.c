/*
 * What threads do to each other: join, detach, cancel, name. A join that has to
 * wait ends by the exit of its thread, which is the unblock and names itself.
 */
#include <errno.h>
#include <limits.h>
#include <threads.h>

#include "tracer/interpose/object.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/thread_table.h"
#include "tracer/interpose/threads.h"
#include "tracer/interpose/wait.h"

/* How events name a thread: by its task, or by its pthread_t. */
static uint64_t id_of(pthread_t thread, uint32_t number)
{
	return number ? tl_task_id(number) : (uint64_t)thread;
}

/* ---- join ------------------------------------------------------------------------ */

/* How to wait really: with or without a deadline, on which clock. */
static int really_join(pthread_t thread, void **value, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return tl_real()->pthread_join(thread, value);
	if (clock < 0)
		return tl_real()->pthread_timedjoin_np(thread, value, deadline);
	return tl_real()->pthread_clockjoin_np(thread, value, clock, deadline);
}

static int wait_and_join(pthread_t thread, void **value, int clock, const struct timespec *deadline, uint32_t number,
			 void *frame)
{
	struct tl_wait_for what = {
		.reason = TL_REASON_JOIN,
		.object = id_of(thread, number),
		.timeout_ns = tl_timeout(clock, deadline),
		.frame = frame,
	};
	struct tl_thread_known known;
	int result;
	TL_WAITING(waiting);

	waiting.task = tl_task_current();
	tl_waiting_block(&waiting, &what);
	result = really_join(thread, value, clock, deadline);
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	if (result != 0)
		return result;
	known = tl_thread_table_find(thread);
	waiting.cause = TL_CAUSE_READY;
	if (number && known.number == number && known.exit_seq) {
		waiting.cause = TL_CAUSE_HANDOFF;
		waiting.waker = number;
		waiting.waker_seq = known.exit_seq;
	}
	return result;
}

static void say_joined(pthread_t thread, uint32_t number)
{
	struct tl_entry *self = tl_task_current();
	struct tl_ev_join event = {.child = number};

	if (!number)
		return;
	if (self)
		tl_emit_join(self, &event);
	tl_thread_table_joined(thread, number);
}

/*
 * What is void may crash: said beforehand. EINVAL of a thread that is not detached
 * says that another joins it already.
 */
static void say_void(const struct tl_thread_known *known, pthread_t thread, void *frame)
{
	tl_misuse(known->detached ? TL_MISUSE_JOIN_DETACHED : TL_MISUSE_JOIN_TWICE, id_of(thread, known->number), 0,
		  frame);
}

static void say_refused(const struct tl_thread_known *known, pthread_t thread, int error, void *frame)
{
	if (error == EDEADLK && pthread_equal(thread, pthread_self()))
		tl_misuse(TL_MISUSE_JOIN_SELF, id_of(thread, known->number), error, frame);
	else if (error == EINVAL && known->number && !known->gone)
		tl_misuse(known->detached ? TL_MISUSE_JOIN_DETACHED : TL_MISUSE_JOIN_TWICE,
			  id_of(thread, known->number), error, frame);
}

static int join(pthread_t thread, void **value, int clock, const struct timespec *deadline, void *frame)
{
	struct tl_thread_known known;
	uint32_t number;
	int result;

	if (!tl_watching() || !tl_is_clock(clock))
		return really_join(thread, value, clock, deadline);
	/* Before the join: after it another thread may have the same pthread_t. */
	known = tl_thread_table_find(thread);
	if (known.gone)
		say_void(&known, thread, frame);
	/* What is refused at once is no wait. */
	if (known.gone || known.detached || pthread_equal(thread, pthread_self())) {
		result = really_join(thread, value, clock, deadline);
		say_refused(&known, thread, result, frame);
		return result;
	}
	number = known.number;
	/* As glibc's join: a cancellation point only when it has to wait. */
	result = tl_real()->pthread_tryjoin_np(thread, value);
	if (result == EBUSY)
		result = wait_and_join(thread, value, clock, deadline, number, frame);
	if (result == 0)
		say_joined(thread, number);
	else
		say_refused(&known, thread, result, frame);
	return result;
}

int tl_thread_join(pthread_t thread, void **value, void *frame)
{
	return join(thread, value, -1, NULL, frame);
}

TL_WRAPPER int pthread_join(pthread_t thread, void **value)
{
	return join(thread, value, -1, NULL, TL_HERE);
}

TL_WRAPPER int pthread_timedjoin_np(pthread_t thread, void **value, const struct timespec *deadline)
{
	return join(thread, value, -1, deadline, TL_HERE);
}

TL_WRAPPER int pthread_clockjoin_np(pthread_t thread, void **value, clockid_t clock, const struct timespec *deadline)
{
	return join(thread, value, tl_given_clock(clock), deadline, TL_HERE);
}

TL_WRAPPER int pthread_tryjoin_np(pthread_t thread, void **value)
{
	struct tl_thread_known known = {0};
	int result;

	if (tl_watching())
		known = tl_thread_table_find(thread);
	if (known.gone)
		say_void(&known, thread, TL_HERE);
	result = tl_real()->pthread_tryjoin_np(thread, value);
	if (result == 0 && !known.gone)
		say_joined(thread, known.number);
	return result;
}

/* ---- detach ---------------------------------------------------------------------- */

/* A thread that detaches itself may be gone when the real call returns to others: said before. */
int tl_thread_detach(pthread_t thread, void *frame)
{
	struct tl_entry *self = tl_watching() ? tl_task_current() : NULL;
	struct tl_thread_known known = {0};
	struct tl_ev_detach event;
	int result;

	if (self)
		known = tl_thread_table_find(thread);
	event.child = known.number;
	if (known.gone)
		tl_misuse(TL_MISUSE_DETACH_DETACHED, id_of(thread, known.number), 0, frame);
	if (known.number && !known.gone && !known.detached) {
		tl_emit_detach(self, &event);
		tl_thread_table_detached(thread, known.number);
	}
	result = tl_real()->pthread_detach(thread);
	if (result == EINVAL && known.number && !known.gone)
		tl_misuse(TL_MISUSE_DETACH_DETACHED, id_of(thread, known.number), result, frame);
	return result;
}

TL_WRAPPER int pthread_detach(pthread_t thread)
{
	return tl_thread_detach(thread, TL_HERE);
}

/* ---- cancel ---------------------------------------------------------------------- */

/*
 * Said before the real call, which may end the thread's wait. Whether it does,
 * only the thread knows: its start says "cancelled", and finds here by whom.
 */
static void say_cancel(struct tl_entry *self, const struct tl_thread_known *known)
{
	struct tl_entry *target = tl_task_find(known->index, known->number);
	struct tl_ev_unblock event = {
		.target = known->number,
		.object = tl_task_id(known->number),
		.reason = TL_REASON_CANCEL,
	};
	uint32_t seq;

	if (!target)
		return;
	event.target_wait = atomic_load_explicit(&target->waiting, memory_order_acquire);
	event.target_seq = atomic_load_explicit(&target->seq, memory_order_acquire);
	event.waiters = event.target_wait != 0;
	seq = tl_emit_unblock(self, &event);
	atomic_store(&target->canceller, (uint64_t)self->number << 32 | seq);
}

TL_WRAPPER int pthread_cancel(pthread_t thread)
{
	struct tl_entry *self = tl_tracing() ? tl_task_current() : NULL;

	if (self) {
		struct tl_thread_known known = tl_thread_table_find(thread);

		if (known.number && !known.gone)
			say_cancel(self, &known);
	}
	return tl_real()->pthread_cancel(thread);
}

/* ---- names ----------------------------------------------------------------------- */

TL_WRAPPER int pthread_setname_np(pthread_t thread, const char *name)
{
	int result = tl_real()->pthread_setname_np(thread, name);
	struct tl_entry *self = result == 0 && tl_tracing() ? tl_task_current() : NULL;
	struct tl_ev_name event = {.what = TL_NAMED_TASK, .text = name};

	if (!self)
		return result;
	event.id = pthread_equal(thread, pthread_self()) && tl_thread.own ? tl_thread.own->number
									  : tl_thread_table_find(thread).number;
	if (event.id)
		tl_emit_name(self, &event);
	return result;
}
