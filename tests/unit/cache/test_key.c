/* When a trace is no longer the one that was cached: whatever happens to its files. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "viewer/cache/cache.h"

struct trace {
	char folder[64], path[128];
};

static const char *in(struct trace *trace, const char *name)
{
	snprintf(trace->path, sizeof trace->path, "%s/%s", trace->folder, name);
	return trace->path;
}

static void put(struct trace *trace, const char *name, const char *text, size_t at)
{
	int file = open(in(trace, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	assert_int_equal(pwrite(file, text, strlen(text), (off_t)at), (ssize_t)strlen(text));
	close(file);
}

static struct tl_cache_key key_of(const struct trace *trace)
{
	const char *folder = trace->folder;
	struct tl_cache_key key;

	assert_int_equal(tl_cache_identify(&key, &folder, 1), 0);
	return key;
}

static void begin(struct trace *trace)
{
	strcpy(trace->folder, "/tmp/tl-key.XXXXXX");
	assert_non_null(mkdtemp(trace->folder));
	assert_int_equal(mkdir(in(trace, "ust"), 0700), 0);
	put(trace, "ust/metadata", "/* CTF 1.8 */", 0);
	put(trace, "ust/stream_0", "first", 0);
	put(trace, "ust/stream_0", "last", 100000);
}

static void end(struct trace *trace)
{
	static const char *const names[] = {"ust/metadata",       "ust/stream_0",           "ust/stream_1", "ust/other",
					    "a.threadline-cache", "a.threadline-cache.new", "ust/link"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(in(trace, names[i]));
	rmdir(in(trace, "ust"));
	assert_int_equal(rmdir(trace->folder), 0);
}

static void assert_changed(const struct trace *trace, struct tl_cache_key *before)
{
	struct tl_cache_key now = key_of(trace);

	assert_false(tl_cache_same(before, &now));
	*before = now;
}

static void test_every_change_counts(void **state)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1000, .tv_nsec = 1}};
	struct tl_cache_key key, again;
	struct trace trace;
	char other[128];

	(void)state;
	begin(&trace);
	key = key_of(&trace);
	again = key_of(&trace);
	assert_true(tl_cache_same(&key, &again));
	assert_true(key.bytes == 100004 + 13);
	put(&trace, "ust/stream_0", "First", 0);
	assert_changed(&trace, &key);
	put(&trace, "ust/stream_0", "x", 50000);
	assert_changed(&trace, &key);
	put(&trace, "ust/stream_0", "more", 100004);
	assert_changed(&trace, &key);
	put(&trace, "ust/metadata", "/* CTF 1.9 */", 0);
	assert_changed(&trace, &key);
	put(&trace, "ust/stream_1", "", 0);
	assert_changed(&trace, &key);
	assert_int_equal(utimensat(AT_FDCWD, in(&trace, "ust/stream_0"), times, 0), 0);
	assert_changed(&trace, &key);
	/* Other content in its middle, and the same times put back: that of the change tells. */
	usleep(20000);
	put(&trace, "ust/stream_0", "y", 50000);
	assert_int_equal(utimensat(AT_FDCWD, in(&trace, "ust/stream_0"), times, 0), 0);
	assert_changed(&trace, &key);
	snprintf(other, sizeof other, "%s", in(&trace, "ust/other"));
	assert_int_equal(rename(in(&trace, "ust/stream_1"), other), 0);
	assert_changed(&trace, &key);
	assert_int_equal(unlink(other), 0);
	assert_changed(&trace, &key);
	end(&trace);
}

static void test_caches_are_no_part_of_it(void **state)
{
	struct tl_cache_key before, after;
	struct trace trace;

	(void)state;
	begin(&trace);
	before = key_of(&trace);
	put(&trace, "a.threadline-cache", "x", 0);
	put(&trace, "a.threadline-cache.new", "x", 0);
	after = key_of(&trace);
	assert_true(tl_cache_same(&before, &after));
	end(&trace);
}

/* What readers follow is followed; a pipe among the files makes nobody wait. */
static void test_odd_files(void **state)
{
	struct tl_cache_key before, after;
	struct trace trace;

	(void)state;
	begin(&trace);
	before = key_of(&trace);
	assert_int_equal(symlink("stream_0", in(&trace, "ust/link")), 0);
	after = key_of(&trace);
	assert_false(tl_cache_same(&before, &after));
	assert_int_equal(mkfifo(in(&trace, "ust/other"), 0600), 0);
	before = key_of(&trace);
	after = key_of(&trace);
	assert_true(tl_cache_same(&before, &after));
	end(&trace);
}

static void test_what_just_changed_is_fresh(void **state)
{
	struct tl_cache_key key, missing;
	const char *nowhere = "/nonexistent/trace";
	struct trace trace;

	(void)state;
	begin(&trace);
	key = key_of(&trace);
	assert_true(tl_cache_is_fresh(&key));
	key.newest_ns -= 2000000000;
	assert_false(tl_cache_is_fresh(&key));
	assert_int_equal(tl_cache_identify(&missing, &nowhere, 1), -1);
	end(&trace);
}

TL_UNIT_MAIN(cmocka_unit_test(test_every_change_counts), cmocka_unit_test(test_caches_are_no_part_of_it),
	     cmocka_unit_test(test_odd_files), cmocka_unit_test(test_what_just_changed_is_fresh))
