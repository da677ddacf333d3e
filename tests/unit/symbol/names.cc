// A C++ name to be demangled.
#include <execinfo.h>

#include "tests/unit/symbol/victim.h"

namespace place {
struct Thing {
	int work(int n, void **pcs);
};

__attribute__((noinline)) int Thing::work(int n, void **pcs)
{
	n += backtrace(pcs, VICTIM_MAX);
	__asm__ volatile("" : "+r"(n));
	return n;
}
}

int victim_names(void **pcs)
{
	place::Thing thing;

	return thing.work(0, pcs);
}
