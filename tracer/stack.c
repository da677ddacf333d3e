/* Capture and de-duplication of stacks, and the modules they lie in; see stack.h. */
#include "tracer/stack.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>

#include "tracer/emit.h"
#include "tracer/keys.h"
#include "tracer/process.h"
#include "tracer/unwind.h"

#define TABLE_BITS 16
#define TABLE_SIZE (1u << TABLE_BITS)
#define MODULES 1024u
#define LOG_WORDS (TABLE_SIZE * 16u) /* memory only as far as it is used */

/*
 * Hashes of the stacks that were sent; the place is the number. One private
 * mapping, so that a fork's child can forget it all in one call.
 */
struct tables {
	_Atomic uint64_t stacks[TABLE_SIZE];
	_Atomic uint32_t told[TABLE_SIZE]; /* where in `log` each is kept, plus one; 0: not yet */
	_Atomic uint32_t n_log;
	uint64_t log[LOG_WORDS]; /* stacks as they were told: how many addresses, then these */
	_Atomic uint64_t modules[MODULES];
};
static struct tables *tables;

static bool is_wanted(void)
{
	return tables && *tl_emit_recording_flag();
}

void tl_stack_init(void)
{
	void *map = mmap(NULL, sizeof *tables, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	tables = map == MAP_FAILED ? NULL : map;
	tl_unwind_init();
}

void tl_stack_forget(void)
{
	if (tables)
		madvise(tables, sizeof *tables, MADV_DONTNEED);
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

/* What the addresses are known by; never 0. */
static uint64_t key_of(const uint64_t *pcs, unsigned n)
{
	bool turns = atomic_load_explicit(&n_unloaded, memory_order_relaxed) != 0;
	uint64_t key = 1;

	for (unsigned i = 0; i < n; i++) {
		key = tl_key_mix(key, pcs[i]);
		if (__builtin_expect(turns, 0))
			key = tl_key_mix(key, turn_of((uintptr_t)pcs[i]));
	}
	return key ? key : 1;
}

static void tell(struct tl_entry *task, uint32_t at, const uint64_t *pcs, unsigned n)
{
	struct tl_ev_stack event = {.id = at + 1, .pcs = pcs, .n_pcs = (uint8_t)n};

	for (unsigned i = 0; i < n; i++)
		tl_stack_tell_module(task, pcs[i]);
	tl_emit_stack(task, &event);
}

/* For later dumps; what finds no room is in this recording only. */
static void keep(uint32_t at, const uint64_t *pcs, unsigned n)
{
	uint32_t from = atomic_load(&tables->n_log);

	do
		if (from + 1 + n > LOG_WORDS)
			return;
	while (!atomic_compare_exchange_weak(&tables->n_log, &from, from + 1 + n));
	tables->log[from] = n;
	for (unsigned i = 0; i < n; i++)
		tables->log[from + 1 + i] = pcs[i];
	atomic_store_explicit(&tables->told[at], from + 1, memory_order_release);
}

/* The number of a stack, which is sent if it is new. */
static uint32_t number_of(struct tl_entry *task, const uint64_t *pcs, unsigned n)
{
	bool is_new;
	int at = tl_keys_place(tables->stacks, TABLE_SIZE, key_of(pcs, n), &is_new);

	if (at < 0)
		return 0;
	if (is_new) {
		keep((uint32_t)at, pcs, n);
		tell(task, (uint32_t)at, pcs, n);
	}
	return (uint32_t)at + 1;
}

uint32_t tl_stack_of_site(struct tl_entry *task, uint64_t site)
{
	return tables && site ? number_of(task, &site, 1) : 0;
}

/* What was unloaded since keeps its stacks to itself: others would resolve them wrongly. */
void tl_stack_tell_all(struct tl_entry *task)
{
	if (!tables)
		return;
	for (uint32_t i = 0; i < MODULES; i++)
		atomic_store(&tables->modules[i], 0);
	for (uint32_t at = 0; at < TABLE_SIZE; at++) {
		uint32_t from = atomic_load_explicit(&tables->told[at], memory_order_acquire);
		const uint64_t *pcs = from ? &tables->log[from] : NULL;

		if (pcs && key_of(pcs, (unsigned)pcs[-1]) == atomic_load(&tables->stacks[at]))
			tell(task, at, pcs, (unsigned)pcs[-1]);
	}
}

uint32_t tl_stack_capture(struct tl_entry *task, void *frame, enum tl_unwind_use use)
{
	uint64_t pcs[TL_UNWIND_FRAMES];

	return is_wanted() ? number_of(task, pcs, tl_unwind_frames(frame, pcs, use)) : 0;
}

uint32_t tl_stack_earlier(struct tl_entry *task, const void *frame, uint64_t site)
{
	uint64_t pcs[TL_UNWIND_FRAMES];

	return is_wanted() ? number_of(task, pcs, tl_unwind_earlier(frame, site, pcs)) : 0;
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

	if (!is_wanted() || _dl_find_object((void *)(uintptr_t)(address - 1), &found) != 0)
		return;
	key = tl_key_mix(tl_key_mix(1, (uint64_t)(uintptr_t)found.dlfo_map_start),
			 (uint64_t)(uintptr_t)found.dlfo_link_map);
	key = tl_key_mix(key, turn_of((uintptr_t)found.dlfo_map_start));
	if (tl_keys_place(tables->modules, MODULES, key ? key : 1, &is_new) < 0 || !is_new)
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
