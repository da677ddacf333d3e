/* Looks the real functions up; see real.h. */
#include "tracer/interpose/real.h"

#include <dlfcn.h>
#include <stddef.h>

struct tl_real tl_real_table;

/*
 * Before glibc 2.36 dlsym(RTLD_NEXT) gave the oldest version of a symbol (glibc
 * bug 14932), which for condition variables is another layout: so the version
 * that is meant comes first, and plain dlsym where an architecture lacks it.
 */
static void *find(const char *name, const char *version)
{
	void *next = dlsym(RTLD_NEXT, name), *meant = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
	Dl_info of_next, of_meant;

	if (!meant || !next)
		return meant ? meant : next;
	/* Another library's wrapper, as ThreadSanitizer's, has no versions and must not be left out. */
	if (dladdr(next, &of_next) && dladdr(meant, &of_meant) && of_next.dli_fbase != of_meant.dli_fbase)
		return next;
	return meant;
}

const void *tl_real_late(size_t offset)
{
	return (const char *)tl_real() + offset;
}

void tl_real_resolve(void)
{
#define RESOLVE(result, name, parameters, version) *(void **)&tl_real_table.name = find(#name, version);
	TL_REAL_FUNCTIONS(RESOLVE)
	TL_REAL_CALLS(RESOLVE)
	__atomic_store_n(&tl_real_table.resolved, true, __ATOMIC_RELEASE);
}
