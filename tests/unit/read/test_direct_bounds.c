/*
 * From when and until when a trace is whole: memory that was overwritten, and snapshots
 * of it.
 */
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/read/ctf.h"
#include "viewer/read/snapshots.h"
#include "viewer/read/source.h"

static const struct ctf_form numbered = {.numbered = true};

/* A stream whose first packet has number `first` and begins at `begin`, with a mark each 10 ns up to `end`. */
static void write_numbered(const char *folder, uint32_t cpu, uint64_t first, uint64_t begin, uint64_t end)
{
	struct ctf_stream stream = {.form = &numbered, .cpu = cpu, .sequence = first};
	char name[32];

	ctf_packet_begin(&stream, begin);
	for (uint64_t time = begin; time < end; time += 10)
		ctf_event(&stream, &(struct tl_event){.kind = TL_EVENT_MARK,
						      .time_ns = (int64_t)time,
						      .task = (uint64_t)7 << 32 | (cpu + 1),
						      .seq = (uint32_t)(time / 10 + 1),
						      .u.mark = {.text = "x"}});
	ctf_packet_end(&stream, end, 0);
	snprintf(name, sizeof name, "stream_%u", (unsigned)cpu);
	ctf_write(folder, name, stream.bytes.vec.items, stream.bytes.vec.n);
	ctf_stream_finish(&stream);
}

/* To the end, so many at once; 0: one by one by next. */
static void read_rest(struct tl_source *source, size_t at_once)
{
	struct tl_item items[16], *item;
	int64_t times[16];
	struct tl_error error;
	int got;

	tl_error_init(&error);
	do {
		got = at_once ? tl_source_fill(source, items, times, at_once, &error)
			      : tl_source_next(source, items, &error);
		for (item = items; at_once && item < items + got; item++)
			assert_int_equal(times[item - items], item->event.time_ns);
	} while (got > 0);
	assert_int_equal(got, TL_ITEM_END);
}

/* Two streams; the second begins later. The time of the first event that is given, of the clock. */
static int64_t first_given(const char *folder, uint64_t first, size_t at_once, uint64_t *left_out)
{
	char *metadata = ctf_metadata(&numbered);
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;
	int64_t from_ns;

	tl_error_init(&error);
	ctf_write(folder, "metadata", metadata, strlen(metadata));
	free(metadata);
	write_numbered(folder, 0, first, 0, 100);
	write_numbered(folder, 1, first, 50, 100);
	source = tl_source_open(folder, &error);
	assert_non_null(source);
	assert_int_equal(tl_source_next(source, &item, &error), TL_ITEM_EVENT);
	from_ns = item.event.time_ns - CTF_OFFSET_S * INT64_C(1000000000);
	read_rest(source, at_once);
	assert_int_equal(source->info.events, from_ns ? 10 : 15);
	assert_int_equal(source->info.start_ns - CTF_OFFSET_S * INT64_C(1000000000), from_ns);
	*left_out = source->left_out;
	tl_source_destroy(source);
	return from_ns;
}

static void test_direct_begins_where_all_streams_have_begun(void **state)
{
	char folder[4096];
	uint64_t left_out;

	(void)state;
	for (size_t at_once = 0; at_once < 16; at_once += 5) {
		ctf_folder(folder);
		/* Nothing was overwritten: a stream that begins later only had nothing to say. */
		assert_int_equal(first_given(folder, 0, at_once, &left_out), 0);
		assert_int_equal(left_out, 0);
		ctf_remove(folder);
		ctf_folder(folder);
		assert_int_equal(first_given(folder, 3, at_once, &left_out), 50);
		assert_int_equal(left_out, 5);
		ctf_remove(folder);
	}
}

/* The streams of a snapshot are cut one after the other; those of a whole recording end when they end. */
static void test_a_snapshot_ends_at_its_first_cut(void **state)
{
	char folder[4096], below[4200], *metadata = ctf_metadata(&numbered);

	(void)state;
	for (int is_cut = 0; is_cut < 2; is_cut++) {
		struct tl_source *source;
		struct tl_error error;

		tl_error_init(&error);
		ctf_folder(folder);
		snprintf(below, sizeof below, "%s/ust", folder);
		assert_int_equal(mkdir(below, 0700), 0);
		ctf_write(below, "metadata", metadata, strlen(metadata));
		write_numbered(below, 0, 0, 0, 100);
		write_numbered(below, 1, 0, 0, 55);
		if (is_cut)
			ctf_write(folder, "snapshot", "asked\n", 6);
		source = tl_source_open(folder, &error);
		assert_non_null(source);
		read_rest(source, 3);
		/* Each 10 ns from 0 on: 10 of the first, of which 6 up to the cut, and 6 of the second. */
		assert_int_equal(source->info.events, is_cut ? 12 : 16);
		assert_int_equal(source->left_out, is_cut ? 4 : 0);
		tl_source_destroy(source);
		ctf_remove(folder);
	}
	free(metadata);
	assert_false(tl_snapshot_is_cut("/"));
}

static void test_a_folder_of_snapshots_opens_the_latest(void **state)
{
	static const char list[] = "one\ntwo\ngone\n../one\nthree\n";
	char folder[4096], below[4200];
	struct tl_snapshots found;
	struct tl_source *source;
	struct tl_error error;

	(void)state;
	tl_error_init(&error);
	ctf_folder(folder);
	assert_false(tl_snapshots_find(&found, folder));
	for (const char *const *name = (const char *const[]){"one", "two", "three", NULL}; *name; name++) {
		char *metadata = ctf_metadata(&numbered);

		snprintf(below, sizeof below, "%s/%s", folder, *name);
		assert_int_equal(mkdir(below, 0700), 0);
		ctf_write(below, "metadata", metadata, strlen(metadata));
		free(metadata);
	}
	ctf_write(folder, "snapshots", list, sizeof list - 1);
	assert_true(tl_snapshots_find(&found, folder));
	assert_int_equal(found.n, 3);
	assert_string_equal(found.path, below);
	assert_string_equal(found.others, "two, one");
	source = tl_source_open(folder, &error);
	assert_non_null(source);
	assert_string_equal(source->newest, below);
	tl_source_destroy(source);
	ctf_remove(folder);
}

TL_UNIT_MAIN(cmocka_unit_test(test_direct_begins_where_all_streams_have_begun),
	     cmocka_unit_test(test_a_snapshot_ends_at_its_first_cut),
	     cmocka_unit_test(test_a_folder_of_snapshots_opens_the_latest))
