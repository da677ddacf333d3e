/* A function with another one inlined into it. */
#include "tests/unit/symbol/victim.h"

#include <execinfo.h>

int victim_line, victim_call_line;

static inline __attribute__((always_inline)) int victim_inlined(void **pcs)
{
	int n;

	victim_line = __LINE__ + 1;
	n = backtrace(pcs, VICTIM_MAX);
	victim_line += n == 0;
	return n;
}

__attribute__((noinline)) int victim_plain(void **pcs)
{
	int n;

	victim_call_line = __LINE__ + 1;
	n = victim_inlined(pcs);
	victim_call_line += n == 0;
	return n;
}
