/*
 * Stacks of processes to frames: finds the module of each address, asks it
 * (module.h), and remembers the answer. A file that many processes have loaded is
 * opened once.
 */
#include "viewer/symbol/symbol.h"

#include <string.h>

#include "viewer/symbol/module.h"

#define OWN_LIBRARIES "libthreadline"

/* What tells one file from another. */
struct code_key {
	const char *path;
	const uint8_t *build_id;
	uint8_t n_build_id;
};

struct code_entry {
	struct code_key key;
	struct tl_code *code;
	struct code_entry *next;
};

struct stack_entry {
	uint64_t key;                    /* process nonce << 32 | id */
	const struct tl_module *modules; /* of the process then: when more are known, it is resolved again */
	const struct tl_frame *frames;
	size_t n;
	UT_hash_handle hh;
};

struct function_key {
	uint64_t address;
	uint32_t nonce;
	uint32_t unused; /* 0: no padding, for it is hashed as bytes */
};

struct function_entry {
	struct function_key key;
	const struct tl_module *modules;
	const char *name;
	UT_hash_handle hh;
};

struct tl_symbols {
	const struct tl_state *state;
	struct tl_arena arena;
	struct code_entry *codes; /* few: one a file */
	struct stack_entry *stacks;
	struct function_entry *functions;
};

/*
 * libdwfl would ask the servers that DEBUGINFOD_URLS names. A checker that goes to
 * the network because of a trace is not what anyone expects, and libdwfl knows no
 * other way to be told.
 */
struct tl_symbols *tl_symbols_create(const struct tl_state *state)
{
	struct tl_symbols *symbols = calloc(1, sizeof *symbols);

	if (!symbols)
		return NULL;
	unsetenv("DEBUGINFOD_URLS");
	symbols->state = state;
	tl_arena_init(&symbols->arena);
	return symbols;
}

void tl_symbols_destroy(struct tl_symbols *symbols)
{
	struct code_entry *code;

	if (!symbols)
		return;
	while ((code = symbols->codes)) {
		symbols->codes = code->next;
		tl_code_destroy(code->code);
	}
	HASH_CLEAR(hh, symbols->stacks);
	HASH_CLEAR(hh, symbols->functions);
	tl_arena_finish(&symbols->arena);
	free(symbols);
}

static bool same_file(const struct code_key *a, const struct code_key *b)
{
	return strcmp(a->path, b->path) == 0 && a->n_build_id == b->n_build_id &&
	       (a->n_build_id == 0 || memcmp(a->build_id, b->build_id, a->n_build_id) == 0);
}

/* The code of a module; NULL when out of memory. */
static struct tl_code *find_code(struct tl_symbols *symbols, const struct tl_module *module)
{
	struct code_key key = {module->path ? module->path : "", module->build_id, module->n_build_id};
	struct code_entry *entry;

	for (entry = symbols->codes; entry; entry = entry->next)
		if (same_file(&entry->key, &key))
			return entry->code;
	entry = tl_arena_alloc(&symbols->arena, sizeof *entry);
	if (!entry)
		return NULL;
	entry->key = key;
	entry->code = tl_code_create(key.path, key.build_id, key.n_build_id, &symbols->arena);
	if (!entry->code)
		return NULL;
	entry->next = symbols->codes;
	symbols->codes = entry;
	return entry->code;
}

/* The latest module at an address among those from `module` on and before `end`: an earlier one was unloaded. */
static const struct tl_module *find_module(const struct tl_module *module, const struct tl_module *end,
					   uint64_t address)
{
	while (module != end && (address < module->base || address - module->base >= module->size))
		module = module->next;
	return module == end ? NULL : module;
}

/* Where a stack's address lay when the stack was told; else what was told of the place first after that. */
static const struct tl_module *find_module_then(const struct tl_process *process, const struct tl_stack *stack,
						uint64_t address)
{
	const struct tl_module *found = find_module(stack->modules, NULL, address), *later;

	if (found || !process)
		return found;
	for (later = process->modules; (later = find_module(later, stack->modules, address)); later = later->next)
		found = later;
	return found;
}

static bool is_own(const struct tl_module *module)
{
	const char *name = module && module->path ? module->path : "";
	const char *slash = strrchr(name, '/');

	return strncmp(slash ? slash + 1 : name, OWN_LIBRARIES, strlen(OWN_LIBRARIES)) == 0;
}

/* Appends the frames at `lookup`, recorded as `address`. */
static int resolve(struct tl_symbols *symbols, const struct tl_module *module, uint64_t address, uint64_t lookup,
		   struct tl_frames *frames)
{
	size_t before = frames->list.n;
	struct tl_code *code;
	int result;

	if (!module)
		return tl_vec_push(&frames->list, (struct tl_frame){.address = address}) == 0 ? 0 : TL_ENOMEM;
	code = find_code(symbols, module);
	if (!code)
		return TL_ENOMEM;
	result = tl_code_resolve(code, lookup - module->base, address, module->path, frames);
	for (size_t i = before; i < frames->list.n; i++)
		frames->list.items[i].offset = address - module->base;
	return result;
}

/*
 * All frames of a stack. A recorded address is where a call returns to, which may
 * already be the next line or even the next function: the call is one byte before.
 */
static int resolve_stack(struct tl_symbols *symbols, const struct tl_process *process, const struct tl_stack *stack,
			 struct tl_frames *frames)
{
	int result = 0;

	for (size_t i = 0; i < stack->n && result == 0; i++) {
		uint64_t address = stack->pcs[i], call = address ? address - 1 : 0;
		const struct tl_module *module = find_module_then(process, stack, call);

		/* Our wrappers stand between the program's frames and belong to none of them. */
		if (!is_own(module))
			result = resolve(symbols, module, address, call, frames);
	}
	return result;
}

/* The entry of a stack, made at the first question; NULL when out of memory. */
static struct stack_entry *find_entry(struct tl_symbols *symbols, uint64_t key)
{
	struct stack_entry *entry;

	HASH_FIND(hh, symbols->stacks, &key, sizeof key, entry);
	if (entry)
		return entry;
	entry = tl_arena_alloc(&symbols->arena, sizeof *entry);
	if (!entry)
		return NULL;
	entry->key = key;
	HASH_ADD(hh, symbols->stacks, key, sizeof entry->key, entry);
	return entry;
}

const struct tl_frame *tl_symbols_stack(struct tl_symbols *symbols, uint32_t nonce, uint32_t stack, size_t *n)
{
	const struct tl_stack *recorded = tl_state_find_stack(symbols->state, nonce, stack);
	const struct tl_process *process = tl_state_find_process(symbols->state, nonce);
	const struct tl_module *modules = process ? process->modules : NULL;
	struct tl_frames frames = {0};
	struct stack_entry *entry;

	*n = 0;
	entry = recorded ? find_entry(symbols, (uint64_t)nonce << 32 | stack) : NULL;
	if (!entry)
		return NULL;
	if (!entry->frames || entry->modules != modules) {
		if (resolve_stack(symbols, process, recorded, &frames) == 0) {
			entry->frames = tl_arena_copy(&symbols->arena, frames.list.items,
						      frames.list.n * sizeof *frames.list.items);
			entry->n = entry->frames ? frames.list.n : 0;
			entry->modules = modules;
		}
		tl_vec_finish(&frames.list);
	}
	*n = entry->n;
	return entry->frames;
}

static const char *resolve_function(struct tl_symbols *symbols, const struct tl_process *process, uint64_t address)
{
	const struct tl_module *module = find_module(process ? process->modules : NULL, NULL, address);
	struct tl_frames frames = {0};
	const char *name = NULL;

	/* The last frame is the function itself; those before it are inlined at its beginning. */
	if (module && resolve(symbols, module, address, address, &frames) == 0)
		name = frames.list.items[frames.list.n - 1].function;
	tl_vec_finish(&frames.list);
	return name;
}

const char *tl_symbols_function(struct tl_symbols *symbols, uint32_t nonce, uint64_t address)
{
	const struct tl_process *process = tl_state_find_process(symbols->state, nonce);
	struct function_key key = {.address = address, .nonce = nonce};
	struct function_entry *entry;

	if (!process || address == 0)
		return NULL;
	HASH_FIND(hh, symbols->functions, &key, sizeof key, entry);
	if (!entry) {
		entry = tl_arena_alloc(&symbols->arena, sizeof *entry);
		if (!entry)
			return NULL;
		entry->key = key;
		HASH_ADD(hh, symbols->functions, key, sizeof entry->key, entry);
	} else if (entry->modules == process->modules) {
		return entry->name;
	}
	entry->modules = process->modules;
	return entry->name = resolve_function(symbols, process, address);
}
