/*
 * From a metadata file to the places of the few fields that say where packets end,
 * and from there along a stream file; see layout.h. What the metadata says is
 * parsed by tsdl_*.c.
 */
#include "viewer/read/layout.h"

#include <string.h>
#include <unistd.h>

#include "viewer/read/metadata_text.h"
#include "viewer/read/tsdl.h"

static struct tl_layout_field find_field(const struct tl_tsdl *p, const struct tl_tsdl_type *type, const char *name)
{
	for (size_t i = 0; i < type->n_members; i++) {
		const struct tl_tsdl_member *m = &type->members[i];

		if (tl_word_is(m->name, name))
			return (struct tl_layout_field){
				.present = true,
				.big = m->order == TL_TSDL_NATIVE ? p->big : m->order == TL_TSDL_BIG,
				.plain = m->is_integer && m->at % 8 == 0 && m->size % 8 == 0 && m->size <= 64,
				.at = m->at,
				.size = m->size};
	}
	return (struct tl_layout_field){0};
}

static bool is_readable(struct tl_layout_field field)
{
	return !field.present || field.plain;
}

static void fill(struct tl_layout *layout, const struct tl_tsdl *p)
{
	layout->header_bits = p->header.size;
	layout->stream_id = find_field(p, &p->header, "stream_id");
	layout->known = !p->failed && p->header.known && is_readable(layout->stream_id);
	for (size_t i = 0; i < p->streams.n && layout->known; i++) {
		const struct tl_tsdl_type *context = &p->streams.items[i].context;
		struct tl_layout_stream stream = {.id = p->streams.items[i].id,
						  .align = context->align,
						  .context_bits = context->size,
						  .packet_size = find_field(p, context, "packet_size"),
						  .content_size = find_field(p, context, "content_size")};

		layout->known = context->known && context->align < TL_TSDL_BITS_MAX &&
				is_readable(stream.packet_size) && is_readable(stream.content_size) &&
				tl_vec_push(&layout->streams, stream) == 0;
	}
}

void tl_layout_init(struct tl_layout *layout, const char *metadata_path)
{
	struct tl_tsdl p = {.header = {.known = true, .align = 1}};
	size_t size = 0;
	enum tl_metadata_form form;
	char *text = tl_metadata_load(metadata_path, &size, &form);

	memset(layout, 0, sizeof *layout);
	if (!text)
		return;
	p.words = (struct tl_words){.at = text, .end = text + size};
	tl_tsdl_parse(&p);
	p.failed = p.failed || !tl_tsdl_names_are_unique(text, text + size);
	/* Streams without a block are possible when nothing needs one. */
	if (p.streams.n == 0 &&
	    tl_vec_push(&p.streams, (struct tl_tsdl_stream){.context = {.known = true, .align = 1}}) < 0)
		p.failed = true;
	fill(layout, &p);
	tl_vec_finish(&p.types);
	tl_vec_finish(&p.streams);
	free(text);
}

void tl_layout_finish(struct tl_layout *layout)
{
	tl_vec_finish(&layout->streams);
}

/* ---- walking --------------------------------------------------------------- */

/* Reads a field of the structure that begins at bit `base` of the packet at `packet`; false past the file's end. */
static bool read_field(int file, uint64_t packet, uint64_t base, struct tl_layout_field field, uint64_t *value)
{
	unsigned char bytes[8];
	size_t n = field.size / 8;

	if (pread(file, bytes, n, (off_t)(packet + (base + field.at) / 8)) != (ssize_t)n)
		return false;
	*value = 0;
	for (size_t i = 0; i < n; i++)
		*value = *value << 8 | bytes[field.big ? i : n - 1 - i];
	return true;
}

static const struct tl_layout_stream *find_stream(const struct tl_layout *layout, uint64_t id)
{
	for (size_t i = 0; i < layout->streams.n; i++)
		if (layout->streams.items[i].id == id || !layout->stream_id.present)
			return &layout->streams.items[i];
	return NULL;
}

/* The size in bytes of the packet at `at`, of `left` bytes at the most; 0 when it has none that is possible. */
static uint64_t packet_bytes(const struct tl_layout *layout, const struct tl_layout_stream *stream, int file,
			     uint64_t at, uint64_t left)
{
	uint64_t context = tl_tsdl_align_up(layout->header_bits, stream->align), bits = left * 8, content;

	if (stream->packet_size.present && !read_field(file, at, context, stream->packet_size, &bits))
		return 0;
	content = bits;
	if (stream->content_size.present && !read_field(file, at, context, stream->content_size, &content))
		return 0;
	if (!stream->packet_size.present)
		bits = content; /* and without either, one packet is all of the file */
	if (bits / 8 > left || content > bits || content < context + stream->context_bits)
		return 0;
	return bits / 8;
}

uint64_t tl_layout_walk(const struct tl_layout *layout, int file, uint64_t size, struct tl_layout_ends *ends)
{
	uint64_t at = 0;

	while (at < size) {
		const struct tl_layout_stream *stream;
		uint64_t id = 0, bytes;

		if (layout->stream_id.present && !read_field(file, at, 0, layout->stream_id, &id))
			return at;
		stream = find_stream(layout, id);
		bytes = stream ? packet_bytes(layout, stream, file, at, size - at) : 0;
		if (bytes == 0 || (ends && tl_vec_push(&ends->list, at + bytes) < 0))
			return at;
		at += bytes;
	}
	return at;
}
