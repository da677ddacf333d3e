/*
 * One traced wait, from the failed try to the return of the real call, and one
 * traced release. The order of the steps is what makes the trace true
 * (docs/tracing.md, "Where events are stamped"): register, look again, say
 * block, really wait, say start; and say unblock before the real release.
 */
#ifndef TL_INTERPOSE_WAIT_H
#define TL_INTERPOSE_WAIT_H

#include <limits.h>
#include <pthread.h>
#include <time.h>

#include "tracer/emit.h"
#include "tracer/interpose/place.h"
#include "tracer/stack.h"

/* Set once by our constructor; before it, points to a zero. */
extern const int *tl_recording;

/*
 * Is this call to be traced? Not while nobody records, not before we are ready,
 * and not inside of Threadline or LTTng themselves.
 */
static inline bool tl_tracing(void)
{
	return __builtin_expect(__atomic_load_n(tl_recording, __ATOMIC_RELAXED) != 0, 0) && tl_thread.guard == 0;
}

/*
 * Is this call's wait to be known? Also while nobody records, so that a recording
 * that begins later can be told who waits for what; nothing is said of it then.
 * Asked where a thread is about to sleep or to be made, never where it gets on.
 */
extern bool tl_watch; /* set once by our constructor */
static inline bool tl_watching(void)
{
	return tl_watch && tl_thread.guard == 0;
}

/* Tells the processor that this is a spinning loop. */
static inline void tl_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* What a wait is for; filled by the wrapper. */
struct tl_wait_for {
	uint8_t reason;
	uint64_t object, object2;
	int64_t timeout_ns; /* TL_NO_TIMEOUT: for ever */
	uint32_t owner;
	uint8_t how; /* TL_BLOCK_ bits */
	void *frame; /* of the wrapper: TL_HERE */
};

/*
 * A wait in progress, in the wrapper's own frame. Declared with TL_WAITING, so
 * that it is ended also when the thread is cancelled inside the real call.
 */
struct tl_waiting {
	struct tl_entry *task; /* NULL: not traced, nothing to do */
	struct tl_place *place;
	uint64_t object;
	uint32_t releases; /* seen at registration */
	unsigned depth;    /* its place among the thread's open waits, from 1; 0: not yet one */
	bool registered, blocked;
	uint8_t cause;             /* why it ended; CANCELLED until told */
	uint32_t waker, waker_seq; /* if the wrapper itself knows them */
	uint64_t relocked;         /* a lock that the real wait gives up and takes again, or 0 */
	void *frame;               /* of the wrapper that takes it again */
};

#define TL_WAITING(name)                                                       \
	__attribute__((cleanup(tl_waiting_finish))) struct tl_waiting name = { \
		.cause = TL_CAUSE_CANCELLED,                                   \
	}

/* Registers the caller as one who waits for `object`. */
void tl_waiting_register(struct tl_waiting *waiting, uint64_t object);
/* Says that it is about to wait. */
void tl_waiting_block(struct tl_waiting *waiting, const struct tl_wait_for *what);
/*
 * Says why the real wait returned, from its error number: 0 is a release, whose
 * cause is found from what the releasers left (`released`: the cause then).
 */
void tl_waiting_result(struct tl_waiting *waiting, int error, uint8_t released);
/* Emits start, if it was blocked, and unregisters. Keeps errno. */
void tl_waiting_finish(struct tl_waiting *waiting);

/* ---- waits that their wrappers never end ------------------------------------- */

/* Is the calling thread in a wait? Then this is a signal handler. */
bool tl_waiting_any(void);
/*
 * The caller is about to jump to a frame whose stack pointer is `target`: the
 * waits that this leaves are ended, with a misuse that says so (`frame`: the
 * wrapper's, TL_HERE). Waits on other stacks stay.
 */
void tl_waiting_jump(uintptr_t target, void *frame);
/* Ends all open waits but the outermost `keep`; `frame` NULL: where, is not known. */
void tl_waiting_abandon(unsigned keep, void *frame);
/* In a fork's child: whatever a handler that forks had interrupted. */
void tl_waiting_forget(void);

/* ---- releases, clocks ---------------------------------------------------------- */

/*
 * Says that the caller is about to release `object`, if anybody may wait for it
 * (or in any case if `always`). To be called before the real release.
 */
void tl_release(uint64_t object, uint8_t reason, uint8_t how, bool always);

/*
 * Will glibc take this clock (-1: the function's own) and, where the function
 * looks at it at once, this deadline? What it refuses it must refuse itself,
 * before anything is tried. NULL: no deadline, which is fine.
 */
static inline bool tl_is_clock(int clock)
{
	return clock < 0 || clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

/* A program's own negative clock is none that glibc takes, and must not look like our -1. */
static inline int tl_given_clock(clockid_t clock)
{
	return clock < 0 ? INT_MAX : clock;
}

static inline bool tl_is_deadline(const struct timespec *deadline)
{
	return !deadline || (deadline->tv_nsec >= 0 && deadline->tv_nsec < 1000000000);
}

/* Nanoseconds from now until `deadline` on `clock`; 0 when it has passed. */
int64_t tl_until(clockid_t clock, const struct timespec *deadline);

/* A call's timeout: none without a deadline; `clock` -1 is that of the plain timed forms. */
static inline int64_t tl_timeout(int clock, const struct timespec *deadline)
{
	return deadline ? tl_until(clock < 0 ? CLOCK_REALTIME : clock, deadline) : TL_NO_TIMEOUT;
}

/* How events name an object: by its address. */
static inline uint64_t tl_id_of(const volatile void *object)
{
	return (uint64_t)(uintptr_t)object;
}

#endif
