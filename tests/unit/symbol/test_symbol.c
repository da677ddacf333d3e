/* The program resolves its own stacks, as a trace would tell them. */
#include "tests/unit/unit.h"

#include <elf.h>
#include <link.h>
#include <unistd.h>

#include "tests/unit/symbol/victim.h"
#include "viewer/symbol/symbol.h"

#define NONCE 5
#define TASK ((uint64_t)NONCE << 32 | 1)

struct recording {
	struct tl_state *state;
	uint32_t seq;
	const char *program; /* path of this test */
	uint8_t flip;        /* xor of build ids */
	bool without_modules;
	const char *rename; /* tell the main program by this path */
};

static void apply(struct recording *r, struct tl_event event)
{
	struct tl_step step;
	struct tl_error error;

	event.task = TASK;
	event.seq = ++r->seq;
	tl_error_init(&error);
	assert_int_equal(tl_state_apply(r->state, &event, &step, &error), 0);
}

/* The GNU build id in a loaded object's notes. */
static uint8_t find_build_id(const struct dl_phdr_info *info, uint8_t id[20])
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const char *at = (const char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
		const char *end = at + info->dlpi_phdr[i].p_memsz;

		while (info->dlpi_phdr[i].p_type == PT_NOTE && end - at > (long)sizeof(ElfW(Nhdr))) {
			const ElfW(Nhdr) *note = (const void *)at;
			const char *name = at + sizeof *note, *text = name + (note->n_namesz + 3) / 4 * 4;

			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && note->n_descsz == 20) {
				memcpy(id, text, 20);
				return 20;
			}
			at = text + (note->n_descsz + 3) / 4 * 4;
		}
	}
	return 0;
}

static int tell_module(struct dl_phdr_info *info, size_t size, void *data)
{
	uint64_t low = UINT64_MAX, high = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct recording *r = data;
	struct tl_event event = {.kind = TL_EVENT_MODULE};
	uint8_t id[20];

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type != PT_LOAD)
			continue;
		low = header->p_vaddr < low ? header->p_vaddr : low;
		high = header->p_vaddr + header->p_memsz > high ? header->p_vaddr + header->p_memsz : high;
	}
	low &= ~(page - 1);
	event.u.module.base = info->dlpi_addr + low;
	event.u.module.size = high - low;
	event.u.module.path = info->dlpi_name[0] ? info->dlpi_name : r->rename ? r->rename : r->program;
	event.u.module.n_build_id = find_build_id(info, id);
	for (int i = 0; i < 20; i++)
		id[i] ^= r->flip;
	event.u.module.build_id = id;
	apply(r, event);
	return 0;
}

static struct tl_symbols *start(struct recording *r)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	assert_true(n > 0);
	path[n] = '\0';
	r->program = path;
	r->state = tl_state_create();
	assert_non_null(r->state);
	apply(r, (struct tl_event){.kind = TL_EVENT_PROCESS_BEGIN, .u.process_begin = {.pid = 1, .program = path}});
	if (!r->without_modules)
		dl_iterate_phdr(tell_module, r);
	return tl_symbols_create(r->state);
}

static void tell_stack(struct recording *r, uint32_t id, void **pcs, int n)
{
	uint64_t addresses[VICTIM_MAX];

	for (int i = 0; i < n; i++)
		addresses[i] = (uint64_t)(uintptr_t)pcs[i];
	apply(r,
	      (struct tl_event){.kind = TL_EVENT_STACK, .u.stack = {.id = id, .pcs = addresses, .n_pcs = (uint8_t)n}});
}

static void stop(struct recording *r, struct tl_symbols *symbols)
{
	tl_symbols_destroy(symbols);
	tl_state_destroy(r->state);
}

/* The index of a function among frames; fails the case when it is not there. */
static size_t find(const struct tl_frame *frames, size_t n, const char *function)
{
	for (size_t i = 0; i < n; i++)
		if (frames[i].function && strcmp(frames[i].function, function) == 0)
			return i;
	for (size_t i = 0; i < n; i++)
		print_message("%zu %s %s:%d %s\n", i, frames[i].function ? frames[i].function : "?",
			      frames[i].file ? frames[i].file : "?", frames[i].line, frames[i].module);
	fail_msg("no frame of %s", function);
	return 0;
}

static void test_symbol_finds_function_file_line_and_inlines(void **state)
{
	struct recording r = {0};
	struct tl_symbols *symbols = start(&r);
	const struct tl_frame *frames;
	void *pcs[VICTIM_MAX];
	size_t n, at;

	(void)state;
	tell_stack(&r, 9, pcs, victim_plain(pcs));
	frames = tl_symbols_stack(symbols, NONCE, 9, &n);
	assert_non_null(frames);
	at = find(frames, n, "victim_inlined");
	assert_true(frames[at].is_inline);
	assert_int_equal(frames[at].line, victim_line);
	assert_non_null(strstr(frames[at].file, "tests/unit/symbol/victim.c"));
	assert_string_equal(frames[at + 1].function, "victim_plain");
	assert_false(frames[at + 1].is_inline);
	assert_int_equal(frames[at + 1].line, victim_call_line);
	assert_int_equal(frames[at + 1].address, frames[at].address);
	assert_string_equal(frames[at].module, r.program);
	find(frames, n, "main");
	assert_ptr_equal(tl_symbols_stack(symbols, NONCE, 9, &n), frames);
	stop(&r, symbols);
}

static void test_symbol_demangles(void **state)
{
	struct recording r = {0};
	struct tl_symbols *symbols = start(&r);
	const struct tl_frame *frames;
	void *pcs[VICTIM_MAX];
	size_t n;

	(void)state;
	tell_stack(&r, 9, pcs, victim_names(pcs));
	frames = tl_symbols_stack(symbols, NONCE, 9, &n);
	find(frames, n, "place::Thing::work(int, void**)");
	stop(&r, symbols);
}

static void test_symbol_names_an_entry(void **state)
{
	struct recording r = {0};
	struct tl_symbols *symbols = start(&r);
	const char *name;

	(void)state;
	name = tl_symbols_function(symbols, NONCE, (uint64_t)(uintptr_t)&victim_plain);
	assert_non_null(name);
	assert_string_equal(name, "victim_plain");
	assert_ptr_equal(tl_symbols_function(symbols, NONCE, (uint64_t)(uintptr_t)&victim_plain), name);
	assert_null(tl_symbols_function(symbols, NONCE, 1));
	assert_null(tl_symbols_function(symbols, NONCE, 0));
	assert_null(tl_symbols_function(symbols, NONCE + 1, (uint64_t)(uintptr_t)&victim_plain));
	stop(&r, symbols);
}

/* All frames are there, with their module, and none has a name. */
static void expect_unknown(struct recording *r, const char *module)
{
	struct tl_symbols *symbols = start(r);
	const struct tl_frame *frames;
	void *pcs[VICTIM_MAX];
	int recorded = victim_plain(pcs);
	size_t n;

	tell_stack(r, 9, pcs, recorded);
	frames = tl_symbols_stack(symbols, NONCE, 9, &n);
	assert_non_null(frames);
	assert_true(n >= 1);
	for (size_t i = 0; i < n; i++)
		if (!module || (frames[i].module && strcmp(frames[i].module, module) == 0))
			assert_null(frames[i].function);
	if (!module)
		assert_int_equal(n, recorded);
	stop(r, symbols);
}

static void test_symbol_says_nothing_of_another_build(void **state)
{
	struct recording r = {.flip = 0x55};

	(void)state;
	expect_unknown(&r, r.program);
}

static void test_symbol_survives_missing_files(void **state)
{
	static const char *const paths[] = {"/nonexistent/program", "", "relative", "/dev/zero", "/"};

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct recording r = {.rename = paths[i]};

		expect_unknown(&r, paths[i]);
	}
	expect_unknown(&(struct recording){.without_modules = true}, NULL);
}

static void test_symbol_leaves_out_its_own_wrappers(void **state)
{
	struct recording r = {.rename = "/usr/lib/libthreadline-preload.so.1"};
	struct tl_symbols *symbols = start(&r);
	const struct tl_frame *frames;
	void *pcs[VICTIM_MAX];
	size_t n;

	(void)state;
	tell_stack(&r, 9, pcs + 1, victim_plain(pcs) - 1);
	frames = tl_symbols_stack(symbols, NONCE, 9, &n);
	assert_non_null(frames);
	/* What is left begins in a library that called us. */
	assert_true(n >= 1);
	assert_string_not_equal(frames[0].module, r.rename);
	stop(&r, symbols);
}

static void test_symbol_of_an_unknown_stack_is_nothing(void **state)
{
	struct recording r = {0};
	struct tl_symbols *symbols = start(&r);
	size_t n = 7;

	(void)state;
	assert_null(tl_symbols_stack(symbols, NONCE, 77, &n));
	assert_int_equal(n, 0);
	stop(&r, symbols);
	tl_symbols_destroy(NULL);
}

/* A stack asked for before its modules are known is resolved again afterwards. */
static void test_symbol_learns_of_modules_later(void **state)
{
	struct recording r = {.without_modules = true};
	struct tl_symbols *symbols = start(&r);
	const struct tl_frame *frames;
	void *pcs[VICTIM_MAX];
	size_t n;

	(void)state;
	tell_stack(&r, 9, pcs, victim_plain(pcs));
	frames = tl_symbols_stack(symbols, NONCE, 9, &n);
	assert_null(frames[0].module);
	dl_iterate_phdr(tell_module, &r);
	frames = tl_symbols_stack(symbols, NONCE, 9, &n);
	find(frames, n, "victim_plain");
	stop(&r, symbols);
}

TL_UNIT_MAIN(cmocka_unit_test(test_symbol_finds_function_file_line_and_inlines),
	     cmocka_unit_test(test_symbol_demangles), cmocka_unit_test(test_symbol_names_an_entry),
	     cmocka_unit_test(test_symbol_says_nothing_of_another_build),
	     cmocka_unit_test(test_symbol_survives_missing_files),
	     cmocka_unit_test(test_symbol_leaves_out_its_own_wrappers),
	     cmocka_unit_test(test_symbol_of_an_unknown_stack_is_nothing),
	     cmocka_unit_test(test_symbol_learns_of_modules_later))
