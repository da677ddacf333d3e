/*
 * Streams: what a person calls one (its file below the given path, its CPU), and
 * which clock it counts by. Streams of one clock share the number of its domain;
 * times of different domains do not compare exactly.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

static const char *trace_text(const bt_trace *trace, const char *name)
{
	const bt_value *value = bt_trace_borrow_environment_entry_value_by_name_const(trace, name);

	return value && bt_value_is_string(value) ? bt_value_string_get(value) : "";
}

static int find_domain(struct tl_bt_reader *reader, const struct tl_bt_stream *stream, const bt_trace *trace)
{
	struct tl_domain domain = {.trace = trace};
	const uint8_t *uuid = stream->clock ? bt_clock_class_get_uuid(stream->clock) : NULL;

	domain.has_uuid = uuid != NULL;
	if (uuid)
		memcpy(domain.uuid, uuid, sizeof domain.uuid);
	snprintf(domain.host, sizeof domain.host, "%s", trace_text(trace, "hostname"));
	tl_domain_see_host(&reader->base.info, domain.host);
	return tl_domains_find(&reader->domains, &domain);
}

/* The stream's file below the path that the user gave. */
static void name_stream(struct tl_bt_reader *reader, struct tl_bt_stream *stream)
{
	char buffer[512];
	const char *path = tl_tails_original(&reader->tails, stream->path, buffer, sizeof buffer);
	size_t n = strlen(reader->roots.text);

	if (strncmp(path, reader->roots.text, n) == 0 && path[n] == '/')
		path += n + 1;
	snprintf(stream->where, sizeof stream->where, "%s", path);
}

int tl_bt_on_stream_beginning(struct tl_bt_reader *reader, struct tl_bt_stream *stream, const bt_message *message)
{
	const bt_stream *bt_stream = bt_message_stream_beginning_borrow_stream_const(message);
	const char *name = bt_stream_get_name(bt_stream);
	int domain;

	stream->clock = bt_stream_class_borrow_default_clock_class_const(bt_stream_borrow_class_const(bt_stream));
	stream->cpu = -1;
	stream->is_kernels = tl_bt_has_sched(bt_stream_borrow_class_const(bt_stream));
	snprintf(stream->path, sizeof stream->path, "%s", name ? name : "?");
	name_stream(reader, stream);
	domain = find_domain(reader, stream, bt_stream_borrow_trace_const(bt_stream));
	if (domain < 0)
		return domain;
	stream->domain = (uint16_t)domain;
	return 0;
}

void tl_bt_on_packet_beginning(struct tl_bt_stream *stream, const bt_message *message)
{
	const bt_packet *packet = bt_message_packet_beginning_borrow_packet_const(message);
	const bt_field *context = stream->has_cpu ? NULL : bt_packet_borrow_context_field_const(packet);
	const bt_field *cpu = context ? bt_field_structure_borrow_member_field_by_name_const(context, "cpu_id") : NULL;
	size_t n = strlen(stream->where);

	stream->has_cpu = true;
	if (!cpu || !tl_bt_is_integer(bt_field_borrow_class_const(cpu), false, 64))
		return;
	if (bt_field_integer_unsigned_get_value(cpu) <= UINT16_MAX)
		stream->cpu = (int32_t)bt_field_integer_unsigned_get_value(cpu);
	snprintf(stream->where + n, sizeof stream->where - n, " (CPU %" PRIu64 ")",
		 bt_field_integer_unsigned_get_value(cpu));
}
