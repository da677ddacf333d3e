/*
 * Values of fields in an event list, by the types of the event contract, into
 * struct tl_event: names, numbers, texts in quotes and sequences in brackets.
 */
#include <inttypes.h>
#include <string.h>

#include "viewer/read/text_line.h"

#define SEQUENCE_MAX 255 /* a sequence's count is a u8 */

/* The character after a backslash; -1 when it is none that we know. */
static int take_escape(struct tl_line *line)
{
	char c = line->at < line->end ? *line->at++ : '\0';

	if (c == 'n')
		return '\n';
	if (c == '"' || c == '\\')
		return (unsigned char)c;
	if (c == 'x' && line->end - line->at >= 2 && tl_piece_digit(line->at[0]) < 16 &&
	    tl_piece_digit(line->at[1]) < 16) {
		int byte = tl_piece_digit(line->at[0]) * 16 + tl_piece_digit(line->at[1]);

		line->at += 2;
		return byte ? byte : -1;
	}
	return -1;
}

/* A text in double quotes, into the arena. */
static int take_text(struct tl_line *line, const char **text)
{
	char *out;
	size_t n = 0;

	if (line->at == line->end || *line->at != '"')
		return tl_line_wrong(line, "a text must stand in double quotes");
	line->at++;
	out = tl_arena_alloc(line->texts, (size_t)(line->end - line->at) + 1);
	if (!out)
		return tl_line_no_memory(line);
	while (line->at < line->end && *line->at != '"') {
		int c = (unsigned char)*line->at++;

		if (c == '\\')
			c = take_escape(line);
		if (c <= 0)
			return tl_line_wrong(line, "unknown escape in a text (known: \\\" \\\\ \\n \\xNN, not \\x00)");
		out[n++] = (char)c;
	}
	if (line->at == line->end)
		return tl_line_wrong(line, "a text without its closing quote");
	line->at++;
	*text = out;
	return 0;
}

/* The numbers of "[1,0x2]", each up to `max`; their count goes to `n`. */
static int take_numbers(struct tl_line *line, uint64_t max, uint64_t *values, size_t *n)
{
	*n = 0;
	if (line->at == line->end || *line->at++ != '[')
		return tl_line_wrong(line, "a sequence must stand in brackets");
	for (tl_line_skip_blanks(line); line->at < line->end && *line->at != ']'; tl_line_skip_blanks(line)) {
		struct tl_piece word = {line->at, 0};

		while (line->at < line->end && !strchr(" \t\r,]", *line->at))
			line->at++;
		word.n = (size_t)(line->at - word.at);
		if (*n == SEQUENCE_MAX)
			return tl_line_wrong(line, "a sequence of more than %d values", SEQUENCE_MAX);
		if (tl_piece_number(word, max, &values[*n]) < 0)
			return tl_line_wrong(line, "\"%.*s\" is not a number up to %" PRIu64, tl_piece_shown(word),
					     word.at, max);
		++*n;
		tl_line_skip_blanks(line);
		if (line->at < line->end && *line->at == ',')
			line->at++;
		else if (line->at == line->end || *line->at != ']')
			break;
	}
	if (line->at == line->end || *line->at != ']')
		return tl_line_wrong(line, "a sequence without its closing bracket");
	line->at++;
	return 0;
}

static int take_sequence(struct tl_line *line, const struct tl_field_info *field, char *event)
{
	uint64_t values[SEQUENCE_MAX];
	uint8_t bytes[SEQUENCE_MAX];
	bool wide = field->type == TL_FIELD_ADDRS;
	const void *copy;
	size_t n;

	if (take_numbers(line, wide ? UINT64_MAX : UINT8_MAX, values, &n) < 0)
		return TL_EFORMAT; /* the only way it fails */
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)values[i];
	copy = wide ? tl_arena_copy(line->texts, values, n * sizeof *values) : tl_arena_copy(line->texts, bytes, n);
	if (!copy)
		return tl_line_no_memory(line);
	memcpy(event + field->offset, &copy, sizeof copy);
	event[field->count_offset] = (char)(uint8_t)n;
	return 0;
}

static int take_named(struct tl_line *line, const struct tl_field_info *field, char *event)
{
	struct tl_piece word = tl_line_take_piece(line, ' ');

	for (unsigned i = 0; i < tl_value_count(field->type); i++) {
		if (tl_piece_is(word, tl_value_text(field->type, i))) {
			event[field->offset] = (char)(uint8_t)i;
			return 0;
		}
	}
	return tl_line_wrong(line, "\"%.*s\" is not a value of %s", tl_piece_shown(word), word.at, field->name);
}

static size_t integer_size(enum tl_field_type type)
{
	switch (type) {
	case TL_FIELD_U8: return 1;
	case TL_FIELD_U16: return 2;
	case TL_FIELD_U32:
	case TL_FIELD_S32: return 4;
	default: return 8;
	}
}

/* Stores the low `size` bytes of `value` as an integer of that size. */
static void store_integer(char *to, size_t size, uint64_t value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;

	memcpy(to, size == 1 ? &u8 : size == 2 ? (void *)&u16 : size == 4 ? (void *)&u32 : (void *)&value, size);
}

static int take_integer(struct tl_line *line, const struct tl_field_info *field, char *event)
{
	struct tl_piece word = tl_line_take_piece(line, ' ');
	size_t size = integer_size(field->type);
	uint64_t value;
	int64_t value_signed = 0;
	int result;

	if (field->type == TL_FIELD_S32 || field->type == TL_FIELD_S64) {
		result = tl_piece_signed(word, size == 4 ? INT32_MAX : INT64_MAX, &value_signed);
		value = (uint64_t)value_signed;
	} else {
		result = tl_piece_number(word, UINT64_MAX >> (64 - 8 * size), &value);
	}
	if (result < 0)
		return tl_line_wrong(line, "\"%.*s\" is not a number that fits %s", tl_piece_shown(word), word.at,
				     field->name);
	store_integer(event + field->offset, size, value);
	return 0;
}

int tl_line_take_value(struct tl_line *line, const struct tl_field_info *field, struct tl_event *event)
{
	char *bytes = (char *)event;
	const char *text = "";
	int result;

	if (field->type == TL_FIELD_TEXT) {
		result = take_text(line, &text);
		memcpy(bytes + field->offset, &text, sizeof text);
		return result;
	}
	if (field->type == TL_FIELD_ADDRS || field->type == TL_FIELD_BYTES)
		return take_sequence(line, field, bytes);
	if (tl_value_count(field->type))
		return take_named(line, field, bytes);
	return take_integer(line, field, bytes);
}
