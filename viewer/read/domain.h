/*
 * Clock domains: which streams count by the same clock, so that their times compare
 * exactly, and the hosts that they come from. For every reader of CTF.
 */
#ifndef TL_READ_DOMAIN_H
#define TL_READ_DOMAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "viewer/base/vec.h"
#include "viewer/read/source.h"

/* What makes a clock domain: the clock's UUID, or the host, or the trace itself. */
struct tl_domain {
	bool has_uuid;
	uint8_t uuid[16];
	char host[sizeof((struct tl_source_info *)0)->host];
	const void *trace; /* anything that tells traces apart */
};

struct tl_domains {
	TL_VEC(struct tl_domain) list;
};

/* The number of a domain, which is added if it is new; TL_ENOMEM, or TL_ELIMIT: too many. */
int tl_domains_find(struct tl_domains *domains, const struct tl_domain *domain);

/* Adds a host to info.host, several separated by commas; one that does not fit is left out. */
void tl_domain_see_host(struct tl_source_info *info, const char *host);

#endif
