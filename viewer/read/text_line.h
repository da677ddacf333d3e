/*
 * One line of an event list, as its parser stands in it; the parser's own header,
 * for text_list.c, text_line.c and text_value.c. What takes the line reads on from
 * its next unread byte. What returns an int and may be wrong sets the line's error:
 * 0, TL_EFORMAT with the name, the line and what is wrong there, or TL_ENOMEM.
 */
#ifndef TL_READ_TEXT_LINE_H
#define TL_READ_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "viewer/base/arena.h"
#include "viewer/base/error.h"
#include "viewer/read/event.h"

struct tl_line {
	const char *name;       /* of the list, for errors */
	size_t number;          /* from 1 */
	const char *at, *end;   /* of the unread rest */
	struct tl_arena *texts; /* where texts and sequences go */
	struct tl_error *error;
};

/* A piece of the line, not ended by NUL. */
struct tl_piece {
	const char *at;
	size_t n;
};

/* ---- text_line.c ----------------------------------------------------------- */

/* Sets the error; returns TL_EFORMAT. */
__attribute__((format(printf, 2, 3))) int tl_line_wrong(struct tl_line *line, const char *format, ...);
/* Sets the error; returns TL_ENOMEM. */
int tl_line_no_memory(struct tl_line *line);

void tl_line_skip_blanks(struct tl_line *line);
/* Whether nothing but blanks and a comment is left; skips the blanks. */
bool tl_line_is_done(struct tl_line *line);
/* What stands up to the next blank, or up to `stop` if that comes first. */
struct tl_piece tl_line_take_piece(struct tl_line *line, char stop);
/* The rest of the line without blanks around it, cut to what fits. */
void tl_line_take_rest(struct tl_line *line, char *to, size_t size);
/* Reads a piece of the line as a time. */
int tl_line_parse_time(struct tl_line *line, struct tl_piece word, int64_t *ns);

bool tl_piece_is(struct tl_piece word, const char *text);
/* How much of a word an error shows, in bytes. */
int tl_piece_shown(struct tl_piece word);
/* The value of a hexadecimal digit; 99 when it is none. */
int tl_piece_digit(char c);
/* Decimal or 0x hexadecimal, all of the word, up to `max`; -1 if it is not that. */
int tl_piece_number(struct tl_piece word, uint64_t max, uint64_t *value);
/* A number or "-" and a number, from -max-1 to max; -1 if it is not that. */
int tl_piece_signed(struct tl_piece word, int64_t max, int64_t *value);

/* ---- text_value.c ---------------------------------------------------------- */

/* Takes the value of a field into `event`. */
int tl_line_take_value(struct tl_line *line, const struct tl_field_info *field, struct tl_event *event);

#endif
