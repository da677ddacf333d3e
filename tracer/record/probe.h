/*
 * Tries what a recording needs, in children: does a program load our library, and
 * does an event that it emits come back? For threadline doctor.
 */
#ifndef TL_RECORD_PROBE_H
#define TL_RECORD_PROBE_H

#include "tracer/record/launch.h"

/* A program is started with the library; what the loader says is the error. */
int tl_probe_loads(const struct tl_injection *injection, const struct tl_signals *signals, struct tl_error *error);

/* `threadline record` of a plain program, to a temporary folder that is removed; the number of its events. */
int tl_probe_record(const struct tl_signals *signals, uint64_t *events, struct tl_error *error);

#endif
