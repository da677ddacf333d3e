/* Copies of texts and lists; see ctf_scratch.h. */
#include "viewer/read/ctf_scratch.h"

#include <stdlib.h>
#include <string.h>

const char tl_ctf_scratch_failed[] = "out of memory";

struct tl_ctf_long {
	struct tl_ctf_long *before;
	char bytes[];
};

void tl_ctf_scratch_drop(struct tl_ctf_scratch *scratch)
{
	while (scratch->now.longs != scratch->kept.longs) {
		struct tl_ctf_long *last = scratch->now.longs;

		scratch->now.longs = last->before;
		free(last);
	}
}

/* Room for `n` bytes; NULL: out of memory. */
static char *find_room(struct tl_ctf_scratch *scratch, size_t n)
{
	struct tl_ctf_long *last;
	char *room = scratch->texts + scratch->now.n_texts;

	if (n <= TL_CTF_TEXTS - scratch->now.n_texts) {
		scratch->now.n_texts += n;
		return room;
	}
	last = malloc(sizeof *last + n);
	if (!last)
		return NULL;
	last->before = scratch->now.longs;
	scratch->now.longs = last;
	return last->bytes;
}

const char *tl_ctf_scratch_copy(struct tl_ctf_scratch *scratch, const void *from, size_t n)
{
	char *copy = find_room(scratch, n + 1);

	if (!copy)
		return NULL;
	memcpy(copy, from, n);
	copy[n] = '\0';
	return copy;
}
