/*
 * Causal order. A source yields events by time; this yields them so that a
 * cause comes before its effect wherever the trace says which is which: by the
 * task's own numbers (seq), by the waker that a start names, by the target's seq
 * that an unblock names. Equal times go by rank (create < block < unblock, exit <
 * start), then task.
 *
 * An event whose cause has not been seen waits while the source is read a little
 * ahead; when the cause does not come, it goes on without, and whoever judges
 * sees by the numbers that it is missing. Memory: the events read ahead, at most
 * TL_ORDER_AHEAD, and a few words for each task.
 */
#ifndef TL_ORDER_ORDER_H
#define TL_ORDER_ORDER_H

#include "viewer/read/source.h"

#define TL_ORDER_AHEAD 4096

struct tl_order;

/* Reads from `source`, which must outlive it. NULL: out of memory. */
struct tl_order *tl_order_create(struct tl_source *source);
void tl_order_destroy(struct tl_order *order);

/*
 * How far ahead in time a cause is looked for: 1 ms unless set. Within one host
 * the clock needs no tolerance; what this allows for is a signal handler's event
 * stamped before that of the call it interrupted. Between hosts, the uncertainty.
 */
void tl_order_set_tolerance(struct tl_order *order, int64_t ns);

/*
 * The next item, as tl_source_next; `*item` is set where that is positive. After an
 * error of the source what was read before it is still yielded, then the error. An
 * item, its texts and sequences are valid until they are released, and another
 * thread may look at them.
 */
int tl_order_next(struct tl_order *order, const struct tl_item **item, struct tl_error *error);

/*
 * The items that come next whatever may still be read: up to `max`, without reading, and
 * maybe none. Between calls of tl_order_next, which goes on behind them.
 */
size_t tl_order_ready(struct tl_order *order, const struct tl_item **items, size_t max);

/* What stands now for the items that were given before the last one: all of them, or less. */
uint64_t tl_order_mark(const struct tl_order *order);
/* The items for which the mark stands are no longer looked at. Who keeps none releases after each. */
void tl_order_release(struct tl_order *order, uint64_t mark);

#endif
