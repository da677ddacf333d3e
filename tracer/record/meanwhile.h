/*
 * What the recorder does while it waits, for a command to end or to be told to stop
 * itself: looks around ten times a second, and at each signal.
 */
#ifndef TL_RECORD_MEANWHILE_H
#define TL_RECORD_MEANWHILE_H

#include <stdbool.h>

#define TL_MEANWHILE_MS 100

struct tl_meanwhile {
	void *data;
	/* True: the signal was for us, and is not passed on. */
	bool (*on_signal)(void *data, int signal);
	void (*on_tick)(void *data);
};

#endif
