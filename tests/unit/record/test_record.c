/* The recorder's pure parts: buffer sizes, options, judging programs, quoting paths. */
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tracer/record/buffers.h"
#include "tracer/record/flight.h"
#include "tracer/record/lock.h"
#include "tracer/record/options.h"
#include "tracer/record/program.h"
#include "tracer/record/reserve.h"
#include "tracer/record/summary.h"

#define MIB (UINT64_C(1) << 20)

static void test_buffers_fit_half_of_what_is_free(void **state)
{
	static const struct {
		uint64_t free_bytes;
		unsigned cpus;
	} cases[] = {{64 * MIB, 1},   {64 * MIB, 8},   {64 * MIB, 64},
		     {64 * MIB, 512}, {1024 * MIB, 2}, {UINT64_C(1) << 40, 256}};
	struct tl_buffers buffers;
	struct tl_error error;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(tl_buffers_choose(&buffers, cases[i].free_bytes, cases[i].cpus, 0, &error), 0);
		assert_true(tl_buffers_bytes(&buffers) <= cases[i].free_bytes / 2);
		assert_true(tl_buffers_bytes(&buffers) <= 256 * MIB);
		assert_int_equal(buffers.size & (buffers.size - 1), 0);
		assert_int_equal(buffers.count & (buffers.count - 1), 0);
		assert_true(buffers.size >= 8192 && buffers.count >= 2);
	}
}

static void test_buffers_use_what_they_may(void **state)
{
	struct tl_buffers buffers;

	(void)state;
	assert_int_equal(tl_buffers_choose(&buffers, 1024 * MIB, 2, 0, NULL), 0);
	assert_true(tl_buffers_bytes(&buffers) >= 32 * MIB);
	assert_int_equal(tl_buffers_choose(&buffers, 1024 * MIB, 2, 1 * MIB, NULL), 0);
	assert_true(tl_buffers_bytes(&buffers) <= 2 * MIB && tl_buffers_bytes(&buffers) >= 1 * MIB);
}

static void test_buffers_keep_what_is_wanted(void **state)
{
	struct tl_buffers buffers;
	struct tl_error error;

	(void)state;
	assert_int_equal(tl_buffers_keep(&buffers, 1024 * MIB, 2, 256 * MIB, &error), 0);
	assert_int_equal(buffers.size * buffers.count * buffers.cpus, 256 * MIB);
	assert_int_equal(tl_buffers_keep(&buffers, 1024 * MIB, 3, 256 * MIB, &error), 0);
	assert_true(buffers.size * buffers.count * buffers.cpus <= 256 * MIB);
	/* By default less, where there is less. */
	assert_int_equal(tl_buffers_keep(&buffers, 64 * MIB, 2, 0, &error), 0);
	assert_true(tl_buffers_bytes(&buffers) <= 32 * MIB);
	/* Each snapshot ends a sub-buffer: there are many. */
	assert_true(buffers.count >= 16);
	assert_int_equal(tl_buffers_keep(&buffers, 256 * MIB, 2, 256 * MIB, &error), TL_ELIMIT);
	assert_non_null(strstr(error.cause[0], "262144 KiB are free"));
	assert_int_equal(tl_buffers_keep(&buffers, 256 * MIB, 2, 4096, &error), TL_EUSAGE);
}

static void test_names_of_snapshots_are_names_of_folders(void **state)
{
	(void)state;
	assert_true(tl_snapshot_is_name("before-the-fix_1.2"));
	for (const char *const *name =
		     (const char *const[]){"", ".", "..", "a/b", "-x", "a b", "a\n", "%s", "snapshots", NULL};
	     *name; name++)
		assert_false(tl_snapshot_is_name(*name));
}

static void test_buffers_too_small_says_the_numbers(void **state)
{
	struct tl_buffers buffers;
	struct tl_error error;

	(void)state;
	assert_int_equal(tl_buffers_choose(&buffers, 1 * MIB, 64, 0, &error), TL_ELIMIT);
	assert_non_null(strstr(error.cause[0], "1024 KiB are free, but 64 processors need at least 3072 KiB"));
	/* What it asks for does suffice. */
	assert_int_equal(tl_buffers_choose(&buffers, 3 * MIB, 64, 0, &error), 0);
	assert_int_equal(tl_buffers_choose(&buffers, 64 * MIB, 2, 100 * MIB, &error), TL_ELIMIT);
	assert_non_null(strstr(error.cause[0], "too large"));
	assert_int_equal(tl_buffers_choose(&buffers, 64 * MIB, 2, 4096, &error), TL_EUSAGE);
}

static int parse(struct tl_record_options *options, struct tl_error *error, const char *const *words)
{
	static char *argv[16]; /* the options point into it */
	int argc = 0;

	for (; words[argc]; argc++)
		argv[argc] = (char *)words[argc];
	argv[argc] = NULL;
	tl_error_init(error);
	return tl_record_options_parse(options, argc, argv, error);
}

#define PARSE(...) parse(&options, &error, (const char *const[]){"record", __VA_ARGS__, NULL})

static void test_options_end_at_the_command(void **state)
{
	struct tl_record_options options;
	struct tl_error error;

	(void)state;
	assert_int_equal(PARSE("-o", "dir", "--", "ls", "-o", "x"), 0);
	assert_string_equal(options.output, "dir");
	assert_string_equal(options.command[0], "ls");
	assert_string_equal(options.command[1], "-o");
	assert_int_equal(PARSE("ls", "--verbose"), 0);
	assert_false(options.verbose);
	assert_null(options.output);
	assert_int_equal(PARSE("--buffer-size=4M", "-v", "ls"), 0);
	assert_int_equal(options.buffer_bytes, 4 * MIB);
	assert_true(options.verbose);
}

static void test_options_refuse_nonsense(void **state)
{
	struct tl_record_options options;
	struct tl_error error;

	(void)state;
	assert_int_equal(PARSE("-o", "dir"), TL_EUSAGE);
	assert_int_equal(PARSE("--nonsense", "ls"), TL_EUSAGE);
	assert_int_equal(PARSE("-o"), TL_EUSAGE);
	assert_int_equal(PARSE("--buffer-size", "-1", "ls"), TL_EUSAGE);
	assert_int_equal(PARSE("--buffer-size", "0", "ls"), TL_EUSAGE);
	assert_int_equal(PARSE("--buffer-size", "4X", "ls"), TL_EUSAGE);
	assert_int_equal(PARSE("--buffer-size", "99999999999G", "ls"), TL_EUSAGE);
}

static void write_file(const char *path, const void *bytes, size_t size, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_program_is_found_and_judged(void **state)
{
	char folder[] = "/tmp/tl-unit.XXXXXX", script[64], foreign[64], plain[64];
	char text[] = "#! /usr/bin/env sh\n", elf[128] = "\177ELF\1\1\1";
	struct tl_program program;
	struct tl_error error;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(script, sizeof script, "%s/script", folder);
	snprintf(foreign, sizeof foreign, "%s/foreign", folder);
	snprintf(plain, sizeof plain, "%s/plain", folder);
	write_file(script, text, strlen(text), 0755);
	write_file(foreign, elf, sizeof elf, 0755);
	write_file(plain, text, strlen(text), 0644);

	assert_int_equal(tl_program_find(&program, "sh", &error), 0);
	assert_int_equal(program.obstacle, TL_OBSTACLE_NONE);
	assert_true(program.binary);
	assert_int_equal(tl_program_find(&program, script, &error), 0);
	assert_false(program.binary);
	assert_non_null(strstr(program.seen, "/sh"));
	assert_int_equal(tl_program_find(&program, foreign, &error), 0);
	assert_int_equal(program.obstacle, TL_OBSTACLE_FOREIGN);
	assert_int_equal(tl_program_find(&program, plain, &error), TL_EXIT_NOT_EXECUTABLE);
	assert_int_equal(tl_program_find(&program, folder, &error), TL_EXIT_NOT_EXECUTABLE);
	assert_int_equal(tl_program_find(&program, "no/such/thing", &error), TL_EXIT_NOT_FOUND);
	assert_int_equal(tl_program_find(&program, "", &error), TL_EXIT_NOT_FOUND);
	unlink(script);
	unlink(foreign);
	unlink(plain);
	rmdir(folder);
}

static void expect_quoted(const char *path, const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	tl_summary_quote(path, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_quote_is_what_a_shell_reads(void **state)
{
	(void)state;
	expect_quoted("plain-1.2/x", "plain-1.2/x");
	expect_quoted("with space", "'with space'");
	expect_quoted("it's", "'it'\\''s'");
	expect_quoted("$(rm)", "'$(rm)'");
	expect_quoted("a\nb\x1b[", "$'a\\x0ab\\x1b['");
	expect_quoted("", "''");
}

static void test_lock_excludes(void **state)
{
	char folder[] = "/tmp/tl-unit.XXXXXX", path[64];
	int a, b;

	(void)state;
	assert_non_null(mkdtemp(folder));
	a = tl_lock_open(folder, "lock", NULL);
	b = tl_lock_open(folder, "lock", NULL);
	assert_true(a >= 0 && b >= 0);
	assert_true(tl_lock_take(a, false, 0));
	assert_true(tl_lock_take(b, false, 0));
	assert_false(tl_lock_take(a, true, 20));
	tl_lock_release(b);
	assert_true(tl_lock_take(a, true, 0));
	assert_false(tl_lock_take(b, false, 0));
	close(a); /* as when its holder dies */
	assert_true(tl_lock_take(b, true, 0));
	close(b);
	snprintf(path, sizeof path, "%s/lock", folder);
	unlink(path);
	rmdir(folder);
}

static void test_reserve_counts_the_living(void **state)
{
	char folder[] = "/tmp/tl-unit.XXXXXX", path[64];
	int a, b;

	(void)state;
	assert_non_null(mkdtemp(folder));
	a = tl_reserve_take(folder, "a", 1000, NULL);
	b = tl_reserve_take(folder, "b", 234, NULL);
	assert_true(a >= 0 && b >= 0);
	assert_int_equal(tl_reserve_sum(folder), 1234);
	close(a); /* killed: its file stays, and counts no more */
	assert_int_equal(tl_reserve_sum(folder), 234);
	snprintf(path, sizeof path, "%s/buffers-a", folder);
	assert_int_not_equal(access(path, F_OK), 0);
	tl_reserve_release(folder, "b", b);
	assert_int_equal(tl_reserve_sum(folder), 0);
	assert_int_equal(rmdir(folder), 0);
}

TL_UNIT_MAIN(cmocka_unit_test(test_buffers_keep_what_is_wanted),
	     cmocka_unit_test(test_names_of_snapshots_are_names_of_folders),
	     cmocka_unit_test(test_buffers_fit_half_of_what_is_free), cmocka_unit_test(test_buffers_use_what_they_may),
	     cmocka_unit_test(test_buffers_too_small_says_the_numbers),
	     cmocka_unit_test(test_options_end_at_the_command), cmocka_unit_test(test_options_refuse_nonsense),
	     cmocka_unit_test(test_program_is_found_and_judged), cmocka_unit_test(test_quote_is_what_a_shell_reads),
	     cmocka_unit_test(test_lock_excludes), cmocka_unit_test(test_reserve_counts_the_living))
