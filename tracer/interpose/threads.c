/*
 * Creation, exit and joining of threads. The create is said before the real
 * one, so that no child can start before it; the exit by the last destructor of
 * thread-specific data, so that what the program's own destructors do comes
 * before it.
 */
#include "tracer/interpose/threads.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer/interpose/last.h"
#include "tracer/interpose/object.h"
#include "tracer/interpose/own.h"
#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"
#include "tracer/unwind.h"

#define BUCKETS 4096u
#define YIELDS 20

/*
 * Chains of entries by pthread_t; index + 1, 0 ends. The spin lock is held for
 * a few instructions of ours and never across a call out; creating and joining
 * threads is not allowed in signal handlers, so nobody can interrupt itself.
 */
static uint32_t buckets[BUCKETS];
static atomic_flag table_lock = ATOMIC_FLAG_INIT;
static pthread_key_t exit_key;
static uintptr_t last_round = PTHREAD_DESTRUCTOR_ITERATIONS;

static void lock_table(void)
{
	const struct timespec pause = {.tv_nsec = 20000};
	int saved = errno;

	/*
	 * Really asleep, so that a holder of lower priority gets on; by syscall,
	 * because nanosleep() would be a cancellation point.
	 */
	for (int tries = 0; atomic_flag_test_and_set_explicit(&table_lock, memory_order_acquire); tries++)
		if (tries < YIELDS)
			tl_real()->sched_yield();
		else
			syscall(SYS_nanosleep, &pause, NULL);
	errno = saved;
}

static void unlock_table(void)
{
	atomic_flag_clear_explicit(&table_lock, memory_order_release);
}

static uint32_t *bucket_of(uintptr_t thread)
{
	return &buckets[(uint64_t)thread * 0x9E3779B97F4A7C15u >> 52];
}

/*
 * The link that leads to the thread's entry, under the lock; NULL: not there.
 * `number` 0: the latest thread that has this pthread_t. A joined one stays in
 * the chain for a moment, when a new one may have got its pthread_t.
 */
static uint32_t *link_to(uintptr_t thread, uint32_t number)
{
	for (uint32_t *link = bucket_of(thread); *link;) {
		struct tl_entry *entry = tl_task_at(*link - 1);

		if (entry->thread == thread && (number == 0 || entry->number == number))
			return link;
		link = &entry->next_thread;
	}
	return NULL;
}

/*
 * Once for each thread: by itself or by its creator, whoever comes first. The
 * creator's `thread` is read only while the new thread has not come here itself:
 * later it may have freed the memory, which is the program's.
 */
static void add(struct tl_entry *entry, uint32_t number, const pthread_t *thread)
{
	lock_table();
	if (entry->number == number && !entry->registered) {
		entry->thread = (uintptr_t)*thread;
		entry->registered = true;
		entry->next_thread = *bucket_of(entry->thread);
		*bucket_of(entry->thread) = entry->index + 1;
	}
	unlock_table();
}

static struct tl_entry *unlink_entry(uint32_t *link)
{
	struct tl_entry *entry = tl_task_at(*link - 1);

	*link = entry->next_thread;
	return entry;
}

/* The number and the seq of exit of the thread's task; 0: not known. */
static uint32_t find(pthread_t thread, uint32_t *exit_seq)
{
	uint32_t *link, number = 0;

	lock_table();
	link = link_to((uintptr_t)thread, 0);
	if (link) {
		struct tl_entry *entry = tl_task_at(*link - 1);

		number = entry->number;
		*exit_seq = entry->exit_seq;
	}
	unlock_table();
	return number;
}

/* After a join: the pthread_t is void, the entry free. */
static void forget_joined(pthread_t thread, uint32_t number)
{
	struct tl_entry *gone = NULL;
	uint32_t *link;

	lock_table();
	link = link_to((uintptr_t)thread, number);
	if (link)
		gone = unlink_entry(link);
	unlock_table();
	if (gone)
		tl_task_release(gone);
}

/* After the thread's last event: it stays for its joiner unless it is detached. */
static void leave_exited(struct tl_entry *entry, uint32_t seq)
{
	bool gone = !entry->registered;

	lock_table();
	entry->exit_seq = seq;
	entry->exited = true;
	if (entry->detached) {
		uint32_t *link = link_to(entry->thread, entry->number);

		if (link)
			unlink_entry(link);
		gone = true;
	}
	unlock_table();
	if (gone)
		tl_task_release(entry);
}

static void say_exit(struct tl_entry *entry)
{
	struct tl_ev_exit event = {
		.status = entry->result,
		.held_count = tl_thread.n_held,
		.held = tl_thread.n_held ? tl_thread.held[0] : 0,
	};
	uint32_t seq;

	/* Left by a way that no wrapper saw, and no wait came since. */
	if (tl_waiting_any())
		tl_waiting_abandon(0, NULL);
	seq = tl_emit_exit(entry, &event);
	tl_thread.exited = true;
	tl_thread.current = tl_thread.own = NULL;
	leave_exited(entry, seq);
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

void tl_threads_forget(void)
{
	memset(buckets, 0, sizeof buckets);
	atomic_flag_clear(&table_lock);
	if (tl_thread.own)
		tl_thread.own->registered = false;
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

	tl_task_bind(entry);
	add(entry, entry->number, &self);
	tl_unwind_begin_thread(entry->stack_size);
	entry->started = true;
	event.carrier = tl_task_carrier();
	tl_emit_start(entry, &event);
	tl_threads_watch_exit();
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

static void say_create(struct tl_entry *self, struct tl_entry *child, void *frame)
{
	struct tl_ev_create event = {
		.child = child->number,
		.kind = TL_TASK_KIND_THREAD,
		.entry = (uint64_t)(uintptr_t)child->function,
		.stack = tl_stack_capture(self, frame),
		.name = "",
	};

	tl_stack_tell_module(self, event.entry + 1);
	child->create_seq = tl_emit_create(self, &event);
}

static void say_create_failed(struct tl_entry *self, uint32_t child, int error)
{
	struct tl_ev_misuse event = {.kind = TL_MISUSE_CREATE_FAILED, .object = child, .error = error};

	tl_emit_misuse(self, &event);
}

TL_WRAPPER int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*function)(void *), void *argument)
{
	bool traced = tl_tracing() && !tl_is_lttngs((uint64_t)(uintptr_t)__builtin_return_address(0));
	struct tl_entry *self = traced ? tl_task_current() : NULL;
	struct tl_entry *child = self ? prepare(self, attr, function, argument) : NULL;
	uint32_t number;
	int result;

	if (!child)
		return tl_real()->pthread_create(thread, attr, function, argument);
	number = child->number;
	say_create(self, child, TL_HERE);
	result = tl_real()->pthread_create(thread, attr, run, child);
	if (result == 0) {
		add(child, number, thread);
	} else {
		say_create_failed(self, number, result);
		tl_task_release(child);
	}
	return result;
}

/* How to wait really: with or without a deadline, on which clock. */
static int really_join(pthread_t thread, void **value, int clock, const struct timespec *deadline)
{
	if (!deadline)
		return tl_real()->pthread_join(thread, value);
	if (clock < 0)
		return tl_real()->pthread_timedjoin_np(thread, value, deadline);
	return tl_real()->pthread_clockjoin_np(thread, value, clock, deadline);
}

static int wait_and_join(pthread_t thread, void **value, int clock, const struct timespec *deadline, uint32_t *number,
			 void *frame)
{
	uint32_t exit_seq = 0;
	struct tl_wait_for what = {
		.reason = TL_REASON_JOIN,
		.object = *number ? tl_task_id(*number) : (uint64_t)thread,
		.timeout_ns = tl_timeout(clock, deadline),
		.frame = frame,
	};
	int result;
	TL_WAITING(waiting);

	waiting.task = tl_task_current();
	tl_waiting_block(&waiting, &what);
	result = really_join(thread, value, clock, deadline);
	tl_waiting_result(&waiting, result, TL_CAUSE_HANDOFF);
	if (result == 0) {
		/* The exit is the unblock, and it names itself. */
		waiting.waker = find(thread, &exit_seq) == *number ? *number : 0;
		waiting.waker_seq = exit_seq;
		waiting.cause = waiting.waker && exit_seq ? TL_CAUSE_HANDOFF : TL_CAUSE_READY;
		if (!exit_seq)
			waiting.waker = 0;
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
	forget_joined(thread, number);
}

/* Is the thread that is spoken of known, and detached? */
static bool is_detached(pthread_t thread, uint32_t number)
{
	uint32_t *link;
	bool detached;

	if (!number)
		return false;
	lock_table();
	link = link_to((uintptr_t)thread, number);
	detached = link && tl_task_at(*link - 1)->detached;
	unlock_table();
	return detached;
}

/* By glibc's answers: EINVAL where it is detached, or another joins it already. */
static void say_wrong_join(pthread_t thread, uint32_t number, int result, void *frame)
{
	if (result == EDEADLK && pthread_equal(thread, pthread_self()))
		tl_misuse(TL_MISUSE_JOIN_SELF, number, result, frame);
	else if (result == EINVAL && number)
		tl_misuse(is_detached(thread, number) ? TL_MISUSE_JOIN_DETACHED : TL_MISUSE_JOIN_TWICE, number, result,
			  frame);
}

static int join(pthread_t thread, void **value, int clock, const struct timespec *deadline, void *frame)
{
	uint32_t number, exit_seq = 0;
	int result;

	if (!tl_tracing() || !tl_is_clock(clock))
		return really_join(thread, value, clock, deadline);
	/* As glibc's join: a cancellation point only when it has to wait. */
	/* Before the join: after it another thread may have the same pthread_t. */
	number = find(thread, &exit_seq);
	result = tl_real()->pthread_tryjoin_np(thread, value);
	if (result == EBUSY)
		result = wait_and_join(thread, value, clock, deadline, &number, frame);
	if (result == 0)
		say_joined(thread, number);
	else if (!deadline)
		say_wrong_join(thread, number, result, frame);
	return result;
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
	uint32_t exit_seq = 0, number = tl_tracing() ? find(thread, &exit_seq) : 0;
	int result = tl_real()->pthread_tryjoin_np(thread, value);

	if (result == 0)
		say_joined(thread, number);
	return result;
}

TL_WRAPPER int pthread_detach(pthread_t thread)
{
	uint32_t exit_seq = 0, number = tl_tracing() ? find(thread, &exit_seq) : 0;
	struct tl_entry *self = number ? tl_task_current() : NULL, *gone = NULL;
	struct tl_ev_detach event = {.child = number};
	bool again = is_detached(thread, number);
	uint32_t *link;
	int result;

	if (self && !again)
		tl_emit_detach(self, &event);
	if (number) {
		lock_table();
		link = link_to((uintptr_t)thread, number);
		if (link) {
			tl_task_at(*link - 1)->detached = true;
			if (tl_task_at(*link - 1)->exited)
				gone = unlink_entry(link);
		}
		unlock_table();
	}
	if (gone)
		tl_task_release(gone);
	result = tl_real()->pthread_detach(thread);
	if (again && result == EINVAL)
		tl_misuse(TL_MISUSE_DETACH_DETACHED, number, result, TL_HERE);
	return result;
}

TL_WRAPPER int pthread_setname_np(pthread_t thread, const char *name)
{
	int result = tl_real()->pthread_setname_np(thread, name);
	struct tl_entry *self = result == 0 && tl_tracing() ? tl_task_current() : NULL;
	struct tl_ev_name event = {.what = TL_NAMED_TASK, .text = name};
	uint32_t exit_seq = 0;

	if (!self)
		return result;
	event.id = pthread_equal(thread, pthread_self()) && tl_thread.own ? tl_thread.own->number
									  : find(thread, &exit_seq);
	if (event.id)
		tl_emit_name(self, &event);
	return result;
}
