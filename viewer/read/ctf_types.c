/* The types of TSDL, as a tree; see ctf_metadata.h. */
#include "viewer/read/ctf_parser.h"

#define ENUM_MAX 65536

/* A list while it grows, then in the arena. */
struct fields {
	TL_VEC(struct tl_ctf_field) list;
};

struct ranges {
	TL_VEC(struct tl_ctf_range) list;
};

static struct tl_ctf_type *make(struct tl_ctf_parser *p, enum tl_ctf_kind kind)
{
	struct tl_ctf_type *type = tl_arena_alloc(&p->metadata->arena, sizeof *type);

	if (type) {
		type->kind = kind;
		type->align = 1;
	}
	return type;
}

/* Whether two names are the same words, whatever is between them. */
static bool same_words(struct tl_word a, struct tl_word b)
{
	struct tl_words x = {.at = a.at, .end = a.at + a.n}, y = {.at = b.at, .end = b.at + b.n};

	do {
		tl_words_advance(&x);
		tl_words_advance(&y);
		if (!tl_words_equal(x.word, y.word))
			return false;
	} while (x.word.n);
	return true;
}

static const struct tl_ctf_type *find(const struct tl_ctf_parser *p, struct tl_word name)
{
	for (size_t i = p->named.n; i-- > 0;)
		if (same_words(p->named.items[i].name, name))
			return p->named.items[i].type;
	return NULL;
}

static int define(struct tl_ctf_parser *p, struct tl_word name, const struct tl_ctf_type *type)
{
	return tl_vec_push(&p->named, (struct tl_ctf_named){name, type}) == 0 ? 0 : tl_ctf_no_memory(p);
}

/* From the first word's beginning to the last one's end. */
static struct tl_word span(struct tl_word from, struct tl_word to)
{
	return (struct tl_word){from.at, (size_t)(to.at + to.n - from.at), false};
}

/* ---- enumerations ----------------------------------------------------------- */

/* "LABEL", "LABEL = N", "LABEL = N ... M" */
static int parse_label(struct tl_ctf_parser *p, struct tl_ctf_range *range, int64_t *next)
{
	int result = 0;

	range->label = tl_ctf_unquoted(p->words.word);
	if (!p->words.word.is_string && !tl_ctf_at_name(p))
		return tl_ctf_refuse(p, "no label of an enumeration");
	if (memchr(range->label.at, '\\', range->label.n))
		return tl_ctf_refuse(p, "a label with an escape");
	tl_words_advance(&p->words);
	range->low = range->high = *next;
	if (tl_words_take(&p->words, "=")) {
		result = tl_ctf_take_integer(p, &range->low);
		range->high = range->low;
		/* "..." comes as three words. */
		if (result == 0 && tl_words_take(&p->words, ".")) {
			if (!tl_words_take(&p->words, ".") || !tl_words_take(&p->words, "."))
				return tl_ctf_refuse(p, "a range without three dots");
			result = tl_ctf_take_integer(p, &range->high);
		}
	}
	*next = range->high == INT64_MAX ? INT64_MAX : range->high + 1;
	return result;
}

/* After "enum ... {". */
static int parse_labels(struct tl_ctf_parser *p, struct tl_ctf_type *type)
{
	struct ranges ranges = {0};
	int64_t next = 0;
	int result = 0;

	while (result == 0 && !tl_words_is(&p->words, "}")) {
		struct tl_ctf_range range = {0};

		result = parse_label(p, &range, &next);
		if (result == 0 && (ranges.list.n == ENUM_MAX || tl_vec_push(&ranges.list, range) < 0))
			result = tl_ctf_no_memory(p);
		if (!tl_words_take(&p->words, ","))
			break;
	}
	if (result == 0)
		result = tl_ctf_expect(p, "}");
	type->n_ranges = ranges.list.n;
	if (result == 0 && ranges.list.n) {
		type->ranges = tl_arena_copy(&p->metadata->arena, ranges.list.items,
					     ranges.list.n * sizeof *ranges.list.items);
		result = type->ranges ? 0 : tl_ctf_no_memory(p);
	}
	tl_vec_finish(&ranges.list);
	return result;
}

/* After "enum". */
static int parse_enum(struct tl_ctf_parser *p, struct tl_word enum_word, const struct tl_ctf_type **result_type)
{
	struct tl_word name = {0};
	const struct tl_ctf_type *below;
	struct tl_ctf_type *type;
	int result;

	if (tl_ctf_at_name(p)) {
		name = span(enum_word, p->words.word);
		tl_words_advance(&p->words);
	}
	if (tl_words_take(&p->words, ":")) {
		result = tl_ctf_parse_type(p, &below);
		if (result < 0)
			return result;
	} else if (tl_words_is(&p->words, "{")) {
		below = find(p, (struct tl_word){"int", 3, false});
	} else {
		*result_type = find(p, name);
		return *result_type ? 0 : tl_ctf_refuse(p, "an unknown enumeration");
	}
	if (!below || below->kind != TL_CTF_INTEGER)
		return tl_ctf_refuse(p, "an enumeration of what is no integer");
	type = make(p, TL_CTF_INTEGER);
	if (!type)
		return tl_ctf_no_memory(p);
	*type = *below;
	result = tl_ctf_expect(p, "{");
	if (result == 0)
		result = parse_labels(p, type);
	*result_type = type;
	return result == 0 && name.n ? define(p, name, type) : result;
}

/* ---- structures and variants ------------------------------------------------ */

/* The brackets after a field's name, the last one innermost. */
static int parse_dimensions(struct tl_ctf_parser *p, const struct tl_ctf_type **type)
{
	struct tl_ctf_type *array;
	const struct tl_ctf_type *element;
	struct tl_word at;
	uint64_t length;
	int result;

	if (!tl_words_take(&p->words, "["))
		return 0;
	at = p->words.word;
	array = make(p, TL_CTF_ARRAY);
	if (!array)
		return tl_ctf_no_memory(p);
	if (tl_words_take_number(&p->words, &length)) {
		array->length = length;
	} else {
		array->kind = TL_CTF_SEQUENCE;
		array->reference = at;
		tl_words_advance(&p->words);
	}
	result = tl_ctf_expect(p, "]");
	if (result < 0)
		return result; /* a dotted path, too, which is not supported */
	element = *type;
	result = parse_dimensions(p, &element);
	array->element = element;
	array->align = element->align;
	*type = array;
	return result;
}

/* LTTng puts an underscore before names, against keywords. */
static struct tl_word bare_name(struct tl_word name)
{
	if (name.n > 1 && name.at[0] == '_')
		return (struct tl_word){name.at + 1, name.n - 1, false};
	return name;
}

/* A type of several words ends before the last name of a declaration. */
static int parse_named_type(struct tl_ctf_parser *p, const struct tl_ctf_type **type, struct tl_word *name)
{
	struct tl_word first = p->words.word, last = {0};

	*name = (struct tl_word){0};
	for (; tl_ctf_at_name(p) || tl_words_is(&p->words, "*"); tl_words_advance(&p->words)) {
		if (name->n)
			last = *name;
		*name = p->words.word;
	}
	if (!last.n)
		return tl_ctf_refuse(p, "a declaration without a type or a name");
	*type = find(p, span(first, last));
	return *type ? 0 : tl_ctf_refuse(p, "an unknown type");
}

static bool begins_type(const struct tl_ctf_parser *p)
{
	static const char *const words[] = {"struct", "variant", "enum", "integer", "floating_point", "string"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (tl_words_is(&p->words, words[i]))
			return true;
	return false;
}

/* One declaration: a type, a name, perhaps dimensions, a semicolon. */
static int parse_declaration(struct tl_ctf_parser *p, struct tl_ctf_field *field)
{
	int result;

	if (begins_type(p)) {
		result = tl_ctf_parse_type(p, &field->type);
		field->name = p->words.word;
		if (result == 0 && !tl_ctf_at_name(p))
			result = tl_ctf_refuse(p, "a field without a name");
		tl_words_advance(&p->words);
	} else {
		result = parse_named_type(p, &field->type, &field->name);
	}
	if (result == 0)
		result = parse_dimensions(p, &field->type);
	return result == 0 ? tl_ctf_expect(p, ";") : result;
}

static bool has_field(const struct fields *fields, struct tl_word name)
{
	for (size_t i = 0; i < fields->list.n; i++)
		if (tl_words_equal(fields->list.items[i].name, name))
			return true;
	return false;
}

/* After "{", up to behind "}": what a body declares is known in it only. */
static int parse_body(struct tl_ctf_parser *p, struct tl_ctf_type *type)
{
	struct fields fields = {0};
	size_t outer = p->named.n;
	int result = 0;

	while (result == 0 && !tl_words_is(&p->words, "}")) {
		struct tl_ctf_field field = {0};
		bool is_definition;

		if (!p->words.word.n) {
			result = tl_ctf_refuse(p, "the end of the text within a body");
			break;
		}
		result = tl_words_is(&p->words, "typealias") || tl_words_is(&p->words, "typedef")
				 ? tl_ctf_parse_definition(p, &is_definition)
				 : (is_definition = false, parse_declaration(p, &field));
		if (result < 0 || is_definition)
			continue;
		if (type->kind == TL_CTF_STRUCT) {
			field.name = bare_name(field.name);
			type->align = field.type->align > type->align ? field.type->align : type->align;
		}
		if (has_field(&fields, field.name))
			result = tl_ctf_refuse(p, "a field that is declared twice");
		else if (tl_vec_push(&fields.list, field) < 0)
			result = tl_ctf_no_memory(p);
	}
	p->named.n = outer;
	if (result == 0)
		result = tl_ctf_expect(p, "}");
	type->n_fields = fields.list.n;
	if (result == 0 && fields.list.n) {
		type->fields = tl_arena_copy(&p->metadata->arena, fields.list.items,
					     fields.list.n * sizeof *fields.list.items);
		result = type->fields ? 0 : tl_ctf_no_memory(p);
	}
	tl_vec_finish(&fields.list);
	return result;
}

/* `align(N)` */
static int parse_align(struct tl_ctf_parser *p, struct tl_ctf_type *type)
{
	int64_t align = 0;
	int result;

	if (!tl_words_take(&p->words, "align"))
		return 0;
	result = tl_ctf_expect(p, "(");
	if (result == 0)
		result = tl_ctf_take_integer(p, &align);
	if (result == 0)
		result = tl_ctf_expect(p, ")");
	if (result == 0 && (align <= 0 || align > 1 << 20 || !tl_ctf_is_power_of_two((uint64_t)align)))
		result = tl_ctf_refuse(p, "an alignment that is not possible");
	if (result == 0 && (uint64_t)align > type->align)
		type->align = (uint64_t)align;
	return result;
}

/* After "struct". */
static int parse_struct(struct tl_ctf_parser *p, struct tl_word struct_word, const struct tl_ctf_type **result_type)
{
	struct tl_word name = {0};
	struct tl_ctf_type *type;
	int result;

	if (tl_ctf_at_name(p)) {
		name = span(struct_word, p->words.word);
		tl_words_advance(&p->words);
	}
	if (!tl_words_take(&p->words, "{")) {
		*result_type = find(p, name);
		return *result_type ? 0 : tl_ctf_refuse(p, "an unknown structure");
	}
	type = make(p, TL_CTF_STRUCT);
	if (!type)
		return tl_ctf_no_memory(p);
	*result_type = type;
	result = parse_body(p, type);
	if (result == 0)
		result = parse_align(p, type);
	return result == 0 && name.n ? define(p, name, type) : result;
}

/* After "variant": only with its tag and its body at once. */
static int parse_variant(struct tl_ctf_parser *p, const struct tl_ctf_type **result_type)
{
	struct tl_ctf_type *type = make(p, TL_CTF_VARIANT);
	int result;

	if (!type)
		return tl_ctf_no_memory(p);
	*result_type = type;
	result = tl_ctf_expect(p, "<");
	if (result < 0)
		return result;
	type->reference = p->words.word;
	tl_words_advance(&p->words);
	result = tl_ctf_expect(p, ">");
	if (result == 0)
		result = tl_ctf_expect(p, "{");
	return result == 0 ? parse_body(p, type) : result;
}

/* ---- any type ----------------------------------------------------------------- */

static int parse_string(struct tl_ctf_parser *p, struct tl_ctf_type *type)
{
	type->align = 8;
	if (tl_words_take(&p->words, "{"))
		tl_words_skip_to_close(&p->words, "{", "}");
	return 0;
}

static int parse_plain(struct tl_ctf_parser *p, struct tl_word first, const struct tl_ctf_type **type)
{
	struct tl_word last = {0};

	for (; tl_ctf_at_name(p) || tl_words_is(&p->words, "*"); tl_words_advance(&p->words))
		last = p->words.word;
	*type = last.n ? find(p, span(first, last)) : NULL;
	return *type ? 0 : tl_ctf_refuse(p, "an unknown type");
}

static int parse_any(struct tl_ctf_parser *p, const struct tl_ctf_type **result_type)
{
	struct tl_word first = p->words.word;
	struct tl_ctf_type *type;
	bool is_integer = tl_words_is(&p->words, "integer"), is_string = tl_words_is(&p->words, "string");

	if (tl_words_take(&p->words, "struct"))
		return parse_struct(p, first, result_type);
	if (tl_words_take(&p->words, "variant"))
		return parse_variant(p, result_type);
	if (tl_words_take(&p->words, "enum"))
		return parse_enum(p, first, result_type);
	if (!is_integer && !is_string && !tl_words_is(&p->words, "floating_point"))
		return parse_plain(p, first, result_type);
	tl_words_advance(&p->words);
	type = make(p, is_integer ? TL_CTF_INTEGER : is_string ? TL_CTF_STRING : TL_CTF_FLOAT);
	if (!type)
		return tl_ctf_no_memory(p);
	*result_type = type;
	if (is_string)
		return parse_string(p, type);
	if (!tl_words_take(&p->words, "{"))
		return tl_ctf_refuse(p, "a number without a body");
	return tl_ctf_parse_number(p, type);
}

int tl_ctf_parse_type(struct tl_ctf_parser *p, const struct tl_ctf_type **type)
{
	int result;

	if (p->depth == TL_CTF_DEPTH_MAX)
		return tl_ctf_refuse(p, "types that are nested too deep");
	p->depth++;
	result = parse_any(p, type);
	p->depth--;
	return result;
}

/* After "typealias": `TYPE := NAME;` */
static int parse_alias(struct tl_ctf_parser *p)
{
	const struct tl_ctf_type *type;
	struct tl_word first, last = {0};
	int result = tl_ctf_parse_type(p, &type);

	if (result == 0)
		result = tl_ctf_expect(p, ":=");
	if (result < 0)
		return result;
	first = p->words.word;
	for (; tl_ctf_at_name(p) || tl_words_is(&p->words, "*"); tl_words_advance(&p->words))
		last = p->words.word;
	if (!last.n)
		return tl_ctf_refuse(p, "an alias without a name");
	result = define(p, span(first, last), type);
	return result == 0 ? tl_ctf_expect(p, ";") : result;
}

int tl_ctf_parse_definition(struct tl_ctf_parser *p, bool *is_one)
{
	const struct tl_ctf_type *type;
	struct tl_ctf_field field;
	int result;

	*is_one = true;
	if (tl_words_take(&p->words, "typealias"))
		return parse_alias(p);
	if (tl_words_take(&p->words, "typedef")) {
		result = parse_declaration(p, &field);
		return result == 0 ? define(p, field.name, field.type) : result;
	}
	*is_one = tl_words_is(&p->words, "struct") || tl_words_is(&p->words, "enum");
	if (!*is_one)
		return 0;
	result = tl_ctf_parse_type(p, &type);
	return result == 0 ? tl_ctf_expect(p, ";") : result;
}
