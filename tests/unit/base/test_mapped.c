/*
 * Mapped parts of files: what is there is seen, what is gone is zeroes and is told, and
 * whatever else comes by SIGBUS does what it did before.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/base/bus.h"
#include "viewer/base/mapped.h"

#define PAGES 8

static size_t page;

static uint8_t byte_at(size_t i)
{
	return (uint8_t)(i % 251 + 1);
}

/* A file without a name, with PAGES pages of bytes that are not 0. */
static int make_file(void)
{
	char path[] = "/tmp/threadline-mapped-XXXXXX";
	int file = mkstemp(path);
	uint8_t *bytes;

	page = (size_t)sysconf(_SC_PAGESIZE);
	bytes = malloc(PAGES * page);
	assert_true(file >= 0 && bytes);
	unlink(path);
	for (size_t i = 0; i < PAGES * page; i++)
		bytes[i] = byte_at(i);
	assert_int_equal(write(file, bytes, PAGES * page), PAGES * page);
	free(bytes);
	return file;
}

/* What is seen at this byte of the file. */
static uint8_t look(const struct tl_mapped *mapped, size_t at)
{
	return *(const volatile uint8_t *)(mapped->bytes + (at - mapped->at));
}

static void test_mapped_shows_the_file_from_any_byte_on(void **state)
{
	int file = make_file();
	struct tl_mapped mapped;

	(void)state;
	bus_handled();
	for (size_t at = 0; at < 2 * page; at += page / 2 - 1) {
		size_t end = PAGES * page - at / 2;

		assert_true(tl_mapped_init(&mapped, file, at, end - at));
		for (size_t i = at; i < end; i++)
			assert_int_equal(look(&mapped, i), byte_at(i));
		assert_true(tl_mapped_is_whole(&mapped, file, end, end));
		tl_mapped_finish(&mapped);
		assert_null(mapped.bytes);
		tl_mapped_finish(&mapped);
	}
	close(file);
}

static void test_mapped_says_what_is_gone(void **state)
{
	int file = make_file(), other = make_file();
	struct tl_mapped mapped, beside;
	size_t end = PAGES * page;

	(void)state;
	bus_handled();
	assert_true(tl_mapped_init(&mapped, file, 10, end - 10));
	assert_true(tl_mapped_init(&beside, other, 0, end));
	assert_int_equal(ftruncate(file, (off_t)(3 * page)), 0);
	errno = 77;
	assert_int_equal(look(&mapped, 5 * page + 1), 0);
	assert_int_equal(errno, 77);
	/* On from there, behind what was touched, and before. */
	assert_int_equal(look(&mapped, end - 1), 0);
	assert_int_equal(look(&mapped, 3 * page), 0);
	assert_int_equal(look(&mapped, 3 * page - 1), byte_at(3 * page - 1));
	assert_false(tl_mapped_is_whole(&mapped, file, 11, 12));
	assert_false(tl_mapped_is_whole(&mapped, file, end, end));
	/* It has come back too late. */
	assert_int_equal(ftruncate(file, (off_t)end), 0);
	assert_false(tl_mapped_is_whole(&mapped, file, end, end));
	assert_true(tl_mapped_is_whole(&beside, other, end, end));
	assert_int_equal(look(&beside, end - 1), byte_at(end - 1));
	tl_mapped_finish(&mapped);
	/* Who comes after it is not blamed for it. */
	assert_true(tl_mapped_init(&mapped, other, 0, end));
	assert_true(tl_mapped_is_whole(&mapped, other, end, end));
	tl_mapped_finish(&mapped);
	tl_mapped_finish(&beside);
	close(file);
	close(other);
}

/* Cut at any place, and asked at once, before anything that is gone was looked at. */
static void test_mapped_knows_every_cut(void **state)
{
	(void)state;
	bus_handled();
	for (size_t cut = 0; cut <= PAGES * page; cut += page / 4) {
		int file = make_file();
		struct tl_mapped mapped;
		size_t end = 5 * page + page / 2;

		assert_true(tl_mapped_init(&mapped, file, 0, PAGES * page));
		assert_int_equal(ftruncate(file, (off_t)cut), 0);
		for (size_t until = 0; until <= end; until += page / 2) {
			bool is_whole = tl_mapped_is_whole(&mapped, file, until, end);

			/* What lies on the last page need not be there yet for what is before that. */
			if (cut >= end)
				assert_true(is_whole);
			else if (until > 5 * page || cut <= 5 * page)
				assert_false(is_whole);
		}
		tl_mapped_finish(&mapped);
		close(file);
	}
}

static void test_mapped_parts_are_limited(void **state)
{
	static struct tl_mapped parts[TL_MAPPED_MOST + 1];
	int file = make_file(), pipes[2];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < TL_MAPPED_MOST; i++)
			assert_true(tl_mapped_init(&parts[i], file, i, 1));
		assert_false(tl_mapped_init(&parts[TL_MAPPED_MOST], file, 0, 1));
		assert_null(parts[TL_MAPPED_MOST].bytes);
		for (size_t i = 0; i < TL_MAPPED_MOST; i++)
			tl_mapped_finish(&parts[i]);
	}
	/* What cannot be mapped takes no place. */
	assert_int_equal(pipe(pipes), 0);
	for (size_t i = 0; i <= TL_MAPPED_MOST; i++)
		assert_false(tl_mapped_init(&parts[0], pipes[0], 0, 1));
	assert_true(tl_mapped_init(&parts[0], file, 0, 1));
	tl_mapped_finish(&parts[0]);
	close(pipes[0]);
	close(pipes[1]);
	close(file);
}

/* ---- SIGBUS that is not about a part ----------------------------------------------- */

static void map_one(void)
{
	static struct tl_mapped mapped;
	int file = make_file();

	assert_true(tl_mapped_init(&mapped, file, 0, page));
}

static void touch_what_is_gone(void)
{
	int file = make_file();
	const volatile uint8_t *bytes = mmap(NULL, page, PROT_READ, MAP_PRIVATE, file, 0);

	assert_true((const void *)bytes != MAP_FAILED);
	assert_int_equal(ftruncate(file, 0), 0);
	(void)bytes[0];
}

static void send_to_self(void)
{
	raise(SIGBUS);
}

static void handle(int number)
{
	(void)number;
	_exit(7);
}

static void handle_with_place(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	_exit(info->si_code > 0 ? 8 : 9);
}

/* How a process ends that has this handler, then maps a part, then does that. */
static int end_of(const struct sigaction *before, void (*act)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		sigaction(SIGBUS, before, NULL); /* cmocka has one, too */
		map_one();
		act();
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void test_mapped_leaves_other_signals_alone(void **state)
{
	const struct sigaction simple = {.sa_handler = handle}, ignored = {.sa_handler = SIG_IGN},
			       placed = {.sa_sigaction = handle_with_place, .sa_flags = SA_SIGINFO},
			       none = {.sa_handler = SIG_DFL};

	(void)state;
	assert_int_equal(end_of(&none, touch_what_is_gone), SIGBUS);
	assert_int_equal(end_of(&none, send_to_self), SIGBUS);
	assert_int_equal(end_of(&ignored, touch_what_is_gone), SIGBUS);
	assert_int_equal(end_of(&ignored, send_to_self), 0);
	assert_int_equal(end_of(&simple, touch_what_is_gone), 7 << 8);
	assert_int_equal(end_of(&simple, send_to_self), 7 << 8);
	assert_int_equal(end_of(&placed, touch_what_is_gone), 8 << 8);
	assert_int_equal(end_of(&placed, send_to_self), 9 << 8);
}

TL_UNIT_MAIN(cmocka_unit_test(test_mapped_leaves_other_signals_alone), /* first: a process has one handler */
	     cmocka_unit_test(test_mapped_shows_the_file_from_any_byte_on),
	     cmocka_unit_test(test_mapped_says_what_is_gone), cmocka_unit_test(test_mapped_knows_every_cut),
	     cmocka_unit_test(test_mapped_parts_are_limited))
