/*
 * A parser of as much TSDL as packet headers and contexts need; layout.c alone
 * uses it. The grammar is CTF 1.8.3's, appendix C. What is not understood is
 * stepped over, and a type that depends on it is not `known`.
 *
 *   tsdl_words.c: words     tsdl_types.c: types     tsdl_blocks.c: what holds them
 *   tsdl_names.c: fields that are declared twice
 */
#ifndef TL_READ_TSDL_H
#define TL_READ_TSDL_H

#include "viewer/base/vec.h"
#include "viewer/read/tsdl_words.h"

#define TL_TSDL_FIELDS_MAX 64
#define TL_TSDL_DEPTH_MAX 32
#define TL_TSDL_BITS_MAX ((uint64_t)1 << 32) /* greater sizes are not packet headers */

enum tl_tsdl_order { TL_TSDL_NATIVE, TL_TSDL_LITTLE, TL_TSDL_BIG };

/* A field of a structure; in bits, from the structure's beginning. */
struct tl_tsdl_member {
	struct tl_word name;
	uint64_t at, size;
	enum tl_tsdl_order order;
	bool is_integer;
};

/* Sizes in bits. */
struct tl_tsdl_type {
	struct tl_word name; /* all its words: "unsigned long", "struct packet_context" */
	bool known, is_integer;
	enum tl_tsdl_order order;
	uint64_t size, align;
	size_t n_members;
	struct tl_tsdl_member members[TL_TSDL_FIELDS_MAX];
};

struct tl_tsdl_stream {
	uint64_t id;
	struct tl_tsdl_type context; /* of packets */
};

/* The parser, and afterwards what it found. */
struct tl_tsdl {
	struct tl_words words;
	int depth;
	bool big; /* the trace's byte order */
	struct tl_tsdl_type header;
	TL_VEC(struct tl_tsdl_type) types;
	TL_VEC(struct tl_tsdl_stream) streams;
	bool failed; /* out of memory, nested too deep, or not for the library */
};

/* Parses all of the text that `words` was set to. The caller frees `types` and `streams`. */
void tl_tsdl_parse(struct tl_tsdl *p);

/* False when a body declares a field twice, at which the library aborts the program; or when out of memory. */
bool tl_tsdl_names_are_unique(const char *text, const char *end);

static inline uint64_t tl_tsdl_align_up(uint64_t at, uint64_t align)
{
	return align ? (at + align - 1) / align * align : at;
}

/* ---- tsdl_types.c ---------------------------------------------------------- */

void tl_tsdl_parse_type(struct tl_tsdl *p, struct tl_tsdl_type *type);
enum tl_tsdl_order tl_tsdl_parse_order(struct tl_tsdl *p);
/* `typealias TYPE := NAME;`, or `typedef TYPE NAME;`; false when it is neither. */
bool tl_tsdl_parse_definition(struct tl_tsdl *p);

/* ---- what the grammar says on every line ----------------------------------- */

static inline void advance(struct tl_tsdl *p)
{
	tl_words_advance(&p->words);
}

static inline bool is(const struct tl_tsdl *p, const char *text)
{
	return tl_words_is(&p->words, text);
}

static inline bool is_word(const struct tl_tsdl *p)
{
	return tl_words_at_name(&p->words);
}

static inline bool take(struct tl_tsdl *p, const char *text)
{
	return tl_words_take(&p->words, text);
}

#endif
