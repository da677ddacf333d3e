/* The bodies of `integer` and `floating_point`; see ctf_metadata.h. */
#include "viewer/read/ctf_parser.h"

static int parse_order(struct tl_ctf_parser *p, enum tl_ctf_order *order)
{
	if (tl_words_take(&p->words, "le"))
		*order = TL_CTF_LITTLE;
	else if (tl_words_take(&p->words, "be") || tl_words_take(&p->words, "network"))
		*order = TL_CTF_BIG;
	else if (tl_words_take(&p->words, "native"))
		*order = TL_CTF_NATIVE;
	else
		return tl_ctf_refuse(p, "an unknown byte order");
	return 0;
}

/* `true`, `TRUE`, `1` and their like. */
static int parse_bool(struct tl_ctf_parser *p, bool *value)
{
	int64_t number;
	int result = 0;

	if (tl_words_take(&p->words, "true") || tl_words_take(&p->words, "TRUE"))
		*value = true;
	else if (tl_words_take(&p->words, "false") || tl_words_take(&p->words, "FALSE"))
		*value = false;
	else if ((result = tl_ctf_take_integer(p, &number)) == 0)
		*value = number != 0;
	return result;
}

/* `clock.NAME.value` */
static int parse_map(struct tl_ctf_parser *p, struct tl_word *clock)
{
	int result = tl_ctf_expect(p, "clock");

	if (result == 0)
		result = tl_ctf_expect(p, ".");
	if (result < 0)
		return result;
	*clock = p->words.word;
	tl_words_advance(&p->words);
	result = tl_ctf_expect(p, ".");
	return result == 0 ? tl_ctf_expect(p, "value") : result;
}

/* One attribute of `integer {` or `floating_point {`, from behind its "=". */
static int parse_attribute(struct tl_ctf_parser *p, struct tl_word name, struct tl_ctf_type *type, uint64_t digits[2])
{
	int64_t number = 0;
	int result;

	if (tl_word_is(name, "byte_order"))
		return parse_order(p, &type->order);
	if (tl_word_is(name, "signed"))
		return parse_bool(p, &type->is_signed);
	if (tl_word_is(name, "map"))
		return parse_map(p, &type->clock);
	if (tl_word_is(name, "encoding")) {
		type->is_text = !tl_words_is(&p->words, "none") && !tl_words_is(&p->words, "NONE");
		tl_words_advance(&p->words);
		return 0;
	}
	if (tl_word_is(name, "base")) {
		tl_words_advance(&p->words);
		return 0;
	}
	result = tl_ctf_take_integer(p, &number);
	if (result < 0)
		return result;
	if (number <= 0 || number > 1 << 20)
		return tl_ctf_refuse(p, "a size or an alignment that is not possible");
	if (tl_word_is(name, "size"))
		type->size = (unsigned)number;
	else if (tl_word_is(name, "align"))
		type->align = (uint64_t)number;
	else if (tl_word_is(name, "exp_dig"))
		digits[0] = (uint64_t)number;
	else if (tl_word_is(name, "mant_dig"))
		digits[1] = (uint64_t)number;
	else
		return tl_ctf_refuse(p, "an unknown attribute of a number");
	return 0;
}

int tl_ctf_parse_number(struct tl_ctf_parser *p, struct tl_ctf_type *type)
{
	uint64_t digits[2] = {0};
	int result = 0;

	type->align = 0;
	while (result == 0 && !tl_words_take(&p->words, "}")) {
		struct tl_word name = p->words.word;

		if (!name.n)
			return tl_ctf_refuse(p, "the end of the text within a type");
		tl_words_advance(&p->words);
		result = tl_ctf_expect(p, "=");
		if (result == 0)
			result = parse_attribute(p, name, type, digits);
		if (result == 0)
			result = tl_ctf_expect(p, ";");
	}
	if (result < 0)
		return result;
	if (type->kind == TL_CTF_FLOAT)
		type->size = (unsigned)(digits[0] + digits[1]);
	if (!type->align)
		type->align = type->size % 8 == 0 ? 8 : 1;
	if (type->size == 0 || type->size > 64 || !tl_ctf_is_power_of_two(type->align))
		return tl_ctf_refuse(p, "a number of a size or an alignment that is not supported");
	return 0;
}
