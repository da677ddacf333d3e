/*
 * The CTF source on traces that we write ourselves: every field of every kind,
 * the merge, losses, clocks and mistakes.
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "tests/unit/read/trace.h"

#define S INT64_C(1000000000)
#define EPOCH(clock) (CTF_OFFSET_S * S + (clock))

static const struct ctf_form plain = {0};

/* ---- fields ---------------------------------------------------------------- */

/* Gives each field of an event a value of its own, told by `salt`. */
static struct tl_event sample(int kind, unsigned salt, const uint64_t *addrs, const uint8_t *bytes)
{
	struct tl_event event = {.kind = (uint8_t)kind, .task = TRACE_TASK, .seq = salt};
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
	struct trace_fixture f = trace_start();
	struct ctf_stream stream = {.form = &plain, .cpu = 3};
	struct tl_source *source;
	uint64_t addrs[255];
	uint8_t bytes[20];

	(void)state;
	for (size_t i = 0; i < 255; i++)
		addrs[i] = UINT64_MAX - i;
	memset(bytes, 0xee, sizeof bytes);
	trace_metadata(f.folder, &plain);
	ctf_packet_begin(&stream, 0);
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		for (unsigned salt = 0; salt < 4; salt++) {
			struct tl_event event = sample(kind, salt, addrs, bytes);

			event.time_ns = kind * 4 + (int)salt;
			ctf_event(&stream, &event);
		}
	}
	ctf_packet_end(&stream, 1000, 5);
	trace_stream(f.folder, "ch_0", &stream);
	source = trace_open(f.folder);
	for (int kind = 0; kind < TL_N_EVENT_KINDS; kind++) {
		for (unsigned salt = 0; salt < 4; salt++) {
			struct tl_item item = trace_expect(source, TL_ITEM_EVENT);
			struct tl_event event = sample(kind, salt, addrs, bytes);

			assert_int_equal(item.event.kind, kind);
			assert_int_equal(item.event.time_ns, EPOCH(kind * 4 + (int)salt));
			assert_int_equal(item.event.task, TRACE_TASK);
			assert_int_equal(item.event.seq, salt);
			if (kind == TL_EVENT_STATUS && event.u.status.since_ns > 0)
				event.u.status.since_ns += CTF_OFFSET_S * S;
			for (size_t i = 0; i < tl_kinds[kind].n_fields; i++)
				compare_field(&item.event, &event, &tl_kinds[kind].fields[i]);
		}
	}
	trace_expect(source, TL_ITEM_END);
	trace_expect(source, TL_ITEM_END);
	assert_int_equal(source->info.events, 4 * TL_N_EVENT_KINDS);
	assert_int_equal(source->info.malformed, 0);
	assert_int_equal(source->info.start_ns, EPOCH(0));
	assert_int_equal(source->info.end_ns, EPOCH(4 * TL_N_EVENT_KINDS - 1));
	assert_string_equal(source->info.host, "alpha");
	tl_source_destroy(source);
	trace_stop(&f);
}

/* One event of `kind` and one mark, in a trace of the form; the mark must come, the event must count as malformed. */
static void expect_malformed(const struct ctf_form *form, const struct tl_event *event)
{
	struct trace_fixture f = trace_start();
	struct ctf_stream stream = {.form = form};
	struct tl_source *source;

	trace_metadata(f.folder, form);
	ctf_packet_begin(&stream, 0);
	ctf_event(&stream, event);
	trace_mark(&stream, 9, 2);
	ctf_packet_end(&stream, 10, 0);
	trace_stream(f.folder, "ch_0", &stream);
	source = trace_open(f.folder);
	assert_int_equal(trace_expect(source, TL_ITEM_EVENT).event.kind, TL_EVENT_MARK);
	trace_expect(source, TL_ITEM_END);
	assert_int_equal(source->info.malformed, 1);
	assert_int_equal(source->info.events, 1);
	tl_source_destroy(source);
	trace_stop(&f);
}

static void test_ctf_counts_malformed_events(void **state)
{
	struct tl_event block = {
		.kind = TL_EVENT_BLOCK, .task = TRACE_TASK, .seq = 1, .u.block.reason = TL_REASON_MUTEX};
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
	struct trace_fixture f = trace_start();
	struct ctf_stream stream = {.form = &plain};
	struct tl_source *source;

	(void)state;
	trace_metadata(f.folder, &plain);
	ctf_packet_begin(&stream, 0);
	for (int i = 0; i < 20000; i++)
		ctf_event(&stream, &(struct tl_event){.kind = CTF_FOREIGN, .time_ns = i});
	trace_mark(&stream, 20000, 1);
	ctf_packet_end(&stream, 20000, 0);
	trace_stream(f.folder, "ch_0", &stream);
	source = trace_open(f.folder);
	trace_expect(source, TL_ITEM_EVENT);
	trace_expect(source, TL_ITEM_END);
	assert_int_equal(source->info.foreign_events, 20000);
	tl_source_destroy(source);
	trace_stop(&f);
}

static void test_ctf_without_clock_opens(void **state)
{
	static const struct ctf_form form = {.no_clock = true};
	struct trace_fixture f = trace_start();
	struct ctf_stream stream = {.form = &form};
	struct tl_source *source;

	(void)state;
	trace_metadata(f.folder, &form);
	ctf_packet_begin(&stream, 0);
	ctf_event(&stream, &(struct tl_event){.kind = CTF_FOREIGN});
	ctf_packet_end(&stream, 0, 0);
	trace_stream(f.folder, "ch_0", &stream);
	source = trace_open(f.folder);
	trace_expect(source, TL_ITEM_END);
	assert_int_equal(source->info.foreign_events, 1);
	tl_source_destroy(source);
	trace_stop(&f);
}

/* A time that no int64 of nanoseconds holds: the event cannot be placed. */
static void test_ctf_survives_clock_overflow(void **state)
{
	struct trace_fixture f = trace_start();
	struct ctf_stream stream = {.form = &plain};
	struct tl_source *source;
	struct tl_item item;

	(void)state;
	trace_metadata(f.folder, &plain);
	ctf_packet_begin(&stream, 0);
	trace_mark(&stream, 1, 1);
	trace_mark(&stream, -2, 2);
	ctf_packet_end(&stream, 10, 0);
	trace_stream(f.folder, "ch_0", &stream);
	source = trace_open(f.folder);
	trace_expect(source, TL_ITEM_EVENT);
	while (tl_source_next(source, &item, NULL) > 0)
		fail();
	tl_source_destroy(source);
	trace_stop(&f);
}

/* ---- several streams and traces -------------------------------------------- */

static void test_ctf_merges_streams_by_time(void **state)
{
	struct trace_fixture f = trace_start();
	struct tl_source *source;
	int64_t last = 0;
	char name[16];

	(void)state;
	trace_metadata(f.folder, &plain);
	for (unsigned cpu = 0; cpu < 13; cpu++) {
		struct ctf_stream stream = {.form = &plain, .cpu = cpu};

		for (int packet = 0; packet < 3; packet++) {
			ctf_packet_begin(&stream, (uint64_t)packet * 1000);
			for (int64_t i = 0; i < 100; i++)
				trace_mark(&stream, packet * 1000 + (int64_t)(cpu * 7 % 13) + i * (1 + cpu % 5), 1);
			ctf_packet_end(&stream, (uint64_t)packet * 1000 + 999, 0);
		}
		snprintf(name, sizeof name, "ch_%u", cpu);
		trace_stream(f.folder, name, &stream);
	}
	source = trace_open(f.folder);
	for (int i = 0; i < 13 * 300; i++) {
		int64_t time = trace_expect(source, TL_ITEM_EVENT).event.time_ns;

		assert_true(time >= last);
		last = time;
	}
	trace_expect(source, TL_ITEM_END);
	tl_source_destroy(source);
	trace_stop(&f);
}

static void add_trace(const char *parent, const char *name, const struct ctf_form *form, int64_t time)
{
	struct ctf_stream stream = {.form = form};
	char folder[8192];

	snprintf(folder, sizeof folder, "%s/%s", parent, name);
	assert_int_equal(mkdir(folder, 0700), 0);
	trace_metadata(folder, form);
	ctf_packet_begin(&stream, 0);
	trace_mark(&stream, time, 1);
	ctf_packet_end(&stream, (uint64_t)time, 0);
	trace_stream(folder, "ch_0", &stream);
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
	struct trace_fixture f = trace_start();
	struct tl_source *source;
	uint16_t domains[5];
	char name[8];

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof name, "t%d", i);
		add_trace(f.folder, name, &forms[i], 10 + i);
	}
	source = trace_open(f.folder);
	for (int i = 0; i < 5; i++) {
		struct tl_item item = trace_expect(source, TL_ITEM_EVENT);

		assert_int_equal(item.event.time_ns, EPOCH(10 + i));
		domains[i] = item.event.domain;
	}
	trace_expect(source, TL_ITEM_END);
	assert_int_equal(domains[0], domains[1]);
	assert_int_not_equal(domains[0], domains[2]);
	assert_int_equal(domains[3], domains[4]);
	assert_int_not_equal(domains[3], domains[0]);
	assert_int_not_equal(domains[3], domains[2]);
	assert_non_null(strstr(source->info.host, "alpha"));
	assert_non_null(strstr(source->info.host, "beta"));
	tl_source_destroy(source);
	trace_stop(&f);
}

static void test_ctf_of_no_streams_ends_at_once(void **state)
{
	struct trace_fixture f = trace_start();
	struct tl_source *source;

	(void)state;
	trace_metadata(f.folder, &plain);
	source = trace_open(f.folder);
	trace_expect(source, TL_ITEM_END);
	tl_source_destroy(source);
	ctf_write(f.folder, "ch_0", "", 0);
	source = trace_open(f.folder);
	trace_expect(source, TL_ITEM_END);
	tl_source_destroy(source);
	trace_stop(&f);
}

/* ---- losses ---------------------------------------------------------------- */

static void test_ctf_tells_discarded_events(void **state)
{
	struct trace_fixture f = trace_start();
	struct ctf_stream stream = {.form = &plain, .cpu = 2};
	struct tl_source *source;
	struct tl_item item;

	(void)state;
	trace_metadata(f.folder, &plain);
	for (uint64_t i = 0; i < 3; i++) {
		stream.discarded = i == 1 ? 40 : i == 2 ? 30 : 0; /* the last counter runs backwards */
		ctf_packet_begin(&stream, i * 100);
		trace_mark(&stream, (int64_t)i * 100, (uint32_t)i);
		ctf_packet_end(&stream, i * 100 + 50, 0);
	}
	trace_stream(f.folder, "ch_2", &stream);
	source = trace_open(f.folder);
	trace_expect(source, TL_ITEM_EVENT);
	item = trace_expect(source, TL_ITEM_LOSS);
	assert_int_equal(item.loss.kind, TL_LOSS_EVENTS);
	assert_true(item.loss.count_known);
	assert_int_equal(item.loss.count, 40);
	assert_int_equal(item.loss.begin_ns, EPOCH(50));
	assert_int_equal(item.loss.end_ns, EPOCH(150));
	assert_string_equal(item.loss.where, "ch_2 (CPU 2)");
	trace_expect(source, TL_ITEM_EVENT);
	while (trace_next(source, &item) != TL_ITEM_END)
		if (item.type == TL_ITEM_LOSS)
			assert_false(item.loss.count_known);
	assert_int_equal(source->info.lost_events, 40);
	tl_source_destroy(source);
	trace_stop(&f);
}

TL_UNIT_MAIN(cmocka_unit_test(test_ctf_decodes_every_field_of_every_kind),
	     cmocka_unit_test(test_ctf_counts_malformed_events), cmocka_unit_test(test_ctf_counts_foreign_events),
	     cmocka_unit_test(test_ctf_without_clock_opens), cmocka_unit_test(test_ctf_survives_clock_overflow),
	     cmocka_unit_test(test_ctf_merges_streams_by_time), cmocka_unit_test(test_ctf_tells_clock_domains_apart),
	     cmocka_unit_test(test_ctf_of_no_streams_ends_at_once), cmocka_unit_test(test_ctf_tells_discarded_events))
