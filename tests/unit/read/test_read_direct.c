/*
 * The direct reader gives what Babeltrace gives, for traces of every shape that the
 * tests can write. What it refuses is read by Babeltrace, so a refusal is no failure,
 * but for the traces that LTTng itself made.
 */
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <inttypes.h>
#include <unistd.h>

#include "tests/unit/read/compare.h"
#include "tests/unit/read/ctf.h"
#include "viewer/read/source.h"

static const struct ctf_form plain = {.clock_uuid = "11111111-6cee-11e0-8c08-cb07d7b3a564"};

static void expect(enum compared wanted, const char *path)
{
	char why[2048];
	enum compared got = compare_readers(path, why, sizeof why);

	if (got != wanted)
		fail_msg("%s: %s", path, why);
}

/* One event of each kind, with values that differ, and lists of every length up to the longest. */
static void put_kinds(struct ctf_stream *stream, int64_t time_ns, uint32_t seq)
{
	static uint64_t addrs[255];
	static uint8_t bytes[255];

	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		struct tl_event event = {.kind = (uint8_t)kind, .time_ns = time_ns + kind, .task = 7, .seq = seq++};
		const struct tl_kind_info *info = &tl_kinds[kind];

		for (size_t i = 0; i < info->n_fields; i++) {
			const struct tl_field_info *field = &info->fields[i];
			char *at = (char *)&event + field->offset;
			const void *pointer = field->type == TL_FIELD_TEXT    ? (const void *)(seq % 2 ? "a text" : "")
					      : field->type == TL_FIELD_ADDRS ? (const void *)addrs
									      : (const void *)bytes;

			if (field->type == TL_FIELD_TEXT || field->type == TL_FIELD_ADDRS ||
			    field->type == TL_FIELD_BYTES)
				memcpy(at, &pointer, sizeof pointer);
			else
				memset(at, (int)(seq % 3), 1);
			if (field->count_offset)
				((uint8_t *)&event)[field->count_offset] = (uint8_t)(seq % 5 ? seq : 255);
		}
		ctf_event(stream, &event);
	}
	ctf_event(stream, &(struct tl_event){.kind = CTF_FOREIGN, .time_ns = time_ns + 50});
}

/* Packets with losses between them. */
static void write_stream(const char *folder, const char *name, const struct ctf_form *form, uint32_t cpu)
{
	struct ctf_stream stream = {.form = form, .cpu = cpu};

	for (int packet = 0; packet < 5; packet++) {
		ctf_packet_begin(&stream, (uint64_t)packet * 100 + cpu);
		put_kinds(&stream, packet * 100 + cpu, (uint32_t)packet * 50);
		stream.discarded += (uint64_t)packet;
		ctf_packet_end(&stream, (uint64_t)packet * 100 + 90, (size_t)packet * 3);
	}
	ctf_write(folder, name, stream.bytes.vec.items, stream.bytes.vec.n);
	ctf_stream_finish(&stream);
}

static void write_trace(char folder[4096], const struct ctf_form *form, int streams)
{
	char *metadata = ctf_metadata(form), name[32];

	ctf_folder(folder);
	ctf_write(folder, "metadata", metadata, strlen(metadata));
	free(metadata);
	for (int i = 0; i < streams; i++) {
		snprintf(name, sizeof name, "stream_%d", i);
		write_stream(folder, name, form, (uint32_t)i);
	}
}

static void expect_of_form(enum compared wanted, const struct ctf_form *form, int streams)
{
	char folder[4096];

	write_trace(folder, form, streams);
	expect(wanted, folder);
	ctf_remove(folder);
}

static void test_direct_is_equal_on_every_kind(void **state)
{
	(void)state;
	expect_of_form(COMPARED_SAME, &plain, 1);
}

static void test_direct_is_equal_on_many_streams(void **state)
{
	(void)state;
	expect_of_form(COMPARED_SAME, &plain, 9);
	expect_of_form(COMPARED_SAME, &(struct ctf_form){.host = "beta"}, 3);
}

static const struct ctf_form of_lttng[] = {{.header = CTF_HEADER_SMALL}, {.header = CTF_HEADER_LARGE}};

/* Those headers, and under them events that are decoded without a plan. */
static void test_direct_is_equal_on_headers_of_lttng(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		expect_of_form(COMPARED_SAME, &of_lttng[i], 1);
		expect_of_form(COMPARED_SAME, &of_lttng[i], 9);
	}
}

static void expect_without_any_field(struct ctf_form form)
{
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		for (size_t i = 0; i < tl_kinds[kind].n_fields; i++) {
			form.kind = kind;
			form.without = tl_kinds[kind].fields[i].name;
			/* A list and its length go together. */
			if (tl_kinds[kind].fields[i].count_offset)
				continue;
			expect_of_form(COMPARED_SAME, &form, 1);
		}
	}
}

static void test_direct_is_equal_on_other_fields(void **state)
{
	(void)state;
	expect_without_any_field(plain);
	expect_without_any_field(of_lttng[1]);
}

/* Edges of version 2 of the contract do not say who speaks: both readers take them, as by nobody else. */
static void test_fields_of_later_versions_may_be_missing(void **state)
{
	struct ctf_form form = {.kind = TL_EVENT_LOCK_EDGE, .without = "by"};
	char folder[4096];

	(void)state;
	write_trace(folder, &form, 1);
	for (int reader = TL_READER_DIRECT; reader <= TL_READER_BABELTRACE; reader++) {
		struct tl_error error;
		struct tl_source *source = tl_source_open_with(folder, (enum tl_reader)reader, &error);
		struct tl_item item;
		int edges = 0;

		assert_non_null(source);
		while (tl_source_next(source, &item, &error) > 0) {
			if (item.type != TL_ITEM_EVENT || item.event.kind != TL_EVENT_LOCK_EDGE)
				continue;
			edges++;
			assert_int_equal(item.event.u.lock_edge.by, 0);
		}
		assert_int_equal(edges, 5);
		tl_source_destroy(source);
	}
	ctf_remove(folder);
}

/* Cut anywhere but in its first packet, by one byte and by `step` in turn: the whole packets are read, and the rest is told. */
static void expect_torn(const struct ctf_form *form, off_t step)
{
	char folder[4096], path[4200];
	struct tl_source *source;
	struct tl_error error;
	struct stat st;

	write_trace(folder, form, 2);
	snprintf(path, sizeof path, "%s/stream_1", folder);
	assert_int_equal(stat(path, &st), 0);
	for (off_t size = st.st_size; size > st.st_size / 5; size -= size % 3 ? step : 1) {
		assert_int_equal(truncate(path, size), 0);
		expect(COMPARED_SAME, folder);
	}
	tl_error_init(&error);
	source = tl_source_open_with(folder, TL_READER_DIRECT, &error);
	assert_non_null(source);
	assert_true(source->info.tail_bytes > 0);
	tl_source_destroy(source);
	assert_int_equal(truncate(path, 50), 0);
	expect(COMPARED_REFUSED, folder);
	ctf_remove(folder);
}

static void test_direct_is_equal_on_torn_streams(void **state)
{
	(void)state;
	expect_torn(&plain, 211);
	expect_torn(&of_lttng[0], 911);
	expect_torn(&of_lttng[1], 911);
}

/* Streams that are decoded ahead by other threads give the same, damaged or not, and may be left at any time. */
static void test_direct_is_equal_with_decoders(void **state)
{
	char folder[4096], path[4200];
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;

	(void)state;
	tl_error_init(&error);
	setenv("THREADLINE_THREADS", "6", 1);
	test_direct_is_equal_on_every_kind(state);
	test_direct_is_equal_on_many_streams(state);
	test_direct_is_equal_on_headers_of_lttng(state);
	write_trace(folder, &plain, 5);
	snprintf(path, sizeof path, "%s/stream_3", folder);
	assert_int_equal(truncate(path, 9000), 0);
	expect(COMPARED_SAME, folder);
	for (int leave_after = 0; leave_after < 300; leave_after += 37) {
		source = tl_source_open_with(folder, TL_READER_DIRECT, &error);
		assert_non_null(source);
		for (int i = 0; i < leave_after; i++)
			assert_true(tl_source_next(source, &item, &error) > 0);
		tl_source_destroy(source);
	}
	unsetenv("THREADLINE_THREADS");
	ctf_remove(folder);
}

#define CONTENT_AT 40 /* of a packet: its size in bits */

/* A packet whose content ends anywhere: in a header, in a field, in a list. */
static void test_direct_is_equal_on_packets_cut_short(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct ctf_stream stream = {.form = &of_lttng[i]};
		char folder[4096];
		size_t end;

		write_trace(folder, &of_lttng[i], 0);
		ctf_packet_begin(&stream, 0);
		put_kinds(&stream, 1, 1);
		end = stream.bytes.vec.n;
		ctf_packet_end(&stream, 100, 0);
		for (size_t size = 90; size < end; size += 11) {
			uint64_t bits = size * 8 + size % 3;

			memcpy(stream.bytes.vec.items + CONTENT_AT, &bits, sizeof bits);
			ctf_write(folder, "stream", stream.bytes.vec.items, stream.bytes.vec.n);
			expect(COMPARED_SAME, folder);
		}
		ctf_stream_finish(&stream);
		ctf_remove(folder);
	}
}

/*
 * All items of a trace in the order in which they come, up to `most` at once (0: one by one by
 * next); where that is odd, of packets that are mapped.
 */
static char *read_in_order(const char *folder, size_t most)
{
	struct tl_item items[64];
	int64_t times[64];
	struct tl_error error;
	struct tl_source *source;
	char *text = NULL, *line;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int got;

	tl_error_init(&error);
	source = tl_source_open_with(folder, TL_READER_DIRECT, &error);
	assert_true(source && out && most <= 64);
	tl_source_direct_map(source, most % 2 ? 1 : SIZE_MAX);
	while ((got = most ? tl_source_fill(source, items, times, most, &error)
			   : tl_source_next(source, items, &error)) > 0) {
		for (int i = 0; i < (most ? got : 1); i++) {
			assert_true(most == 0 || times[i] == tl_item_time(&items[i]));
			line = compare_line(&items[i]);
			fprintf(out, "%s\n", line);
			free(line);
		}
	}
	assert_int_equal(got, TL_ITEM_END);
	fprintf(out, "%" PRIu64 " events, %" PRIu64 " malformed, %" PRIu64 " foreign, %" PRId64 " to %" PRId64 "\n",
		source->info.events, source->info.malformed, source->info.foreign_events, source->info.start_ns,
		source->info.end_ns);
	tl_source_destroy(source);
	fclose(out);
	return text;
}

/* However many are asked for at once, wherever the packets are, and whoever decodes them. */
static void test_direct_gives_one_order(void **state)
{
	static const char *const threads[] = {"1", "6"};
	static const size_t most[] = {0, 1, 2, 7, 64};
	const struct ctf_form *forms[] = {&plain, &of_lttng[0], &of_lttng[1]};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		char folder[4096], *expected;

		write_trace(folder, forms[i / 2], i % 2 ? 6 : 2);
		setenv("THREADLINE_THREADS", "1", 1);
		expected = read_in_order(folder, 0);
		assert_true(strlen(expected) > 1000);
		for (size_t j = 0; j < 10; j++) {
			char *got;

			setenv("THREADLINE_THREADS", threads[j / 5], 1);
			got = read_in_order(folder, most[j % 5]);
			assert_string_equal(got, expected);
			free(got);
		}
		free(expected);
		ctf_remove(folder);
	}
	unsetenv("THREADLINE_THREADS");
}

/* A trace in whose metadata stands something else. */
static void write_edited(char *folder, const struct ctf_form *form, const char *from, const char *to)
{
	char *text = ctf_metadata(form), *at = strstr(text, from), *edited;

	assert_non_null(at);
	edited = malloc(strlen(text) + strlen(to) + 1);
	assert_non_null(edited);
	memcpy(edited, text, (size_t)(at - text));
	strcpy(edited + (at - text), to);
	strcat(edited, at + strlen(from));
	write_trace(folder, form, 1);
	ctf_write(folder, "metadata", edited, strlen(edited));
	free(edited);
	free(text);
}

static void test_direct_leaves_strange_traces_to_babeltrace(void **state)
{
	char folder[4096];

	(void)state;
	expect_of_form(COMPARED_REFUSED, &(struct ctf_form){.no_clock = true}, 1);
	/* Nothing says of which class an event is. */
	write_edited(folder, &plain, "{ uint16_t id;", "{ uint16_t it;");
	expect(COMPARED_REFUSED, folder);
	ctf_remove(folder);
	write_edited(folder, &of_lttng[0], "compact = 0", "\"com\\\\pact\" = 0");
	expect(COMPARED_REFUSED, folder);
	ctf_remove(folder);
}

/* Through tl_source_open: the refused is read all the same, and why is told. */
static void test_direct_refusal_is_told(void **state)
{
	char folder[4096];
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;

	(void)state;
	tl_error_init(&error);
	write_trace(folder, &(struct ctf_form){.no_clock = true}, 1);
	source = tl_source_open(folder, &error);
	assert_non_null(source);
	assert_string_equal(source->ops->name, "babeltrace");
	assert_non_null(strstr(source->refusal, "clock"));
	tl_source_destroy(source);
	source = tl_source_open_with(folder, TL_READER_DIRECT, &error);
	assert_null(source);
	assert_int_equal(error.code, TL_EFORMAT);
	ctf_remove(folder);
	write_trace(folder, &plain, 2);
	source = tl_source_open(folder, &error);
	assert_non_null(source);
	assert_string_equal(source->ops->name, "direct");
	assert_string_equal(source->refusal, "");
	while (tl_source_next(source, &item, &error) > 0)
		;
	assert_int_equal(source->info.events + source->info.malformed, 2 * 5 * TL_N_EVENT_KINDS);
	tl_source_destroy(source);
	ctf_remove(folder);
}

/* A file that becomes shorter while it is read is an error, and no crash. */
static void test_direct_survives_a_file_that_shrinks(void **state)
{
	char folder[4096], path[4200];
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;
	int type;

	(void)state;
	tl_error_init(&error);
	write_trace(folder, &plain, 1);
	source = tl_source_direct_create(folder, &error);
	assert_non_null(source);
	snprintf(path, sizeof path, "%s/stream_0", folder);
	assert_int_equal(truncate(path, 100), 0);
	while ((type = tl_source_next(source, &item, &error)) > 0)
		;
	assert_int_equal(type, TL_EIO);
	tl_source_destroy(source);
	ctf_remove(folder);
}

/* What is damaged within a packet is told with file, packet and place. */
static void test_direct_names_the_damaged_place(void **state)
{
	struct ctf_stream stream = {.form = &plain};
	char folder[4096];
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;
	int type;

	(void)state;
	tl_error_init(&error);
	write_trace(folder, &plain, 0);
	ctf_packet_begin(&stream, 0);
	ctf_event(&stream, &(struct tl_event){.kind = CTF_FOREIGN, .time_ns = 5});
	/* The class of the event after it. */
	stream.bytes.vec.items[stream.bytes.vec.n - 10] = 0xEE;
	ctf_packet_end(&stream, 10, 0);
	ctf_write(folder, "stream", stream.bytes.vec.items, stream.bytes.vec.n);
	ctf_stream_finish(&stream);
	source = tl_source_direct_create(folder, &error);
	assert_non_null(source);
	while ((type = tl_source_next(source, &item, &error)) > 0)
		;
	assert_int_equal(type, TL_EFORMAT);
	assert_non_null(strstr(error.cause[0], "/stream: packet at byte 0, event at byte "));
	tl_source_destroy(source);
	ctf_remove(folder);
}

TL_UNIT_MAIN(cmocka_unit_test(test_direct_is_equal_on_every_kind),
	     cmocka_unit_test(test_direct_is_equal_on_many_streams),
	     cmocka_unit_test(test_direct_is_equal_on_headers_of_lttng),
	     cmocka_unit_test(test_direct_is_equal_on_other_fields),
	     cmocka_unit_test(test_direct_is_equal_on_packets_cut_short), cmocka_unit_test(test_direct_gives_one_order),
	     cmocka_unit_test(test_fields_of_later_versions_may_be_missing),
	     cmocka_unit_test(test_direct_is_equal_on_torn_streams),
	     cmocka_unit_test(test_direct_is_equal_with_decoders),
	     cmocka_unit_test(test_direct_leaves_strange_traces_to_babeltrace),
	     cmocka_unit_test(test_direct_refusal_is_told), cmocka_unit_test(test_direct_survives_a_file_that_shrinks),
	     cmocka_unit_test(test_direct_names_the_damaged_place))
