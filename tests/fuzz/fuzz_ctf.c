/*
 * CTF folders: metadata, one stream and its index file, whatever their bytes. The
 * input is: u32 size of the metadata, u32 size of the stream (little-endian), the
 * metadata, the stream, and the rest is the index (none if empty).
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/read/compare.h"
#include "tests/unit/read/ctf.h"
#include "viewer/read/source.h"

static const struct ctf_form plain = {.clock_uuid = "11111111-6cee-11e0-8c08-cb07d7b3a564"};

/* ---- seeds ----------------------------------------------------------------- */

/* LTTng's index of a stream of `n` packets that end at `ends`. */
static void add_index(struct ctf_bytes *input, const size_t *ends, int n)
{
	static const unsigned char header[] = {0xc1, 0xf1, 0xdc, 0xc1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 72};
	size_t at = 0;

	for (size_t i = 0; i < sizeof header; i++)
		if (tl_vec_push(&input->vec, header[i]) < 0)
			abort();
	for (int i = 0; i < n; at = ends[i++]) {
		uint64_t fields[9] = {at, (ends[i] - at) * 8, (ends[i] - at) * 8, (uint64_t)i * 100,
				      (uint64_t)i * 100 + 50};

		for (size_t j = 0; j < sizeof fields; j++)
			if (tl_vec_push(&input->vec, (unsigned char)(fields[j / 8] >> (56 - j % 8 * 8))) < 0)
				abort();
	}
}

static void append(struct ctf_bytes *input, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (tl_vec_push(&input->vec, ((const unsigned char *)bytes)[i]) < 0)
			abort();
}

static void fill_packet(struct ctf_stream *stream, int packet, int kinds)
{
	static const uint64_t addrs[] = {1, 2, 3};

	ctf_packet_begin(stream, (uint64_t)packet * 100);
	for (int kind = 0; kind < kinds; kind++) {
		struct tl_event event = {.kind = (uint8_t)kind, .time_ns = packet * 100 + kind, .task = 1, .seq = 1};

		if (kind == TL_EVENT_STACK)
			event.u.stack.pcs = addrs, event.u.stack.n_pcs = 3;
		ctf_event(stream, &event);
	}
	stream->discarded += (uint64_t)packet;
	ctf_packet_end(stream, (uint64_t)packet * 100 + 50, (size_t)packet);
}

/* A kernel's trace: names as arrays and as strings, a context, an enumeration; one packet without header. */
static const char kernel_metadata[] =
	"/* CTF 1.8 */\n"
	"typealias integer { size = 8; align = 8; signed = false; } := u8;\n"
	"typealias integer { size = 32; align = 8; signed = true; } := s32;\n"
	"typealias integer { size = 64; align = 8; signed = false; map = clock.c.value; } := stamp;\n"
	"trace { major = 1; minor = 8; byte_order = le; };\n"
	"env { domain = \"kernel\"; };\n"
	"clock { name = c; freq = 1000000000; };\n"
	"stream { event.header := struct { u8 id; stamp timestamp; }; event.context := struct { s32 _tid; s32 _pid; }; };\n"
	"event { name = \"sched_switch\"; id = 0; fields := struct { u8 _prev_comm[4]; s32 _prev_tid;\n"
	"	enum : u8 { \"R\" = 0, \"S\" = 1 } _prev_state; string _next_comm; s32 _next_tid; u8 _cpu_id; }; };\n"
	"event { name = \"sched:sched_process_fork\"; id = 1; fields := struct { u8 _n; u8 _parent_comm[_n];\n"
	"	s32 _parent_pid; s32 _child_pid; }; };\n";

static void append_head(struct ctf_bytes *input, uint8_t event, uint64_t time, int32_t tid)
{
	append(input, &event, 1);
	append(input, &time, 8);
	append(input, &tid, 4);
	append(input, &tid, 4);
}

static void append_switch(struct ctf_bytes *input, uint64_t time, int32_t prev, uint8_t state, int32_t next)
{
	append_head(input, 0, time, prev);
	append(input, "abcd", 4);
	append(input, &prev, 4);
	append(input, &state, 1);
	append(input, "next", 5);
	append(input, &next, 4);
	append(input, "\1", 1);
}

static uint8_t *kernel_seed(size_t *size)
{
	struct ctf_bytes input = {0};
	uint32_t sizes[2] = {sizeof kernel_metadata - 1, 0};
	int32_t ids[2] = {5, 6};
	size_t begin;

	append(&input, sizes, sizeof sizes);
	append(&input, kernel_metadata, sizes[0]);
	begin = input.vec.n;
	append_switch(&input, 10, 0, 0, 5);
	append_head(&input, 1, 20, 5);
	append(&input, "\3one", 4);
	append(&input, ids, sizeof ids);
	append_switch(&input, 30, 5, 1, 6);
	append_switch(&input, 40, 6, 0, 5);
	sizes[1] = (uint32_t)(input.vec.n - begin);
	memcpy(input.vec.items, sizes, sizeof sizes);
	*size = input.vec.n;
	return input.vec.items;
}

/*
 * 0: all kinds in four packets; 1: the same with an index; 2: many small packets; 3: a
 * kernel's; 4 and 5: all kinds under LTTng's own headers.
 */
uint8_t *fuzz_seed(unsigned number, size_t *size)
{
	static const struct ctf_form small = {.header = CTF_HEADER_SMALL}, large = {.header = CTF_HEADER_LARGE};
	const struct ctf_form *form = number == 4 ? &small : number == 5 ? &large : &plain;
	struct ctf_stream stream = {.form = form};
	struct ctf_bytes input = {0};
	int packets = number == 2 ? 20 : 4;
	char *metadata;
	size_t ends[20];
	uint32_t sizes[2];

	if (number == 3 || number > 5)
		return number == 3 ? kernel_seed(size) : NULL;
	for (int i = 0; i < packets; i++) {
		fill_packet(&stream, i, number == 2 ? 1 : TL_N_EVENT_KINDS);
		ends[i] = stream.bytes.vec.n;
	}
	metadata = ctf_metadata(form);
	sizes[0] = (uint32_t)strlen(metadata);
	sizes[1] = (uint32_t)stream.bytes.vec.n;
	append(&input, sizes, sizeof sizes);
	append(&input, metadata, sizes[0]);
	append(&input, stream.bytes.vec.items, sizes[1]);
	if (number == 1)
		add_index(&input, ends, packets);
	free(metadata);
	ctf_stream_finish(&stream);
	*size = input.vec.n;
	return input.vec.items;
}

/* ---- running --------------------------------------------------------------- */

static char folder[4096], index_folder[4200];

static void remove_folder(void)
{
	ctf_remove(folder);
}

static void make_folder(void)
{
	if (folder[0])
		return;
	ctf_folder(folder);
	snprintf(index_folder, sizeof index_folder, "%s/index", folder);
	mkdir(index_folder, 0700);
	atexit(remove_folder);
}

static size_t piece(const uint8_t *head, size_t left)
{
	uint32_t n;

	memcpy(&n, head, sizeof n);
	return n < left ? n : left;
}

static void write_trace(const uint8_t *bytes, size_t size)
{
	char path[8192];
	size_t metadata = piece(bytes, size - 8), stream = piece(bytes + 4, size - 8 - metadata);

	ctf_write(folder, "metadata", bytes + 8, metadata);
	ctf_write(folder, "stream", bytes + 8 + metadata, stream);
	snprintf(path, sizeof path, "%s/stream.idx", index_folder);
	unlink(path);
	if (size > 8 + metadata + stream)
		ctf_write(index_folder, "stream.idx", bytes + 8 + metadata + stream, size - 8 - metadata - stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;
	char why[1024];
	int type = 0;

	if (size < 8)
		return 0;
	make_folder();
	write_trace(bytes, size);
	tl_error_init(&error);
	source = tl_source_open(folder, &error);
	while (source && (type = tl_source_next(source, &item, &error)) > 0)
		if (item.type == TL_ITEM_EVENT && (item.event.kind >= TL_N_EVENT_KINDS || item.event.task == 0))
			abort();
	if ((!source || type < 0) && (error.code >= 0 || error.n < 1))
		abort();
	tl_source_destroy(source);
	/* What the direct reader takes, it takes as Babeltrace does. */
	if (compare_readers(folder, why, sizeof why) == COMPARED_DIFFERENT) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	return 0;
}
