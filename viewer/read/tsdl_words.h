/*
 * The words of TSDL, CTF 1.8's metadata language: names and numbers, strings,
 * signs; blanks and comments are between them. Knows nothing of the grammar but
 * that statements end in semicolons and bodies stand in braces.
 */
#ifndef TL_READ_TSDL_WORDS_H
#define TL_READ_TSDL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of the text, not ended by NUL. */
struct tl_word {
	const char *at;
	size_t n;
	bool is_string; /* the quotes are part of it */
};

/* To be set to the text's bounds, all else 0; then comes the first advance. */
struct tl_words {
	const char *at, *end; /* the unread rest */
	struct tl_word word;  /* the present one; n is 0 at the end */
};

void tl_words_advance(struct tl_words *w);

bool tl_word_is(struct tl_word word, const char *text);
bool tl_words_is(const struct tl_words *w, const char *text);
/* Whether the present word is a name, a keyword or a number. */
bool tl_words_at_name(const struct tl_words *w);

/* Takes the word if it is `text`. */
bool tl_words_take(struct tl_words *w, const char *text);
/* Takes a number; false when it is none. */
bool tl_words_take_number(struct tl_words *w, uint64_t *value);

/* To behind the `close` that matches an opening one already taken. */
void tl_words_skip_to_close(struct tl_words *w, const char *open, const char *close);
/* To behind the next semicolon outside of braces; stops at a brace that closes what is around. */
void tl_words_skip_statement(struct tl_words *w);

#endif
