/*
 * dlclose: what it really unloads is gone from its addresses, where the next
 * library may be put. dlopen is left alone: it looks at who calls it.
 */
#include <dlfcn.h>
#include <link.h>

#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

#define FILES_MAX 512 /* more than that are not compared */

struct range {
	uintptr_t low, high;
};

struct files {
	unsigned n;
	struct range ranges[FILES_MAX];
};

static struct range range_of(const struct dl_phdr_info *info)
{
	struct range range = {UINTPTR_MAX, 0};

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + header->p_vaddr;

		if (header->p_type != PT_LOAD)
			continue;
		if (at < range.low)
			range.low = at;
		if (at + header->p_memsz > range.high)
			range.high = at + header->p_memsz;
	}
	return range;
}

static int note(struct dl_phdr_info *info, size_t size, void *data)
{
	struct files *files = data;

	(void)size;
	if (files->n < FILES_MAX)
		files->ranges[files->n++] = range_of(info);
	return 0;
}

/* Strikes out what is still there. */
static int strike(struct dl_phdr_info *info, size_t size, void *data)
{
	struct files *files = data;
	struct range range = range_of(info);

	(void)size;
	for (unsigned i = 0; i < files->n; i++)
		if (files->ranges[i].low == range.low)
			files->ranges[i] = (struct range){0};
	return 0;
}

__attribute__((noinline)) static int close_and_compare(void *library)
{
	struct files files = {0};
	int result;

	dl_iterate_phdr(note, &files);
	result = tl_real()->dlclose(library);
	dl_iterate_phdr(strike, &files);
	for (unsigned i = 0; i < files.n; i++)
		if (files.ranges[i].high)
			tl_stack_unloaded(files.ranges[i].low, files.ranges[i].high);
	return result;
}

TL_WRAPPER int dlclose(void *library)
{
	return tl_tracing() ? close_and_compare(library) : tl_real()->dlclose(library);
}
