/* Processors, or what the user says; see threads.h. */
#include "viewer/base/threads.h"

#include <sched.h>
#include <stdlib.h>

#define MOST 1024

size_t tl_threads(void)
{
	const char *said = getenv("THREADLINE_THREADS");
	unsigned long n = said ? strtoul(said, NULL, 10) : 0;
	cpu_set_t set;

	if (n >= 1)
		return n < MOST ? n : MOST;
	return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}
