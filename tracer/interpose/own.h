/*
 * Is this lock one of LTTng's own? Its libraries lock mutexes in every traced
 * thread (a thread that ends leaves LTTng's list of readers). To emit an event
 * while holding such a mutex would enter LTTng again and lock it a second time:
 * a deadlock. So its locks are never traced.
 */
#ifndef TL_INTERPOSE_OWN_H
#define TL_INTERPOSE_OWN_H

#include <stdbool.h>
#include <stdint.h>

/* Looks where LTTng's libraries keep their data; once, before wrappers trace. */
void tl_own_init(void);

/* Does the lock at this address lie there? For slow paths. */
bool tl_own_lock(uint64_t address);

#endif
