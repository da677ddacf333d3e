/*
 * Which events a listener is told of: a rule, or what rules share. An event that
 * fits none of its rows costs it nothing, so the rows say as much as they can:
 * also what is odd about the event, and what must have happened before.
 */
#ifndef TL_RULES_HEARS_H
#define TL_RULES_HEARS_H

#include "viewer/state/state.h"

/* Kinds of events, causes of starts, and reasons of waits, as sets. */
#define TL_ON(KIND) (UINT32_C(1) << TL_EVENT_##KIND)
#define TL_CAUSE(NAME) (UINT32_C(1) << TL_CAUSE_##NAME)
#define TL_REASON(NAME) (UINT32_C(1) << TL_REASON_##NAME)
#define TL_IF_TARGETED_(NAME, number, text, class) | (uint32_t)(TL_CLASS_##class == TL_CLASS_TARGETED) << (number)
#define TL_IF_EDGE_(NAME, number, text, class) | (uint32_t)(TL_CLASS_##class == TL_CLASS_EDGE) << (number)
#define TL_REASONS_TARGETED (UINT32_C(0) TL_REASONS(TL_IF_TARGETED_))
#define TL_REASONS_EDGE (UINT32_C(0) TL_REASONS(TL_IF_EDGE_))
#define TL_REASONS_OWNED (TL_REASON(MUTEX) | TL_REASON(RWLOCK_READ) | TL_REASON(RWLOCK_WRITE) | TL_REASON(SPIN))

/* What may have happened in a trace, once for all: until then nobody needs to look for it. */
#define TL_HAS_RESOURCES 0x1u /* something was opened or closed */
#define TL_HAS_SUSPECTS 0x2u  /* an object was destroyed that somebody waited for */
#define TL_HAS_RELOCKS 0x4u   /* a task waits, or is about to, for what it holds */

/* One row: an event must fit all that is set. */
struct tl_hears {
	uint32_t kinds;   /* TL_ON(BLOCK) | ...; 0: of any, if `odd` says which, else the row is none */
	uint32_t causes;  /* of starts: only of these; 0: all */
	uint32_t reasons; /* of starts, blocks, unblocks: only of waits of these, or that are not known; 0: all */
	uint32_t odd;     /* only where one of these TL_ODD_ bits is set; 0: all */
	uint32_t has;     /* only once one of these TL_HAS_ bits is set; 0: at once */
};
#define TL_HEARS 3 /* rows of a listener, the unused ones at the end */

struct tl_rule;
struct tl_judge;

/* A listener's function; negative: out of memory. */
typedef int tl_hear(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_event *event,
		    const struct tl_step *step);

#endif
