/*
 * Traces that nobody here wrote (../shared/traces): all valid ones are read to
 * their end, with exact counts; each invalid one ends in one clear error; torn
 * ones yield their whole packets. Skipped, and said so, when they are not there.
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "tests/unit/read/ctf.h"
#include "viewer/read/source.h"

/* The path of a shared trace; skips the case when it is missing. */
static void shared(char path[4096], const char *name)
{
	const char *root = getenv("THREADLINE_SHARED");
	struct stat st;

	snprintf(path, 4096, "%s/traces/%s", root ? root : "", name);
	if (!root || stat(path, &st) < 0) {
		print_message("skipped: %s is not there\n", path);
		exit(77);
	}
}

struct counts {
	uint64_t losses, lost;
	bool in_order;
};

/* Reads all; the result of the last call of next. */
static int drain(struct tl_source *source, struct counts *counts, struct tl_error *error)
{
	struct tl_item item;
	int type;

	memset(counts, 0, sizeof *counts);
	while ((type = tl_source_next(source, &item, error)) > 0) {
		counts->losses += type == TL_ITEM_LOSS;
		if (type == TL_ITEM_LOSS && item.loss.kind == TL_LOSS_EVENTS)
			counts->lost += item.loss.count;
	}
	return type;
}

static void expect_counts(const char *name, uint64_t kernel, uint64_t foreign, uint64_t lost)
{
	struct tl_source *source;
	struct counts counts;
	struct tl_error error;
	char path[4096];

	shared(path, name);
	tl_error_init(&error);
	source = tl_source_open(path, &error);
	assert_non_null(source);
	assert_int_equal(drain(source, &counts, &error), TL_ITEM_END);
	assert_int_equal(source->info.events, kernel);
	assert_int_equal(source->info.kernel_events, kernel);
	assert_int_equal(source->info.malformed, 0);
	assert_int_equal(source->info.foreign_events, foreign);
	assert_int_equal(source->info.lost_events, lost);
	assert_int_equal(counts.lost, lost);
	assert_true(source->info.start_ns < source->info.end_ns);
	tl_source_destroy(source);
}

static void test_shared_many_threads(void **state)
{
	(void)state;
	expect_counts("tracecompass/many-threads", 58398, 182246, 0);
}

static void test_shared_hello_lost(void **state)
{
	(void)state;
	expect_counts("tracecompass/hello-lost", 0, 32300, 967700);
}

/* Three chunks of a rotated session, two processes: parts of two traces. */
static void test_shared_session_rotation(void **state)
{
	(void)state;
	expect_counts("babeltrace/succeed/session-rotation", 0, 266, 0);
}

static void test_shared_valid_traces_are_read_to_their_end(void **state)
{
	struct dirent *entry;
	struct counts counts;
	struct tl_error error;
	char path[4096], trace[8192];
	int traces = 0;
	DIR *dir;

	(void)state;
	shared(path, "babeltrace/succeed");
	dir = opendir(path);
	while ((entry = readdir(dir))) {
		struct tl_source *source;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(trace, sizeof trace, "%s/%s", path, entry->d_name);
		tl_error_init(&error);
		source = tl_source_open(trace, &error);
		if (!source || drain(source, &counts, &error) != TL_ITEM_END) {
			tl_error_print(&error, "unexpected: ", stderr);
			fail_msg("%s", trace);
		}
		assert_int_equal(source->info.tail_bytes, 0);
		traces++;
		tl_source_destroy(source);
	}
	closedir(dir);
	assert_int_equal(traces, 27);
}

static void test_shared_invalid_traces_end_in_an_error(void **state)
{
	struct dirent *entry;
	struct tl_error error;
	char path[4096], trace[8192];
	int traces = 0;
	DIR *dir;

	(void)state;
	shared(path, "babeltrace/fail");
	dir = opendir(path);
	while ((entry = readdir(dir))) {
		struct tl_source *source;
		struct counts counts;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(trace, sizeof trace, "%s/%s", path, entry->d_name);
		tl_error_init(&error);
		source = tl_source_open(trace, &error);
		assert_int_equal(source ? drain(source, &counts, &error) : error.code, TL_EFORMAT);
		assert_in_range(error.n, 1, TL_ERROR_CAUSES);
		assert_non_null(strstr(error.cause[error.n - 1], entry->d_name));
		if (strcmp(entry->d_name, "valid-events-then-invalid-events") == 0)
			assert_int_equal(source->info.foreign_events, 2);
		else
			assert_null(source);
		traces++;
		tl_source_destroy(source);
	}
	closedir(dir);
	assert_int_equal(traces, 8);
}

static void *load(const char *folder, const char *name, size_t *size)
{
	char path[8192];
	void *bytes;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	*size = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(*size);
	assert_int_equal(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

/* A stream of 4 KiB packets cut at many places: the longer, the more events, and an error only before the first packet's end. */
static void test_shared_torn_stream(void **state)
{
	static const char *const files[] = {"metadata", "channel1_2"};
	char path[4096], folder[4096];
	uint64_t before = 0;
	size_t size, n;
	void *bytes;

	(void)state;
	shared(path, "tracecompass/hello-lost");
	ctf_folder(folder);
	bytes = load(path, files[0], &size);
	ctf_write(folder, files[0], bytes, size);
	free(bytes);
	bytes = load(path, files[1], &size);
	for (n = 3000; n <= size; n += 100 + n / 3) {
		struct tl_source *source;
		struct tl_error error;
		struct counts counts;

		tl_error_init(&error);
		ctf_write(folder, files[1], bytes, n);
		source = tl_source_open(folder, &error);
		assert_int_equal(source == NULL, n < 4096);
		if (!source)
			continue;
		assert_int_equal(drain(source, &counts, &error), TL_ITEM_END);
		assert_true(source->info.foreign_events >= before);
		assert_int_equal(source->info.tail_bytes, n % 4096);
		before = source->info.foreign_events;
		tl_source_destroy(source);
	}
	assert_true(before > 0);
	free(bytes);
	ctf_remove(folder);
}

TL_UNIT_MAIN(cmocka_unit_test(test_shared_many_threads), cmocka_unit_test(test_shared_hello_lost),
	     cmocka_unit_test(test_shared_session_rotation),
	     cmocka_unit_test(test_shared_valid_traces_are_read_to_their_end),
	     cmocka_unit_test(test_shared_invalid_traces_end_in_an_error), cmocka_unit_test(test_shared_torn_stream))
