/*
 * Where the bytes of a stream's packets are: mapped, or read into a buffer where that costs
 * less or mapping cannot be done. See direct_internal.h.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "viewer/read/direct_internal.h"

int tl_direct_lost(const struct tl_direct_file *file, uint64_t at, struct tl_error *error)
{
	return tl_error_set(error, TL_EIO, "%s: packet at byte %" PRIu64 ": cannot be read, or has become shorter",
			    file->path, at);
}

static bool map_packet(struct tl_direct_stream *stream)
{
	tl_mapped_finish(&stream->mapped);
	return stream->packet.bytes >= stream->map_least &&
	       tl_mapped_init(&stream->mapped, stream->descriptor, stream->packet.at, stream->packet.bytes);
}

static int read_packet(struct tl_direct_stream *stream, struct tl_error *error)
{
	uint64_t at = stream->packet.at, n = stream->packet.bytes;
	uint8_t *to = stream->buffer;

	if (n > stream->room) {
		to = realloc(stream->buffer, n);
		if (!to)
			return tl_error_set(error, TL_ENOMEM, "out of memory");
		stream->buffer = to;
		stream->room = n;
	}
	while (n) {
		ssize_t got = pread(stream->descriptor, to, n, (off_t)at);

		if (got <= 0)
			return tl_direct_lost(tl_direct_present(stream), stream->packet.at, error);
		to += got;
		at += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return 0;
}

int tl_direct_get_bytes(struct tl_direct_stream *stream, struct tl_error *error)
{
	int result = 0;

	stream->is_mapped = map_packet(stream);
	if (!stream->is_mapped)
		result = read_packet(stream, error);
	stream->bytes = stream->is_mapped ? stream->mapped.bytes : stream->buffer;
	return result;
}

bool tl_direct_is_whole(const struct tl_direct_stream *stream)
{
	const struct tl_direct_packet *packet = &stream->packet;

	if (!stream->is_mapped)
		return true;
	return tl_mapped_is_whole(&stream->mapped, stream->descriptor,
				  packet->at + (stream->failed ? packet->bytes : (stream->cursor.at + 7) / 8),
				  packet->at + packet->bytes);
}

void tl_direct_leave_file(struct tl_direct_stream *stream)
{
	if (stream->descriptor >= 0)
		close(stream->descriptor);
	stream->descriptor = -1;
	tl_mapped_finish(&stream->mapped);
	stream->is_mapped = false;
}

void tl_source_direct_map(struct tl_source *source, size_t least)
{
	struct tl_direct_reader *reader = (struct tl_direct_reader *)source;

	for (size_t i = 0; i < reader->n_streams; i++)
		reader->streams[i].map_least = least;
}
