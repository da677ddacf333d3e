/* Waits and releases in the order that keeps the trace true; see wait.h. */
#include "tracer/interpose/wait.h"

#include <errno.h>

#include "tracer/interpose/held.h"
#include "tracer/interpose/object.h"

static const int never;
const int *tl_recording = &never;

void tl_waiting_register(struct tl_waiting *waiting, uint64_t object)
{
	waiting->task = tl_task_current();
	if (!waiting->task)
		return;
	waiting->object = object;
	waiting->place = tl_place_enter(object);
	waiting->registered = true;
	if (waiting->place)
		waiting->releases = atomic_load(&waiting->place->releases);
}

void tl_waiting_block(struct tl_waiting *waiting, const struct tl_wait_for *what)
{
	struct tl_ev_block event;

	if (!waiting->task)
		return;
	event = (struct tl_ev_block){
		.wait = tl_task_wait_number(waiting->task),
		.reason = what->reason,
		.object = what->object,
		.object2 = what->object2,
		.timeout_ns = what->timeout_ns,
		.owner = what->owner,
		.how = what->how,
		.stack = tl_stack_capture(waiting->task, what->frame),
		.held = tl_thread.held,
		.n_held = (uint8_t)tl_held_known(),
	};
	tl_object_seen(what->object);
	if (what->object2)
		tl_object_seen(what->object2);
	tl_emit_block(waiting->task, &event);
	tl_task_wait_begin(waiting->task);
	waiting->blocked = true;
}

void tl_waiting_result(struct tl_waiting *waiting, int error, uint8_t released)
{
	static const struct {
		int error;
		uint8_t cause;
	} causes[] = {{ETIMEDOUT, TL_CAUSE_TIMEOUT}, {EINTR, TL_CAUSE_INTERRUPTED}, {EOWNERDEAD, TL_CAUSE_OWNER_DIED}};
	const struct tl_place *place = waiting->place;

	waiting->cause = TL_CAUSE_ERROR;
	for (unsigned i = 0; i < sizeof causes / sizeof *causes; i++)
		if (causes[i].error == error)
			waiting->cause = causes[i].cause;
	if (error != 0 || !waiting->task)
		return;
	waiting->cause = released;
	if (!place) {
		waiting->cause = TL_CAUSE_UNKNOWN;
	} else if (atomic_load(&place->releases) == waiting->releases) {
		/* Nobody saw us: it was released before we had registered. */
		waiting->cause = released == TL_CAUSE_SIGNAL ? TL_CAUSE_SPURIOUS : TL_CAUSE_MISSED_RELEASE;
	} else {
		uint64_t releaser = atomic_load(&place->releaser);

		waiting->waker = (uint32_t)(releaser >> 32);
		waiting->waker_seq = (uint32_t)releaser;
	}
}

void tl_waiting_finish(struct tl_waiting *waiting)
{
	int saved = errno;

	if (waiting->task && waiting->blocked) {
		struct tl_ev_start event = {
			.wait = tl_task_wait_end(waiting->task),
			.carrier = tl_task_carrier(),
			.cause = waiting->cause,
			.waker = waiting->waker,
			.waker_seq = waiting->waker_seq,
		};

		tl_emit_start(waiting->task, &event);
	}
	/* Also when cancelled: a condition's cleanup handlers run with the mutex held. */
	if (waiting->relocked)
		tl_held_push(waiting->relocked, waiting->frame, true);
	if (waiting->registered)
		tl_place_leave(waiting->place, waiting->object);
	errno = saved;
}

void tl_release(uint64_t object, uint8_t reason, uint8_t how, bool always)
{
	struct tl_ev_unblock event = {.object = object, .reason = reason, .how = how};
	struct tl_entry *task;
	uint32_t seq;

	event.waiters = (uint16_t)tl_place_waiters(object);
	if (event.waiters == 0 && !always)
		return;
	task = tl_task_current();
	if (!task)
		return;
	seq = tl_emit_unblock(task, &event);
	tl_place_release(object, task->number, seq);
}

int64_t tl_until(clockid_t clock, const struct timespec *deadline)
{
	struct timespec now;
	int64_t left;

	if (!deadline || clock_gettime(clock, &now) != 0)
		return TL_NO_TIMEOUT;
	if (deadline->tv_sec < now.tv_sec || !tl_is_deadline(deadline))
		return 0;
	if (__builtin_mul_overflow((int64_t)deadline->tv_sec - now.tv_sec, INT64_C(1000000000), &left) ||
	    __builtin_add_overflow(left, (int64_t)deadline->tv_nsec - now.tv_nsec, &left))
		return INT64_MAX;
	return left > 0 ? left : 0;
}
