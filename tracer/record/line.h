/*
 * A connection of our own to a relay daemon, on which nothing is said: LTTng drops
 * what it cannot send and tells nobody, so this one tells us when the way is cut. It
 * notices no later than LTTng itself gives up (TL_LINE_CUT_MS).
 */
#ifndef TL_RECORD_LINE_H
#define TL_RECORD_LINE_H

#include <stdbool.h>

#include "tracer/record/address.h"

#define TL_LINE_CUT_MS 4000 /* without an answer from there */

/* A connected descriptor, or negative with `error` set: it did not answer within `limit_ms`. */
int tl_line_open(const struct tl_address *address, int limit_ms, struct tl_error *error);

/* Never waits. */
bool tl_line_is_cut(int line);

#endif
