/*
 * From when, and until when, a trace is whole. Memory that keeps the latest only (a
 * flight recorder's) begins at another time on each processor: before the latest of
 * these beginnings something of every task may be missing. And the streams of a snapshot, or
 * of a part of a recording, are cut one after the other: after the first cut it may, too.
 */
#include <fcntl.h>
#include <unistd.h>

#include "viewer/read/direct_internal.h"

struct bounds {
	int64_t from_ns, until_ns;
};

static bool has_ours(const struct tl_direct_stream_class *class)
{
	for (size_t i = 0; i < class->n_classes; i++)
		if (class->classes[i].verdict == TL_CTF_OURS)
			return true;
	return false;
}

/* The first and the last head of a file. False: it cannot be read so. */
static bool read_ends(const struct tl_direct_file *file, struct tl_direct_packet *first, struct tl_direct_packet *last)
{
	uint8_t head[TL_DIRECT_HEAD_MAX];
	int descriptor = open(file->path, O_RDONLY | O_CLOEXEC);
	uint64_t at = 0;
	bool read = descriptor >= 0;

	for (; read && at < file->size; at += last->bytes) {
		read = tl_direct_read_head(file, descriptor, at, head, last, NULL) == 0;
		if (at == 0)
			*first = *last;
	}
	if (descriptor >= 0)
		close(descriptor);
	return read && at > 0;
}

/* A first packet that is not number 0 has lost those before it. */
static void bound(struct bounds *bounds, const struct tl_direct_stream *stream)
{
	const bool *has = stream->class->has;
	struct tl_direct_packet first, last, ignored;
	int64_t ns;

	if (!has[TL_SLOT_SEQUENCE] || !has[TL_SLOT_BEGIN] || !has[TL_SLOT_END] || !has_ours(stream->class) ||
	    !read_ends(&stream->files.items[0], &first, &last) ||
	    (stream->files.n > 1 && !read_ends(&stream->files.items[stream->files.n - 1], &ignored, &last)))
		return;
	if (first.slots[TL_SLOT_SEQUENCE] != 0 && tl_direct_time(first.class, first.begin_clock, &ns) &&
	    ns > bounds->from_ns)
		bounds->from_ns = ns;
	if (tl_direct_time(last.class, last.end_clock, &ns) && ns < bounds->until_ns)
		bounds->until_ns = ns;
}

void tl_source_direct_bound(struct tl_source *source, bool is_cut)
{
	const struct tl_direct_reader *reader = (const struct tl_direct_reader *)source;
	struct bounds bounds = {0, INT64_MAX};

	for (size_t i = 0; i < reader->n_streams; i++)
		bound(&bounds, &reader->streams[i]);
	source->whole_from_ns = bounds.from_ns;
	/* One that cannot be: a stream that ended before all had begun. */
	if (is_cut && bounds.until_ns < INT64_MAX && bounds.until_ns > bounds.from_ns)
		source->whole_until_ns = bounds.until_ns;
}
