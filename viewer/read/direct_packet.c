/* Heads of packets, and the clock; see direct_internal.h. */
#include <inttypes.h>
#include <unistd.h>

#include "viewer/read/direct_internal.h"

#define MAGIC 0xC1FC1FC1u

static int damaged(const struct tl_direct_file *file, uint64_t at, const char *what, struct tl_error *error)
{
	return tl_error_set(error, TL_EFORMAT, "%s: packet at byte %" PRIu64 ": %s", file->path, at, what);
}

/* Packets of the only stream need not say whose they are. */
static const struct tl_direct_stream_class *find_class(const struct tl_direct_trace *trace, uint64_t id)
{
	if (!trace->has[TL_SLOT_STREAM_ID])
		return trace->classes;
	for (size_t i = 0; i < trace->n_classes; i++)
		if (trace->classes[i].id == id)
			return &trace->classes[i];
	return NULL;
}

/* What the header says of the trace must be so. */
static const char *find_stranger(const struct tl_direct_trace *trace, const struct tl_ctf_cursor *cursor)
{
	if (trace->has[TL_SLOT_MAGIC] && cursor->slots[TL_SLOT_MAGIC] != MAGIC)
		return "its magic number is not that of CTF";
	if (trace->has[TL_SLOT_UUID] && trace->metadata.has_uuid &&
	    memcmp(cursor->packet + cursor->slots[TL_SLOT_UUID] / 8, trace->metadata.uuid,
		   sizeof trace->metadata.uuid) != 0)
		return "its UUID is not that of the metadata";
	return NULL;
}

/* Sizes and times from what the head says; NULL, or what cannot be. */
static const char *measure(struct tl_direct_packet *packet, uint64_t left)
{
	const bool *has = packet->class->has;
	uint64_t bits = left * 8;
	int64_t ns;

	if (has[TL_SLOT_PACKET_SIZE])
		bits = packet->slots[TL_SLOT_PACKET_SIZE];
	else if (has[TL_SLOT_CONTENT_SIZE])
		bits = packet->slots[TL_SLOT_CONTENT_SIZE];
	packet->end = has[TL_SLOT_CONTENT_SIZE] ? packet->slots[TL_SLOT_CONTENT_SIZE] : bits;
	packet->bytes = bits / 8;
	packet->is_cut = bits % 8 == 0 && packet->bytes > left;
	if (bits == 0 || bits % 8 || packet->bytes > left)
		return "its size goes past the end of the file, or is none";
	if (packet->end > bits || packet->end < packet->first)
		return "the size of its content cannot be";
	if (packet->bytes > TL_DIRECT_PACKET_MAX)
		return "it is larger than what is read at once";
	packet->begin_clock = has[TL_SLOT_BEGIN] ? packet->slots[TL_SLOT_BEGIN] : 0;
	packet->end_clock = has[TL_SLOT_END] ? packet->slots[TL_SLOT_END] : 0;
	if (!tl_direct_time(packet->class, packet->begin_clock, &ns) ||
	    !tl_direct_time(packet->class, packet->end_clock, &ns))
		return "its times are none that can be";
	return NULL;
}

int tl_direct_read_head(const struct tl_direct_file *file, int descriptor, uint64_t at, uint8_t *buffer,
			struct tl_direct_packet *packet, struct tl_error *error)
{
	const struct tl_direct_trace *trace = file->trace;
	uint64_t left = file->size - at;
	size_t n = left < TL_DIRECT_HEAD_MAX ? (size_t)left : TL_DIRECT_HEAD_MAX;
	struct tl_ctf_cursor cursor = {.packet = buffer, .end = n * 8};
	const char *wrong;

	/* Fields past the end of all that there is. */
	packet->is_cut = left < TL_DIRECT_HEAD_MAX;
	if (pread(descriptor, buffer, n, (off_t)at) != (ssize_t)n)
		return tl_direct_lost(file, at, error);
	if (!tl_ctf_execute(&trace->plans, trace->packet_header, &cursor))
		return damaged(file, at, cursor.failure, error);
	wrong = find_stranger(trace, &cursor);
	packet->is_cut &= !wrong;
	if (wrong)
		return damaged(file, at, wrong, error);
	packet->class = find_class(trace, cursor.slots[TL_SLOT_STREAM_ID]);
	packet->is_cut &= packet->class != NULL;
	if (!packet->class)
		return damaged(file, at, "it belongs to no stream of the metadata", error);
	if (!tl_ctf_execute(&trace->plans, packet->class->packet_context, &cursor))
		return damaged(file, at, cursor.failure, error);
	packet->at = at;
	packet->first = cursor.at;
	memcpy(packet->slots, cursor.slots, sizeof packet->slots);
	wrong = measure(packet, left);
	return wrong ? damaged(file, at, wrong, error) : 0;
}
