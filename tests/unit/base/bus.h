/*
 * cmocka sets a handler for SIGBUS of its own before each case, and the one before it
 * after that: cases that map files put ours back.
 */
#ifndef TL_TESTS_BASE_BUS_H
#define TL_TESTS_BASE_BUS_H

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "viewer/base/mapped.h"

static inline void bus_handled(void)
{
	static struct sigaction ours;
	struct tl_mapped any;
	int self;

	if (ours.sa_sigaction) {
		sigaction(SIGBUS, &ours, NULL);
		return;
	}
	self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_true(tl_mapped_init(&any, self, 0, 1));
	tl_mapped_finish(&any);
	close(self);
	sigaction(SIGBUS, NULL, &ours);
}

#endif
