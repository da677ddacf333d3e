/*
 * The CTF source, and with the other babeltrace_*.c the only code that speaks to
 * Babeltrace 2; babeltrace_internal.h tells who does what. A graph holds one
 * `src.ctf.fs` per trace and one sink of ours with an input port per stream; the
 * sink merges the streams by time itself (the library's muxer is slower and
 * aborts on some real traces), decodes what is ours by plans made once per event
 * class, and hands out one item per call.
 *
 * The graph runs only inside next(): each call of consume() stops at the first
 * item. The message of an item is kept until the next call, because the item's
 * texts point into it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "viewer/read/babeltrace_internal.h"

#define IDLE_NS 1000000   /* wait when the library says "again" ... */
#define IDLE_MAX 5000     /* ... at most so often in a row */
#define QUIET_NS 50000000 /* the same with a live source, after which whoever reads may look around */

static int run_failed(struct tl_bt_reader *reader, bt_graph_run_once_status status, struct tl_error *error)
{
	if (reader->failure == TL_ENOMEM || status == BT_GRAPH_RUN_ONCE_STATUS_MEMORY_ERROR)
		return tl_bt_no_memory(error);
	if (reader->failure == TL_ELIMIT) {
		tl_bt_drop_error();
		return tl_error_set(error, TL_ELIMIT, "%s: more than %d clocks", reader->roots.text, UINT16_MAX);
	}
	tl_bt_take_error(error, TL_EFORMAT);
	if (reader->live.is_wanted)
		return tl_error_add(error, "%s: the connection is lost, or what came through it is damaged",
				    reader->roots.text);
	return tl_error_add(error, "%s: the trace is damaged: it can be read only up to this point",
			    reader->roots.text);
}

/* Runs the graph until an item is there, or the end. */
static int run(struct tl_bt_reader *reader, struct tl_error *error)
{
	int idle = 0;

	while (!reader->filled && !reader->ended) {
		bt_graph_run_once_status status;

		tl_bt_drop_error();
		status = bt_graph_run_once(reader->graph);
		if (reader->live.is_wanted && !reader->live.is_watched)
			tl_bt_live_watch(reader);

		if (status == BT_GRAPH_RUN_ONCE_STATUS_END) {
			reader->ended = true;
		} else if (status == BT_GRAPH_RUN_ONCE_STATUS_AGAIN && reader->live.is_wanted) {
			nanosleep(&(struct timespec){.tv_nsec = QUIET_NS}, NULL);
			reader->item->type = TL_ITEM_QUIET;
			reader->filled = true;
		} else if (status == BT_GRAPH_RUN_ONCE_STATUS_AGAIN) {
			if (++idle > IDLE_MAX)
				return tl_error_set(error, TL_EIO, "%s: reading makes no progress", reader->roots.text);
			nanosleep(&(struct timespec){.tv_nsec = IDLE_NS}, NULL);
		} else if (status != BT_GRAPH_RUN_ONCE_STATUS_OK) {
			return run_failed(reader, status, error);
		} else {
			idle = 0;
		}
	}
	return 0;
}

static int babeltrace_next(struct tl_source *base, struct tl_item *item, struct tl_error *error)
{
	struct tl_bt_reader *reader = (struct tl_bt_reader *)base;
	int result;

	tl_bt_release_held(reader);
	if (tl_bt_next_sched(reader, item))
		return item->type;
	if (!reader->graph)
		return tl_bt_live_wait(reader, item, error);
	reader->item = item;
	reader->filled = false;
	if (!reader->ended && tl_bt_next_tail(reader, item, true))
		return item->type;
	result = run(reader, error);
	reader->item = NULL;
	if (result < 0)
		return result;
	if (!reader->filled && !tl_bt_next_tail(reader, item, false))
		item->type = TL_ITEM_END;
	return item->type;
}

static void babeltrace_destroy(struct tl_source *base)
{
	struct tl_bt_reader *reader = (struct tl_bt_reader *)base;

	tl_bt_release_held(reader);
	tl_bt_drop_graph(reader);
	tl_bt_live_finish(reader);
	tl_bt_drop_plans(reader);
	bt_plugin_put_ref(reader->plugin);
	tl_kernel_destroy(reader->kernel);
	tl_vec_finish(&reader->domains.list);
	tl_tails_finish(&reader->tails);
	tl_roots_finish(&reader->roots);
	free(reader);
}

static const struct tl_source_ops ops = {"babeltrace", babeltrace_next, NULL, babeltrace_destroy};

struct tl_bt_reader *tl_bt_create(const char *const *paths, size_t n, struct tl_error *error)
{
	struct tl_bt_reader *reader = calloc(1, sizeof *reader);

	if (!reader) {
		tl_bt_no_memory(error);
		return NULL;
	}
	reader->base.ops = &ops;
	if (tl_roots_init(&reader->roots, paths, n) == 0)
		return reader;
	tl_bt_no_memory(error);
	babeltrace_destroy(&reader->base);
	return NULL;
}

struct tl_source *tl_source_babeltrace_create_several(const char *const *paths, size_t n, struct tl_offsets *offsets,
						      struct tl_error *error)
{
	struct tl_bt_reader *reader = tl_bt_create(paths, n, error);

	if (!reader)
		return NULL;
	reader->roots.offsets = offsets;
	if (tl_bt_open_traces(reader, error) < 0) {
		tl_error_add(error, n > 1 ? "%s: these traces cannot be opened" : "%s: this trace cannot be opened",
			     n > 1 ? reader->roots.text : paths[0]);
		babeltrace_destroy(&reader->base);
		return NULL;
	}
	tl_bt_count_tails(reader);
	return &reader->base;
}

struct tl_source *tl_source_babeltrace_create(const char *path, struct tl_error *error)
{
	return tl_source_babeltrace_create_several(&path, 1, NULL, error);
}
