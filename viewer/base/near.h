/* What was probably meant by a word that is not known. Knows nothing of what the words are. */
#ifndef TL_BASE_NEAR_H
#define TL_BASE_NEAR_H

#include <stdbool.h>

/*
 * Levenshtein's distance: how many letters must be added, taken or changed.
 * UINT_MAX for words longer than anybody's typing error.
 */
unsigned tl_near_distance(const char *a, const char *b);

/* Is `known` what somebody may have meant who wrote `word`: a few letters away, or a part of the other? */
bool tl_near_is(const char *word, const char *known);

#endif
