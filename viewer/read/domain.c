/* Clock domains and hosts; see domain.h. */
#include "viewer/read/domain.h"

#include <stdio.h>
#include <string.h>

void tl_domain_see_host(struct tl_source_info *info, const char *host)
{
	char *all = info->host;
	size_t room = sizeof info->host, used = strlen(all), n = strlen(host);

	for (const char *at = all; n && (at = strstr(at, host)); at += n)
		if ((at == all || at[-1] == ' ') && (at[n] == '\0' || at[n] == ','))
			return;
	if (n && used + n + 3 <= room)
		snprintf(all + used, room - used, "%s%s", used ? ", " : "", host);
}

/* A clock's UUID (LTTng: the machine's boot) says more than a host name. */
static bool is_same(const struct tl_domain *a, const struct tl_domain *b)
{
	if (a->has_uuid || b->has_uuid)
		return a->has_uuid && b->has_uuid && memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0;
	if (a->host[0] || b->host[0])
		return strcmp(a->host, b->host) == 0;
	return a->trace == b->trace;
}

int tl_domains_find(struct tl_domains *domains, const struct tl_domain *domain)
{
	for (size_t i = 0; i < domains->list.n; i++)
		if (is_same(&domains->list.items[i], domain))
			return (int)i;
	if (domains->list.n == UINT16_MAX)
		return TL_ELIMIT;
	return tl_vec_push(&domains->list, *domain) == 0 ? (int)domains->list.n - 1 : TL_ENOMEM;
}
