/*
 * Memory for what events that are decoded at once point to: texts and lists, of which they
 * have copies. A packet may change, or be gone, while they are still looked at.
 */
#ifndef TL_READ_CTF_SCRATCH_H
#define TL_READ_CTF_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TL_CTF_SCRATCH 4096             /* numbers */
#define TL_CTF_EVENT_NUMBERS (4 * 255)  /* that lists of one event may hold */
#define TL_CTF_TEXTS ((size_t)16 << 10) /* bytes; what does not fit has memory of its own */

struct tl_ctf_long;

/* What is in use. */
struct tl_ctf_level {
	size_t n, n_texts;
	struct tl_ctf_long *longs; /* the last one first */
};

/* All zero: empty. */
struct tl_ctf_scratch {
	struct tl_ctf_level now, kept;
	bool is_full; /* there may be no room for what another event points to, or there is enough for once */
	uint64_t numbers[TL_CTF_SCRATCH];
	char texts[TL_CTF_TEXTS];
};

extern const char tl_ctf_scratch_failed[]; /* a cursor's `failure`, told from others by its address */

/* What was copied since it was kept last, or cleared, belongs to an event that is given. */
static inline void tl_ctf_scratch_keep(struct tl_ctf_scratch *scratch)
{
	scratch->kept = scratch->now;
	scratch->is_full = scratch->now.n + TL_CTF_EVENT_NUMBERS > TL_CTF_SCRATCH ||
			   scratch->now.n_texts > TL_CTF_TEXTS / 2 || scratch->now.longs;
}

/* Gives back what is longer than the rest, down to what is kept. */
void tl_ctf_scratch_drop(struct tl_ctf_scratch *scratch);

/* Or nobody will look at it. */
static inline void tl_ctf_scratch_undo(struct tl_ctf_scratch *scratch)
{
	if (scratch->now.longs != scratch->kept.longs)
		tl_ctf_scratch_drop(scratch);
	scratch->now = scratch->kept;
}

/* Nobody looks at any of it any more. */
static inline void tl_ctf_scratch_clear(struct tl_ctf_scratch *scratch)
{
	scratch->kept = (struct tl_ctf_level){0};
	scratch->is_full = false;
	tl_ctf_scratch_undo(scratch);
}

/* A copy of `n` bytes, and a NUL behind it. NULL: out of memory. */
const char *tl_ctf_scratch_copy(struct tl_ctf_scratch *scratch, const void *from, size_t n);

#endif
