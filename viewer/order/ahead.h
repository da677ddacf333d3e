/*
 * Reads and orders in a thread of its own, a few batches ahead of whoever judges: of
 * two processors one reads while the other one checks. The items are those of
 * tl_order_next, in that order; what the source knows of its input goes with them.
 */
#ifndef TL_ORDER_AHEAD_H
#define TL_ORDER_AHEAD_H

#include "viewer/order/order.h"

struct tl_ahead;

/*
 * Takes over `source` until tl_ahead_destroy: nobody else may touch it meanwhile.
 * NULL: out of memory. Where no thread can be made, the items are read as they are
 * asked for.
 */
struct tl_ahead *tl_ahead_create(struct tl_source *source);
/* Ends the reading, wherever it is. Accepts NULL. */
void tl_ahead_destroy(struct tl_ahead *ahead);

/*
 * The next items, `n` of them, valid until the next call: positive; or, when there
 * are no more, 0 or a negative code, as tl_order_next.
 */
int tl_ahead_next(struct tl_ahead *ahead, const struct tl_item *const **items, size_t *n, struct tl_error *error);

/* What the source knew of its input once it had read the present items; all, at the end. */
const struct tl_source_info *tl_ahead_info(const struct tl_ahead *ahead);

#endif
