/*
 * The types of TSDL. They are kept flat: since every size is fixed, a structure is
 * its size, its alignment and the places of its own fields. What has no fixed size
 * (a string, a variant, a sequence) is not `known`, nor is a structure that holds
 * such a field.
 */
#include <string.h>

#include "viewer/read/tsdl.h"

/* Whether two names are the same words, whatever is between them. */
static bool same_name(struct tl_word a, struct tl_word b)
{
	struct tl_words x = {.at = a.at, .end = a.at + a.n}, y = {.at = b.at, .end = b.at + b.n};

	do {
		tl_words_advance(&x);
		tl_words_advance(&y);
		if (x.word.n != y.word.n || memcmp(x.word.at, y.word.at, x.word.n) != 0)
			return false;
	} while (x.word.n);
	return true;
}

/* The latest type of this name; unknown when there is none. */
static void find_type(struct tl_tsdl *p, struct tl_word name, struct tl_tsdl_type *type)
{
	memset(type, 0, sizeof *type);
	for (size_t i = p->types.n; i-- > 0;) {
		if (same_name(p->types.items[i].name, name)) {
			*type = p->types.items[i];
			return;
		}
	}
}

static void add_type(struct tl_tsdl *p, struct tl_word name, const struct tl_tsdl_type *type)
{
	if (tl_vec_push(&p->types, *type) < 0) {
		p->failed = true;
		return;
	}
	p->types.items[p->types.n - 1].name = name;
}

enum tl_tsdl_order tl_tsdl_parse_order(struct tl_tsdl *p)
{
	enum tl_tsdl_order order = is(p, "le")                       ? TL_TSDL_LITTLE
				   : is(p, "be") || is(p, "network") ? TL_TSDL_BIG
								     : TL_TSDL_NATIVE;

	advance(p);
	return order;
}

/* After "integer {" or "floating_point {": the attributes that give size, alignment and byte order. */
static void parse_number_type(struct tl_tsdl *p, struct tl_tsdl_type *type, bool is_integer)
{
	uint64_t exponent = 0, mantissa = 0;
	bool good = true;

	while (p->words.word.n && !is(p, "}")) {
		if (take(p, "size") && take(p, "="))
			good = tl_words_take_number(&p->words, &type->size) && good;
		else if (take(p, "align") && take(p, "="))
			good = tl_words_take_number(&p->words, &type->align) && good;
		else if (take(p, "exp_dig") && take(p, "="))
			good = tl_words_take_number(&p->words, &exponent) && good;
		else if (take(p, "mant_dig") && take(p, "="))
			good = tl_words_take_number(&p->words, &mantissa) && good;
		else if (take(p, "byte_order") && take(p, "="))
			type->order = tl_tsdl_parse_order(p);
		tl_words_skip_statement(&p->words);
	}
	take(p, "}");
	if (!is_integer)
		type->size = exponent + mantissa;
	if (!type->align)
		type->align = type->size % 8 == 0 ? 8 : 1;
	type->is_integer = is_integer;
	type->known = good && type->size > 0 && type->size < TL_TSDL_BITS_MAX && type->align < TL_TSDL_BITS_MAX;
}

/* After "enum": the type below it is all that matters. */
static void parse_enum(struct tl_tsdl *p, struct tl_tsdl_type *type)
{
	struct tl_word name = p->words.word;
	bool named = is_word(p);

	if (named)
		advance(p);
	if (take(p, ":"))
		tl_tsdl_parse_type(p, type);
	else if (is(p, "{"))
		find_type(p, (struct tl_word){"int", 3, false}, type);
	else
		find_type(p, name, type);
	if (take(p, "{")) {
		tl_words_skip_to_close(&p->words, "{", "}");
		if (named)
			add_type(p, name, type);
	}
}

/* The brackets after a field's name. */
static void parse_dimensions(struct tl_tsdl *p, struct tl_tsdl_type *type)
{
	uint64_t n;

	while (take(p, "[")) {
		uint64_t stride = tl_tsdl_align_up(type->size, type->align);

		if (!tl_words_take_number(&p->words, &n) || !is(p, "]") || n == 0 || n > TL_TSDL_BITS_MAX ||
		    stride * n > TL_TSDL_BITS_MAX * 64)
			type->known = false;
		else
			type->size = stride * (n - 1) + type->size;
		type->is_integer = false;
		type->n_members = 0;
		while (p->words.word.n && !is(p, "]") && !is(p, ";") && !is(p, "}"))
			advance(p);
		take(p, "]");
	}
}

static void add_member(struct tl_tsdl_type *type, struct tl_word name, const struct tl_tsdl_type *field)
{
	if (!field->known || !type->known || type->n_members == TL_TSDL_FIELDS_MAX || type->size > TL_TSDL_BITS_MAX) {
		type->known = false;
		return;
	}
	type->size = tl_tsdl_align_up(type->size, field->align);
	type->align = field->align > type->align ? field->align : type->align;
	type->members[type->n_members++] = (struct tl_tsdl_member){name, type->size, field->size, field->order,
								   field->is_integer};
	type->size += field->size;
}

/* One declaration of a field: a type, a name, perhaps dimensions. */
static void parse_field(struct tl_tsdl *p, struct tl_tsdl_type *type)
{
	struct tl_word name, words = p->words.word;
	struct tl_tsdl_type field = {0};
	bool named_type = !is(p, "struct") && !is(p, "enum") && !is(p, "integer") && !is(p, "floating_point") &&
			  !is(p, "string") && !is(p, "variant");

	if (named_type) {
		name = p->words.word;
		for (words.n = 0; is_word(p) || is(p, "*"); advance(p)) {
			if (name.at != p->words.word.at)
				words.n = (size_t)(name.at + name.n - words.at);
			name = p->words.word;
		}
		find_type(p, words, &field);
	} else {
		tl_tsdl_parse_type(p, &field);
		name = p->words.word;
		advance(p);
	}
	parse_dimensions(p, &field);
	add_member(type, name, &field);
	tl_words_skip_statement(&p->words);
}

/* After "struct": a name, a body, an alignment, each of which may be missing. */
static void parse_struct(struct tl_tsdl *p, struct tl_tsdl_type *type)
{
	struct tl_word name = p->words.word;
	bool named = is_word(p);
	uint64_t align;

	if (named)
		advance(p);
	if (!is(p, "{")) {
		find_type(p, name, type);
		return;
	}
	advance(p);
	type->known = true;
	type->align = 1;
	while (p->words.word.n && !is(p, "}") && !p->failed)
		if (!tl_tsdl_parse_definition(p))
			parse_field(p, type);
	take(p, "}");
	if (take(p, "align") && take(p, "(")) {
		if (!tl_words_take_number(&p->words, &align) || align > TL_TSDL_BITS_MAX)
			type->known = false;
		else if (align > type->align)
			type->align = align;
		tl_words_skip_to_close(&p->words, "(", ")");
	}
	if (named)
		add_type(p, name, type);
}

void tl_tsdl_parse_type(struct tl_tsdl *p, struct tl_tsdl_type *type)
{
	struct tl_word words = p->words.word;

	memset(type, 0, sizeof *type);
	if (++p->depth > TL_TSDL_DEPTH_MAX) {
		p->failed = true;
	} else if (take(p, "integer") || take(p, "floating_point")) {
		bool is_integer = tl_word_is(words, "integer");

		if (take(p, "{"))
			parse_number_type(p, type, is_integer);
	} else if (take(p, "enum")) {
		parse_enum(p, type);
	} else if (take(p, "struct")) {
		parse_struct(p, type);
	} else {
		for (words.n = 0; is_word(p) || is(p, "*"); advance(p))
			words.n = (size_t)(p->words.word.at + p->words.word.n - words.at);
		find_type(p, words, type);
	}
	p->depth--;
}

bool tl_tsdl_parse_definition(struct tl_tsdl *p)
{
	struct tl_word name;
	struct tl_tsdl_type type;

	if (is(p, "typedef")) {
		/* Written as a field: its only member is the new name. */
		struct tl_tsdl_type holder = {.known = true, .align = 1};

		advance(p);
		parse_field(p, &holder);
		if (holder.n_members == 1) {
			const struct tl_tsdl_member *member = &holder.members[0];

			type = (struct tl_tsdl_type){.known = true,
						     .is_integer = member->is_integer,
						     .order = member->order,
						     .size = member->size,
						     .align = holder.align};
			add_type(p, member->name, &type);
		}
		return true;
	}
	if (!take(p, "typealias"))
		return false;
	tl_tsdl_parse_type(p, &type);
	if (take(p, ":=")) {
		name = p->words.word;
		for (name.n = 0; is_word(p) || is(p, "*"); advance(p))
			name.n = (size_t)(p->words.word.at + p->words.word.n - name.at);
		add_type(p, name, &type);
	}
	tl_words_skip_statement(&p->words);
	return true;
}
