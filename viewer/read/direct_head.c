/*
 * From when on a trace is whole. Memory that keeps the latest only (a flight
 * recorder's) begins at another time on each processor: before the latest of these
 * beginnings something of every task may be missing.
 */
#include <fcntl.h>
#include <unistd.h>

#include "viewer/read/direct_internal.h"

static bool has_ours(const struct tl_direct_stream_class *class)
{
	for (size_t i = 0; i < class->n_classes; i++)
		if (class->classes[i].verdict == TL_CTF_OURS)
			return true;
	return false;
}

/* A first packet that is not number 0 has lost those before it. INT64_MIN: it has lost none. */
static int64_t begin_of(const struct tl_direct_stream *stream)
{
	const struct tl_direct_file *file = &stream->files.items[0];
	uint8_t head[TL_DIRECT_HEAD_MAX];
	struct tl_direct_packet packet;
	int descriptor, result;
	int64_t ns;

	if (!stream->class->has[TL_SLOT_SEQUENCE] || !stream->class->has[TL_SLOT_BEGIN] || !has_ours(stream->class))
		return INT64_MIN;
	descriptor = open(file->path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return INT64_MIN;
	result = tl_direct_read_head(file, descriptor, 0, head, &packet, NULL);
	close(descriptor);
	if (result != 0 || packet.slots[TL_SLOT_SEQUENCE] == 0 ||
	    !tl_direct_time(packet.class->clock, packet.begin_clock, &ns))
		return INT64_MIN;
	return ns;
}

int64_t tl_source_direct_whole_from(const struct tl_source *source)
{
	const struct tl_direct_reader *reader = (const struct tl_direct_reader *)source;
	int64_t from_ns = INT64_MIN;

	for (size_t i = 0; i < reader->n_streams; i++) {
		int64_t ns = begin_of(&reader->streams[i]);

		from_ns = ns > from_ns ? ns : from_ns;
	}
	return from_ns;
}
