/* Reads /proc/self/task; see threads_of.h. The format of stat and wchan: proc(5). */
#include "tracer/threads_of.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/task.h"

#define STAT_TEXT 512
#define STAT_STARTED 19 /* fields from the state (3rd) to the start time (22nd) */

/* What stands in /proc/self/task/ID/FILE, without the last newline; length, or -1: it has gone. */
static ssize_t read_of(uint32_t id, const char *file, char *text, size_t size)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "/proc/self/task/%u/%s", (unsigned)id, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	if (n > 0 && text[n - 1] == '\n')
		n--;
	text[n > 0 ? n : 0] = '\0';
	return n;
}

/* "ID (NAME) STATE ...": the name may hold anything, parentheses and spaces too. */
static bool parse(char *stat, struct tl_os_thread *thread)
{
	char *name = strchr(stat, '('), *end = strrchr(stat, ')');
	char *at = end;

	if (!name || !end || end < name || end[1] != ' ' || end[2] == 'Z' || end[2] == 'X')
		return false;
	*end = '\0';
	snprintf(thread->name, sizeof thread->name, "%s", name + 1);
	at = end + 1;
	for (int i = 0; i < STAT_STARTED && at; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return false;
	thread->started = strtoull(at + 1, NULL, 10);
	return true;
}

static bool read_thread(const char *id, struct tl_os_thread *thread)
{
	char stat[STAT_TEXT], *end;

	thread->id = (uint32_t)strtoul(id, &end, 10);
	return end != id && !*end && read_of(thread->id, "stat", stat, sizeof stat) > 0 && parse(stat, thread) &&
	       !tl_task_is_lttng_name(thread->name);
}

static int add(struct tl_os_threads *threads, const struct tl_os_thread *thread)
{
	/* Room doubles whenever the number is a power of two. */
	if ((threads->n & (threads->n - 1)) == 0) {
		size_t room = threads->n ? 2 * threads->n : 1;
		struct tl_os_thread *items = realloc(threads->items, room * sizeof *items);

		if (!items)
			return -1;
		threads->items = items;
	}
	threads->items[threads->n++] = *thread;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct tl_os_thread *)a)->id, y = ((const struct tl_os_thread *)b)->id;

	return (x > y) - (x < y);
}

int tl_os_threads_read(struct tl_os_threads *threads)
{
	DIR *folder = opendir("/proc/self/task");
	const struct dirent *entry;
	struct tl_os_thread thread;
	int result = 0;

	*threads = (struct tl_os_threads){0};
	if (!folder)
		return -1;
	while (result == 0 && (entry = readdir(folder)))
		if (read_thread(entry->d_name, &thread))
			result = add(threads, &thread);
	closedir(folder);
	if (result != 0)
		tl_os_threads_finish(threads);
	else if (threads->n)
		qsort(threads->items, threads->n, sizeof *threads->items, by_id);
	return result;
}

void tl_os_threads_finish(struct tl_os_threads *threads)
{
	free(threads->items);
	*threads = (struct tl_os_threads){0};
}

bool tl_os_threads_have(const struct tl_os_threads *threads, const struct tl_os_thread *thread)
{
	const struct tl_os_thread *found = threads->n
						   ? bsearch(thread, threads->items, threads->n, sizeof *thread, by_id)
						   : NULL;

	return found && found->started == thread->started;
}

void tl_os_thread_waits_in(uint32_t id, char where[TL_KERNEL_FUNCTION])
{
	/* "0": it runs, or the kernel does not tell. */
	if (read_of(id, "wchan", where, TL_KERNEL_FUNCTION) <= 0 || strcmp(where, "0") == 0)
		where[0] = '\0';
}
