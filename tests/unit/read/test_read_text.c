/* Event lists in text: every form of value, and every mistake with its line. */
#include "tests/unit/unit.h"

#include "viewer/read/source.h"

static struct tl_source *open_text(const char *text)
{
	struct tl_error error;
	struct tl_source *source;

	tl_error_init(&error);
	source = tl_source_text_create_memory("list", text, strlen(text), &error);
	if (!source)
		tl_error_print(&error, "unexpected: ", stderr);
	assert_non_null(source);
	return source;
}

static struct tl_item next(struct tl_source *source, enum tl_item_type type)
{
	struct tl_item item;

	assert_int_equal(tl_source_next(source, &item, NULL), type);
	assert_int_equal(item.type, type);
	return item;
}

static void expect_error(const char *text, const char *expected)
{
	struct tl_error error;

	tl_error_init(&error);
	assert_null(tl_source_text_create_memory("list", text, strlen(text), &error));
	assert_int_equal(error.code, TL_EFORMAT);
	if (!strstr(error.cause[0], expected))
		fail_msg("\"%s\" gives \"%s\", expected \"%s\"", text, error.cause[0], expected);
}

static void test_text_reads_each_type(void **state)
{
	struct tl_source *source = open_text(
		"# comment\n\nhost staging-3 \n"
		"0 process_begin task=1 pid=100 program=\"/a \\\"b\\\\\\n\\xff\" capabilities=0x1f version=65535\n"
		"1us start task=2 wait=0 cause=first carrier=101 # trailing\n"
		"1.5us block task=4294967295.2 wait=1 reason=cond object=0xffffffffffffffff held=[0x10, 17]\n"
		"2us process_end task=1 status=-2147483648\n"
		"3us module task=1 path=\"\" build_id=[1,255]\r\n");
	struct tl_item item;

	(void)state;
	assert_string_equal(source->info.host, "staging-3");
	item = next(source, TL_ITEM_EVENT);
	assert_int_equal(item.event.kind, TL_EVENT_PROCESS_BEGIN);
	assert_int_equal(item.event.task, (uint64_t)1 << 32 | 1);
	assert_int_equal(item.event.seq, 1);
	assert_string_equal(item.event.u.process_begin.program, "/a \"b\\\n\xff");
	assert_int_equal(item.event.u.process_begin.capabilities, 31);
	assert_int_equal(item.event.u.process_begin.version, 65535);
	item = next(source, TL_ITEM_EVENT);
	assert_int_equal(item.event.time_ns, 1000);
	assert_int_equal(item.event.u.start.cause, TL_CAUSE_FIRST);
	item = next(source, TL_ITEM_EVENT);
	assert_int_equal(item.event.task, (uint64_t)UINT32_MAX << 32 | 2);
	assert_int_equal(item.event.u.block.reason, TL_REASON_COND);
	assert_true(item.event.u.block.object == UINT64_MAX);
	assert_int_equal(item.event.u.block.timeout_ns, TL_NO_TIMEOUT);
	assert_int_equal(item.event.u.block.n_held, 2);
	assert_int_equal(item.event.u.block.held[1], 17);
	item = next(source, TL_ITEM_EVENT);
	assert_int_equal(item.event.seq, 2);
	assert_int_equal(item.event.u.process_end.status, INT32_MIN);
	item = next(source, TL_ITEM_EVENT);
	assert_string_equal(item.event.u.module.path, "");
	assert_int_equal(item.event.u.module.n_build_id, 2);
	assert_int_equal(item.event.u.module.build_id[1], 255);
	next(source, TL_ITEM_END);
	next(source, TL_ITEM_END);
	assert_int_equal(source->info.events, 5);
	assert_int_equal(source->info.start_ns, 0);
	assert_int_equal(source->info.end_ns, 3000);
	tl_source_destroy(source);
}

static void test_text_sorts_by_time_and_stays_stable(void **state)
{
	static const uint64_t numbers[] = {2, 1, 3, 4};
	struct tl_source *source = open_text("20 exit task=3\n10 exit task=2\n10 exit task=1\n20 exit task=4\n");

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(next(source, TL_ITEM_EVENT).event.task, (uint64_t)1 << 32 | (i == 0 ? 2 : numbers[i]));
	next(source, TL_ITEM_END);
	tl_source_destroy(source);
}

static void test_text_counts_sequence_numbers(void **state)
{
	static const uint32_t seqs[] = {1, 2, 7, 8, 4294967295, 0};
	struct tl_source *source = open_text("1 mark task=1\n2 mark task=1\n3 mark task=1 seq=7\n4 mark task=1\n"
					     "5 mark task=1 seq=4294967295\n6 mark task=1\n");

	(void)state;
	for (size_t i = 0; i < sizeof seqs / sizeof *seqs; i++)
		assert_int_equal(next(source, TL_ITEM_EVENT).event.seq, seqs[i]);
	tl_source_destroy(source);
}

static void test_text_tells_losses(void **state)
{
	struct tl_source *source = open_text(
		"5 loss events=12 cpu 0 \n6 loss packets=?\n7 loss events=18446744073709551615\n");
	struct tl_item item;

	(void)state;
	item = next(source, TL_ITEM_LOSS);
	assert_int_equal(item.loss.kind, TL_LOSS_EVENTS);
	assert_int_equal(item.loss.count, 12);
	assert_int_equal(item.loss.begin_ns, 5);
	assert_string_equal(item.loss.where, "cpu 0");
	item = next(source, TL_ITEM_LOSS);
	assert_int_equal(item.loss.kind, TL_LOSS_PACKETS);
	assert_false(item.loss.count_known);
	next(source, TL_ITEM_LOSS);
	assert_true(source->info.lost_events == UINT64_MAX);
	next(source, TL_ITEM_END);
	tl_source_destroy(source);
}

static void test_text_of_nothing_is_empty(void **state)
{
	(void)state;
	for (const char *const *text = (const char *const[]){"", "\n", "# only\n  \t", NULL}; *text; text++) {
		struct tl_source *source = open_text(*text);

		next(source, TL_ITEM_END);
		tl_source_destroy(source);
	}
}

static void test_text_names_the_line_of_a_mistake(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"1 mark task=1\nx mark task=1", "list:2: \"x\" is not a time"},
		{"1", "list:1: a time without an event"},
		{"1 remark task=1", "no event is called \"remark\""},
		{"1 mark", "mark without task="},
		{"1 mark task=0", "not a task"},
		{"1 mark task=1.", "not a task"},
		{"1 mark task=1.4294967296", "not a task"},
		{"1 mark task=1 task=1", "given twice"},
		{"1 mark task=1 seq=x", "not a sequence number"},
		{"1 mark task=1 colour=3", "mark has no field \"colour\""},
		{"1 mark task=1 text", "expected FIELD=VALUE"},
		{"1 mark task=1 text=a", "double quotes"},
		{"1 mark task=1 text=\"a", "closing quote"},
		{"1 mark task=1 text=\"\\q\"", "unknown escape"},
		{"1 mark task=1 text=\"\\x00\"", "unknown escape"},
		{"1 mark task=1 text=\"a\"b", "blank must follow"},
		{"1 exit task=1 held_count=65536", "fits held_count"},
		{"1 exit task=1 held_count=", "fits held_count"},
		{"1 exit task=1 status=18446744073709551616", "fits status"},
		{"1 process_end task=1 status=2147483648", "fits status"},
		{"1 process_end task=1 status=-2147483649", "fits status"},
		{"1 block task=1 reason=hunger", "not a value of reason"},
		{"1 block task=1 held=3", "brackets"},
		{"1 block task=1 held=[3", "closing bracket"},
		{"1 block task=1 held=[,]", "not a number"},
		{"1 module task=1 build_id=[256]", "not a number up to 255"},
		{"1 loss", "loss events=N"},
		{"1 loss bytes=3", "loss events=N"},
		{"1 loss events=many", "not a count"},
		{"host a\nhost b", "list:2: a second host"},
		{"1 mark task=1\nhost a", "before the first event"},
		{"host", "without a name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_error(cases[i].text, cases[i].error);
}

static void test_text_refuses_long_sequences(void **state)
{
	char text[2048] = "1 stack task=1 id=1 pcs=[0";

	(void)state;
	for (int i = 0; i < 254; i++)
		strcat(text, ",1");
	strcat(text, "]");
	tl_source_destroy(open_text(text));
	strcpy(strrchr(text, ']'), ",1]");
	expect_error(text, "more than 255");
}

static void test_text_refuses_zero_bytes(void **state)
{
	struct tl_error error;

	(void)state;
	tl_error_init(&error);
	assert_null(tl_source_text_create_memory("list", "1\0", 2, &error));
	assert_non_null(strstr(error.cause[0], "zero byte"));
}

static void test_objects_without_address_have_their_number(void **state)
{
	char text[TL_OBJECT_ID_TEXT];

	(void)state;
	assert_string_equal(tl_object_id_text(TL_OBJECT_DESCRIPTOR, text), "descriptor 0");
	assert_string_equal(tl_object_id_text(TL_OBJECT_DESCRIPTOR | UINT32_MAX, text), "descriptor 4294967295");
	assert_string_equal(tl_object_id_text(TL_OBJECT_CHILD | 1234, text), "process 1234");
	assert_string_equal(tl_object_id_text(0x7F0012345678, text), "0x7f0012345678");
	assert_string_equal(tl_object_id_text(UINT64_MAX, text), "0xffffffffffffffff");
}

TL_UNIT_MAIN(cmocka_unit_test(test_text_reads_each_type), cmocka_unit_test(test_text_sorts_by_time_and_stays_stable),
	     cmocka_unit_test(test_text_counts_sequence_numbers), cmocka_unit_test(test_text_tells_losses),
	     cmocka_unit_test(test_text_of_nothing_is_empty), cmocka_unit_test(test_text_names_the_line_of_a_mistake),
	     cmocka_unit_test(test_text_refuses_long_sequences), cmocka_unit_test(test_text_refuses_zero_bytes),
	     cmocka_unit_test(test_objects_without_address_have_their_number))
