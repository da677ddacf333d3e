/*
 * The event headers that are read without a plan are read as their plan would: over
 * random bytes, at every place in a byte, and cut off everywhere.
 */
#include "tests/unit/unit.h"

#include "tests/unit/read/ctf.h"
#include "viewer/read/direct_header.h"

#define ID_SLOT 0
#define BYTES 32

static const char head[] = "/* CTF 1.8 */\n"
			   "typealias integer { size = 5; align = 1; signed = false; } := uint5_t;\n"
			   "typealias integer { size = 16; align = 8; signed = false; } := uint16_t;\n"
			   "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
			   "trace { major = 1; minor = 8; byte_order = le;\n"
			   "	packet.header := struct { uint32_t magic; uint32_t stream_id; }; };\n"
			   "clock { name = \"c\"; freq = 1000000000; };\n"
			   "typealias integer { size = 27; align = 1; signed = false; map = clock.c.value; } := t27;\n"
			   "typealias integer { size = 32; align = 8; signed = false; map = clock.c.value; } := t32;\n"
			   "typealias integer { size = 64; align = 8; signed = false; map = clock.c.value; } := t64;\n";

static const char small_header[] = "struct { enum : uint5_t { compact = 0 ... 30, extended = 31 } id;\n"
				   "variant <id> { struct { t27 timestamp; } compact;\n"
				   "struct { uint32_t id; t64 timestamp; } extended; } v; } align(8)";
static const char large_header[] = "struct { enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;\n"
				   "variant <id> { struct { t32 timestamp; } compact;\n"
				   "struct { uint32_t id; t64 timestamp; } extended; } v; } align(8)";

struct fixture {
	char folder[4096];
	struct tl_ctf_metadata metadata;
	struct tl_ctf_plans plans;
	uint32_t program;
	enum tl_direct_form form;
};

static void start(struct fixture *f, const char *header)
{
	static const struct tl_ctf_wanted wanted[] = {{"id", ID_SLOT}};
	const struct tl_ctf_clock *clock = NULL;
	struct tl_error error;
	char text[4096];
	int n = snprintf(text, sizeof text, "%sstream { id = 0; event.header := %s; };\n", head, header);

	tl_error_init(&error);
	ctf_folder(f->folder);
	ctf_write(f->folder, "metadata", text, (size_t)n);
	if (tl_ctf_metadata_init(&f->metadata, f->folder, &error) != 0)
		fail_msg("%s", error.cause[0]);
	tl_ctf_plans_init(&f->plans, &f->metadata);
	assert_int_equal(tl_ctf_compile_header(&f->plans, f->metadata.streams.items[0].event_header, wanted, 1,
					       &f->program, &clock, &error),
			 0);
	assert_non_null(clock);
	f->form = tl_direct_form_of(f->metadata.streams.items[0].event_header, f->metadata.is_big);
}

static void stop(struct fixture *f)
{
	tl_ctf_plans_finish(&f->plans);
	tl_ctf_metadata_finish(&f->metadata);
	ctf_remove(f->folder);
}

static uint64_t random_of(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 24;
}

static void compare(const struct fixture *f, uint64_t *seed)
{
	uint8_t bytes[BYTES];
	struct tl_ctf_cursor planned = {.packet = bytes, .clock = random_of(seed) << random_of(seed) % 40}, direct;
	uint64_t id = 0;
	bool good;

	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(random_of(seed) % 3 ? random_of(seed) : 0xFF);
	planned.at = random_of(seed) % 40;
	planned.end = planned.at + random_of(seed) % (BYTES * 8 - planned.at);
	planned.end = random_of(seed) % 2 ? BYTES * 8 : planned.end / 8 * 8;
	if (planned.end < planned.at)
		planned.end = planned.at;
	direct = planned;
	good = tl_ctf_execute(&f->plans, f->program, &planned);
	assert_int_equal(tl_direct_read_header(f->form, &direct, &id), good);
	if (!good)
		return;
	assert_int_equal(id, planned.slots[ID_SLOT]);
	assert_int_equal(direct.clock, planned.clock);
	assert_int_equal(direct.at, planned.at);
}

static void compare_many(const char *header, enum tl_direct_form form)
{
	struct fixture f;
	uint64_t seed = 7;

	start(&f, header);
	assert_int_equal(f.form, form);
	for (int i = 0; i < 200000; i++)
		compare(&f, &seed);
	stop(&f);
}

static void test_small_headers_are_read_as_planned(void **state)
{
	(void)state;
	compare_many(small_header, TL_FORM_SMALL);
}

static void test_large_headers_are_read_as_planned(void **state)
{
	(void)state;
	compare_many(large_header, TL_FORM_LARGE);
}

/* Anything that only resembles them goes by its plan. */
static void test_other_headers_are_planned(void **state)
{
	static const char *const others[] = {
		"struct { uint16_t id; t64 timestamp; } align(8)",
		"struct { enum : uint16_t { compact = 0 ... 65533, extended = 65535 } id;\n"
		"variant <id> { struct { t32 timestamp; } compact;\n"
		"struct { uint32_t id; t64 timestamp; } extended; } v; } align(8)",
		"struct { enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;\n"
		"variant <id> { struct { t64 timestamp; } compact;\n"
		"struct { uint32_t id; t64 timestamp; } extended; } v; } align(8)",
		"struct { enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;\n"
		"variant <id> { struct { t32 timestamp; } compact;\n"
		"struct { uint32_t id; t64 timestamp; } extended; } v; } align(16)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct fixture f;

		start(&f, others[i]);
		assert_int_equal(f.form, TL_FORM_PLANNED);
		stop(&f);
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_small_headers_are_read_as_planned),
	     cmocka_unit_test(test_large_headers_are_read_as_planned), cmocka_unit_test(test_other_headers_are_planned))
