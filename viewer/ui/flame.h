/*
 * Blocked time by call stack, as a tree: outermost functions first, below them
 * what they called, and last what was waited for. Built in slices from a survey.
 * Knows stacks and times, no colours and no window.
 */
#ifndef TL_UI_FLAME_H
#define TL_UI_FLAME_H

#include "viewer/model/survey.h"
#include "viewer/symbol/symbol.h"
#include "viewer/ui/draw.h"

#define TL_FLAME_DEPTH 200    /* frames; what lies deeper counts with the last one */
#define TL_FLAME_STACKS 20000 /* those with the most time; the others are one node */

struct tl_flame_node {
	const char *name; /* not escaped */
	const char *file; /* NULL: unknown */
	int line;
	uint32_t parent, depth;
	uint32_t first, n_children; /* in `order` */
	int64_t ns;
	uint64_t n;         /* waits */
	int64_t longest_ns; /* of one wait */
	uint32_t row, span; /* that wait */
	uint8_t reason;     /* leaves: enum tl_reason */
	bool leaf;
};

struct tl_flame {
	TL_VEC(struct tl_flame_node) nodes; /* [0] is the whole */
	uint32_t *order;                    /* children of each node side by side, the longest time first */
	struct tl_arena arena;
	uint32_t *slots; /* open addressing: index + 1 */
	size_t room;
	size_t next; /* stack of the survey to go on with */
	bool begun, done;
};

/* Begins anew. 0, or -1 without memory. */
int tl_flame_begin(struct tl_flame *flame);
/* Takes up to `stacks` more of the survey, which must be done and stay; `symbols` may be NULL. 0 or -1. */
int tl_flame_step(struct tl_flame *flame, const struct tl_survey *survey, struct tl_symbols *symbols, size_t stacks);
/* Accepts zeroed. */
void tl_flame_finish(struct tl_flame *flame);

/* The node of a stack and a reason, or UINT32_MAX. */
uint32_t tl_flame_find(const struct tl_flame *flame, struct tl_symbols *symbols, uint32_t nonce, uint32_t stack,
		       uint8_t reason);
/* Is `node` `below` or one above it? */
bool tl_flame_leads_to(const struct tl_flame *flame, uint32_t node, uint32_t below);

/*
 * Where the nodes stand in `area` when `root` is as wide as it: those above it first, then it
 * and what is below, as long as they are at least a pixel wide. Returns the height of all.
 */
int tl_flame_layout(const struct tl_flame *flame, uint32_t root, struct tl_rect area, int line_h,
		    void (*visit)(void *data, uint32_t node, struct tl_rect rect), void *data);

#endif
