/*
 * Memory for what events that are decoded at once point to: texts and lists, of which they
 * have copies. A packet may change, or be gone, while they are still looked at.
 */
#ifndef TL_READ_CTF_SCRATCH_H
#define TL_READ_CTF_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#define TL_CTF_SCRATCH 4096     /* numbers */
#define TL_CTF_TEXTS (16 << 10) /* bytes; what does not fit has memory of its own */

struct tl_ctf_long;

/* All zero: empty. */
struct tl_ctf_scratch {
	size_t n, n_texts;
	struct tl_ctf_long *longs; /* the last one first */
	uint64_t numbers[TL_CTF_SCRATCH];
	char texts[TL_CTF_TEXTS];
};

/* What is in use at a moment. */
struct tl_ctf_mark {
	size_t n, n_texts;
	struct tl_ctf_long *longs;
};

extern const char tl_ctf_scratch_failed[]; /* a cursor's `failure`, told from others by its address */

static inline struct tl_ctf_mark tl_ctf_scratch_mark(const struct tl_ctf_scratch *scratch)
{
	return (struct tl_ctf_mark){scratch->n, scratch->n_texts, scratch->longs};
}

/* Gives back what is longer than the rest, down to this one; NULL: all of it. */
void tl_ctf_scratch_drop(struct tl_ctf_scratch *scratch, const struct tl_ctf_long *until);

/* Forgets what came behind the mark; an empty mark: everything. */
static inline void tl_ctf_scratch_back(struct tl_ctf_scratch *scratch, struct tl_ctf_mark mark)
{
	scratch->n = mark.n;
	scratch->n_texts = mark.n_texts;
	if (scratch->longs != mark.longs)
		tl_ctf_scratch_drop(scratch, mark.longs);
}

/* A copy of `n` bytes, and a NUL behind it. NULL: out of memory. */
const char *tl_ctf_scratch_copy(struct tl_ctf_scratch *scratch, const void *from, size_t n);

#endif
