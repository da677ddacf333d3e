/* Which build of the program this is: its caches are of no use to any other. */
#include <link.h>
#include <string.h>

#include "viewer/cache/layout.h"

/* The build id of the program itself, the first object that is listed (elf(5), NT_GNU_BUILD_ID). */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *data)
{
	uint64_t *build = data;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const char *at = (const char *)(uintptr_t)(info->dlpi_addr + header->p_vaddr);
		const char *end = at + header->p_memsz;

		while (header->p_type == PT_NOTE && (size_t)(end - at) >= sizeof(ElfW(Nhdr))) {
			ElfW(Nhdr) note;
			size_t name, text;

			memcpy(&note, at, sizeof note);
			at += sizeof note;
			name = ((size_t)note.n_namesz + 3) & ~(size_t)3;
			text = ((size_t)note.n_descsz + 3) & ~(size_t)3;
			if (name > (size_t)(end - at) || text > (size_t)(end - at) - name)
				break;
			if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(at, "GNU", 4) == 0) {
				build[0] = tl_checksum(at + name, note.n_descsz, build[0]);
				build[1] = tl_checksum(at + name, note.n_descsz, build[1]);
				return 1;
			}
			at += name + text;
		}
	}
	return 1;
}

void tl_cache_build(uint64_t build[2])
{
	static const uint32_t sizes[] = {sizeof(struct tl_span_more),
					 sizeof(struct tl_edge),
					 sizeof(struct tl_edge_ref),
					 sizeof(struct tl_level),
					 sizeof(struct tl_source_info),
					 TL_SPAN_BLOCK,
					 TL_CODE_LOOK_BITS,
					 TL_N_LOOKS,
					 TL_OVERVIEW,
					 TL_N_EVENT_KINDS,
					 TL_N_REASONS};

	build[0] = tl_checksum(sizes, sizeof sizes, TL_CACHE_LAYOUT);
	build[1] = tl_checksum(THREADLINE_VERSION, strlen(THREADLINE_VERSION), build[0]);
	dl_iterate_phdr(find_build_id, build);
}
