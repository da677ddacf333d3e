/*
 * Addresses of recorded stacks to function, file and line, with libdw, from
 * the files that the traced processes had loaded. Offline: the process is gone.
 * A file that is missing, or whose build id is another, is said, not guessed.
 */
#ifndef TL_SYMBOL_SYMBOL_H
#define TL_SYMBOL_SYMBOL_H

#include "viewer/state/state.h"

/* Texts live as long as the resolver; NULL where unknown. */
struct tl_frame {
	uint64_t address;     /* as recorded */
	uint64_t offset;      /* of the address in the module, as it was loaded; 0 without one */
	const char *function; /* demangled if C++ */
	const char *file;
	int line;           /* 0: unknown */
	const char *module; /* path of the file that holds the code */
	bool is_inline;     /* inlined into the frame after it */
};

struct tl_symbols;

/* Works on the processes and stacks of `state`, which must outlive it. */
struct tl_symbols *tl_symbols_create(const struct tl_state *state);
void tl_symbols_destroy(struct tl_symbols *symbols);

/*
 * The frames of a stack, innermost first, inlined ones included; frames of
 * Threadline's own wrappers are left out. Borrowed, valid while
 * the resolver lives; the second resolution of a stack is a look-up. `n` is set
 * to 0 and NULL returned when the stack is unknown.
 */
const struct tl_frame *tl_symbols_stack(struct tl_symbols *symbols, uint32_t nonce, uint32_t stack, size_t *n);

/* The function at one address (a thread's entry); its name, or NULL. Borrowed. */
const char *tl_symbols_function(struct tl_symbols *symbols, uint32_t nonce, uint64_t address);

#endif
