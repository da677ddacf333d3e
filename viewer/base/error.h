/*
 * Errors as a chain of causes: the layer that fails says what went wrong, each
 * layer above adds where and what it was doing, so that a user reads what,
 * where, why and what to do. Held in caller's memory, never allocates.
 * Knows nothing of traces or output formats.
 */
#ifndef TL_BASE_ERROR_H
#define TL_BASE_ERROR_H

#include <stdio.h>

#define TL_ERROR_CAUSES 8
#define TL_ERROR_TEXT 480

/* Codes of failing functions; negative, 0 is success. */
enum tl_error_code {
	TL_ENOMEM = -1,  /* out of memory */
	TL_EIO = -2,     /* the system refused (open, read, map ...) */
	TL_EFORMAT = -3, /* the input is not what it should be */
	TL_EUSAGE = -4,  /* the caller asked for something impossible */
	TL_ELIMIT = -5,  /* a bound of ours was reached */
};

struct tl_error {
	int code; /* of the first cause; 0: no error */
	int n;    /* causes; [0] is the root, [n-1] the outermost */
	char cause[TL_ERROR_CAUSES][TL_ERROR_TEXT];
};

/* Empties an error, so that it can be used again. */
void tl_error_init(struct tl_error *error);

/*
 * Starts the chain with a root cause and returns `code`, so that one writes
 * `return tl_error_set(error, TL_EIO, "...")`. `error` may be NULL. Long text
 * is cut. A set over an earlier chain replaces it.
 */
int tl_error_set(struct tl_error *error, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds an outer cause and returns the chain's code (-1 when `error` is NULL). */
int tl_error_add(struct tl_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Writes the chain, outermost cause first, one line each, each line begun with
 * `prefix`; text is escaped as for a terminal.
 */
void tl_error_print(const struct tl_error *error, const char *prefix, FILE *out);

#endif
