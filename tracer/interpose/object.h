/*
 * What is known of the program's objects beside who waits for them: whether the
 * trace speaks of an object, its end, and calls that were wrong.
 */
#ifndef TL_INTERPOSE_OBJECT_H
#define TL_INTERPOSE_OBJECT_H

#include "tracer/task.h"

/* Notes that the trace speaks of the object at this address. */
void tl_object_seen(uint64_t object);

/*
 * The object ends, or another begins at its address: told if the trace may have
 * spoken of it. To be called before the real call.
 */
void tl_object_ends(uint64_t object, uint8_t reason);

/* Tells that the call in the wrapper with frame address `frame` was wrong. Keeps errno. */
void tl_misuse(uint8_t kind, uint64_t object, int error, void *frame);

#endif
