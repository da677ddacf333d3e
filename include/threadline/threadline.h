/*
 * Threadline for programs that have tasks of their own: fibers, coroutines,
 * jobs of a pool, channels. Tells the recorder who creates, waits for and wakes
 * whom, so that it is seen on the timeline and checked.
 *
 * Threads, mutexes, condition variables and semaphores need none of this: the
 * preloaded library sees them by itself (threadline record -- PROGRAM).
 *
 * Link with -lthreadline (pkg-config threadline). While nobody records, a call
 * costs a few nanoseconds; with THREADLINE_DISABLE defined before this header is
 * included, nothing at all. Every function may be called from any thread, keeps
 * errno, never fails the program, and ignores tasks that do not exist (0, or
 * already ended).
 *
 * Rule of order: say a cause before you do it. Call threadline_unblock before
 * the operation that lets the other task run, threadline_block before the task
 * really stops, threadline_create before the new task can run.
 */
#ifndef THREADLINE_THREADLINE_H
#define THREADLINE_THREADLINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A task, valid until its exit; 0 is no task. Never reused in a process. */
typedef uint64_t threadline_task;

/* Which tasks lived when a test began. */
typedef struct threadline_leak_check threadline_leak_check;

enum threadline_kind {
	THREADLINE_FIBER = 1,
	THREADLINE_COROUTINE = 2,
	THREADLINE_JOB = 3,
};

/*
 * Why a task waits. For the first group the waker names the task that it wakes
 * (threadline_unblock): waking a task that does not wait is reported. For the
 * second the object remembers, and an early release is legal.
 */
enum threadline_reason {
	THREADLINE_PARK = 15,
	THREADLINE_SEND = 17,
	THREADLINE_RECEIVE = 18,
	THREADLINE_SELECT = 19,
	THREADLINE_WAIT = 20,

	THREADLINE_PERMIT = 16,     /* a park whose early unpark is kept */
	THREADLINE_WAIT_LEVEL = 21, /* any object that remembers */
};

#ifndef THREADLINE_DISABLE

/* The caller's current task: what was last started on this thread, or its own. */
threadline_task threadline_self(void);

/* I am about to create a task; `name` (copied, may be NULL) is shown for it. */
threadline_task threadline_create(enum threadline_kind kind, const char *name);

/*
 * `task` runs on this thread from now on: for the first time, or because its
 * wait or its turn is over. The thread's own task is `threadline_self()` as seen
 * before any task was started on it; passing it ends a wait of the thread itself.
 */
void threadline_start(threadline_task task);

/*
 * The current task is about to wait for `object` (any address or id that tells
 * waits apart). A fiber's turn on this thread is over with it. Returns the
 * number of the wait.
 */
uint32_t threadline_block(enum threadline_reason reason, const void *object);

/* The current task is about to make `task`, which waits for `object`, runnable. */
void threadline_unblock(threadline_task task, enum threadline_reason reason, const void *object);

/* The same where the object alone decides who runs; `waiters` as far as known. */
void threadline_unblock_object(enum threadline_reason reason, const void *object, unsigned waiters);

/* The current task gives up its turn and stays runnable. */
void threadline_schedule(void);

/* The current task ends. A thread's own task ends by itself. */
void threadline_exit(void);

/* Names for people. `task` 0: the current one. */
void threadline_name_task(threadline_task task, const char *name);
void threadline_name_object(const void *object, const char *name);

/* A resource (iterator, handle, connection) begins and ends: a leak is reported. */
void threadline_open(const void *resource, const char *kind);
void threadline_close(const void *resource);

/* Annotations of the current task; regions nest. */
void threadline_region_begin(const char *text);
void threadline_region_end(const char *text);
void threadline_mark(const char *text);

/*
 * For tests: does what was started end? A live task is a thread of the process,
 * or a task made by threadline_create, that has not ended; the threads of LTTng
 * and one that waits for nothing but its join are none. It needs no recording, but
 * /proc; with libthreadline-preload.so the function that a thread runs is named, too.
 * These allocate and may take milliseconds: not for signal handlers.
 */
size_t threadline_live_tasks(void);

/* The tasks that live now, to be compared with later. Owned by the caller; NULL without memory or /proc. */
threadline_leak_check *threadline_leak_begin(void);

/* Threads whose name matches (fnmatch) are left out: those that a library keeps for ever. */
void threadline_leak_ignore(threadline_leak_check *check, const char *name_pattern);

/*
 * How many tasks have begun since threadline_leak_begin and live still. While there
 * are any, it waits for stragglers, up to `wait_ms` milliseconds. What is known of
 * each is written to `text` (`size` bytes; NULL and 0: nothing), a line a task, cut
 * off and terminated where it does not fit. A NULL check has no leaks.
 */
size_t threadline_leaks(const threadline_leak_check *check, unsigned wait_ms, char *text, size_t size);

/* Accepts NULL. */
void threadline_leak_end(threadline_leak_check *check);

#else /* THREADLINE_DISABLE: the arguments are still checked, nothing is called */

static inline threadline_task threadline_self(void)
{
	return 0;
}
static inline threadline_task threadline_create(enum threadline_kind kind, const char *name)
{
	(void)kind, (void)name;
	return 0;
}
static inline void threadline_start(threadline_task task)
{
	(void)task;
}
static inline uint32_t threadline_block(enum threadline_reason reason, const void *object)
{
	(void)reason, (void)object;
	return 0;
}
static inline void threadline_unblock(threadline_task task, enum threadline_reason reason, const void *object)
{
	(void)task, (void)reason, (void)object;
}
static inline void threadline_unblock_object(enum threadline_reason reason, const void *object, unsigned waiters)
{
	(void)reason, (void)object, (void)waiters;
}
static inline void threadline_schedule(void)
{
}
static inline void threadline_exit(void)
{
}
static inline void threadline_name_task(threadline_task task, const char *name)
{
	(void)task, (void)name;
}
static inline void threadline_name_object(const void *object, const char *name)
{
	(void)object, (void)name;
}
static inline void threadline_open(const void *resource, const char *kind)
{
	(void)resource, (void)kind;
}
static inline void threadline_close(const void *resource)
{
	(void)resource;
}
static inline void threadline_region_begin(const char *text)
{
	(void)text;
}
static inline void threadline_region_end(const char *text)
{
	(void)text;
}
static inline void threadline_mark(const char *text)
{
	(void)text;
}
static inline size_t threadline_live_tasks(void)
{
	return 0;
}
static inline threadline_leak_check *threadline_leak_begin(void)
{
	return NULL;
}
static inline void threadline_leak_ignore(threadline_leak_check *check, const char *name_pattern)
{
	(void)check, (void)name_pattern;
}
static inline size_t threadline_leaks(const threadline_leak_check *check, unsigned wait_ms, char *text, size_t size)
{
	(void)check, (void)wait_ms;
	if (size)
		text[0] = '\0';
	return 0;
}
static inline void threadline_leak_end(threadline_leak_check *check)
{
	(void)check;
}

#endif

/*
 * Ends the program, as assert does, when tasks that began since `check` live still
 * after `wait_ms` milliseconds, and says which on stderr. Frameworks that go on
 * after a failure use threadline_leaks and say it their way.
 */
#define THREADLINE_ASSERT_NO_LEAKS(check, wait_ms) threadline_assert_no_leaks(check, wait_ms, __FILE__, __LINE__)

static inline void threadline_assert_no_leaks(const threadline_leak_check *check, unsigned wait_ms, const char *file,
					      int line)
{
	char text[4096];
	size_t n = threadline_leaks(check, wait_ms, text, sizeof text);

	if (n == 0)
		return;
	fprintf(stderr, "%s:%d: %zu task%s leaked:\n%s", file, line, n, n == 1 ? "" : "s", text);
	abort();
}

#ifdef __cplusplus
}
#endif
#endif
