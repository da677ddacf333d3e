/* The parts of the CTF source that need no library: the merge, and packet layouts. */
#include "tests/unit/unit.h"

#include <unistd.h>

#include "viewer/read/layout.h"
#include "viewer/read/merge.h"

/* Streams of pseudo-random steps come out in order, ties by index. */
static void test_merge_orders_streams(void **state)
{
	enum { STREAMS = 37, EACH = 200 };
	int64_t times[STREAMS] = {0}, last = -1;
	int left[STREAMS];
	uint32_t last_index = 0, random = 1;
	struct tl_merge merge;
	int taken = 0;

	(void)state;
	assert_int_equal(tl_merge_init(&merge, STREAMS), 0);
	for (uint32_t i = 0; i < STREAMS; i++) {
		left[i] = EACH;
		tl_merge_add(&merge, STREAMS - 1 - i, 0);
	}
	for (; merge.n; taken++) {
		uint32_t index = merge.entries[0].index;

		assert_int_equal(merge.entries[0].time_ns, times[index]);
		assert_true(times[index] > last || (times[index] == last && index >= last_index));
		last = times[index];
		last_index = index;
		random = random * 1664525 + 1013904223;
		times[index] += random >> 28;
		if (--left[index])
			tl_merge_move_first(&merge, times[index]);
		else
			tl_merge_remove_first(&merge);
	}
	assert_int_equal(taken, STREAMS * EACH);
	tl_merge_finish(&merge);
}

static struct tl_layout layout_of(const char *text)
{
	char path[] = "/tmp/threadline-test-XXXXXX";
	int file = mkstemp(path);
	struct tl_layout layout;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
	tl_layout_init(&layout, path);
	unlink(path);
	return layout;
}

static void test_layout_understands_types(void **state)
{
	struct tl_layout layout = layout_of(
		"/* CTF 1.8 */ typealias integer { size = 32; align = 32; } := unsigned  long;\n"
		"typealias integer { size = 8; align = 8; } := uint8_t; // a remark\n"
		"enum kind : uint8_t { a, b = 3, c };\n"
		"struct inner { uint8_t a[3]; unsigned long b; } align(64);\n"
		"trace { byte_order = be; packet.header := struct { unsigned long magic; uint8_t uuid[16];\n"
		"  unsigned long stream_id; enum kind k; }; };\n"
		"stream { id = 7; packet.context := struct { struct inner first[2];\n"
		"  integer { size = 64; align = 8; byte_order = le; } packet_size; }; };\n"
		"event { name = \"}{\"; fields := struct { string s; }; };\n");

	(void)state;
	assert_true(layout.known);
	assert_int_equal(layout.header_bits, 200);
	assert_int_equal(layout.stream_id.at, 160);
	assert_true(layout.stream_id.big);
	assert_int_equal(layout.streams.n, 1);
	assert_int_equal(layout.streams.items[0].id, 7);
	assert_int_equal(layout.streams.items[0].align, 64);
	assert_int_equal(layout.streams.items[0].packet_size.at, 128);
	assert_false(layout.streams.items[0].packet_size.big);
	tl_layout_finish(&layout);
}

static void test_layout_refuses_what_it_cannot_place(void **state)
{
	static const char *const texts[] = {
		"trace { }; stream { packet.context := struct { string s; uint8_t packet_size; }; };",
		"typealias integer { size = 7; align = 1; } := t; stream { packet.context := struct { t packet_size; }; };",
		"typealias integer { size = 8; } := t; stream { packet.context := struct { t n; t s[n]; t packet_size; }; };",
		"trace { packet.header := struct { nothing stream_id; }; };",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct tl_layout layout = layout_of(texts[i]);

		assert_false(layout.known);
		tl_layout_finish(&layout);
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_merge_orders_streams), cmocka_unit_test(test_layout_understands_types),
	     cmocka_unit_test(test_layout_refuses_what_it_cannot_place))
