/*
 * One file of code on disk (a program or a shared library) and what its symbols
 * and DWARF say about an address in it. The only part that speaks to libdw.
 * Knows nothing of processes: addresses are relative to the file's first byte as
 * it is mapped.
 */
#ifndef TL_SYMBOL_MODULE_H
#define TL_SYMBOL_MODULE_H

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"
#include "viewer/symbol/symbol.h"

struct tl_code;

struct tl_frames {
	TL_VEC(struct tl_frame) list;
};

/*
 * Opens `path`. If a build id is given (n > 0) and the file has another or none,
 * or if the file cannot be read, every address in it stays unknown. NULL: out of
 * memory. Texts found later are kept in `arena`, or in the code itself.
 */
struct tl_code *tl_code_create(const char *path, const uint8_t *build_id, size_t n, struct tl_arena *arena);
/* Accepts NULL. */
void tl_code_destroy(struct tl_code *code);

/*
 * Appends the frames at `offset` from the first byte: the functions inlined
 * there, innermost first, then the one that holds them. At least one is appended
 * if there is memory; it has no function when nothing is known. `address` and
 * `module` are copied into each. 0, or TL_ENOMEM.
 */
int tl_code_resolve(struct tl_code *code, uint64_t offset, uint64_t address, const char *module,
		    struct tl_frames *frames);

#endif
