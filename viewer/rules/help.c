/* Finds the page of help of a rule, in whichever family it stands; see help_pages.h. */
#include "viewer/rules/help_pages.h"

#include <string.h>

static const struct tl_help_family *const families[] = {
	&tl_help_tasks, &tl_help_locks, &tl_help_waits, &tl_help_leaks, &tl_help_costs,
};

const struct tl_rule_help *tl_rule_help_find(const char *id)
{
	for (size_t f = 0; f < sizeof families / sizeof *families; f++)
		for (size_t i = 0; i < families[f]->n; i++)
			if (strcmp(families[f]->pages[i].id, id) == 0)
				return &families[f]->pages[i];
	return NULL;
}
