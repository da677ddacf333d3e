/*
 * Files that become shorter while the direct reader reads them: an error, and before it
 * nothing but what the whole files say; mapped or not, decoded ahead or not.
 */
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/base/bus.h"
#include "tests/unit/read/compare.h"
#include "tests/unit/read/ctf.h"
#include "viewer/base/vec.h"
#include "viewer/read/source.h"

#define STREAMS 3
#define AT_ONCE 64

static const struct ctf_form forms[] = {{.header = CTF_HEADER_SMALL}, {.header = CTF_HEADER_OWN}};

/* ---- traces -------------------------------------------------------------------------- */

/* Numbers that are not 0, and texts and lists that are not empty: what is made of zeroes differs. */
static void put_event(struct ctf_stream *stream, int64_t ns, uint32_t seq)
{
	static const uint64_t addrs[] = {~UINT64_C(0), 2, 3};
	struct tl_event event = {.kind = TL_EVENT_BLOCK, .time_ns = ns, .task = (uint64_t)7 << 32 | 9, .seq = seq};

	if (seq % 7 == 0) {
		event.kind = TL_EVENT_MARK;
		event.u.mark.text = "a text that is longer than one or two words";
	} else if (seq % 5 == 0) {
		event.kind = TL_EVENT_STACK;
		event.u.stack.id = seq;
		event.u.stack.pcs = addrs;
		event.u.stack.n_pcs = 3;
	} else {
		event.u.block.wait = seq;
		event.u.block.object = ~UINT64_C(0) - seq;
	}
	ctf_event(stream, &event);
}

struct trace {
	char folder[4096];
	char cut[4200];   /* the stream that becomes shorter */
	char spare[4200]; /* a copy of it, beside the folder */
	off_t size;
	TL_VEC(char *) lines; /* what it says, in order */
};

/* `padding` lies behind each packet's content. The stream that is cut goes on when the others have ended. */
static void write_streams(struct trace *trace, const struct ctf_form *form, int packets, int events, size_t padding)
{
	char *metadata = ctf_metadata(form), name[32];
	struct stat status;

	ctf_folder(trace->folder);
	ctf_write(trace->folder, "metadata", metadata, strlen(metadata));
	free(metadata);
	for (uint32_t i = 0; i < STREAMS; i++) {
		struct ctf_stream stream = {.form = form, .cpu = i};
		int64_t ns = i + 1;

		for (int packet = 0; packet < packets; packet++) {
			ctf_packet_begin(&stream, (uint64_t)ns);
			for (int event = 0; event < (i == 1 ? 2 * events : events); event++, ns += 3)
				put_event(&stream, ns, (uint32_t)ns);
			ctf_packet_end(&stream, (uint64_t)ns, padding);
		}
		snprintf(name, sizeof name, "stream_%u", i);
		ctf_write(trace->folder, name, stream.bytes.vec.items, stream.bytes.vec.n);
		ctf_stream_finish(&stream);
	}
	snprintf(trace->cut, sizeof trace->cut, "%s/stream_1", trace->folder);
	assert_int_equal(stat(trace->cut, &status), 0);
	trace->size = status.st_size;
}

static struct tl_source *open_trace(const struct trace *trace, size_t map_least)
{
	struct tl_error error;
	struct tl_source *source;

	tl_error_init(&error);
	source = tl_source_direct_create(trace->folder, &error);
	assert_non_null(source);
	tl_source_direct_map(source, map_least);
	return source;
}

static void read_lines(struct trace *trace)
{
	struct tl_source *source = open_trace(trace, SIZE_MAX);
	struct tl_item item;
	struct tl_error error;
	int got;

	tl_error_init(&error);
	while ((got = tl_source_next(source, &item, &error)) > 0)
		assert_true(tl_vec_push(&trace->lines, compare_line(&item)) >= 0);
	assert_int_equal(got, TL_ITEM_END);
	assert_true(trace->lines.n > 100);
	tl_source_destroy(source);
}

static void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	char bytes[65536];
	size_t n;

	assert_true(in && out);
	while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

static void make(struct trace *trace, const struct ctf_form *form, int packets, int events, size_t padding)
{
	memset(trace, 0, sizeof *trace);
	write_streams(trace, form, packets, events, padding);
	read_lines(trace);
	snprintf(trace->spare, sizeof trace->spare, "%s.whole", trace->folder);
	copy_file(trace->cut, trace->spare);
}

static void finish(struct trace *trace)
{
	for (size_t i = 0; i < trace->lines.n; i++)
		free(trace->lines.items[i]);
	tl_vec_finish(&trace->lines);
	unlink(trace->spare);
	ctf_remove(trace->folder);
}

/* ---- reading ------------------------------------------------------------------------- */

struct reading {
	const struct trace *trace;
	struct tl_source *source;
	size_t n; /* items so far */
	struct tl_error error;
};

/* Up to `most` items, so many at once: all as the whole trace says. The last result. */
static int read_on(struct reading *reading, size_t most, size_t at_once)
{
	struct tl_item items[AT_ONCE];
	int64_t times[AT_ONCE];
	int got = 1;

	while (got > 0 && reading->n < most) {
		got = tl_source_fill(reading->source, items, times, at_once, &reading->error);
		for (int i = 0; i < got; i++) {
			char *line = compare_line(&items[i]);

			assert_true(reading->n < reading->trace->lines.n);
			assert_string_equal(line, reading->trace->lines.items[reading->n]);
			free(line);
			reading->n++;
		}
	}
	return got;
}

/* It ended as it had to: with all items, or with that error. True: with the error. */
static bool is_cut(const struct reading *reading, int result)
{
	if (result == TL_ITEM_END) {
		assert_int_equal(reading->n, reading->trace->lines.n);
		return false;
	}
	assert_int_equal(result, TL_EIO);
	assert_non_null(strstr(reading->error.cause[0], "/stream_1: packet at byte "));
	assert_non_null(strstr(reading->error.cause[0], "has become shorter"));
	return true;
}

/* Cuts the stream after so many items were read, and reads on. */
static bool read_and_cut(const struct trace *trace, size_t map_least, size_t after, size_t at_once, off_t size)
{
	struct reading reading = {.trace = trace, .source = open_trace(trace, map_least)};
	bool cut;

	tl_error_init(&reading.error);
	assert_true(after == 0 || read_on(&reading, after, at_once) > 0);
	assert_int_equal(truncate(trace->cut, size), 0);
	cut = is_cut(&reading, read_on(&reading, SIZE_MAX, at_once));
	tl_source_destroy(reading.source);
	return cut;
}

/* Mapped, it is not read to the end; before anything is read, neither is it otherwise. */
static void expect_every_cut(const struct ctf_form *form, int packets, int events, size_t padding)
{
	static const size_t at_once[] = {1, 7, AT_ONCE};
	struct trace trace;
	int round = 0;

	make(&trace, form, packets, events, padding);
	for (off_t size = 0; size < trace.size - (off_t)padding; size += trace.size / 7) {
		for (size_t after = 0; after < trace.lines.n; after += trace.lines.n / 5) {
			assert_true(read_and_cut(&trace, 1, after, at_once[round % 3], size) || after > 0 || padding);
			copy_file(trace.spare, trace.cut);
			assert_true(read_and_cut(&trace, SIZE_MAX, after, at_once[round % 3], size) || after > 0);
			copy_file(trace.spare, trace.cut);
			round++;
		}
	}
	finish(&trace);
}

static void expect_all_cuts(const char *threads)
{
	bus_handled();
	setenv("THREADLINE_THREADS", threads, 1);
	for (int i = 0; i < 2; i++) {
		expect_every_cut(&forms[i], 1, 500, 0);
		expect_every_cut(&forms[i], 4, 150, 0);
		expect_every_cut(&forms[i], 4, 150, 5000);
	}
	unsetenv("THREADLINE_THREADS");
}

static void test_cut_is_told(void **state)
{
	(void)state;
	expect_all_cuts("1");
}

/* Zeroes are events of no task, which are not given: some fill the last packet just to its end. */
static void test_cut_is_told_of_what_is_not_given(void **state)
{
	struct trace trace;

	(void)state;
	bus_handled();
	setenv("THREADLINE_THREADS", "1", 1);
	for (int i = 0; i < 2; i++) {
		make(&trace, &forms[i], 1, 200, 0);
		for (size_t left = 1; left < 190; left++) {
			assert_true(read_and_cut(&trace, 1, trace.lines.n - left, 1, 0));
			copy_file(trace.spare, trace.cut);
		}
		finish(&trace);
	}
	unsetenv("THREADLINE_THREADS");
}

static void test_cut_is_told_with_decoders(void **state)
{
	(void)state;
	expect_all_cuts("6");
}

/* Of large packets, which are mapped without being asked for, nothing is given that came after the cut. */
static void test_large_packets_are_mapped(void **state)
{
	struct trace trace;

	(void)state;
	bus_handled();
	for (int i = 0; i < 2; i++) {
		setenv("THREADLINE_THREADS", i ? "6" : "1", 1);
		make(&trace, &forms[0], 1, 8000, 0);
		assert_true(trace.size > 512 << 10);
		struct reading reading = {.trace = &trace, .source = tl_source_direct_create(trace.folder, NULL)};

		tl_error_init(&reading.error);
		assert_true(read_on(&reading, 1000, AT_ONCE) > 0);
		assert_int_equal(truncate(trace.cut, trace.size / 2), 0);
		assert_true(is_cut(&reading, read_on(&reading, SIZE_MAX, AT_ONCE)));
		assert_true(reading.n < trace.lines.n / 2);
		tl_source_destroy(reading.source);
		finish(&trace);
	}
	unsetenv("THREADLINE_THREADS");
}

/* ---- while it is read ------------------------------------------------------------------ */

#define STRESS_MS 400

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Shorter and shorter, after some time, until nothing is left. */
static void *shorten(void *argument)
{
	const struct trace *trace = argument;
	unsigned seed = (unsigned)now_ms();

	for (off_t size = trace->size; size > 0; size -= 1 + size / 3 + rand_r(&seed) % 3000) {
		struct timespec pause = {.tv_nsec = rand_r(&seed) % 300000};

		nanosleep(&pause, NULL);
		(void)!truncate(trace->cut, size);
	}
	return NULL;
}

static int stress(const struct trace *trace)
{
	struct reading reading = {.trace = trace};
	pthread_t thread;
	int cut;

	tl_error_init(&reading.error);
	copy_file(trace->spare, trace->cut);
	reading.source = open_trace(trace, 1);
	assert_int_equal(pthread_create(&thread, NULL, shorten, (void *)trace), 0);
	cut = is_cut(&reading, read_on(&reading, SIZE_MAX, AT_ONCE));
	pthread_join(thread, NULL);
	tl_source_destroy(reading.source);
	return cut;
}

static void expect_to_survive(const char *threads)
{
	int64_t end_ms = now_ms() + STRESS_MS;
	struct trace trace;
	int cuts = 0;

	bus_handled();
	setenv("THREADLINE_THREADS", threads, 1);
	make(&trace, &forms[0], 3, 1000, 0);
	while (now_ms() < end_ms || cuts == 0)
		cuts += stress(&trace);
	unsetenv("THREADLINE_THREADS");
	finish(&trace);
}

static void test_cut_meanwhile(void **state)
{
	(void)state;
	expect_to_survive("1");
}

static void test_cut_meanwhile_with_decoders(void **state)
{
	(void)state;
	expect_to_survive("6");
}

TL_UNIT_MAIN(cmocka_unit_test(test_cut_is_told), cmocka_unit_test(test_cut_is_told_with_decoders),
	     cmocka_unit_test(test_cut_is_told_of_what_is_not_given), cmocka_unit_test(test_large_packets_are_mapped),
	     cmocka_unit_test(test_cut_meanwhile), cmocka_unit_test(test_cut_meanwhile_with_decoders))
