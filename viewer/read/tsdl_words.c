/*
 * The words of TSDL and what every part of its grammar does with them: look at the
 * present one, take it if it is the one expected, step over what is not understood.
 */
#include <stdlib.h>
#include <string.h>

#include "viewer/read/tsdl_words.h"

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_space(struct tl_words *w)
{
	for (;;) {
		while (w->at < w->end && strchr(" \t\r\n\v\f", *w->at) && *w->at)
			w->at++;
		if (w->end - w->at >= 2 && w->at[0] == '/' && w->at[1] == '*') {
			const char *close = memmem(w->at + 2, (size_t)(w->end - w->at - 2), "*/", 2);

			w->at = close ? close + 2 : w->end;
		} else if (w->end - w->at >= 2 && w->at[0] == '/' && w->at[1] == '/') {
			const char *close = memchr(w->at, '\n', (size_t)(w->end - w->at));

			w->at = close ? close : w->end;
		} else {
			return;
		}
	}
}

void tl_words_advance(struct tl_words *w)
{
	const char *from;

	skip_space(w);
	from = w->at;
	w->word = (struct tl_word){from, 0, false};
	if (w->at == w->end)
		return;
	if (*w->at == '"') {
		for (w->at++; w->at < w->end && *w->at != '"'; w->at++)
			w->at += *w->at == '\\' && w->at + 1 < w->end;
		w->at += w->at < w->end;
		w->word.is_string = true;
	} else if (is_word_char(*w->at)) {
		while (w->at < w->end && is_word_char(*w->at))
			w->at++;
	} else {
		w->at += w->end - w->at >= 2 && w->at[0] == ':' && w->at[1] == '=' ? 2 : 1;
	}
	w->word.n = (size_t)(w->at - from);
}

bool tl_word_is(struct tl_word word, const char *text)
{
	return !word.is_string && word.n == strlen(text) && memcmp(word.at, text, word.n) == 0;
}

bool tl_words_is(const struct tl_words *w, const char *text)
{
	return tl_word_is(w->word, text);
}

bool tl_words_at_name(const struct tl_words *w)
{
	return w->word.n && !w->word.is_string && is_word_char(*w->word.at);
}

bool tl_words_take(struct tl_words *w, const char *text)
{
	if (!tl_words_is(w, text))
		return false;
	tl_words_advance(w);
	return true;
}

bool tl_words_take_number(struct tl_words *w, uint64_t *value)
{
	char text[32], *end;

	if (!tl_words_at_name(w) || w->word.n >= sizeof text)
		return false;
	memcpy(text, w->word.at, w->word.n);
	text[w->word.n] = '\0';
	*value = strtoull(text, &end, 0);
	if (*end)
		return false;
	tl_words_advance(w);
	return true;
}

void tl_words_skip_to_close(struct tl_words *w, const char *open, const char *close)
{
	for (int depth = 1; w->word.n; tl_words_advance(w)) {
		depth += tl_words_is(w, open) ? 1 : tl_words_is(w, close) ? -1 : 0;
		if (depth == 0) {
			tl_words_advance(w);
			return;
		}
	}
}

void tl_words_skip_statement(struct tl_words *w)
{
	while (w->word.n && !tl_words_is(w, "}")) {
		if (tl_words_take(w, ";"))
			return;
		if (tl_words_take(w, "{"))
			tl_words_skip_to_close(w, "{", "}");
		else
			tl_words_advance(w);
	}
}
