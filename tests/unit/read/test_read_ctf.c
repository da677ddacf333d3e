/*
 * The CTF source on traces that we write ourselves: every field of every kind,
 * the merge, losses, clocks, mistakes, and files that were cut short.
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/read/ctf.h"
#include "viewer/read/source.h"

#define S INT64_C(1000000000)
#define EPOCH(clock) (CTF_OFFSET_S * S + (clock))
#define TASK ((uint64_t)7 << 32 | 1)

static const struct ctf_form plain = {0};

struct fixture {
	char folder[4096];
	char temporary[4096]; /* $TMPDIR while the case runs: must be empty afterwards */
};

static struct fixture start(void)
{
	struct fixture f;

	unsetenv("TMPDIR");
	ctf_folder(f.folder);
	ctf_folder(f.temporary);
	setenv("TMPDIR", f.temporary, 1);
	return f;
}

static void stop(const struct fixture *f)
{
	ctf_remove(f->folder);
	if (rmdir(f->temporary) != 0)
		fail_msg("%s: something was left in the temporary folder", f->temporary);
}

static void write_metadata(const char *folder, const struct ctf_form *form)
{
	char *text = ctf_metadata(form);

	ctf_write(folder, "metadata", text, strlen(text));
	free(text);
}

static void write_stream(const char *folder, const char *name, struct ctf_stream *stream)
{
	ctf_write(folder, name, stream->bytes.vec.items, stream->bytes.vec.n);
	ctf_stream_finish(stream);
}

static struct tl_source *open_trace(const char *folder)
{
	struct tl_error error;
	struct tl_source *source;

	tl_error_init(&error);
	source = tl_source_open(folder, &error);
	if (!source)
		tl_error_print(&error, "unexpected: ", stderr);
	assert_non_null(source);
	return source;
}

static int next(struct tl_source *source, struct tl_item *item)
{
	struct tl_error error;
	int type;

	tl_error_init(&error);
	type = tl_source_next(source, item, &error);
	if (type < 0)
		tl_error_print(&error, "unexpected: ", stderr);
	assert_true(type >= 0);
	assert_int_equal(type, item->type);
	return type;
}

static struct tl_item expect(struct tl_source *source, enum tl_item_type type)
{
	struct tl_item item;

	assert_int_equal(next(source, &item), type);
	return item;
}

/* ---- fields ---------------------------------------------------------------- */

/* Gives each field of an event a value of its own, told by `salt`. */
static struct tl_event sample(int kind, unsigned salt, const uint64_t *addrs, const uint8_t *bytes)
{
	struct tl_event event = {.kind = (uint8_t)kind, .task = TASK, .seq = salt};
	unsigned char *base = (unsigned char *)&event;

	for (size_t i = 0; i < tl_kinds[kind].n_fields; i++) {
		const struct tl_field_info *field = &tl_kinds[kind].fields[i];
		unsigned value = salt * 31 + (unsigned)i;
		const char *text = value & 1 ? "" : "some \xff text";
		size_t size = field->type == TL_FIELD_U16                                  ? 2
			      : field->type == TL_FIELD_U32 || field->type == TL_FIELD_S32 ? 4
											   : 8;

		if (field->type == TL_FIELD_TEXT)
			memcpy(base + field->offset, &text, sizeof text);
		else if (field->type == TL_FIELD_ADDRS)
			memcpy(base + field->offset, &addrs, sizeof addrs), base[field->count_offset] = 255;
		else if (field->type == TL_FIELD_BYTES)
			memcpy(base + field->offset, &bytes, sizeof bytes), base[field->count_offset] = 20;
		else if (tl_value_count(field->type))
			base[field->offset] = (unsigned char)(value % tl_value_count(field->type));
		else if (field->type == TL_FIELD_U8)
			base[field->offset] = (unsigned char)value;
		else
			memset(base + field->offset, value & 0xff, size);
	}
	return event;
}

static void compare_field(const struct tl_event *a, const struct tl_event *b, const struct tl_field_info *field)
{
	const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
	const void *p, *q;
	size_t n;

	switch (field->type) {
	case TL_FIELD_TEXT:
		memcpy(&p, x + field->offset, sizeof p);
		memcpy(&q, y + field->offset, sizeof q);
		assert_string_equal(p, q);
		break;
	case TL_FIELD_ADDRS:
	case TL_FIELD_BYTES:
		memcpy(&p, x + field->offset, sizeof p);
		memcpy(&q, y + field->offset, sizeof q);
		n = x[field->count_offset];
		assert_int_equal(n, y[field->count_offset]);
		assert_memory_equal(p, q, field->type == TL_FIELD_ADDRS ? 8 * n : n);
		break;
	default:
		n = field->type == TL_FIELD_U16                                  ? 2
		    : field->type == TL_FIELD_U32 || field->type == TL_FIELD_S32 ? 4
		    : field->type == TL_FIELD_U64 || field->type == TL_FIELD_S64 ? 8
										 : 1;
		assert_memory_equal(x + field->offset, y + field->offset, n);
	}
}

static void test_ctf_decodes_every_field_of_every_kind(void **state)
{
	struct fixture f = start();
	struct ctf_stream stream = {.form = &plain, .cpu = 3};
	struct tl_source *source;
	uint64_t addrs[255];
	uint8_t bytes[20];

	(void)state;
	for (size_t i = 0; i < 255; i++)
		addrs[i] = UINT64_MAX - i;
	memset(bytes, 0xee, sizeof bytes);
	write_metadata(f.folder, &plain);
	ctf_packet_begin(&stream, 0);
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		for (unsigned salt = 0; salt < 4; salt++) {
			struct tl_event event = sample(kind, salt, addrs, bytes);

			event.time_ns = kind * 4 + (int)salt;
			ctf_event(&stream, &event);
		}
	}
	ctf_packet_end(&stream, 1000, 5);
	write_stream(f.folder, "ch_0", &stream);
	source = open_trace(f.folder);
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		for (unsigned salt = 0; salt < 4; salt++) {
			struct tl_item item = expect(source, TL_ITEM_EVENT);
			struct tl_event event = sample(kind, salt, addrs, bytes);

			assert_int_equal(item.event.kind, kind);
			assert_int_equal(item.event.time_ns, EPOCH(kind * 4 + (int)salt));
			assert_int_equal(item.event.task, TASK);
			assert_int_equal(item.event.seq, salt);
			if (kind == TL_EVENT_STATUS && event.u.status.since_ns > 0)
				event.u.status.since_ns += CTF_OFFSET_S * S;
			for (size_t i = 0; i < tl_kinds[kind].n_fields; i++)
				compare_field(&item.event, &event, &tl_kinds[kind].fields[i]);
		}
	}
	expect(source, TL_ITEM_END);
	expect(source, TL_ITEM_END);
	assert_int_equal(source->info.events, 4 * TL_N_EVENT_KINDS);
	assert_int_equal(source->info.malformed, 0);
	assert_int_equal(source->info.start_ns, EPOCH(0));
	assert_int_equal(source->info.end_ns, EPOCH(4 * TL_N_EVENT_KINDS - 1));
	assert_string_equal(source->info.host, "alpha");
	tl_source_destroy(source);
	stop(&f);
}

static void put_mark(struct ctf_stream *stream, int64_t time, uint32_t seq)
{
	ctf_event(stream,
		  &(struct tl_event){
			  .kind = TL_EVENT_MARK, .time_ns = time, .task = TASK, .seq = seq, .u.mark.text = "m"});
}

/* One event of `kind` and one mark, in a trace of the form; the mark must come, the event must count as malformed. */
static void expect_malformed(const struct ctf_form *form, const struct tl_event *event)
{
	struct fixture f = start();
	struct ctf_stream stream = {.form = form};
	struct tl_source *source;

	write_metadata(f.folder, form);
	ctf_packet_begin(&stream, 0);
	ctf_event(&stream, event);
	put_mark(&stream, 9, 2);
	ctf_packet_end(&stream, 10, 0);
	write_stream(f.folder, "ch_0", &stream);
	source = open_trace(f.folder);
	assert_int_equal(expect(source, TL_ITEM_EVENT).event.kind, TL_EVENT_MARK);
	expect(source, TL_ITEM_END);
	assert_int_equal(source->info.malformed, 1);
	assert_int_equal(source->info.events, 1);
	tl_source_destroy(source);
	stop(&f);
}

static void test_ctf_counts_malformed_events(void **state)
{
	struct tl_event block = {.kind = TL_EVENT_BLOCK, .task = TASK, .seq = 1, .u.block.reason = TL_REASON_MUTEX};
	struct tl_event bad_reason = block, no_task = block;

	(void)state;
	bad_reason.u.block.reason = TL_N_REASONS;
	no_task.task = 0;
	expect_malformed(&plain, &bad_reason);
	expect_malformed(&plain, &no_task);
	expect_malformed(&(struct ctf_form){.kind = TL_EVENT_BLOCK, .without = "owner"}, &block);
	expect_malformed(&(struct ctf_form){.kind = TL_EVENT_BLOCK, .without = "seq"}, &block);
	expect_malformed(&(struct ctf_form){.kind = TL_EVENT_BLOCK, .wide = "owner"}, &block);
	expect_malformed(&(struct ctf_form){.kind = TL_EVENT_BLOCK, .wide = "held"}, &block);
	expect_malformed(&(struct ctf_form){.kind = TL_EVENT_BLOCK, .wide = "timeout_ns"}, &block);
	expect_malformed(&(struct ctf_form){.kind = TL_EVENT_BLOCK, .wide = "seq"}, &block);
}

static void test_ctf_counts_foreign_events(void **state)
{
	struct fixture f = start();
	struct ctf_stream stream = {.form = &plain};
	struct tl_source *source;

	(void)state;
	write_metadata(f.folder, &plain);
	ctf_packet_begin(&stream, 0);
	for (int i = 0; i < 20000; i++)
		ctf_event(&stream, &(struct tl_event){.kind = CTF_FOREIGN, .time_ns = i});
	put_mark(&stream, 20000, 1);
	ctf_packet_end(&stream, 20000, 0);
	write_stream(f.folder, "ch_0", &stream);
	source = open_trace(f.folder);
	expect(source, TL_ITEM_EVENT);
	expect(source, TL_ITEM_END);
	assert_int_equal(source->info.foreign_events, 20000);
	tl_source_destroy(source);
	stop(&f);
}

static void test_ctf_without_clock_opens(void **state)
{
	static const struct ctf_form form = {.no_clock = true};
	struct fixture f = start();
	struct ctf_stream stream = {.form = &form};
	struct tl_source *source;

	(void)state;
	write_metadata(f.folder, &form);
	ctf_packet_begin(&stream, 0);
	ctf_event(&stream, &(struct tl_event){.kind = CTF_FOREIGN});
	ctf_packet_end(&stream, 0, 0);
	write_stream(f.folder, "ch_0", &stream);
	source = open_trace(f.folder);
	expect(source, TL_ITEM_END);
	assert_int_equal(source->info.foreign_events, 1);
	tl_source_destroy(source);
	stop(&f);
}

/* A time that no int64 of nanoseconds holds: the event cannot be placed. */
static void test_ctf_survives_clock_overflow(void **state)
{
	struct fixture f = start();
	struct ctf_stream stream = {.form = &plain};
	struct tl_source *source;
	struct tl_item item;

	(void)state;
	write_metadata(f.folder, &plain);
	ctf_packet_begin(&stream, 0);
	put_mark(&stream, 1, 1);
	put_mark(&stream, -2, 2);
	ctf_packet_end(&stream, 10, 0);
	write_stream(f.folder, "ch_0", &stream);
	source = open_trace(f.folder);
	expect(source, TL_ITEM_EVENT);
	while (tl_source_next(source, &item, NULL) > 0)
		fail();
	tl_source_destroy(source);
	stop(&f);
}

/* ---- several streams and traces -------------------------------------------- */

static void test_ctf_merges_streams_by_time(void **state)
{
	struct fixture f = start();
	struct tl_source *source;
	int64_t last = 0;
	char name[16];

	(void)state;
	write_metadata(f.folder, &plain);
	for (unsigned cpu = 0; cpu < 13; cpu++) {
		struct ctf_stream stream = {.form = &plain, .cpu = cpu};

		for (int packet = 0; packet < 3; packet++) {
			ctf_packet_begin(&stream, (uint64_t)packet * 1000);
			for (int64_t i = 0; i < 100; i++)
				put_mark(&stream, packet * 1000 + (int64_t)(cpu * 7 % 13) + i * (1 + cpu % 5), 1);
			ctf_packet_end(&stream, (uint64_t)packet * 1000 + 999, 0);
		}
		snprintf(name, sizeof name, "ch_%u", cpu);
		write_stream(f.folder, name, &stream);
	}
	source = open_trace(f.folder);
	for (int i = 0; i < 13 * 300; i++) {
		int64_t time = expect(source, TL_ITEM_EVENT).event.time_ns;

		assert_true(time >= last);
		last = time;
	}
	expect(source, TL_ITEM_END);
	tl_source_destroy(source);
	stop(&f);
}

static void add_trace(const char *parent, const char *name, const struct ctf_form *form, int64_t time)
{
	struct ctf_stream stream = {.form = form};
	char folder[8192];

	snprintf(folder, sizeof folder, "%s/%s", parent, name);
	assert_int_equal(mkdir(folder, 0700), 0);
	write_metadata(folder, form);
	ctf_packet_begin(&stream, 0);
	put_mark(&stream, time, 1);
	ctf_packet_end(&stream, (uint64_t)time, 0);
	write_stream(folder, "ch_0", &stream);
}

/* One host's clock, whatever the host calls itself; another clock; a host without a clock's UUID. */
static void test_ctf_tells_clock_domains_apart(void **state)
{
	static const struct ctf_form forms[] = {
		{.uuid = "2a6422d0-6cee-11e0-8c08-cb07d7b3a561", .clock_uuid = "11111111-6cee-11e0-8c08-cb07d7b3a564"},
		{.uuid = "2a6422d0-6cee-11e0-8c08-cb07d7b3a562",
		 .clock_uuid = "11111111-6cee-11e0-8c08-cb07d7b3a564",
		 .host = "beta"},
		{.uuid = "2a6422d0-6cee-11e0-8c08-cb07d7b3a563", .clock_uuid = "22222222-6cee-11e0-8c08-cb07d7b3a564"},
		{.uuid = "2a6422d0-6cee-11e0-8c08-cb07d7b3a564", .host = "gamma"},
		{.uuid = "2a6422d0-6cee-11e0-8c08-cb07d7b3a565", .host = "gamma"},
	};
	struct fixture f = start();
	struct tl_source *source;
	uint16_t domains[5];
	char name[8];

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof name, "t%d", i);
		add_trace(f.folder, name, &forms[i], 10 + i);
	}
	source = open_trace(f.folder);
	for (int i = 0; i < 5; i++) {
		struct tl_item item = expect(source, TL_ITEM_EVENT);

		assert_int_equal(item.event.time_ns, EPOCH(10 + i));
		domains[i] = item.event.domain;
	}
	expect(source, TL_ITEM_END);
	assert_int_equal(domains[0], domains[1]);
	assert_int_not_equal(domains[0], domains[2]);
	assert_int_equal(domains[3], domains[4]);
	assert_int_not_equal(domains[3], domains[0]);
	assert_int_not_equal(domains[3], domains[2]);
	assert_non_null(strstr(source->info.host, "alpha"));
	assert_non_null(strstr(source->info.host, "beta"));
	tl_source_destroy(source);
	stop(&f);
}

static void test_ctf_of_no_streams_ends_at_once(void **state)
{
	struct fixture f = start();
	struct tl_source *source;

	(void)state;
	write_metadata(f.folder, &plain);
	source = open_trace(f.folder);
	expect(source, TL_ITEM_END);
	tl_source_destroy(source);
	ctf_write(f.folder, "ch_0", "", 0);
	source = open_trace(f.folder);
	expect(source, TL_ITEM_END);
	tl_source_destroy(source);
	stop(&f);
}

/* ---- losses ---------------------------------------------------------------- */

static void test_ctf_tells_discarded_events(void **state)
{
	struct fixture f = start();
	struct ctf_stream stream = {.form = &plain, .cpu = 2};
	struct tl_source *source;
	struct tl_item item;

	(void)state;
	write_metadata(f.folder, &plain);
	for (uint64_t i = 0; i < 3; i++) {
		stream.discarded = i == 1 ? 40 : i == 2 ? 30 : 0; /* the last counter runs backwards */
		ctf_packet_begin(&stream, i * 100);
		put_mark(&stream, (int64_t)i * 100, (uint32_t)i);
		ctf_packet_end(&stream, i * 100 + 50, 0);
	}
	write_stream(f.folder, "ch_2", &stream);
	source = open_trace(f.folder);
	expect(source, TL_ITEM_EVENT);
	item = expect(source, TL_ITEM_LOSS);
	assert_int_equal(item.loss.kind, TL_LOSS_EVENTS);
	assert_true(item.loss.count_known);
	assert_int_equal(item.loss.count, 40);
	assert_int_equal(item.loss.begin_ns, EPOCH(50));
	assert_int_equal(item.loss.end_ns, EPOCH(150));
	assert_string_equal(item.loss.where, "ch_2 (CPU 2)");
	expect(source, TL_ITEM_EVENT);
	while (next(source, &item) != TL_ITEM_END)
		if (item.type == TL_ITEM_LOSS)
			assert_false(item.loss.count_known);
	assert_int_equal(source->info.lost_events, 40);
	tl_source_destroy(source);
	stop(&f);
}

/* ---- broken traces --------------------------------------------------------- */

#define PACKETS 6

/* Packets of 5 marks each; fills the bytes of the file up to the end of each packet. */
static struct ctf_stream torn_stream(size_t ends[PACKETS])
{
	struct ctf_stream stream = {.form = &plain};

	for (int i = 0; i < PACKETS; i++) {
		ctf_packet_begin(&stream, (uint64_t)i * 100);
		for (int j = 0; j < 5; j++)
			put_mark(&stream, i * 100 + j, (uint32_t)(i * 5 + j));
		ctf_packet_end(&stream, (uint64_t)i * 100 + 50, (size_t)(i % 3) * 7);
		ends[i] = stream.bytes.vec.n;
	}
	return stream;
}

/* The file cut at `size`: the whole packets, then the tail, told once. */
static void expect_cut(const char *folder, size_t size, const size_t ends[PACKETS])
{
	struct tl_source *source = open_trace(folder);
	uint64_t events = 0, tails = 0, bytes = 0, whole = 0;
	struct tl_item item;

	while (whole < PACKETS && ends[whole] <= size)
		whole++;
	while (next(source, &item) != TL_ITEM_END) {
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
	struct fixture f = start();
	struct ctf_stream other = {.form = &plain}, stream;
	size_t ends[PACKETS];

	(void)state;
	write_metadata(f.folder, &plain);
	ctf_packet_begin(&other, 0);
	put_mark(&other, 0, 1000);
	ctf_packet_end(&other, 10, 0);
	write_stream(f.folder, "whole", &other);
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
	stop(&f);
}

/* Damage in the middle: what is before it is read, and the rest is told. */
static void test_ctf_reads_up_to_a_damaged_packet_header(void **state)
{
	struct fixture f = start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);
	struct tl_source *source;
	struct tl_item item;
	int events = 0;

	(void)state;
	write_metadata(f.folder, &plain);
	stream.bytes.vec.items[ends[2]] ^= 0xff; /* the magic of the fourth packet */
	ctf_write(f.folder, "torn", stream.bytes.vec.items, stream.bytes.vec.n);
	source = open_trace(f.folder);
	while (next(source, &item) != TL_ITEM_END)
		events += item.type == TL_ITEM_EVENT;
	assert_int_equal(events, 15);
	assert_int_equal(source->info.tail_bytes, stream.bytes.vec.n - ends[2]);
	tl_source_destroy(source);
	ctf_stream_finish(&stream);
	stop(&f);
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
	struct fixture f = start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);

	(void)state;
	write_metadata(f.folder, &plain);
	ctf_write(f.folder, "torn", stream.bytes.vec.items, ends[0] - 1);
	expect_no_trace(f.folder, "one whole packet");
	ctf_stream_finish(&stream);
	stop(&f);
}

static void test_ctf_survives_damaged_index_files(void **state)
{
	static const unsigned char zero_entry[16] = {0xc1, 0xf1, 0xdc, 0xc1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
	struct fixture f = start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);
	unsigned char index[16 + 72] = {0};
	char folder[8192];

	(void)state;
	write_metadata(f.folder, &plain);
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
	stop(&f);
}

/* A packet that claims to be empty must not be read for ever. */
static void test_ctf_survives_packets_of_no_size(void **state)
{
	struct fixture f = start();
	size_t ends[PACKETS];
	struct ctf_stream stream = torn_stream(ends);

	(void)state;
	write_metadata(f.folder, &plain);
	memset(stream.bytes.vec.items + 40, 0, 16); /* content_size and packet_size of the first packet */
	ctf_write(f.folder, "torn", stream.bytes.vec.items, stream.bytes.vec.n);
	expect_no_trace(f.folder, "cannot be opened");
	ctf_stream_finish(&stream);
	stop(&f);
}

static void test_open_says_what_to_do_instead(void **state)
{
	struct fixture f = start();
	char path[8192];

	(void)state;
	expect_no_trace(f.folder, "no trace in this folder");
	snprintf(path, sizeof path, "%s/missing", f.folder);
	expect_no_trace(path, "No such file");
	write_metadata(f.folder, &plain);
	snprintf(path, sizeof path, "%s/metadata", f.folder);
	expect_no_trace(path, "give the folder");
	ctf_write(f.folder, "a.gz", "\x1f\x8b\x08", 3);
	snprintf(path, sizeof path, "%s/a.gz", f.folder);
	expect_no_trace(path, "unpack it first");
	ctf_write(f.folder, "metadata", "trace { nonsense", 16);
	expect_no_trace(f.folder, "/metadata: not valid");
	expect_no_trace("/dev/null", "neither a folder");
	stop(&f);
}

TL_UNIT_MAIN(cmocka_unit_test(test_ctf_decodes_every_field_of_every_kind),
	     cmocka_unit_test(test_ctf_counts_malformed_events), cmocka_unit_test(test_ctf_counts_foreign_events),
	     cmocka_unit_test(test_ctf_without_clock_opens), cmocka_unit_test(test_ctf_survives_clock_overflow),
	     cmocka_unit_test(test_ctf_merges_streams_by_time), cmocka_unit_test(test_ctf_tells_clock_domains_apart),
	     cmocka_unit_test(test_ctf_of_no_streams_ends_at_once), cmocka_unit_test(test_ctf_tells_discarded_events),
	     cmocka_unit_test(test_ctf_reads_whole_packets_of_a_torn_file),
	     cmocka_unit_test(test_ctf_reads_up_to_a_damaged_packet_header),
	     cmocka_unit_test(test_ctf_without_a_whole_packet_is_an_error),
	     cmocka_unit_test(test_ctf_survives_damaged_index_files),
	     cmocka_unit_test(test_ctf_survives_packets_of_no_size),
	     cmocka_unit_test(test_open_says_what_to_do_instead))
