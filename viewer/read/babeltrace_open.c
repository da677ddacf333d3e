/*
 * Opening: finds the library's plugin and the folders that hold traces, decides
 * which folders are one trace and which need repair (tail.c), and has the graph
 * built. Good traces are opened once; only when that fails, or is not safe to try,
 * is each one probed in a graph of its own.
 */
#include <dlfcn.h>
#include <string.h>

#include "viewer/read/babeltrace_internal.h"
#include "viewer/read/discover.h"

int tl_bt_load_plugin(struct tl_bt_reader *reader, const char *name, struct tl_error *error)
{
	bt_logging_set_global_level(BT_LOGGING_LEVEL_NONE);
	if (bt_plugin_find("ctf", BT_TRUE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &reader->plugin) ==
	    BT_PLUGIN_FIND_STATUS_OK)
		reader->fs = bt_plugin_borrow_source_component_class_by_name_const(reader->plugin, name);
	if (reader->fs) {
		/* It stays loaded: the next trace opens faster, and a leak in it is reported with its name. */
		const char *path = bt_plugin_get_path(reader->plugin);
		void *pinned = path ? dlopen(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE) : NULL;

		if (pinned)
			dlclose(pinned);
		return 0;
	}
	tl_bt_drop_error();
	return tl_error_set(error, TL_EIO,
			    "Babeltrace 2's plugin \"ctf\" was not found: install Debian's babeltrace2, or set "
			    "BABELTRACE_PLUGIN_PATH to the folder that holds it");
}

/* Whether these folders can be opened as one trace, in a graph made for the question. */
static int probe(const struct tl_bt_reader *reader, const char *const *paths, size_t n, struct tl_error *error)
{
	const bt_component_source *component;
	bt_graph *graph;
	int result;

	for (size_t i = 0; i < n; i++)
		if (!tl_tails_is_safe(paths[i]))
			return tl_error_set(error, TL_EFORMAT, "%s: a packet's size or an index file is damaged",
					    paths[i]);
	graph = bt_graph_create(0);
	result = graph ? tl_bt_add_source(reader, graph, paths, n, &component, error) : tl_bt_no_memory(error);
	bt_graph_put_ref(graph);
	return result;
}

static int probe_folder(void *data, const char *folder, struct tl_error *error)
{
	return probe(data, &folder, 1, error);
}

/* Replaces what cannot be opened of paths[part] by its repaired form. */
static int repair(struct tl_bt_reader *reader, const struct tl_trace_folders *folders, struct tl_bt_parts *parts,
		  struct tl_bt_part part, struct tl_error *error)
{
	for (size_t i = part.first; i < part.first + part.n; i++) {
		const struct tl_trace_folder *folder = &folders->list.items[i];
		int result = probe(reader, &parts->paths[i], 1, NULL);

		if (result < 0)
			result = tl_tails_repair(&reader->tails, folder, probe_folder, reader, &parts->paths[i], error);
		if (result < 0)
			return result;
	}
	return 0;
}

/*
 * Decides how one trace is opened: as it is; or repaired; and when its folders do
 * not go together though their UUID says so, each alone.
 */
static int plan_trace(struct tl_bt_reader *reader, const struct tl_trace_folders *folders, struct tl_bt_parts *parts,
		      struct tl_bt_part part, struct tl_error *error)
{
	const char **paths = &parts->paths[part.first];
	bool opens = probe(reader, paths, part.n, NULL) == 0;
	int result;

	if (!opens) {
		result = repair(reader, folders, parts, part, error);
		if (result < 0)
			return result;
		opens = probe(reader, paths, part.n, NULL) == 0;
	}
	if (opens)
		return tl_vec_push(&parts->list, part) == 0 ? 0 : tl_bt_no_memory(error);
	for (size_t i = 0; i < part.n; i++)
		if (tl_vec_push(&parts->list, (struct tl_bt_part){part.first + i, 1}) < 0)
			return tl_bt_no_memory(error);
	return 0;
}

/*
 * Groups the folders into traces. At first (`hopeful`) each is taken to be good,
 * so that a good trace is opened once; probing is for the second attempt.
 */
static int plan_traces(struct tl_bt_reader *reader, const struct tl_trace_folders *folders, struct tl_bt_parts *parts,
		       bool hopeful, struct tl_error *error)
{
	const struct tl_trace_folder *list = folders->list.items;
	int result = 0;

	parts->list.n = 0;
	for (size_t i = 0, n; result == 0 && i < folders->list.n; i += n) {
		for (n = 1; i + n < folders->list.n && list[i].has_uuid && list[i + n].has_uuid &&
			    memcmp(list[i].uuid, list[i + n].uuid, sizeof list[i].uuid) == 0;)
			n++;
		if (!hopeful)
			result = plan_trace(reader, folders, parts, (struct tl_bt_part){i, n}, error);
		else if (tl_vec_push(&parts->list, (struct tl_bt_part){i, n}) < 0)
			result = tl_bt_no_memory(error);
	}
	return result;
}

/* Opens the traces as they are, or as far as they can be repaired. */
static int open_folders(struct tl_bt_reader *reader, const struct tl_trace_folders *folders, struct tl_bt_parts *parts,
			struct tl_error *error)
{
	bool safe = true;
	int result;

	for (size_t i = 0; i < folders->list.n; i++) {
		parts->paths[i] = folders->list.items[i].path;
		safe = safe && tl_tails_is_safe(parts->paths[i]);
	}
	result = plan_traces(reader, folders, parts, true, error);
	if (result < 0 || (safe && tl_bt_build_graph(reader, parts, NULL) == 0))
		return result;
	result = plan_traces(reader, folders, parts, false, error);
	return result == 0 ? tl_bt_build_graph(reader, parts, error) : result;
}

int tl_bt_open_traces(struct tl_bt_reader *reader, struct tl_error *error)
{
	struct tl_trace_folders folders = {0};
	struct tl_bt_parts parts = {0};
	int result = tl_bt_load_plugin(reader, "fs", error);

	if (result == 0)
		result = tl_roots_find(&reader->roots, &folders, error);
	if (result == 0) {
		parts.paths = calloc(folders.list.n, sizeof *parts.paths);
		result = parts.paths ? open_folders(reader, &folders, &parts, error) : tl_bt_no_memory(error);
	}
	free(parts.paths);
	tl_vec_finish(&parts.list);
	tl_trace_folders_finish(&folders);
	return result;
}
