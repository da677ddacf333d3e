/*
 * Parts of files, looked at where the system keeps them instead of in a copy. When the file
 * becomes shorter meanwhile, or cannot be read, that would end the program (SIGBUS): here
 * zeroes stand for what is gone, and the part is torn. So what was read of it counts only
 * if tl_mapped_is_whole says so afterwards.
 *
 * What it says may change at any time, as others may write to the file: a number that is
 * to be compared before it is used is read once.
 *
 * The first part installs a handler for SIGBUS for as long as the program runs. What is not about
 * a part goes on to the handler before it, or ends the program as ever.
 */
#ifndef TL_BASE_MAPPED_H
#define TL_BASE_MAPPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_MAPPED_MOST 256 /* parts at once, of the whole program */

/* Used by one thread at a time. All zero: nothing is mapped. */
struct tl_mapped {
	const uint8_t *bytes;
	uint64_t at; /* of the first byte, in the file */
	size_t n;
	void *pages; /* the part with what lies before it on its first page */
	size_t room;
	size_t range; /* that the handler knows it by */
};

/*
 * Maps `n` bytes, at least 1, from any byte on; the descriptor may be closed afterwards. False: it
 * cannot be done with this file, or not now (memory, too many parts): read it instead.
 */
bool tl_mapped_init(struct tl_mapped *mapped, int descriptor, uint64_t at, size_t n);
void tl_mapped_finish(struct tl_mapped *mapped);

/*
 * Was everything there that was read until now, and of which nothing lies at `until` or behind it? `end`
 * is where that which is being read ends, a place in the part not before `until`, and `descriptor` is the
 * file's. Costs next to nothing but where `until` is on the last page before `end`.
 */
bool tl_mapped_is_whole(const struct tl_mapped *mapped, int descriptor, uint64_t until, uint64_t end);

#endif
