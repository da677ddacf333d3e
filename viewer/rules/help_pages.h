/*
 * The pages of help by family, for the help*.c files only: help_FAMILY.c holds the
 * texts, help.c finds them. Which family a page stands in nobody else knows: a new
 * rule adds its page where a reader would look for it.
 */
#ifndef TL_RULES_HELP_PAGES_H
#define TL_RULES_HELP_PAGES_H

#include "viewer/rules/help.h"

struct tl_help_family {
	const struct tl_rule_help *pages;
	size_t n;
};

extern const struct tl_help_family tl_help_tasks, tl_help_locks, tl_help_waits, tl_help_leaks, tl_help_costs;

#endif
