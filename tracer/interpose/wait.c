/* Waits and releases in the order that keeps the trace true; see wait.h. */
#include "tracer/interpose/wait.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "tracer/interpose/held.h"
#include "tracer/interpose/object.h"

/* How far apart two frames of one stack may be, of a stack that is not known. */
#define OTHER_STACK_MAX ((uintptr_t)8 << 20)

static const int never;
const int *tl_recording = &never;
bool tl_watch;

/*
 * The waits that the thread is in, outermost first: more than one where signal
 * handlers wait. Kept here and not in the frames of the wrappers, because what
 * jumps out of a wait leaves its frame to be overwritten.
 */
struct open_wait {
	uintptr_t frame; /* address of its struct tl_waiting */
	struct tl_entry *task;
	struct tl_place *place;
	uint64_t object;
	bool registered, blocked;
};

static _Thread_local struct {
	unsigned n; /* may exceed the room: the rest is not remembered */
	struct open_wait waits[TL_WAIT_DEPTH];
} open_waits __attribute__((tls_model("initial-exec")));

static struct open_wait *open_wait_at(unsigned i)
{
	return i < TL_WAIT_DEPTH ? &open_waits.waits[i] : NULL;
}

/*
 * Opens the wait, unless it is. A handler may come at any moment: the record is
 * taken before it is written, and one that is free says nothing.
 */
static struct open_wait *open_wait_of(struct tl_waiting *waiting)
{
	struct open_wait *open;

	if (waiting->depth == 0) {
		waiting->depth = ++open_waits.n;
		atomic_signal_fence(memory_order_seq_cst);
		open = open_wait_at(waiting->depth - 1);
		if (open) {
			open->task = waiting->task;
			open->frame = (uintptr_t)waiting;
		}
	}
	return open_wait_at(waiting->depth - 1);
}

/* Frees the record of the innermost wait. */
static void close_innermost(void)
{
	struct open_wait *open = open_wait_at(open_waits.n - 1);

	if (open)
		*open = (struct open_wait){0};
	atomic_signal_fence(memory_order_seq_cst);
	open_waits.n--;
}

/* Closes the wait and whatever was left open inside of it; false: it was found abandoned itself. */
static bool close_wait(const struct tl_waiting *waiting)
{
	const struct open_wait *open = open_wait_at(waiting->depth - 1);

	if (open_waits.n < waiting->depth || (open && open->frame != (uintptr_t)waiting))
		return false;
	tl_waiting_abandon(waiting->depth, NULL);
	close_innermost();
	return true;
}

static void say_abandoned(const struct open_wait *open, void *frame)
{
	struct tl_ev_misuse misuse = {.kind = TL_MISUSE_ABANDONED_WAIT, .object = open->object};
	struct tl_ev_start start = {.cause = TL_CAUSE_INTERRUPTED, .carrier = tl_task_carrier()};

	/* It runs again, and says what was wrong. */
	tl_task_standing_change(open->task);
	start.wait = tl_task_wait_end(open->task);
	tl_emit_start(open->task, &start);
	tl_task_standing_said(open->task);
	if (frame)
		misuse.stack = tl_stack_capture(open->task, frame, TL_UNWIND_IF_BEGUN);
	tl_emit_misuse(open->task, &misuse);
}

void tl_waiting_abandon(unsigned keep, void *frame)
{
	int saved = errno;

	while (open_waits.n > keep) {
		const struct open_wait *open = open_wait_at(open_waits.n - 1);
		struct open_wait gone = open ? *open : (struct open_wait){0};

		close_innermost();
		if (gone.registered)
			tl_place_leave(gone.place, gone.object);
		/* After a handler that interrupted LTTng the thread can say nothing any more. */
		if (gone.blocked && tl_thread.guard == 0)
			say_abandoned(&gone, frame);
	}
	errno = saved;
}

void tl_waiting_forget(void)
{
	memset(&open_waits, 0, sizeof open_waits);
}

/* ---- waits that were left by a jump ---------------------------------------- */

enum stack_kind { OWN_STACK, SIGNAL_STACK, OTHER_STACK };

static enum stack_kind kind_of(uintptr_t address, const stack_t *alternate)
{
	if (!(alternate->ss_flags & SS_DISABLE) && address - (uintptr_t)alternate->ss_sp < alternate->ss_size)
		return SIGNAL_STACK;
	return address >= tl_thread.stack_low && address < tl_thread.stack_high ? OWN_STACK : OTHER_STACK;
}

/* On one stack, what lies further out than a frame was there before it and outlives it. */
static bool leaves(uintptr_t frame, uintptr_t target, const stack_t *alternate)
{
	enum stack_kind kind = kind_of(target, alternate);

	if (frame >= target || kind_of(frame, alternate) != kind)
		return false;
	return kind != OTHER_STACK || target - frame < OTHER_STACK_MAX;
}

void tl_waiting_jump(uintptr_t target, void *frame)
{
	unsigned n = open_waits.n < TL_WAIT_DEPTH ? open_waits.n : TL_WAIT_DEPTH;
	stack_t alternate;

	if (n == 0 || sigaltstack(NULL, &alternate) != 0)
		return;
	for (unsigned i = 0; i < n; i++)
		if (leaves(open_waits.waits[i].frame, target, &alternate)) {
			tl_waiting_abandon(i, frame);
			return;
		}
}

bool tl_waiting_any(void)
{
	return open_waits.n != 0;
}

/*
 * A new wait lies further inside than those that its handler interrupted. One
 * that lies further out tells that they were left by a way that no wrapper sees:
 * setcontext, a jump of the program's own make. Judged only on the stack that is
 * known to be the thread's: fibers have theirs anywhere.
 */
static void drop_left(const struct tl_waiting *waiting)
{
	stack_t alternate;

	if (waiting->depth == 0 && sigaltstack(NULL, &alternate) == 0 &&
	    kind_of((uintptr_t)waiting, &alternate) == OWN_STACK)
		tl_waiting_jump((uintptr_t)waiting, NULL);
}

/* ---- the steps of a wait ---------------------------------------------------- */

void tl_waiting_register(struct tl_waiting *waiting, uint64_t object)
{
	struct open_wait *open;

	if (__builtin_expect(tl_waiting_any(), 0))
		drop_left(waiting);
	waiting->task = tl_task_current();
	/* While nobody records nobody says that he releases: so nobody has to know of waiters. */
	if (!waiting->task || !tl_tracing())
		return;
	open = open_wait_of(waiting);
	waiting->object = object;
	waiting->place = tl_place_enter(object);
	waiting->registered = true;
	if (open) {
		open->object = object;
		open->place = waiting->place;
		open->registered = true;
	}
	if (waiting->place)
		waiting->releases = atomic_load(&waiting->place->releases);
}

/* Calls that wait for such a reason may be made by signal handlers. */
static bool is_for_handlers(uint8_t reason)
{
	switch (reason) {
	case TL_REASON_FUTEX:
	case TL_REASON_IO:
	case TL_REASON_SLEEP:
	case TL_REASON_CHILD:
	case TL_REASON_SIGNAL: return true;
	default: return false;
	}
}

void tl_waiting_block(struct tl_waiting *waiting, const struct tl_wait_for *what)
{
	struct tl_ev_block event;
	struct open_wait *open;

	if (!waiting->task)
		return;
	if (__builtin_expect(tl_waiting_any(), 0))
		drop_left(waiting);
	open = open_wait_of(waiting);
	event = (struct tl_ev_block){
		.reason = what->reason,
		.object = what->object,
		.object2 = what->object2,
		.timeout_ns = what->timeout_ns,
		.owner = what->owner,
		.how = what->how,
		.stack = tl_stack_capture(waiting->task, what->frame,
					  is_for_handlers(what->reason) ? TL_UNWIND_IF_BEGUN : TL_UNWIND_MAY_BEGIN),
		.held = tl_thread.held,
		.n_held = (uint8_t)tl_thread.n_held,
	};
	tl_object_seen(what->object);
	if (what->object2)
		tl_object_seen(what->object2);
	/* Counted before it is said: a handler's wait in between must not get the same number. */
	tl_task_standing_change(waiting->task);
	event.wait = tl_task_wait_begin(waiting->task);
	waiting->blocked = true;
	if (open) {
		open->object = what->object;
		open->blocked = true;
	}
	tl_task_standing_begin(waiting->task, &event, ((const uint64_t *)what->frame)[1]);
	tl_emit_block(waiting->task, &event);
	tl_task_standing_said(waiting->task);
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

/* Nobody told why it ends: the thread is being cancelled. By whom, if that was seen. */
static void name_canceller(struct tl_waiting *waiting)
{
	uint64_t canceller = atomic_load(&waiting->task->canceller);

	waiting->waker = (uint32_t)(canceller >> 32);
	waiting->waker_seq = (uint32_t)canceller;
}

void tl_waiting_finish(struct tl_waiting *waiting)
{
	int saved = errno;
	/* In a fork's child, and after a jump that only seemed to leave it, it is closed already. */
	bool closes = waiting->depth && close_wait(waiting);

	if (closes && waiting->blocked && waiting->cause == TL_CAUSE_CANCELLED)
		name_canceller(waiting);
	if (closes && waiting->blocked) {
		struct tl_ev_start event = {
			.carrier = tl_task_carrier(),
			.cause = waiting->cause,
			.waker = waiting->waker,
			.waker_seq = waiting->waker_seq,
		};

		tl_task_standing_change(waiting->task);
		event.wait = tl_task_wait_end(waiting->task);
		tl_emit_start(waiting->task, &event);
		tl_task_standing_said(waiting->task);
	}
	/* Also when cancelled: a condition's cleanup handlers run with the mutex held. */
	if (waiting->relocked)
		tl_held_push(waiting->relocked, waiting->frame, true);
	if (closes && waiting->registered)
		tl_place_leave(waiting->place, waiting->object);
	errno = saved;
}

/* Whose release lets one in, or some who share it, until it is released again by them. */
static bool is_lock(uint8_t reason)
{
	return reason == TL_REASON_MUTEX || reason == TL_REASON_SPIN || reason == TL_REASON_RWLOCK_WRITE;
}

void tl_release(uint64_t object, uint8_t reason, uint8_t how, bool always)
{
	struct tl_ev_unblock event = {.object = object, .reason = reason, .how = how};
	struct tl_entry *task;
	uint32_t seq, arrived;

	event.waiters = (uint16_t)tl_place_waiters(object);
	if (event.waiters == 0 && !always)
		return;
	task = tl_task_current();
	if (!task || (is_lock(reason) && tl_place_just_released(object, task->number)))
		return;
	/* Who waits for another object at this address must not be taken for a waiter of this one. */
	tl_object_seen(object);
	arrived = tl_place_arrived(object);
	seq = tl_emit_unblock(task, &event);
	tl_place_release(object, task->number, seq, arrived);
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
