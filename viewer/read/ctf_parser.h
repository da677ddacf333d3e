/*
 * What ctf_metadata.c, ctf_types.c and ctf_numbers.c share: the parser's state. Types live in
 * scopes: what a block defines is forgotten at its end.
 */
#ifndef TL_READ_CTF_PARSER_H
#define TL_READ_CTF_PARSER_H

#include <string.h>

#include "viewer/base/error.h"
#include "viewer/read/ctf_metadata.h"

#define TL_CTF_DEPTH_MAX 24

struct tl_ctf_named {
	struct tl_word name; /* all its words: "unsigned long", "struct packet_context" */
	const struct tl_ctf_type *type;
};

struct tl_ctf_parser {
	struct tl_words words;
	struct tl_ctf_metadata *metadata;
	TL_VEC(struct tl_ctf_named) named;
	int depth;
	struct tl_error *error;
};

/* Fails with the present line: TL_EFORMAT. */
int tl_ctf_refuse(struct tl_ctf_parser *p, const char *what);
int tl_ctf_no_memory(struct tl_ctf_parser *p);
/* Takes the word `text`, or fails. */
int tl_ctf_expect(struct tl_ctf_parser *p, const char *text);
/* Takes a number with an optional sign, or fails. */
int tl_ctf_take_integer(struct tl_ctf_parser *p, int64_t *value);
/* The text within a string's quotes; another word is itself. */
struct tl_word tl_ctf_unquoted(struct tl_word word);

/* Is the present word an identifier or a keyword, and no number? */
static inline bool tl_ctf_at_name(const struct tl_ctf_parser *p)
{
	return tl_words_at_name(&p->words) && (*p->words.word.at < '0' || *p->words.word.at > '9');
}

static inline bool tl_ctf_is_power_of_two(uint64_t n)
{
	return n && (n & (n - 1)) == 0;
}

/* Takes the rest of a number's type, from behind "integer {" or "floating_point {" on. */
int tl_ctf_parse_number(struct tl_ctf_parser *p, struct tl_ctf_type *type);
/* Takes a type; 0 or a negative code. */
int tl_ctf_parse_type(struct tl_ctf_parser *p, const struct tl_ctf_type **type);
/* Takes a `typealias`, a `typedef`, or a named structure or enumeration of its own; *is_one false: it is none. */
int tl_ctf_parse_definition(struct tl_ctf_parser *p, bool *is_one);

#endif
