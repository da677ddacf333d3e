/*
 * Room in /dev/shm that recordings have chosen but perhaps not taken yet: LTTng
 * makes the buffers when the first traced program appears, so recordings that
 * begin together would all count on the same free memory. Each keeps a locked
 * file with its number of bytes; a file that nobody locks is of the dead.
 */
#ifndef TL_RECORD_RESERVE_H
#define TL_RECORD_RESERVE_H

#include <stdint.h>

#include "viewer/base/error.h"

/*
 * Bytes that others have reserved. Counting what they have taken already a
 * second time errs on the safe side. Call with the folder's `lock` held.
 */
uint64_t tl_reserve_sum(const char *folder);

/* Reserves; the descriptor holds it until closed. Negative with `error` set. */
int tl_reserve_take(const char *folder, const char *session, uint64_t bytes, struct tl_error *error);

/* Gives it back. Accepts a negative descriptor. */
void tl_reserve_release(const char *folder, const char *session, int reserve);

#endif
