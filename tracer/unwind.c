/* Walks stacks; see unwind.h. */
#include "tracer/unwind.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/resource.h>

#define UNW_LOCAL_ONLY
#include <libunwind.h>

#include "tracer/emit.h"

#define FEW_FRAMES 3 /* fewer than these by frame pointers: ask libunwind */
#define OWN_FRAMES 8 /* frames of ours that libunwind may walk through first */
#define STEPS_MAX 64 /* frames looked at for one that has returned */
#define MAIN_STACK_MAX ((size_t)64 << 20)

/*
 * libunwind is opened for us alone: linked, it would replace the program's
 * backtrace() and even its C++ exception handling. Its names differ by machine
 * and are macros: the text of what they stand for is looked up.
 */
#define NAME_(macro) #macro
#define NAME(macro) NAME_(macro)

static struct {
	int (*backtrace)(void **pcs, int n);
	int (*getcontext)(unw_context_t *context);
	int (*init)(unw_cursor_t *cursor, unw_context_t *context);
	int (*step)(unw_cursor_t *cursor);
	int (*get_reg)(unw_cursor_t *cursor, int reg, unw_word_t *value);
	int (*get_proc)(unw_cursor_t *cursor, unw_proc_info_t *info);
} libunwind;

/*
 * Under ThreadSanitizer libunwind's locks are its own wrappers', which crash in a
 * thread that it has not set up yet, or has given up already: there libunwind begins
 * and ends. So it is left alone, and stacks are taken by frame pointers.
 */
static void open_library(void)
{
	bool sanitized = dlsym(RTLD_DEFAULT, "__tsan_init") != NULL;
	void *library = sanitized ? NULL : dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	*(void **)&libunwind.backtrace = dlsym(library, "unw_backtrace");
#ifdef __x86_64__ /* elsewhere it is no function but inline code */
	*(void **)&libunwind.getcontext = dlsym(library, NAME(unw_tdep_getcontext));
#endif
	*(void **)&libunwind.init = dlsym(library, NAME(unw_init_local));
	*(void **)&libunwind.step = dlsym(library, NAME(unw_step));
	*(void **)&libunwind.get_reg = dlsym(library, NAME(unw_get_reg));
	*(void **)&libunwind.get_proc = dlsym(library, NAME(unw_get_proc_info));
}

static bool malloc_is_libcs;

static bool is_libcs(const char *name)
{
	struct dl_find_object libc, found;
	void *address = dlsym(RTLD_DEFAULT, name), *libcs = dlsym(RTLD_DEFAULT, "gnu_get_libc_version");

	return address && libcs && _dl_find_object(libcs, &libc) == 0 &&
	       _dl_find_object(address, &found) == 0 && found.dlfo_link_map == libc.dlfo_link_map;
}

/* Where a thread begins: its first use now, if it cannot wait (unwind.h). */
static void prepare(void)
{
	void *raw[1];
	struct tl_inside inside;

	/* Unrecorded, a program that links the library gets no descriptors of libunwind's. */
	if (malloc_is_libcs || !libunwind.backtrace || !*tl_emit_recording_flag())
		return;
	inside = tl_enter();
	libunwind.backtrace(raw, 1);
	tl_thread.unwinds = true;
	tl_leave(inside);
}

/* Can libunwind be used in this thread, here and now? */
static bool can_unwind(enum tl_unwind_use use)
{
	if (!tl_thread.unwinds && use == TL_UNWIND_MAY_BEGIN && malloc_is_libcs && libunwind.backtrace)
		tl_thread.unwinds = true;
	return tl_thread.unwinds;
}

static bool can_step(void)
{
	return libunwind.getcontext && libunwind.init && libunwind.step && libunwind.get_reg && libunwind.get_proc &&
	       can_unwind(TL_UNWIND_MAY_BEGIN);
}

extern void *__libc_stack_end; /* glibc: the outermost address of main's stack */

void tl_unwind_init(void)
{
	struct rlimit limit;

	open_library();
	malloc_is_libcs = is_libcs("malloc") && is_libcs("calloc") && is_libcs("aligned_alloc");
	tl_thread.stack_high = (uintptr_t)__libc_stack_end;
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur > MAIN_STACK_MAX)
		limit.rlim_cur = MAIN_STACK_MAX;
	tl_thread.stack_low = tl_thread.stack_high - limit.rlim_cur;
	prepare();
}

size_t tl_unwind_default_size(void)
{
	struct rlimit limit;

	/* As glibc's own default: the soft limit, or 2 MiB when unlimited. */
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return (size_t)2 << 20;
	return limit.rlim_cur;
}

void tl_unwind_begin_thread(size_t size)
{
	/* glibc keeps a thread's descriptor at the outer end of its stack. */
	tl_thread.stack_high = (uintptr_t)pthread_self();
	tl_thread.stack_low = size && size < tl_thread.stack_high ? tl_thread.stack_high - size : 0;
	if (size == 0)
		tl_thread.stack_high = 0;
	prepare();
}

/* Follows saved frame pointers while they lead outwards on this thread's stack. */
static unsigned walk(void *frame, uint64_t *pcs)
{
	uintptr_t at = (uintptr_t)frame, low = tl_thread.stack_low, high = tl_thread.stack_high;
	unsigned n = 0;

	if (at < low || at + 2 * sizeof(uintptr_t) > high)
		return 0;
	while (n < TL_UNWIND_FRAMES) {
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
static unsigned walk_tables(void *frame, uint64_t *pcs, enum tl_unwind_use use)
{
	void *raw[TL_UNWIND_FRAMES + OWN_FRAMES];
	void *caller = ((void **)frame)[1];
	struct tl_inside inside;
	int n, first = -1;

	if (!can_unwind(use))
		return 0;
	inside = tl_enter();
	n = libunwind.backtrace(raw, TL_UNWIND_FRAMES + OWN_FRAMES);
	tl_leave(inside);
	for (int i = 0; i < n && i <= OWN_FRAMES && first < 0; i++)
		if (raw[i] == caller)
			first = i;
	if (first < 0)
		return 0;
	n -= first;
	for (int i = 0; i < n && i < TL_UNWIND_FRAMES; i++)
		pcs[i] = (uint64_t)(uintptr_t)raw[first + i];
	while (n > 0 && n <= TL_UNWIND_FRAMES && pcs[n - 1] == 0)
		n--;
	return n < TL_UNWIND_FRAMES ? (unsigned)n : TL_UNWIND_FRAMES;
}

unsigned tl_unwind_frames(void *frame, uint64_t *pcs, enum tl_unwind_use use)
{
	unsigned n = walk(frame, pcs);

	if (n < FEW_FRAMES) {
		unsigned more = walk_tables(frame, pcs, use);

		/* Both fill the same array; the first address is known in any case. */
		n = more ? more : 1;
		if (!more)
			pcs[0] = (uint64_t)((uintptr_t *)frame)[1];
	}
	return n;
}

static uint64_t address_of(unw_cursor_t *cursor, int reg)
{
	unw_word_t value;

	return libunwind.get_reg(cursor, reg, &value) < 0 ? 0 : value;
}

/*
 * Moves to the innermost frame that encloses the stack address `slot`, the place
 * of a return address: that of the function that made the call, if it runs still.
 */
static bool find_encloser(unw_cursor_t *cursor, uint64_t slot)
{
	unw_cursor_t outer = *cursor;

	for (int i = 0; i < STEPS_MAX && libunwind.step(&outer) > 0; i++) {
		/* A frame ends where its caller's stack pointer was. */
		if (address_of(&outer, UNW_REG_SP) > slot + sizeof(uintptr_t))
			return true;
		*cursor = outer;
	}
	return false;
}

unsigned tl_unwind_earlier(const void *frame, uint64_t site, uint64_t *pcs)
{
	unw_context_t context;
	unw_cursor_t cursor;
	unw_proc_info_t procedure;
	struct tl_inside inside;
	unsigned n = 1;

	pcs[0] = site;
	if (!can_step())
		return n;
	inside = tl_enter();
	libunwind.getcontext(&context);
	if (libunwind.init(&cursor, &context) == 0 &&
	    find_encloser(&cursor, (uint64_t)(uintptr_t)frame + sizeof(uintptr_t)) &&
	    libunwind.get_proc(&cursor, &procedure) == 0 && site > procedure.start_ip && site <= procedure.end_ip)
		while (n < TL_UNWIND_FRAMES && libunwind.step(&cursor) > 0 &&
		       (pcs[n] = address_of(&cursor, UNW_REG_IP)) != 0)
			n++;
	tl_leave(inside);
	return n;
}
