/*
 * Pieces of a line of an event list: what stands between blanks, and the numbers
 * and times among them; and what a mistake in a line sounds like.
 */
#include "viewer/read/text_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"

#define TIME_MAX 64 /* longest text of a time */

int tl_line_wrong(struct tl_line *line, const char *format, ...)
{
	char text[TL_ERROR_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return tl_error_set(line->error, TL_EFORMAT, "%s:%zu: %s", line->name, line->number, text);
}

int tl_line_no_memory(struct tl_line *line)
{
	return tl_error_set(line->error, TL_ENOMEM, "%s:%zu: out of memory", line->name, line->number);
}

int tl_piece_shown(struct tl_piece word)
{
	return word.n < 60 ? (int)word.n : 60;
}

bool tl_piece_is(struct tl_piece word, const char *text)
{
	return strlen(text) == word.n && memcmp(word.at, text, word.n) == 0;
}

void tl_line_skip_blanks(struct tl_line *line)
{
	while (line->at < line->end && (*line->at == ' ' || *line->at == '\t' || *line->at == '\r'))
		line->at++;
}

bool tl_line_is_done(struct tl_line *line)
{
	tl_line_skip_blanks(line);
	return line->at == line->end || *line->at == '#';
}

struct tl_piece tl_line_take_piece(struct tl_line *line, char stop)
{
	struct tl_piece word = {line->at, 0};

	while (line->at < line->end && !strchr(" \t\r", *line->at) && *line->at != stop)
		line->at++;
	word.n = (size_t)(line->at - word.at);
	return word;
}

int tl_piece_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

int tl_piece_number(struct tl_piece word, uint64_t max, uint64_t *value)
{
	size_t i = word.n > 2 && word.at[0] == '0' && (word.at[1] == 'x' || word.at[1] == 'X') ? 2 : 0;
	uint64_t base = i ? 16 : 10, n = 0;

	if (word.n == 0)
		return -1;
	for (; i < word.n; i++) {
		uint64_t d = (uint64_t)tl_piece_digit(word.at[i]);

		if (d >= base || n > (max - d) / base)
			return -1;
		n = n * base + d;
	}
	*value = n;
	return 0;
}

int tl_piece_signed(struct tl_piece word, int64_t max, int64_t *value)
{
	bool minus = word.n && word.at[0] == '-';
	struct tl_piece digits = {word.at + minus, word.n - minus};
	uint64_t n;

	if (tl_piece_number(digits, (uint64_t)max + minus, &n) < 0)
		return -1;
	*value = minus ? -(int64_t)(n - (n != 0)) - (n != 0) : (int64_t)n;
	return 0;
}

int tl_line_parse_time(struct tl_line *line, struct tl_piece word, int64_t *ns)
{
	char text[TIME_MAX];

	if (word.n < sizeof text) {
		memcpy(text, word.at, word.n);
		text[word.n] = '\0';
		if (tl_text_parse_time(text, ns) == 0)
			return 0;
	}
	return tl_line_wrong(line, "\"%.*s\" is not a time (nanoseconds, or a number with a unit: 1.5s 20us 3ns)",
			     tl_piece_shown(word), word.at);
}

void tl_line_take_rest(struct tl_line *line, char *to, size_t size)
{
	size_t n;

	tl_line_skip_blanks(line);
	n = (size_t)(line->end - line->at);
	while (n && strchr(" \t\r", line->at[n - 1]))
		n--;
	if (n >= size)
		n = size - 1;
	memcpy(to, line->at, n);
	to[n] = '\0';
	line->at = line->end;
}
