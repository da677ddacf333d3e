/*
 * The graph: one `src.ctf.fs` for each trace, one sink, and a connection for each
 * stream. What goes into it was decided before; a graph that cannot be built leaves
 * nothing behind, so that another can be tried.
 */
#include <limits.h>

#include "viewer/read/babeltrace_internal.h"

/* {"inputs": [path, ...]}, and that a live session which ends is the end; NULL when out of memory. */
static bt_value *make_params(const char *const *paths, size_t n, int64_t shift_ns, bool is_live)
{
	bt_value *params = bt_value_map_create(), *inputs = NULL;
	bool good = params && bt_value_map_insert_empty_array_entry(params, "inputs", &inputs) ==
				      BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK;

	for (size_t i = 0; good && i < n; i++)
		good = bt_value_array_append_string_element(inputs, paths[i]) ==
		       BT_VALUE_ARRAY_APPEND_ELEMENT_STATUS_OK;
	if (good && shift_ns)
		good = bt_value_map_insert_signed_integer_entry(params, "clock-class-offset-ns", shift_ns) ==
		       BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK;
	if (good && is_live)
		good = bt_value_map_insert_string_entry(params, "session-not-found-action", "end") ==
		       BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK;
	if (!good) {
		bt_value_put_ref(params);
		params = NULL;
	}
	return params;
}

int tl_bt_add_source(const struct tl_bt_reader *reader, bt_graph *graph, const char *const *paths, size_t n,
		     const bt_component_source **component, struct tl_error *error)
{
	char original[PATH_MAX];
	int64_t shift_ns = tl_offsets_find(
		reader->roots.offsets, tl_tails_original(&reader->tails, paths[0], original, sizeof original), NULL);
	bt_value *params = make_params(paths, n, shift_ns, reader->live.is_wanted);
	bt_graph_add_component_status status;

	if (!params)
		return tl_bt_no_memory(error);
	status = bt_graph_add_source_component(graph, reader->fs, paths[0], params, BT_LOGGING_LEVEL_NONE, component);
	bt_value_put_ref(params);
	if (status == BT_GRAPH_ADD_COMPONENT_STATUS_MEMORY_ERROR)
		return tl_bt_no_memory(error);
	return status == BT_GRAPH_ADD_COMPONENT_STATUS_OK ? 0 : tl_bt_take_error(error, TL_EFORMAT);
}

/* The sources of a graph that is being built. */
struct sources {
	TL_VEC(const bt_component_source *) list;
};

static int add_sources(struct tl_bt_reader *reader, const struct tl_bt_parts *parts, struct sources *sources,
		       struct tl_error *error)
{
	for (size_t i = 0; i < parts->list.n; i++) {
		const struct tl_bt_part *part = &parts->list.items[i];
		const bt_component_source *source = NULL;
		int result = tl_bt_add_source(reader, reader->graph, &parts->paths[part->first], part->n, &source,
					      error);

		if (result < 0)
			return result;
		if (tl_vec_push(&sources->list, source) < 0)
			return tl_bt_no_memory(error);
		reader->n_streams += bt_component_source_get_output_port_count(source);
	}
	return 0;
}

/* Adds the sink, with as many ports as there are streams. */
static int add_sink(struct tl_bt_reader *reader, const bt_component_sink **sink, struct tl_error *error)
{
	const bt_component_class_sink *class = tl_bt_make_sink_class();
	bt_graph_add_component_status status = BT_GRAPH_ADD_COMPONENT_STATUS_MEMORY_ERROR;

	reader->streams = calloc(reader->n_streams + 1, sizeof *reader->streams);
	if (class && reader->streams && tl_merge_init(&reader->merge, reader->n_streams) == 0)
		status = bt_graph_add_sink_component_with_initialize_method_data(
			reader->graph, class, "threadline", NULL, reader, BT_LOGGING_LEVEL_NONE, sink);
	bt_component_class_sink_put_ref(class);
	if (status == BT_GRAPH_ADD_COMPONENT_STATUS_MEMORY_ERROR)
		return tl_bt_no_memory(error);
	return status == BT_GRAPH_ADD_COMPONENT_STATUS_OK ? 0 : tl_bt_take_error(error, TL_EIO);
}

static int connect_source(struct tl_bt_reader *reader, const bt_component_source *source, const bt_component_sink *sink,
			  uint64_t *port, struct tl_error *error)
{
	uint64_t n = bt_component_source_get_output_port_count(source);

	for (uint64_t i = 0; i < n; i++)
		if (bt_graph_connect_ports(reader->graph,
					   bt_component_source_borrow_output_port_by_index_const(source, i),
					   bt_component_sink_borrow_input_port_by_index_const(sink, (*port)++),
					   NULL) != BT_GRAPH_CONNECT_PORTS_STATUS_OK)
			return tl_bt_take_error(error, TL_EIO);
	return 0;
}

void tl_bt_drop_graph(struct tl_bt_reader *reader)
{
	bt_graph_put_ref(reader->graph);
	reader->graph = NULL;
	tl_merge_finish(&reader->merge);
	free(reader->streams);
	reader->streams = NULL;
	reader->n_streams = 0;
}

int tl_bt_build_graph(struct tl_bt_reader *reader, const struct tl_bt_parts *parts, struct tl_error *error)
{
	struct sources sources = {0};
	const bt_component_sink *sink;
	uint64_t port = 0;
	int result;

	reader->graph = bt_graph_create(0);
	result = reader->graph ? add_sources(reader, parts, &sources, error) : tl_bt_no_memory(error);
	if (result == 0)
		result = add_sink(reader, &sink, error);
	for (size_t i = 0; result == 0 && i < sources.list.n; i++)
		result = connect_source(reader, sources.list.items[i], sink, &port, error);
	tl_vec_finish(&sources.list);
	if (result < 0)
		tl_bt_drop_graph(reader);
	return result;
}
