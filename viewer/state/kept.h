/*
 * A state that has taken its last event, as bytes, and back: for the viewer's cache
 * of what it has read. What comes back answers every question that state.h has, but
 * takes no more events: which waits a task is in, and its latest unblocks, are not kept.
 */
#ifndef TL_STATE_KEPT_H
#define TL_STATE_KEPT_H

#include "viewer/base/bytes.h"
#include "viewer/state/state.h"

void tl_state_keep(const struct tl_state *state, struct tl_bytes *bytes);

/* Whatever the bytes are; NULL: they are no state, or out of memory. The caller owns it. */
struct tl_state *tl_state_from_kept(struct tl_taker *taker);

#endif
