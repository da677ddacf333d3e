/*
 * Creation and exit of threads. The create is said before the real
 * one, so that no child can start before it; the exit by the last destructor of
 * thread-specific data, so that what the program's own destructors do comes
 * before it.
 */
#include "tracer/interpose/threads.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "tracer/interpose/last.h"
#include "tracer/interpose/own.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/thread_table.h"
#include "tracer/interpose/wait.h"
#include "tracer/unwind.h"

static pthread_key_t exit_key;
static uintptr_t last_round = PTHREAD_DESTRUCTOR_ITERATIONS;

static void say_exit(struct tl_entry *entry)
{
	struct tl_ev_exit event = {
		.status = entry->result,
		.held_count = (uint16_t)tl_thread.n_held, /* those past the room may have been made anew since */
		.held = tl_thread.n_held ? tl_thread.held[0] : 0,
	};
	uint32_t seq;

	/* Left by a way that no wrapper saw, and no wait came since. */
	if (tl_waiting_any())
		tl_waiting_abandon(0, NULL);
	seq = tl_emit_exit(entry, &event);
	tl_thread.exited = true;
	tl_thread.current = tl_thread.own = NULL;
	tl_thread_table_exited(entry, seq);
}

/* Puts itself off to the last round, so that other destructors come before. */
static void at_exit(void *round)
{
	uintptr_t n = (uintptr_t)round;
	int saved = errno;

	if (n < last_round && pthread_setspecific(exit_key, (void *)(n + 1)) == 0) {
		errno = saved;
		return;
	}
	if (tl_thread.own)
		say_exit(tl_thread.own);
	tl_last_thread_ends();
	errno = saved;
}

/*
 * ThreadSanitizer gives a thread up in the last round, and what takes a lock after
 * that crashes: so LTTng, which our exit wakes up once more, is done a round before.
 */
static void heed_sanitizer(void)
{
	if (dlsym(RTLD_DEFAULT, "__tsan_init"))
		last_round = PTHREAD_DESTRUCTOR_ITERATIONS - 2;
}

bool tl_threads_init(void)
{
	heed_sanitizer();
	return pthread_key_create(&exit_key, at_exit) == 0;
}

void tl_threads_watch_exit(void)
{
	pthread_setspecific(exit_key, (void *)(uintptr_t)1);
}

void tl_threads_adopted(void)
{
	pthread_t self = pthread_self();

	tl_threads_watch_exit();
	/* The first thread can be joined, too. Of others that were not seen being made, nobody knows that. */
	if (tl_task_carrier() == (uint32_t)getpid())
		tl_thread_table_add(tl_thread.own, tl_thread.own->number, &self);
}

/* A signal handler that came before everything else spoke for the thread: that task is over. */
static void end_adopted(struct tl_entry *entry)
{
	struct tl_ev_exit event = {0};

	tl_emit_exit(entry, &event);
	tl_task_release(entry);
}

/* What a traced thread runs: its own life around the program's function. */
static void *run(void *argument)
{
	struct tl_entry *entry = argument;
	void *(*function)(void *) = entry->function;
	pthread_t self = pthread_self();
	struct tl_ev_start event = {
		.cause = TL_CAUSE_FIRST,
		.waker = entry->creator,
		.waker_seq = entry->create_seq,
	};
	void *result;

	/* A handler that comes now finds no task yet, or half of one: it says nothing. */
	tl_thread.guard++;
	if (tl_thread.own)
		end_adopted(tl_thread.own);
	tl_task_bind(entry);
	tl_thread_table_add(entry, entry->number, &self);
	tl_unwind_begin_thread(entry->stack_size);
	entry->started = true;
	event.carrier = tl_task_carrier();
	tl_emit_start(entry, &event);
	tl_threads_watch_exit();
	tl_thread.guard--;
	result = function(entry->argument);
	if (tl_thread.own)
		tl_thread.own->result = (uint64_t)(uintptr_t)result;
	return result;
}

static struct tl_entry *prepare(struct tl_entry *self, const pthread_attr_t *attr, void *(*function)(void *),
				void *argument)
{
	struct tl_entry *child = tl_task_create();
	int detached = PTHREAD_CREATE_JOINABLE;

	if (!child)
		return NULL;
	child->function = function;
	child->argument = argument;
	child->creator = self->number;
	if (attr)
		pthread_attr_getdetachstate(attr, &detached);
	if (!attr || pthread_attr_getstacksize(attr, &child->stack_size) != 0)
		child->stack_size = tl_unwind_default_size();
	child->detached = detached == PTHREAD_CREATE_DETACHED;
	return child;
}

static void say_create(struct tl_entry *self, struct tl_entry *child, uint64_t entry, void *frame)
{
	struct tl_ev_create event = {
		.child = child->number,
		.kind = TL_TASK_KIND_THREAD,
		.entry = entry,
		.stack = tl_stack_capture(self, frame, TL_UNWIND_MAY_BEGIN),
		.name = "",
	};

	tl_stack_tell_module(self, event.entry + 1);
	child->create_seq = tl_emit_create(self, &event);
	/* Created detached: nobody will join it. */
	if (child->detached) {
		struct tl_ev_detach detach = {.child = event.child};

		tl_emit_detach(self, &detach);
	}
}

static void say_create_failed(struct tl_entry *self, uint32_t child, int error)
{
	struct tl_ev_misuse event = {.kind = TL_MISUSE_CREATE_FAILED, .object = child, .error = error};

	tl_emit_misuse(self, &event);
}

int tl_thread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*function)(void *), void *argument,
		     uint64_t entry, void *frame)
{
	bool traced = tl_watching() && !tl_is_lttngs(((const uint64_t *)frame)[1]);
	struct tl_entry *self = traced ? tl_task_current() : NULL;
	struct tl_entry *child = self ? prepare(self, attr, function, argument) : NULL;
	uint32_t number;
	int result;

	if (!child)
		return tl_real()->pthread_create(thread, attr, function, argument);
	number = child->number;
	say_create(self, child, entry, frame);
	result = tl_real()->pthread_create(thread, attr, run, child);
	if (result == 0) {
		tl_thread_table_add(child, number, thread);
	} else {
		say_create_failed(self, number, result);
		tl_task_release(child);
	}
	return result;
}

TL_WRAPPER int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*function)(void *), void *argument)
{
	return tl_thread_create(thread, attr, function, argument, (uint64_t)(uintptr_t)function, TL_HERE);
}

/* What the thread returns; without it, only what its function returns would be known. */
TL_WRAPPER void pthread_exit(void *result)
{
	if (tl_thread.own)
		tl_thread.own->result = (uint64_t)(uintptr_t)result;
	tl_real()->pthread_exit(result);
	__builtin_unreachable();
}
