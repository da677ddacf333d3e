/*
 * Text that comes from traces is not trusted: these write it so that neither a
 * terminal nor a file format can be tricked by it, and print and parse the
 * numbers that people read. Knows nothing of traces.
 */
#ifndef TL_BASE_TEXT_H
#define TL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Length of the valid UTF-8 character at `s` (at most `n` bytes are there), 0
 * when the bytes are not valid UTF-8 (overlong forms and surrogates included).
 * The code point goes to `code` when that is not NULL.
 */
size_t tl_text_utf8(const char *s, size_t n, uint32_t *code);

/*
 * Writes `text` (NULL: nothing) for a terminal: control characters, bidi
 * overrides and bytes that are not UTF-8 become \xNN or \u{N} escapes.
 */
void tl_text_escape(FILE *out, const char *text);

/* The same into `buffer` (always ended, cut at a whole character). */
void tl_text_escape_to(char *buffer, size_t size, const char *text);

/* Has `text` nothing in it that would be escaped, but for backslashes: has it been escaped already? */
bool tl_text_is_safe(const char *text);

#define TL_TIME_TEXT 48 /* room for tl_text_time and tl_text_duration */

/*
 * "12.345678901 s": seconds with all nine decimals, so that two times 1 ns
 * apart never look the same. Returns `buffer`, of TL_TIME_TEXT bytes.
 */
char *tl_text_time(char *buffer, int64_t ns);

/* A duration for people: "850 ns", "12.3 us", "4.56 ms", "7.89 s". */
char *tl_text_duration(char *buffer, int64_t ns);

/*
 * Reads "12345", "1.5s", "250us", "3ms", "7ns", "2m", "1h" (no unit: ns) into
 * `ns`. Exact: decimals finer than a nanosecond, overflow and trailing text
 * are refused. Returns 0 or -1.
 */
int tl_text_parse_time(const char *text, int64_t *ns);

#endif
