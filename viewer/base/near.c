/* Distances of words; see near.h. */
#include "viewer/base/near.h"

#include <limits.h>
#include <string.h>

#define LENGTH_MAX 64
#define PART_LEAST 3 /* shorter parts are in everything */

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

unsigned tl_near_distance(const char *a, const char *b)
{
	unsigned row[LENGTH_MAX + 1]; /* one row of the table at a time */
	size_t n = strlen(b);

	if (n > LENGTH_MAX || strlen(a) > LENGTH_MAX)
		return UINT_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < n; j++) {
			unsigned above = row[j + 1];

			row[j + 1] = min3(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
			diagonal = above;
		}
	}
	return row[n];
}

bool tl_near_is(const char *word, const char *known)
{
	size_t n = strlen(word);

	if (n >= PART_LEAST && (strstr(known, word) || strstr(word, known)))
		return true;
	return tl_near_distance(word, known) <= (n < 6 ? 2 : n / 3);
}
