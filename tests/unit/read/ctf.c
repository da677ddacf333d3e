/* The writer of small CTF traces; see ctf.h. */
#include "tests/unit/read/ctf.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRACE_UUID "2a6422d0-6cee-11e0-8c08-cb07d7b3a564"
#define DISCARDED_AT 56 /* offsets in a packet: events_discarded ... */
#define END_AT 32       /* timestamp_end ... */
#define CONTENT_AT 40   /* content_size, then packet_size */

static void put(struct ctf_stream *stream, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (tl_vec_push(&stream->bytes.vec, ((const unsigned char *)bytes)[i]) < 0)
			abort();
}

static void put_number(struct ctf_stream *stream, uint64_t value, size_t size)
{
	for (; size; size--, value >>= 8)
		put(stream, &(unsigned char){(unsigned char)value}, 1);
}

static void patch(struct ctf_stream *stream, size_t at, uint64_t value)
{
	for (size_t i = 0; i < 8; i++, value >>= 8)
		stream->bytes.vec.items[stream->packet + at + i] = (unsigned char)value;
}

/* ---- metadata -------------------------------------------------------------- */

static bool is_field(const struct ctf_form *form, int kind, const char *field, const char *name)
{
	return name && kind == form->kind && strcmp(field, name) == 0;
}

static void write_field(FILE *out, const struct ctf_form *form, int kind, const struct tl_field_info *field)
{
	static const char *const integers[] = {"uint8_t", "uint16_t", "uint32_t", "uint64_t", "int32_t", "int64_t"};

	if (is_field(form, kind, field->name, form->without))
		return;
	if (is_field(form, kind, field->name, form->wide))
		fprintf(out, "\t\tuint64_t _%s;\n", field->name);
	else if (field->type <= TL_FIELD_S64)
		fprintf(out, "\t\t%s _%s;\n", integers[field->type], field->name);
	else if (field->type == TL_FIELD_TEXT)
		fprintf(out, "\t\tstring _%s;\n", field->name);
	else if (field->type == TL_FIELD_ADDRS || field->type == TL_FIELD_BYTES)
		fprintf(out, "\t\tuint8_t __%s_length;\n\t\tuint%d_t _%s[ __%s_length ];\n", field->name,
			field->type == TL_FIELD_ADDRS ? 64 : 8, field->name, field->name);
	else {
		fprintf(out, "\t\tenum : uint8_t { ");
		for (unsigned i = 0; i < tl_value_count(field->type); i++)
			fprintf(out, "\"%s\" = %u, ", tl_value_text(field->type, i), i);
		fprintf(out, "} _%s;\n", field->name);
	}
}

static void write_event(FILE *out, const struct ctf_form *form, int kind)
{
	static const struct tl_field_info head[] = {{"task", TL_FIELD_U64, 0, 0}, {"seq", TL_FIELD_U32, 0, 0}};

	fprintf(out, "event {\n\tname = \"threadline:%s\";\n\tid = %d;\n\tstream_id = 0;\n\tfields := struct {\n",
		tl_kinds[kind].name, kind);
	write_field(out, form, kind, &head[0]);
	write_field(out, form, kind, &head[1]);
	for (size_t i = 0; i < tl_kinds[kind].n_fields; i++)
		write_field(out, form, kind, &tl_kinds[kind].fields[i]);
	fprintf(out, "\t};\n};\n\n");
}

static void write_types(FILE *out)
{
	static const int sizes[] = {8, 16, 32, 64};

	for (size_t i = 0; i < 4; i++) {
		fprintf(out, "typealias integer { size = %d; align = 8; signed = false; } := uint%d_t;\n", sizes[i],
			sizes[i]);
		fprintf(out, "typealias integer { size = %d; align = 8; signed = true; } := int%d_t;\n", sizes[i],
			sizes[i]);
	}
}

static void write_clock(FILE *out, const struct ctf_form *form)
{
	fprintf(out, "clock {\n\tname = monotonic;\n");
	if (form->clock_uuid)
		fprintf(out, "\tuuid = \"%s\";\n", form->clock_uuid);
	fprintf(out, "\tfreq = 1000000000;\n\toffset_s = %d;\n};\n\n", CTF_OFFSET_S);
}

static void write_short_types(FILE *out)
{
	static const int sizes[] = {5, 27, 32};

	fprintf(out, "typealias integer { size = 5; align = 1; signed = false; } := uint5_t;\n");
	for (size_t i = 1; i < 3; i++)
		fprintf(out,
			"typealias integer { size = %d; align = %d; signed = false; map = clock.monotonic.value; } := "
			"stamp%d_t;\n",
			sizes[i], sizes[i] == 32 ? 8 : 1, sizes[i]);
}

/* As LTTng writes them. */
static const char *const headers[] = {
	[CTF_HEADER_OWN] = "{ uint16_t id; stamp_t timestamp; }",
	[CTF_HEADER_SMALL] = "{ enum : uint5_t { compact = 0 ... 30, extended = 31 } id;\n"
			     "\tvariant <id> { struct { stamp27_t timestamp; } compact;\n"
			     "\tstruct { uint32_t id; stamp_t timestamp; } extended; } v; } align(8)",
	[CTF_HEADER_LARGE] = "{ enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;\n"
			     "\tvariant <id> { struct { stamp32_t timestamp; } compact;\n"
			     "\tstruct { uint32_t id; stamp_t timestamp; } extended; } v; } align(8)",
};

char *ctf_metadata(const struct ctf_form *form)
{
	const char *map = form->no_clock ? "" : "map = clock.monotonic.value;";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "/* CTF 1.8 */\n\n");
	write_types(out);
	fprintf(out,
		"\ntrace {\n\tmajor = 1;\n\tminor = 8;\n\tuuid = \"%s\";\n\tbyte_order = le;\n"
		"\tpacket.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; };\n};\n\n"
		"env {\n\thostname = \"%s\";\n};\n\n",
		form->uuid ? form->uuid : TRACE_UUID, form->host ? form->host : "alpha");
	if (!form->no_clock)
		write_clock(out, form);
	if (form->header != CTF_HEADER_OWN)
		write_short_types(out);
	fprintf(out,
		"typealias integer { size = 64; align = 8; signed = false; %s } := stamp_t;\n\n"
		"stream {\n\tid = 0;\n\tpacket.context := struct { stamp_t timestamp_begin; stamp_t timestamp_end;\n"
		"\t\tuint64_t content_size; uint64_t packet_size; uint64_t events_discarded; uint32_t cpu_id; %s};\n"
		"\tevent.header := struct %s;\n};\n\n",
		map, form->numbered ? "uint64_t packet_seq_num; " : "", headers[form->header]);
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++)
		write_event(out, form, kind);
	fprintf(out, "event {\n\tname = \"other:thing\";\n\tid = %d;\n\tstream_id = 0;\n\tfields := struct { };\n};\n",
		CTF_FOREIGN);
	fclose(out);
	return text;
}

/* ---- packets --------------------------------------------------------------- */

static void put_uuid(struct ctf_stream *stream)
{
	const char *text = stream->form->uuid ? stream->form->uuid : TRACE_UUID;
	unsigned byte;

	for (int i = 0; i < 16; i++, text += 2) {
		text += *text == '-';
		if (sscanf(text, "%2x", &byte) != 1)
			abort();
		put_number(stream, byte, 1);
	}
}

void ctf_packet_begin(struct ctf_stream *stream, uint64_t time)
{
	stream->packet = stream->bytes.vec.n;
	put_number(stream, 0xC1FC1FC1u, 4);
	put_uuid(stream);
	put_number(stream, 0, 4);
	put_number(stream, time, 8);
	for (int i = 0; i < 4; i++)
		put_number(stream, 0, 8);
	put_number(stream, stream->cpu, 4);
	if (stream->form->numbered)
		put_number(stream, stream->sequence++, 8);
}

void ctf_packet_end(struct ctf_stream *stream, uint64_t time, size_t pad)
{
	uint64_t content = stream->bytes.vec.n - stream->packet;

	for (size_t i = 0; i < pad; i++)
		put_number(stream, 0, 1);
	patch(stream, END_AT, time);
	patch(stream, CONTENT_AT, content * 8);
	patch(stream, CONTENT_AT + 8, (content + pad) * 8);
	patch(stream, DISCARDED_AT, stream->discarded);
}

static uint64_t load(const char *at, enum tl_field_type type)
{
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (type) {
	case TL_FIELD_U16: return memcpy(&u16, at, sizeof u16), u16;
	case TL_FIELD_U32:
	case TL_FIELD_S32: return memcpy(&u32, at, sizeof u32), u32;
	case TL_FIELD_U64:
	case TL_FIELD_S64: return memcpy(&u64, at, sizeof u64), u64;
	default: return (unsigned char)*at;
	}
}

static size_t width(enum tl_field_type type)
{
	switch (type) {
	case TL_FIELD_U16: return 2;
	case TL_FIELD_U32:
	case TL_FIELD_S32: return 4;
	case TL_FIELD_U64:
	case TL_FIELD_S64: return 8;
	default: return 1;
	}
}

static void put_field(struct ctf_stream *stream, int kind, const struct tl_event *event,
		      const struct tl_field_info *field)
{
	const char *at = (const char *)event + field->offset;
	const void *pointer;
	size_t n;

	if (is_field(stream->form, kind, field->name, stream->form->without))
		return;
	if (is_field(stream->form, kind, field->name, stream->form->wide)) {
		put_number(stream, load(at, field->type), 8);
	} else if (field->type == TL_FIELD_TEXT) {
		memcpy(&pointer, at, sizeof pointer);
		put(stream, pointer ? pointer : "", pointer ? strlen(pointer) + 1 : 1);
	} else if (field->type == TL_FIELD_ADDRS || field->type == TL_FIELD_BYTES) {
		memcpy(&pointer, at, sizeof pointer);
		n = *((const unsigned char *)event + field->count_offset);
		put_number(stream, n, 1);
		put(stream, pointer, field->type == TL_FIELD_ADDRS ? 8 * n : n);
	} else {
		put_number(stream, load(at, field->type), width(field->type));
	}
}

static void put_header(struct ctf_stream *stream, const struct tl_event *event)
{
	uint64_t time = (uint64_t)event->time_ns;
	bool is_small = stream->form->header == CTF_HEADER_SMALL;

	if (stream->form->header == CTF_HEADER_OWN) {
		put_number(stream, event->kind, 2);
		put_number(stream, time, 8);
	} else if (time % 5 == 0) {
		put_number(stream, UINT64_MAX, is_small ? 1 : 2);
		put_number(stream, event->kind, 4);
		put_number(stream, time, 8);
	} else if (is_small) {
		put_number(stream, (event->kind | time << 5) & UINT32_MAX, 4);
	} else {
		put_number(stream, event->kind, 2);
		put_number(stream, time & UINT32_MAX, 4);
	}
}

void ctf_event(struct ctf_stream *stream, const struct tl_event *event)
{
	static const struct tl_field_info head[] = {
		{"task", TL_FIELD_U64, offsetof(struct tl_event, task), 0},
		{"seq", TL_FIELD_U32, offsetof(struct tl_event, seq), 0},
	};

	put_header(stream, event);
	if (event->kind == CTF_FOREIGN)
		return;
	put_field(stream, event->kind, event, &head[0]);
	put_field(stream, event->kind, event, &head[1]);
	for (size_t i = 0; i < tl_kinds[event->kind].n_fields; i++)
		put_field(stream, event->kind, event, &tl_kinds[event->kind].fields[i]);
}

void ctf_stream_finish(struct ctf_stream *stream)
{
	tl_vec_finish(&stream->bytes.vec);
}

/* ---- files ----------------------------------------------------------------- */

void ctf_write(const char *folder, const char *name, const void *bytes, size_t size)
{
	char path[8192];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
		perror(path);
		abort();
	}
}

void ctf_folder(char *path)
{
	const char *temporary = getenv("TMPDIR");

	snprintf(path, 4096, "%s/threadline-test-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(path)) {
		perror(path);
		abort();
	}
}

void ctf_remove(const char *path)
{
	char child[8192];
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(path);

	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
		if (lstat(child, &st) == 0 && S_ISDIR(st.st_mode))
			ctf_remove(child);
		else
			unlink(child);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}
