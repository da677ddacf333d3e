/* Several traces as one: in order of time, nothing twice, texts valid, a bad one named. */
#include "tests/unit/unit.h"

#include <unistd.h>

#include "viewer/read/source.h"

static char folder[] = "/tmp/tl-several-XXXXXX";

static void path_of(char path[64], const char *name)
{
	snprintf(path, 64, "%s/%s", folder, name);
}

static void write_list(const char *name, const char *text)
{
	char path[64];
	FILE *file;

	path_of(path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/tl-several-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	static const char *const names[] = {"a", "b", "c", "link"};
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		path_of(path, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static void test_items_come_by_time_with_their_texts(void **state)
{
	static const struct {
		int64_t time_ns;
		uint32_t task;
		const char *text;
	} want[] = {{10, 1, "one"}, {15, 2, "two"}, {20, 1, "three"}, {20, 2, "four"}, {90, 2, "five"}};
	char a[64], b[64], again[64], same[64];
	const char *paths[] = {a, b, again, same};
	struct tl_source *source;
	struct tl_item item;
	uint16_t domains[3] = {0};
	uint32_t processes[5] = {0};

	(void)state;
	write_list("a", "host left\n10 mark task=1 text=\"one\"\n20 mark task=1 text=\"three\"\n");
	write_list(
		"b",
		"host right\n15 mark task=2 text=\"two\"\n20 mark task=7.2 text=\"four\"\n90 mark task=2 text=\"five\"\n");
	path_of(a, "a");
	path_of(b, "b");
	path_of(again, "a");
	path_of(same, "link");
	assert_int_equal(symlink(b, same), 0);
	source = tl_source_open_several(paths, 4, NULL);
	assert_non_null(source);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		assert_int_equal(tl_source_next(source, &item, NULL), TL_ITEM_EVENT);
		assert_int_equal(item.event.time_ns, want[i].time_ns);
		assert_int_equal((uint32_t)item.event.task, want[i].task);
		assert_string_equal(item.event.u.mark.text, want[i].text);
		domains[want[i].task] = item.event.domain;
		processes[i] = (uint32_t)(item.event.task >> 32);
	}
	assert_int_equal(tl_source_next(source, &item, NULL), TL_ITEM_END);
	assert_int_equal(tl_source_next(source, &item, NULL), TL_ITEM_END);
	assert_int_not_equal(domains[1], domains[2]);
	/* Lists that name no process are of one each; those that do keep it. */
	assert_int_equal(processes[0], processes[2]);
	assert_int_equal(processes[1], processes[4]);
	assert_int_not_equal(processes[0], processes[1]);
	assert_int_equal(processes[3], 7);
	assert_int_equal(source->info.events, 5);
	assert_int_equal(source->info.start_ns, 10);
	assert_int_equal(source->info.end_ns, 90);
	assert_string_equal(source->info.host, "left, right");
	tl_source_destroy(source);
}

/* Times of the two lists with this offset, in the order in which they come. */
static void expect_times(const char *offset, const int64_t times[2], const char *texts[2])
{
	struct tl_offsets offsets = {0};
	struct tl_source *source;
	char a[64], b[64];
	const char *paths[] = {a, b};
	struct tl_item item;

	path_of(a, "a");
	path_of(b, "b");
	assert_int_equal(tl_offsets_add(&offsets, offset, NULL), 0);
	source = tl_source_open_shifted(paths, 2, TL_READER_ANY, &offsets, NULL);
	assert_non_null(source);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(tl_source_next(source, &item, NULL), TL_ITEM_EVENT);
		assert_int_equal(item.event.time_ns, times[i]);
		assert_string_equal(item.event.u.mark.text, texts[i]);
	}
	tl_source_destroy(source);
}

static void test_clocks_that_are_wrong_are_shifted(void **state)
{
	static const char *const wrong[] = {"left", "left=", "=5ms", "left=5x", "left=+-5ms", "left=ms"};
	struct tl_offsets offsets = {0};
	struct tl_error error;
	char a[64], offset[128];
	const char *paths[] = {a};

	(void)state;
	write_list("a", "host left\n10 mark task=1 text=\"one\"\n");
	write_list("b", "host right\n15 mark task=2 text=\"two\"\n");
	path_of(a, "a");
	expect_times("left=+20ns", (int64_t[]){15, 30}, (const char *[]){"two", "one"});
	expect_times("right=-7ns", (int64_t[]){8, 10}, (const char *[]){"two", "one"});
	snprintf(offset, sizeof offset, "%s=1us", a);
	expect_times(offset, (int64_t[]){15, 1010}, (const char *[]){"two", "one"});
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(tl_offsets_add(&offsets, wrong[i], NULL), TL_EUSAGE);
	/* What fits nothing was mistyped. */
	tl_error_init(&error);
	assert_int_equal(tl_offsets_add(&offsets, "lefd=1ms", &error), 0);
	assert_null(tl_source_open_shifted(paths, 1, TL_READER_ANY, &offsets, &error));
	assert_non_null(strstr(error.cause[0], "lefd"));
}

static void test_a_part_that_breaks_off_ends_all_and_is_named(void **state)
{
	char a[64], b[64];
	const char *paths[] = {a, b};
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;

	(void)state;
	tl_error_init(&error);
	write_list("a", "10 mark task=1 text=\"one\"\n20 mark task=1 text=\"two\"\n");
	write_list("b", "15 mark task=2 text=\"x\"\n18 nonsense\n");
	path_of(a, "a");
	path_of(b, "b");
	source = tl_source_open_several(paths, 2, &error);
	/* A list is read as a whole: what is wrong is known at once, or when it is reached. */
	if (source) {
		int type;

		while ((type = tl_source_next(source, &item, &error)) > 0)
			;
		assert_true(type < 0);
		tl_source_destroy(source);
	}
	assert_int_not_equal(error.code, 0);
	assert_non_null(strstr(error.cause[0], "18 nonsense") ? error.cause[0] : strstr(error.cause[0], "b"));
	path_of(b, "nowhere");
	assert_null(tl_source_open_several(paths, 2, &error));
	assert_non_null(strstr(error.cause[0], "nowhere"));
}

TL_UNIT_MAIN(cmocka_unit_test_setup_teardown(test_items_come_by_time_with_their_texts, make_folder, drop_folder),
	     cmocka_unit_test_setup_teardown(test_clocks_that_are_wrong_are_shifted, make_folder, drop_folder),
	     cmocka_unit_test_setup_teardown(test_a_part_that_breaks_off_ends_all_and_is_named, make_folder,
					     drop_folder))
