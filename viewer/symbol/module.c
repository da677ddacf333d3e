/* One file of code and its symbols, with libdwfl; see module.h. */
#include "viewer/symbol/module.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The C++ ABI's own demangler (Itanium C++ ABI, section 3.4), from libstdc++. */
extern char *__cxa_demangle(const char *mangled, char *buffer, size_t *length, int *status);

struct tl_code {
	Dwfl *dwfl;
	Dwfl_Module *module; /* NULL: nothing is known of this file */
	Dwarf_Addr first;    /* where libdwfl puts the file's first mapped byte */
	struct tl_arena *arena;
};

static char *default_debug_path;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo, /* by build id, then by debug link */
	.debuginfo_path = &default_debug_path,
};

static bool same_build(Dwfl_Module *module, const uint8_t *build_id, size_t n)
{
	const unsigned char *own;
	GElf_Addr address;
	int n_own;

	if (n == 0)
		return true;
	n_own = dwfl_module_build_id(module, &own, &address);
	return n_own > 0 && (size_t)n_own == n && memcmp(own, build_id, n) == 0;
}

/* The address of the first mapped byte: the page of the lowest loaded segment. */
static bool find_first(struct tl_code *code)
{
	uint64_t lowest = UINT64_MAX, page = (uint64_t)sysconf(_SC_PAGESIZE);
	GElf_Addr bias = 0;
	Elf *elf = dwfl_module_getelf(code->module, &bias);
	size_t n = 0;

	if (!elf || elf_getphdrnum(elf, &n) != 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) && header.p_type == PT_LOAD && header.p_vaddr < lowest)
			lowest = header.p_vaddr;
	}
	code->first = (lowest & ~(page - 1)) + bias;
	return lowest != UINT64_MAX;
}

struct tl_code *tl_code_create(const char *path, const uint8_t *build_id, size_t n, struct tl_arena *arena)
{
	struct tl_code *code = calloc(1, sizeof *code);
	struct stat st;

	if (!code)
		return NULL;
	code->arena = arena;
	/* A device or a pipe with the name of a library must not be waited for. */
	if (path[0] != '/' || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return code;
	code->dwfl = dwfl_begin(&callbacks);
	if (!code->dwfl)
		return code;
	dwfl_report_begin(code->dwfl);
	code->module = dwfl_report_elf(code->dwfl, path, path, -1, 0, false);
	if (dwfl_report_end(code->dwfl, NULL, NULL) != 0 ||
	    (code->module && (!same_build(code->module, build_id, n) || !find_first(code))))
		code->module = NULL;
	return code;
}

void tl_code_destroy(struct tl_code *code)
{
	if (!code)
		return;
	if (code->dwfl)
		dwfl_end(code->dwfl);
	free(code);
}

/* ---- names ----------------------------------------------------------------- */

/* The name as its author wrote it. Falls back to the raw name. */
static const char *demangle(struct tl_code *code, const char *name)
{
	char *plain;
	const char *kept;
	int status;

	if (!name || strncmp(name, "_Z", 2) != 0)
		return name;
	plain = __cxa_demangle(name, NULL, NULL, &status);
	kept = plain ? tl_arena_string(code->arena, plain) : NULL;
	free(plain);
	return kept ? kept : name;
}

static const char *die_text(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute value;

	return dwarf_formstring(dwarf_attr_integrate(die, attribute, &value));
}

static const char *function_name(struct tl_code *code, Dwarf_Die *die)
{
	const char *name = die_text(die, DW_AT_linkage_name);

	if (!name)
		name = die_text(die, DW_AT_MIPS_linkage_name);
	return demangle(code, name ? name : die_text(die, DW_AT_name));
}

/* ---- places ---------------------------------------------------------------- */

struct place {
	const char *file;
	int line;
};

/* A path of the line table, made absolute with the folder it was compiled in. */
static const char *full_path(struct tl_code *code, const char *file, const char *folder)
{
	char path[4096];
	const char *kept;

	if (!file || file[0] == '/' || !folder ||
	    snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path)
		return file;
	kept = tl_arena_string(code->arena, path);
	return kept ? kept : file;
}

static struct place place_at(struct tl_code *code, Dwarf_Addr address)
{
	Dwfl_Line *line = dwfl_module_getsrc(code->module, address);
	struct place place = {0};

	if (line) {
		place.file = dwfl_lineinfo(line, NULL, &place.line, NULL, NULL, NULL);
		place.file = full_path(code, place.file, dwfl_line_comp_dir(line));
	}
	return place;
}

static Dwarf_Word number(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute value;
	Dwarf_Word n;

	return dwarf_formudata(dwarf_attr(die, attribute, &value), &n) == 0 ? n : 0;
}

/* Where an inlined function was called. */
static struct place call_place(struct tl_code *code, Dwarf_Die *unit, Dwarf_Die *inlined)
{
	struct place place = {.line = (int)number(inlined, DW_AT_call_line)};
	Dwarf_Files *files;
	size_t n;

	if (dwarf_getsrcfiles(unit, &files, &n) == 0)
		place.file = full_path(code, dwarf_filesrc(files, number(inlined, DW_AT_call_file), NULL, NULL),
				       die_text(unit, DW_AT_comp_dir));
	return place;
}

/* ---- frames ---------------------------------------------------------------- */

static int add(struct tl_frames *frames, const struct tl_frame *base, const char *function, struct place place,
	       bool is_inline)
{
	struct tl_frame frame = *base;

	frame.function = function;
	frame.file = place.file;
	frame.line = place.line;
	frame.is_inline = is_inline;
	return tl_vec_push(&frames->list, frame) == 0 ? 0 : TL_ENOMEM;
}

/* The innermost scope at an address and all around it, from the heap; how many, or less than 1. */
static int find_scopes(Dwarf_Die *unit, Dwarf_Addr address, Dwarf_Die **scopes)
{
	Dwarf_Die *innermost = NULL;
	int n = dwarf_getscopes(unit, address, &innermost);

	if (n > 0)
		n = dwarf_getscopes_die(innermost, scopes);
	free(innermost);
	return n;
}

/*
 * Appends the functions around an address as DWARF tells them; 1 if the chain
 * ends in a real function, 0 if nothing was appended, or a code.
 */
static int add_scopes(struct tl_code *code, Dwarf_Addr address, const struct tl_frame *base, struct place place,
		      struct tl_frames *frames)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = dwfl_module_addrdie(code->module, address, &bias), *scopes = NULL;
	int n = unit ? find_scopes(unit, address - bias, &scopes) : 0;
	size_t before = frames->list.n;
	int result = 0;

	for (int i = 0; i < n && result == 0; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag == DW_TAG_inlined_subroutine) {
			result = add(frames, base, function_name(code, &scopes[i]), place, true);
			place = call_place(code, unit, &scopes[i]);
		} else if (tag == DW_TAG_subprogram) {
			result = add(frames, base, function_name(code, &scopes[i]), place, false);
			result = result < 0 ? result : 1;
		}
	}
	free(scopes);
	if (result == 0)
		frames->list.n = before;
	return result;
}

int tl_code_resolve(struct tl_code *code, uint64_t offset, uint64_t address, const char *module,
		    struct tl_frames *frames)
{
	struct tl_frame base = {.address = address, .module = module};
	struct place place = {0};
	GElf_Off in_symbol;
	GElf_Sym symbol;
	Dwarf_Addr at;
	int result;

	if (!code->module)
		return add(frames, &base, NULL, place, false);
	at = code->first + offset;
	place = place_at(code, at);
	result = add_scopes(code, at, &base, place, frames);
	if (result != 0)
		return result < 0 ? result : 0;
	return add(frames, &base,
		   demangle(code, dwfl_module_addrinfo(code->module, at, &in_symbol, &symbol, NULL, NULL, NULL)), place,
		   false);
}
