/* Capture and de-duplication of stacks, and the modules they lie in; see stack.h. */
#include "tracer/stack.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "tracer/emit.h"
#include "tracer/process.h"

#define TABLE_BITS 16
#define TABLE_SIZE (1u << TABLE_BITS)
#define MODULES 1024u
#define PROBES 16
#define FEW_FRAMES 3 /* fewer than these by frame pointers: ask libunwind */
#define OWN_FRAMES 8 /* frames of ours that libunwind may walk through first */
#define MAIN_STACK_MAX ((size_t)64 << 20)

/*
 * Hashes of the stacks that were sent; the place is the number. One private
 * mapping, so that a fork's child can forget it all in one call.
 */
struct tables {
	_Atomic uint64_t stacks[TABLE_SIZE];
	_Atomic uint64_t modules[MODULES];
};
static struct tables *tables;

/*
 * libunwind is opened for us alone: linked, it would replace the program's
 * backtrace() and even its C++ exception handling.
 */
static int (*unwind)(void **pcs, int n);

/*
 * libunwind's first use in a thread allocates, by the program's own malloc, a
 * cache of that thread's. That must not happen while the program waits for a
 * lock, perhaps inside that very malloc: so it happens where a thread begins,
 * and a thread whose beginning was not seen has no stacks by unwind tables.
 */
static void prepare_unwind(void)
{
	void *raw[2];
	struct tl_inside inside;

	/* Unrecorded, a program that links the library gets no descriptors of libunwind's. */
	if (!unwind || !*tl_emit_recording_flag())
		return;
	inside = tl_enter();
	unwind(raw, 2);
	tl_thread.unwinds = true;
	tl_leave(inside);
}

extern void *__libc_stack_end; /* glibc: the outermost address of main's stack */

/*
 * Under ThreadSanitizer libunwind's locks are its own wrappers', which crash in a
 * thread that it has not set up yet, or has given up already: there libunwind begins
 * and ends. So it is left alone, and stacks are taken by frame pointers.
 */
static void *open_unwind(void)
{
	return dlsym(RTLD_DEFAULT, "__tsan_init") ? NULL : dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
}

void tl_stack_init(void)
{
	void *map = mmap(NULL, sizeof *tables, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *library = open_unwind();
	struct rlimit limit;

	tables = map == MAP_FAILED ? NULL : map;
	if (library)
		*(void **)&unwind = dlsym(library, "unw_backtrace");
	tl_thread.stack_high = (uintptr_t)__libc_stack_end;
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > MAIN_STACK_MAX)
		limit.rlim_cur = MAIN_STACK_MAX;
	tl_thread.stack_low = tl_thread.stack_high - limit.rlim_cur;
	prepare_unwind();
}

void tl_stack_forget(void)
{
	if (tables)
		madvise(tables, sizeof *tables, MADV_DONTNEED);
}

size_t tl_stack_default_size(void)
{
	struct rlimit limit;

	/* As glibc's own default: the soft limit, or 2 MiB when unlimited. */
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return (size_t)2 << 20;
	return limit.rlim_cur;
}

void tl_stack_begin_thread(size_t size)
{
	/* glibc keeps a thread's descriptor at the outer end of its stack. */
	tl_thread.stack_high = (uintptr_t)pthread_self();
	tl_thread.stack_low = size && size < tl_thread.stack_high ? tl_thread.stack_high - size : 0;
	if (size == 0)
		tl_thread.stack_high = 0;
	prepare_unwind();
}

/* Follows saved frame pointers while they lead outwards on this thread's stack. */
static unsigned walk(void *frame, uint64_t *pcs)
{
	uintptr_t at = (uintptr_t)frame, low = tl_thread.stack_low, high = tl_thread.stack_high;
	unsigned n = 0;

	if (at < low || at + 2 * sizeof(uintptr_t) > high)
		return 0;
	while (n < TL_STACK_FRAMES) {
		const uintptr_t *words = (const uintptr_t *)at;
		uintptr_t outer = words[0];

		if (words[1] < 4096)
			break;
		pcs[n++] = words[1];
		if (outer <= at || outer % sizeof(uintptr_t) != 0 || outer + 2 * sizeof(uintptr_t) > high)
			break;
		at = outer;
	}
	return n;
}

/* By unwind tables; the frames inside of the caller's are left out. */
static unsigned walk_tables(void *frame, uint64_t *pcs)
{
	void *raw[TL_STACK_FRAMES + OWN_FRAMES];
	void *caller = ((void **)frame)[1];
	struct tl_inside inside;
	int n, first = -1;

	if (!unwind || !tl_thread.unwinds)
		return 0;
	inside = tl_enter();
	n = unwind(raw, TL_STACK_FRAMES + OWN_FRAMES);
	tl_leave(inside);
	for (int i = 0; i < n && i <= OWN_FRAMES && first < 0; i++)
		if (raw[i] == caller)
			first = i;
	if (first < 0)
		return 0;
	n -= first;
	for (int i = 0; i < n && i < TL_STACK_FRAMES; i++)
		pcs[i] = (uint64_t)(uintptr_t)raw[first + i];
	while (n > 0 && n <= TL_STACK_FRAMES && pcs[n - 1] == 0)
		n--;
	return n < TL_STACK_FRAMES ? (unsigned)n : TL_STACK_FRAMES;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

/*
 * The place of `key` in a table of 2^n places: found or newly taken; -1 when
 * its neighbourhood is full.
 */
static int place(_Atomic uint64_t *table, uint32_t size, uint64_t key, bool *is_new)
{
	for (uint32_t i = 0; i < PROBES; i++) {
		uint32_t at = (uint32_t)(key + i) & (size - 1);
		uint64_t found = atomic_load_explicit(&table[at], memory_order_relaxed);

		if (found == 0 && atomic_compare_exchange_strong(&table[at], &found, key)) {
			*is_new = true;
			return (int)at;
		}
		if (found == key) {
			*is_new = false;
			return (int)at;
		}
	}
	return -1;
}

/*
 * Where code was ever unloaded, as one range, and how often. Widened first and
 * counted then: whoever sees the count sees the range.
 */
static _Atomic uintptr_t unloaded_low = UINTPTR_MAX, unloaded_high;
static _Atomic uint32_t n_unloaded;

void tl_stack_unloaded(uintptr_t low, uintptr_t high)
{
	uintptr_t was = atomic_load(&unloaded_low);

	while (low < was && !atomic_compare_exchange_weak(&unloaded_low, &was, low))
		;
	was = atomic_load(&unloaded_high);
	while (high > was && !atomic_compare_exchange_weak(&unloaded_high, &was, high))
		;
	atomic_fetch_add(&n_unloaded, 1);
}

/* Which of the files that have been loaded at an address, in turn, is meant: 0 where there was but one. */
static uint32_t turn_of(uintptr_t address)
{
	uint32_t n = atomic_load_explicit(&n_unloaded, memory_order_acquire);

	return n && address >= atomic_load(&unloaded_low) && address < atomic_load(&unloaded_high) ? n : 0;
}

static uint64_t key_of(const uint64_t *pcs, unsigned n)
{
	bool turns = atomic_load_explicit(&n_unloaded, memory_order_relaxed) != 0;
	uint64_t key = 1;

	for (unsigned i = 0; i < n; i++) {
		key = mix(key, pcs[i]);
		if (__builtin_expect(turns, 0))
			key = mix(key, turn_of((uintptr_t)pcs[i]));
	}
	return key ? key : 1;
}

uint32_t tl_stack_capture(struct tl_entry *task, void *frame)
{
	uint64_t pcs[TL_STACK_FRAMES];
	struct tl_ev_stack event;
	unsigned n;
	bool is_new;
	int at;

	if (!tables || !*tl_emit_recording_flag())
		return 0;
	n = walk(frame, pcs);
	if (n < FEW_FRAMES) {
		unsigned more = walk_tables(frame, pcs);

		/* Both fill the same array; the first address is known in any case. */
		n = more ? more : 1;
		if (!more)
			pcs[0] = (uint64_t)((uintptr_t *)frame)[1];
	}
	at = place(tables->stacks, TABLE_SIZE, key_of(pcs, n), &is_new);
	if (at < 0)
		return 0;
	if (is_new) {
		for (unsigned i = 0; i < n; i++)
			tl_stack_tell_module(task, pcs[i]);
		event = (struct tl_ev_stack){.id = (uint32_t)at + 1, .pcs = pcs, .n_pcs = (uint8_t)n};
		tl_emit_stack(task, &event);
	}
	return (uint32_t)at + 1;
}

/* The build id in a mapped file's notes; its length, 0 when there is none. */
static uint8_t find_build_id(const char *base, size_t size, const uint8_t **id)
{
	const ElfW(Ehdr) *header = (const void *)base;
	const ElfW(Phdr) * segment;

	if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_phoff + (size_t)header->e_phnum * sizeof *segment > 4096)
		return 0;
	segment = (const void *)(base + header->e_phoff);
	for (unsigned i = 0; i < header->e_phnum; i++) {
		const char *at = base + segment[i].p_offset, *end = at + segment[i].p_filesz;

		if (segment[i].p_type != PT_NOTE || segment[i].p_offset + segment[i].p_filesz > 4096)
			continue;
		while (at + sizeof(ElfW(Nhdr)) <= end) {
			const ElfW(Nhdr) *note = (const void *)at;
			size_t name = (note->n_namesz + 3u) & ~3u, bytes = (note->n_descsz + 3u) & ~3u;

			at += sizeof *note;
			if (name > (size_t)(end - at) || bytes > (size_t)(end - at) - name)
				break;
			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && note->n_descsz <= 64 &&
			    memcmp(at, "GNU", 4) == 0) {
				*id = (const uint8_t *)at + name;
				return (uint8_t)note->n_descsz;
			}
			at += name + bytes;
		}
	}
	return 0;
}

/*
 * _dl_find_object (glibc 2.35) takes no lock. dl_iterate_phdr and dladdr take
 * the loader's: waiting for it here, while the program holds locks of its own,
 * could deadlock a program that is correct.
 */
void tl_stack_tell_module(struct tl_entry *task, uint64_t address)
{
	struct dl_find_object found;
	struct tl_ev_module event;
	uint64_t key;
	bool is_new;

	if (!tables || _dl_find_object((void *)(uintptr_t)(address - 1), &found) != 0)
		return;
	key = mix(mix(1, (uint64_t)(uintptr_t)found.dlfo_map_start), (uint64_t)(uintptr_t)found.dlfo_link_map);
	key = mix(key, turn_of((uintptr_t)found.dlfo_map_start));
	if (place(tables->modules, MODULES, key ? key : 1, &is_new) < 0 || !is_new)
		return;
	event = (struct tl_ev_module){
		.base = (uint64_t)(uintptr_t)found.dlfo_map_start,
		.size = (uint64_t)((char *)found.dlfo_map_end - (char *)found.dlfo_map_start),
		.path = found.dlfo_link_map && found.dlfo_link_map->l_name[0] ? found.dlfo_link_map->l_name
									      : tl_process_program(),
	};
	event.n_build_id = find_build_id(found.dlfo_map_start, event.size, &event.build_id);
	tl_emit_module(task, &event);
}
