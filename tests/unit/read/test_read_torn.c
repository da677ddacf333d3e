/* The CTF source on files that were cut short or are damaged, and on what is no trace at all. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include "tests/unit/read/trace.h"

static const struct ctf_form plain = {0};

#define PACKETS 6

/* Packets of 5 marks each; fills the bytes of the file up to the end of each packet. */
static struct ctf_stream torn_stream(size_t ends[PACKETS])
{
	struct ctf_stream stream = {.form = &plain};

	for (int i = 0; i < PACKETS; i++) {
		ctf_packet_begin(&stream, (uint64_t)i * 100);
		for (int j = 0; j < 5; j++)
			trace_mark(&stream, i * 100 + j, (uint32_t)(i * 5 + j));
		ctf_packet_end(&stream, (uint64_t)i * 100 + 50, (size_t)(i % 3) * 7);
		ends[i] = stream.bytes.vec.n;
	}
	return stream;
}

/* The file cut at `size`: the whole packets, then the tail, told once. */
static void expect_cut(const char *folder, size_t size, const size_t ends[PACKETS])
{
	struct tl_source *source = trace_open(folder);
	uint64_t events = 0, tails = 0, bytes = 0, whole = 0;
	struct tl_item item;

	while (whole < PACKETS && ends[whole] <= size)
		whole++;
	while (trace_next(source, &item) != TL_ITEM_END) {
		events += item.type == TL_ITEM_EVENT && item.event.seq < 1000;
		if (item.type == TL_ITEM_LOSS) {
			assert_int_equal(item.loss.kind, TL_LOSS_TAIL);
			assert_non_null(strstr(item.loss.where, "torn"));
			assert_int_equal(events, 5 * whole);
			tails++;
			bytes += item.loss.count;
		}
	}
	assert_int_equal(events, 5 * whole);
	assert_int_equal(tails, size != 0 && (whole == 0 || ends[whole - 1] != size));
	assert_int_equal(bytes, size - (whole ? ends[whole - 1] : 0));
	assert_int_equal(source->info.tail_bytes, bytes);
	tl_source_destroy(source);
}

static void test_ctf_reads_whole_packets_of_a_torn_file(void **state)
{
	struct trace_fixture f = trace_start();
	struct ctf_stream other = {.form = &plain}, stream;
	size_t ends[PACKETS];

	(void)state;
	trace_metadata(f.folder, &plain);
	ctf_packet_begin(&other, 0);
	trace_mark(&other, 0, 1000);
	ctf_packet_end(&other, 10, 0);
	trace_stream(f.folder, "whole", &other);
	stream = torn_stream(ends);
	for (size_t size = 0; size <= stream.bytes.vec.n; size += size % 5 ? 13 : 1) {
		ctf_write(f.folder, "torn", stream.bytes.vec.items, size);
		expect_cut(f.folder, size, ends);
	}
	for (int i = 0; i < PACKETS; i++) {
		ctf_write(f.folder, "torn", stream.bytes.vec.items, ends[i]);
		expect_cut(f.folder, ends[i], ends);
	}
	ctf_stream_finish(&stream);
	trace_stop(&f);
}

/* Damage in the middle: what is before it is read, and the rest is told. */
static void test_ctf_reads_up_to_a_damaged_packet_header(void **state)
{
	struct trace_fixture f = trace_start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);
	struct tl_source *source;
	struct tl_item item;
	int events = 0;

	(void)state;
	trace_metadata(f.folder, &plain);
	stream.bytes.vec.items[ends[2]] ^= 0xff; /* the magic of the fourth packet */
	ctf_write(f.folder, "torn", stream.bytes.vec.items, stream.bytes.vec.n);
	source = trace_open(f.folder);
	while (trace_next(source, &item) != TL_ITEM_END)
		events += item.type == TL_ITEM_EVENT;
	assert_int_equal(events, 15);
	assert_int_equal(source->info.tail_bytes, stream.bytes.vec.n - ends[2]);
	tl_source_destroy(source);
	ctf_stream_finish(&stream);
	trace_stop(&f);
}

static void expect_no_trace(const char *path, const char *expected)
{
	struct tl_error error;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	tl_error_init(&error);
	assert_null(tl_source_open(path, &error));
	tl_error_print(&error, "", out);
	fclose(out);
	assert_true(error.code < 0);
	if (!strstr(text, expected))
		fail_msg("%s gives \"%s\", expected \"%s\"", path, text, expected);
	free(text);
}

static void test_ctf_without_a_whole_packet_is_an_error(void **state)
{
	struct trace_fixture f = trace_start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);

	(void)state;
	trace_metadata(f.folder, &plain);
	ctf_write(f.folder, "torn", stream.bytes.vec.items, ends[0] - 1);
	expect_no_trace(f.folder, "one whole packet");
	ctf_stream_finish(&stream);
	trace_stop(&f);
}

static void test_ctf_survives_damaged_index_files(void **state)
{
	static const unsigned char zero_entry[16] = {0xc1, 0xf1, 0xdc, 0xc1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
	struct trace_fixture f = trace_start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);
	unsigned char index[16 + 72] = {0};
	char folder[8192];

	(void)state;
	trace_metadata(f.folder, &plain);
	ctf_write(f.folder, "torn", stream.bytes.vec.items, stream.bytes.vec.n);
	snprintf(folder, sizeof folder, "%s/index", f.folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	ctf_write(folder, "torn.idx", zero_entry, sizeof zero_entry);
	expect_cut(f.folder, stream.bytes.vec.n, ends);
	memcpy(index, zero_entry, sizeof zero_entry);
	index[15] = 72;
	memset(index + 16, 0x7f, 72);
	ctf_write(folder, "torn.idx", index, sizeof index);
	expect_cut(f.folder, stream.bytes.vec.n, ends);
	ctf_stream_finish(&stream);
	trace_stop(&f);
}

/* A packet that claims to be empty must not be read for ever. */
static void test_ctf_survives_packets_of_no_size(void **state)
{
	struct trace_fixture f = trace_start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);

	(void)state;
	trace_metadata(f.folder, &plain);
	memset(stream.bytes.vec.items + 40, 0, 16); /* content_size and packet_size of the first packet */
	ctf_write(f.folder, "torn", stream.bytes.vec.items, stream.bytes.vec.n);
	expect_no_trace(f.folder, "cannot be opened");
	ctf_stream_finish(&stream);
	trace_stop(&f);
}

static void test_open_says_what_to_do_instead(void **state)
{
	struct trace_fixture f = trace_start();
	char path[8192];

	(void)state;
	expect_no_trace(f.folder, "no trace in this folder");
	snprintf(path, sizeof path, "%s/missing", f.folder);
	expect_no_trace(path, "No such file");
	trace_metadata(f.folder, &plain);
	snprintf(path, sizeof path, "%s/metadata", f.folder);
	expect_no_trace(path, "give the folder");
	ctf_write(f.folder, "a.gz", "\x1f\x8b\x08", 3);
	snprintf(path, sizeof path, "%s/a.gz", f.folder);
	expect_no_trace(path, "unpack it first");
	ctf_write(f.folder, "metadata", "trace { nonsense", 16);
	expect_no_trace(f.folder, "/metadata: not valid");
	expect_no_trace("/dev/null", "neither a folder");
	trace_stop(&f);
}

TL_UNIT_MAIN(cmocka_unit_test(test_ctf_reads_whole_packets_of_a_torn_file),
	     cmocka_unit_test(test_ctf_reads_up_to_a_damaged_packet_header),
	     cmocka_unit_test(test_ctf_without_a_whole_packet_is_an_error),
	     cmocka_unit_test(test_ctf_survives_damaged_index_files),
	     cmocka_unit_test(test_ctf_survives_packets_of_no_size),
	     cmocka_unit_test(test_open_says_what_to_do_instead))
