/*
 * threadline.h's leak checks: which tasks live, and which of them did not when a
 * test began. Threads come from the kernel's list, so that they are seen without
 * a recording and whoever made them; tasks of the API from the task table.
 */
#include <dlfcn.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "threadline/threadline.h"
#include "tracer/task.h"
#include "tracer/threads_of.h"

#define LOOK_MOST_MS 10 /* between two looks at those that are late */

struct threadline_leak_check {
	pid_t process;
	uint32_t last_number; /* tasks of the API with a later one came after */
	struct tl_os_threads threads;
	char **ignored; /* patterns of names */
	size_t n_ignored;
};

/* The caller's buffer; what does not fit is cut off, `n` goes on. */
struct text {
	char *at;
	size_t size, n;
};

/* Nothing of this is traced, and no thread is cancelled in the middle of it. */
static struct tl_inside enter(void)
{
	struct tl_inside inside = tl_enter();

	if (inside.cancel_state < 0)
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &inside.cancel_state);
	return inside;
}

static void say(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
	size_t left = text->n < text->size ? text->size - text->n : 0;
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(left ? text->at + text->n : NULL, left, format, arguments);
	va_end(arguments);
	if (n > 0)
		text->n += (size_t)n;
}

/* Names may hold anything: a terminal sees no control characters of theirs. */
static void say_name(struct text *text, const char *name)
{
	if (!*name)
		return;
	say(text, " \"");
	for (; *name; name++)
		say(text, "%c", (unsigned char)*name < 0x20 || *name == 0x7f ? '?' : *name);
	say(text, "\"");
}

/* The task of a thread, if the preloaded library has seen it. */
static const struct tl_entry *entry_of_carrier(uint32_t carrier)
{
	for (uint32_t i = 0; i < tl_task_entries(); i++) {
		const struct tl_entry *entry = tl_task_at(i);

		if (entry && atomic_load_explicit(&entry->number, memory_order_acquire) &&
		    atomic_load_explicit(&entry->carrier, memory_order_relaxed) == carrier)
			return entry;
	}
	return NULL;
}

static void say_function(struct text *text, const void *function)
{
	Dl_info info;

	if (!dladdr(function, &info))
		return;
	if (info.dli_sname)
		say(text, ", runs %s", info.dli_sname);
	else if (info.dli_fname)
		say(text, ", runs %s+0x%zx", info.dli_fname,
		    (size_t)((const char *)function - (const char *)info.dli_fbase));
}

static void say_thread(struct text *text, const struct tl_os_thread *thread)
{
	const struct tl_entry *entry = entry_of_carrier(thread->id);
	char where[TL_KERNEL_FUNCTION];

	say(text, "thread %u", (unsigned)thread->id);
	say_name(text, thread->name);
	if (entry && entry->function) {
		const void *function;

		memcpy(&function, &entry->function, sizeof function);
		say_function(text, function);
	}
	tl_os_thread_waits_in(thread->id, where);
	if (*where)
		say(text, ", waits in %s", where);
	say(text, "\n");
}

static bool is_ignored(const struct threadline_leak_check *check, const char *name)
{
	for (size_t i = 0; i < check->n_ignored; i++)
		if (fnmatch(check->ignored[i], name, 0) == 0)
			return true;
	return false;
}

static size_t leaked_threads(const struct threadline_leak_check *check, struct text *text)
{
	bool forked = getpid() != check->process;
	struct tl_os_threads now;
	size_t n = 0;

	if (tl_os_threads_read(&now) != 0)
		return 0;
	for (size_t i = 0; i < now.n; i++) {
		const struct tl_os_thread *thread = &now.items[i];

		/* A fork's child goes on as the thread that forked, under a new id. */
		if ((forked && thread->id == (uint32_t)getpid()) || tl_os_threads_have(&check->threads, thread) ||
		    is_ignored(check, thread->name))
			continue;
		say_thread(text, thread);
		n++;
	}
	tl_os_threads_finish(&now);
	return n;
}

/* Tasks of the API that have not ended; `check` NULL: all, else those that came after it. */
static size_t live_api_tasks(const struct threadline_leak_check *check, struct text *text)
{
	static const char *const kinds[] = {
		[THREADLINE_FIBER] = "fiber",
		[THREADLINE_COROUTINE] = "coroutine",
		[THREADLINE_JOB] = "job",
	};
	size_t n = 0;

	for (uint32_t i = 0; i < tl_task_entries(); i++) {
		const struct tl_entry *entry = tl_task_at(i);
		uint32_t number = entry ? atomic_load_explicit(&entry->number, memory_order_acquire) : 0;
		unsigned kind = number ? atomic_load_explicit(&entry->kind, memory_order_acquire) : 0;

		if (kind == 0 || (check && (int32_t)(number - check->last_number) <= 0))
			continue;
		n++;
		if (!text)
			continue;
		say(text, "%s %u", kind < sizeof kinds / sizeof *kinds ? kinds[kind] : "task", (unsigned)number);
		say_name(text, entry->name);
		say(text, "\n");
	}
	return n;
}

static size_t look(const struct threadline_leak_check *check, char *buffer, size_t size)
{
	struct text text = {.at = buffer, .size = size};

	if (size)
		buffer[0] = '\0';
	return leaked_threads(check, &text) + live_api_tasks(check, &text);
}

TL_SHARED size_t threadline_live_tasks(void)
{
	struct tl_inside inside = enter();
	struct tl_os_threads now;
	size_t n = live_api_tasks(NULL, NULL);

	if (tl_os_threads_read(&now) == 0) {
		n += now.n;
		tl_os_threads_finish(&now);
	}
	tl_leave(inside);
	return n;
}

TL_SHARED threadline_leak_check *threadline_leak_begin(void)
{
	struct tl_inside inside = enter();
	struct threadline_leak_check *check = calloc(1, sizeof *check);

	if (check) {
		check->process = getpid();
		check->last_number = tl_task_last_number();
		if (tl_os_threads_read(&check->threads) != 0) {
			free(check);
			check = NULL;
		}
	}
	tl_leave(inside);
	return check;
}

TL_SHARED void threadline_leak_ignore(threadline_leak_check *check, const char *name_pattern)
{
	struct tl_inside inside = enter();
	char *copy = check && name_pattern ? strdup(name_pattern) : NULL;
	char **room = copy ? realloc(check->ignored, (check->n_ignored + 1) * sizeof *room) : NULL;

	if (room) {
		check->ignored = room;
		check->ignored[check->n_ignored++] = copy;
	} else {
		free(copy);
	}
	tl_leave(inside);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TL_SHARED size_t threadline_leaks(const threadline_leak_check *check, unsigned wait_ms, char *text, size_t size)
{
	struct tl_inside inside = enter();
	int64_t end_ms = now_ms() + wait_ms;
	long pause_ms = 1;
	size_t n = 0;

	if (!text)
		size = 0;
	if (size)
		text[0] = '\0';
	while (check && (n = look(check, text, size)) > 0 && now_ms() < end_ms) {
		struct timespec pause = {.tv_nsec = pause_ms * 1000000};

		nanosleep(&pause, NULL);
		pause_ms = pause_ms * 2 < LOOK_MOST_MS ? pause_ms * 2 : LOOK_MOST_MS;
	}
	tl_leave(inside);
	return n;
}

TL_SHARED void threadline_leak_end(threadline_leak_check *check)
{
	struct tl_inside inside;

	if (!check)
		return;
	inside = enter();
	for (size_t i = 0; i < check->n_ignored; i++)
		free(check->ignored[i]);
	free(check->ignored);
	tl_os_threads_finish(&check->threads);
	free(check);
	tl_leave(inside);
}
