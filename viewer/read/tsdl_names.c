/*
 * Names that stand twice. The library aborts the program at a body that declares a
 * field twice, so every body of the metadata is looked through for one, whether the
 * grammar of the other files understands it or not.
 */
#include <string.h>

#include "viewer/read/tsdl.h"

struct names {
	TL_VEC(struct tl_word) list;
};

/*
 * Notes a field's name; false when the body has it already, or when out of memory.
 * The library takes a leading underscore off the names of a structure's fields.
 */
static bool note_name(struct names *names, struct tl_word name, bool is_struct)
{
	if (is_struct && name.n > 1 && *name.at == '_')
		name = (struct tl_word){name.at + 1, name.n - 1, false};
	for (size_t i = 0; i < names->list.n; i++)
		if (names->list.items[i].n == name.n && memcmp(names->list.items[i].at, name.at, name.n) == 0)
			return false;
	return tl_vec_push(&names->list, name) == 0;
}

/*
 * Looks through a body in braces, and those in it, for fields that are declared
 * twice. `opener` is the word that says what the body is.
 */
static bool names_are_unique(struct tl_words *w, struct tl_word opener, int depth)
{
	bool is_struct = tl_word_is(opener, "struct"), has_fields = is_struct || tl_word_is(opener, "variant");
	struct tl_word word = {0}, what = {0};
	struct names names = {0};
	bool alias = false, named = false, unique = depth < TL_TSDL_DEPTH_MAX;

	for (; unique && w->word.n && !tl_words_is(w, "}"); tl_words_advance(w)) {
		if (tl_words_is(w, "{")) {
			tl_words_advance(w);
			unique = names_are_unique(w, what, depth + 1);
		} else if (tl_words_is(w, "typealias") || tl_words_is(w, "typedef")) {
			alias = true;
		} else if (tl_words_is(w, "[")) {
			named = true;
		} else if (tl_words_is(w, ";")) {
			unique = !has_fields || alias || !word.n || note_name(&names, word, is_struct);
			word = what = (struct tl_word){0};
			alias = named = false;
		} else if (tl_words_at_name(w)) {
			if (tl_words_is(w, "struct") || tl_words_is(w, "variant") || tl_words_is(w, "enum") ||
			    tl_words_is(w, "integer") || tl_words_is(w, "string") || tl_words_is(w, "floating_point") ||
			    !what.n)
				what = w->word;
			if (!named)
				word = w->word;
		}
	}
	tl_vec_finish(&names.list);
	return unique;
}

bool tl_tsdl_names_are_unique(const char *text, const char *end)
{
	struct tl_words w = {.at = text, .end = end};
	bool unique = true;

	for (tl_words_advance(&w); unique && w.word.n; tl_words_advance(&w))
		unique = names_are_unique(&w, (struct tl_word){0}, 0);
	return unique;
}
