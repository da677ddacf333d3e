/*
 * A page of help for each rule: what `threadline check --explain` prints, and
 * what SARIF viewers show beside a result. Texts only; they stand in help_*.c,
 * one entry for each id of table.c.
 */
#ifndef TL_RULES_HELP_H
#define TL_RULES_HELP_H

#include <stddef.h>

/* Plain text, lines of at most 80 columns with '\n' between, none at the end. */
struct tl_rule_help {
	const char *id;
	const char *means;       /* what has happened, and why it matters */
	const char *example;     /* code in which it happens; indented when it is shown */
	const char *fix;         /* what to do about it */
	const char *false_alarm; /* when it is reported although nothing is wrong */
};

/* The page of a rule, or NULL: nobody has written it yet. */
const struct tl_rule_help *tl_rule_help_find(const char *id);

#endif
