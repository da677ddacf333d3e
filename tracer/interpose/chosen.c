/* Reads the recording's choices from the environment; see chosen.h. */
#include "tracer/interpose/chosen.h"

#include <stdlib.h>
#include <string.h>

struct tl_chosen tl_chosen;

/* Is `name` one of the words of the list? Unknown words are a newer recorder's. */
static bool has(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, name, length) == 0 && (at[length] == '\0' || at[length] == ','))
			return true;
	}
	return false;
}

void tl_chosen_read(void)
{
	const char *list = getenv(TL_CHOICES_VARIABLE);

	if (!list)
		return;
#define READ(member, name, help) tl_chosen.member = has(list, name);
	TL_CHOICES(READ)
}
