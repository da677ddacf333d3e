/*
 * Lock files (flock): opened close-on-exec, waited for with a deadline, and
 * released by the kernel when the holder dies. A fork shares the lock.
 */
#ifndef TL_RECORD_LOCK_H
#define TL_RECORD_LOCK_H

#include <stdbool.h>

#include "viewer/base/error.h"

/* Opens (makes) folder/name; a descriptor, or negative with `error` set. */
int tl_lock_open(const char *folder, const char *name, struct tl_error *error);

/* Takes the lock, shared or exclusive, within limit_ms (0: only if free). */
bool tl_lock_take(int lock, bool exclusive, int limit_ms);

void tl_lock_release(int lock);

#endif
