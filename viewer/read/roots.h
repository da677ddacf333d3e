/*
 * The folders that a reader was given: one, or several that are opened as one trace,
 * and what is to be read below them. For every reader of CTF.
 */
#ifndef TL_READ_ROOTS_H
#define TL_READ_ROOTS_H

#include "viewer/read/discover.h"
#include "viewer/read/offsets.h"

struct tl_roots {
	char **paths; /* without a / at the end */
	size_t n;
	char *text;                 /* all of them, for people: "A, B"; of one, that alone */
	struct tl_offsets *offsets; /* borrowed; NULL: none */
};

/* Copies the names. 0, or -1: out of memory. Whatever happens, finish must be called. */
int tl_roots_init(struct tl_roots *roots, const char *const *paths, size_t n);
void tl_roots_finish(struct tl_roots *roots);

/* Fills `folders` (empty before) with the traces below all of them, each once; as tl_trace_folders_find. */
int tl_roots_find(const struct tl_roots *roots, struct tl_trace_folders *folders, struct tl_error *error);

#endif
