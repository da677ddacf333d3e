/*
 * Is this code or this lock LTTng's own? Its libraries lock mutexes in every
 * traced thread (a thread that ends leaves LTTng's list of readers): to emit an
 * event while holding such a mutex would enter LTTng again and lock it a second
 * time, a deadlock. And they create threads, again in each fork's child, which
 * are not the program's. Neither is ever traced.
 */
#ifndef TL_INTERPOSE_OWN_H
#define TL_INTERPOSE_OWN_H

#include <stdbool.h>
#include <stdint.h>

/* Looks where LTTng's libraries are loaded; once, before wrappers trace. */
void tl_own_init(void);

/* Does this address lie there: a lock's, or a caller's? For slow paths. */
bool tl_is_lttngs(uint64_t address);

#endif
