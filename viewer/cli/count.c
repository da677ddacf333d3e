/*
 * `threadline count TRACE`: how much a trace holds, in one line for programs;
 * threadline-record's summary asks. Judges nothing.
 *
 * Lost events are what the tracer counted or what is missing between the first
 * and last sequence number of each task, whichever is more.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <uthash.h>

#include "viewer/base/arena.h"
#include "viewer/cli/commands.h"
#include "viewer/read/source.h"

struct task {
	uint64_t id;
	uint32_t first, last; /* sequence numbers */
	uint64_t events;
	UT_hash_handle hh;
};

struct count {
	struct tl_arena arena;
	struct task *tasks;
	uint64_t n_tasks;
};

static struct task *find_task(struct count *count, const struct tl_event *event)
{
	struct task *task;

	HASH_FIND(hh, count->tasks, &event->task, sizeof event->task, task);
	if (task)
		return task;
	task = tl_arena_alloc(&count->arena, sizeof *task);
	if (!task)
		return NULL;
	task->id = event->task;
	task->first = task->last = event->seq;
	HASH_ADD(hh, count->tasks, id, sizeof task->id, task);
	count->n_tasks++;
	return task;
}

/* Sequence numbers wrap, so they are compared by their difference. */
static int add_event(struct count *count, const struct tl_event *event, struct tl_error *error)
{
	struct task *task = find_task(count, event);

	if (!task)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	task->events++;
	if ((int32_t)(event->seq - task->last) > 0)
		task->last = event->seq;
	if ((int32_t)(event->seq - task->first) < 0)
		task->first = event->seq;
	return 0;
}

static int read_all(struct count *count, struct tl_source *source, struct tl_error *error)
{
	struct tl_item item;
	int type;

	while ((type = tl_source_next(source, &item, error)) > 0)
		if (type == TL_ITEM_EVENT && add_event(count, &item.event, error) != 0)
			return error->code;
	return type;
}

static uint64_t missing(const struct count *count)
{
	uint64_t n = 0;

	for (const struct task *task = count->tasks; task; task = task->hh.next) {
		uint64_t span = (uint64_t)(task->last - task->first) + 1;

		n += span > task->events ? span - task->events : 0;
	}
	return n;
}

static void print(const struct count *count, const struct tl_source_info *info)
{
	uint64_t lost = missing(count);

	printf("events %" PRIu64 " tasks %" PRIu64 " lost %" PRIu64 " foreign %" PRIu64 "\n", info->events, count->n_tasks,
	       lost > info->lost_events ? lost : info->lost_events, info->foreign_events);
}

int tl_cli_count(int argc, char **argv)
{
	struct count count = {.tasks = NULL};
	struct tl_source *source;
	struct tl_error error;
	int code = -1;

	if (argc != 2) {
		fputs("usage: threadline count TRACE\n", stderr);
		return TL_EXIT_USAGE;
	}
	tl_error_init(&error);
	tl_arena_init(&count.arena);
	source = tl_source_open(argv[1], &error);
	if (source)
		code = read_all(&count, source, &error);
	if (code == 0)
		print(&count, &source->info);
	else
		tl_error_print(&error, "threadline: ", stderr);
	tl_source_destroy(source);
	HASH_CLEAR(hh, count.tasks);
	tl_arena_finish(&count.arena);
	return code == 0 ? 0 : TL_EXIT_USAGE;
}
