/* Finds where LTTng's libraries lie; see own.h. */
#include "tracer/interpose/own.h"

#include <link.h>
#include <string.h>

#define SPANS_MAX 64 /* LTTng's libraries are about eight, of four or five segments */

static struct span {
	uint64_t low, high;
} spans[SPANS_MAX];
static unsigned n_spans;

static bool is_lttng(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return strncmp(name, "liblttng-ust", strlen("liblttng-ust")) == 0 ||
	       strncmp(name, "liburcu", strlen("liburcu")) == 0 || strncmp(name, "libunwind", strlen("libunwind")) == 0;
}

static int note(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	if (!info->dlpi_name || !is_lttng(info->dlpi_name))
		return 0;
	for (int i = 0; i < info->dlpi_phnum && n_spans < SPANS_MAX; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type != PT_LOAD)
			continue;
		spans[n_spans].low = info->dlpi_addr + header->p_vaddr;
		spans[n_spans].high = spans[n_spans].low + header->p_memsz;
		n_spans++;
	}
	return 0;
}

void tl_own_init(void)
{
	dl_iterate_phdr(note, NULL);
}

bool tl_is_lttngs(uint64_t address)
{
	for (unsigned i = 0; i < n_spans; i++)
		if (address >= spans[i].low && address < spans[i].high)
			return true;
	return false;
}
