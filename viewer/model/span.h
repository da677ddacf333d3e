/*
 * What a span is, and how the spans of a row lie in memory. They are by far most of a model, and what
 * every picture is read from: 8 bytes each, a begin and a code, beside what only waits and
 * creations have, 12 bytes more that stand apart (struct tl_span_more). In front of each block
 * of spans but the first, and so right behind the one before it, stands a level of detail: what the row
 * was up to there. All of it is in one array of words:
 *
 *     32 spans | level | 32 spans | level | ... | 1 to 32 spans
 *
 * Only the model and its cache know this; others ask for spans by value (model.h).
 */
#ifndef TL_MODEL_SPAN_H
#define TL_MODEL_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "threadline/events.h"

/*
 * How a stretch of a task looks: its state, and for waits the family of what it
 * waits for. In rising order of what a person must see: of two looks that take
 * the same time in a pixel, the later one here is drawn.
 */
enum tl_look {
	TL_LOOK_NONE, /* no such task yet; of no span */
	TL_LOOK_EXITED,
	TL_LOOK_CREATED, /* created, has not run */
	TL_LOOK_RUNNING,
	TL_LOOK_RUNNABLE,
	TL_LOOK_IDLE, /* blocked: sleep, io, child, signal */
	TL_LOOK_WAIT, /* blocked: condition, semaphore, channel, join, ... */
	TL_LOOK_LOCK, /* blocked: mutex, rwlock, spin, once */
	TL_LOOK_GAP,  /* unknown: events are missing */
	TL_N_LOOKS,
};

/* The look of a blocked task, by enum tl_reason. */
enum tl_look tl_look_of_reason(unsigned reason);

/* A stretch of one task in one look; it ends where the next span of its row begins. */
struct tl_span {
	int64_t begin_ns;
	uint32_t object; /* blocked: place in the model's table of objects; 0: none */
	uint32_t stack;  /* blocked or created: id in the task's process; 0: none */
	uint32_t wait;   /* blocked: number of the wait; else 0 */
	uint8_t look;    /* enum tl_look, not NONE */
	uint8_t reason;  /* blocked: enum tl_reason; else 0 */
	uint8_t cause;   /* running: enum tl_cause of its start; else 0 */
};

/* What only waits and creations have: of those spans of a row, in their order. */
struct tl_span_more {
	uint32_t object, stack, wait;
};

/* ---- a span in a word ------------------------------------------------------------------ */

/* The begin, signed, is above the code. */
#define TL_CODE_BITS 8
#define TL_SPAN_NS_MOST (INT64_MAX >> TL_CODE_BITS)

/* A code is the look, less one as there is no NONE, below the reason or the cause. */
#define TL_CODE_LOOK_BITS 3
#define TL_CODE_MOST (1u << (TL_CODE_BITS - TL_CODE_LOOK_BITS))

_Static_assert(TL_N_LOOKS - 1 <= 1u << TL_CODE_LOOK_BITS, "a look fits into a code");
_Static_assert(TL_N_REASONS <= TL_CODE_MOST && TL_N_CAUSES <= TL_CODE_MOST, "so do reasons and causes");

static inline uint8_t tl_code_of(enum tl_look look)
{
	return (uint8_t)(look - 1);
}

/* Of what a trace calls by a number that we do not know, the reason is unknown. */
static inline uint8_t tl_code_of_wait(unsigned reason)
{
	unsigned known = reason < TL_N_REASONS ? reason : TL_REASON_UNKNOWN;

	return (uint8_t)(known << TL_CODE_LOOK_BITS | tl_code_of(tl_look_of_reason(known)));
}

static inline uint8_t tl_code_of_run(unsigned cause)
{
	unsigned known = cause < TL_N_CAUSES ? cause : TL_CAUSE_UNKNOWN;

	return (uint8_t)(known << TL_CODE_LOOK_BITS | tl_code_of(TL_LOOK_RUNNING));
}

static inline bool tl_look_is_wait(enum tl_look look)
{
	return look >= TL_LOOK_IDLE && look <= TL_LOOK_LOCK;
}

static inline uint8_t tl_span_code(enum tl_look look, unsigned reason, unsigned cause)
{
	return tl_look_is_wait(look)     ? tl_code_of_wait(reason)
	       : look == TL_LOOK_RUNNING ? tl_code_of_run(cause)
					 : tl_code_of(look);
}

static inline uint64_t tl_span_pack(int64_t begin_ns, uint8_t code)
{
	return (uint64_t)begin_ns << TL_CODE_BITS | code;
}

static inline int64_t tl_word_begin(uint64_t word)
{
	return (int64_t)word >> TL_CODE_BITS;
}

static inline enum tl_look tl_word_look(uint64_t word)
{
	return (enum tl_look)((word & ((1u << TL_CODE_LOOK_BITS) - 1)) + 1);
}

/* The reason or the cause. */
static inline uint8_t tl_word_why(uint64_t word)
{
	return (uint8_t)((uint8_t)word >> TL_CODE_LOOK_BITS);
}

static inline bool tl_word_is_wait(uint64_t word)
{
	return tl_look_is_wait(tl_word_look(word));
}

/* Has it a struct tl_span_more? 0 or 1, without a branch. */
static inline unsigned tl_word_has_more(uint64_t word)
{
	const unsigned looks = 1u << TL_LOOK_CREATED | 1u << TL_LOOK_IDLE | 1u << TL_LOOK_WAIT | 1u << TL_LOOK_LOCK;

	return looks >> tl_word_look(word) & 1;
}

/* ---- words in an array ------------------------------------------------------------------ */

#define TL_SPAN_BLOCK 32

/* Level of detail: what a row was before a block. Of the size of a cache line. */
struct tl_level {
	uint64_t more;                /* so many of the spans had one */
	int64_t sums[TL_N_LOOKS - 2]; /* the time in each look from CREATED on; in what is left it was EXITED */
};

#define TL_LEVEL_WORDS (sizeof(struct tl_level) / sizeof(uint64_t))

/* The place of span `i`. */
static inline size_t tl_span_word(size_t i)
{
	return i + i / TL_SPAN_BLOCK * TL_LEVEL_WORDS;
}

/* So many words do `n` spans take. */
static inline size_t tl_span_words(size_t n)
{
	return n > 0 ? tl_span_word(n - 1) + 1 : 0;
}

/* The level in front of block `b` > 0. */
static inline struct tl_level *tl_span_level(uint64_t *words, size_t b)
{
	return (struct tl_level *)(words + tl_span_word(b * TL_SPAN_BLOCK) - TL_LEVEL_WORDS);
}

#endif
