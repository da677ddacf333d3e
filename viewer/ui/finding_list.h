/*
 * The list of findings: those of one rule together under a line that counts them,
 * the rule with the worst first. A rule's line folds its findings away. Pure.
 */
#ifndef TL_UI_FINDING_LIST_H
#define TL_UI_FINDING_LIST_H

#include <stdbool.h>

#include "viewer/rules/finding.h"

/* A line of the list: a rule with several findings, or a finding. */
struct tl_finding_line {
	uint32_t place; /* of the finding in `order`; a rule's: of its first */
	uint32_t n;     /* findings of the rule; 0: this is a finding */
	int y, h;       /* from the top of the list */
};

struct tl_finding_list {
	uint32_t *order; /* indices of the findings, by rule, worst first */
	bool *folded;    /* by place of a rule's first */
	size_t n;
	TL_VEC(struct tl_finding_line) lines;
	int height; /* of all lines */
};

/* Sorts the findings; `findings` may be NULL. 0, or -1 without memory. */
int tl_finding_list_init(struct tl_finding_list *list, const struct tl_findings *findings);
void tl_finding_list_finish(struct tl_finding_list *list);

/* Places the lines anew, for lines of these heights. 0 or -1. */
int tl_finding_list_lay(struct tl_finding_list *list, const struct tl_findings *findings, int rule_h, int finding_h);

/* The line at `y`, or SIZE_MAX below the last. */
size_t tl_finding_list_at(const struct tl_finding_list *list, int64_t y);
/* The line of a finding by its place; of its rule if that is folded. */
size_t tl_finding_list_line(const struct tl_finding_list *list, uint32_t place);

#endif
