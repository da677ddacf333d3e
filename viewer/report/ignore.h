/*
 * Suppressions: what a team has looked at and decided to live with, in a file of
 * lines (docs/check.md, "Suppressions"):
 *
 *     RULE [function=GLOB] [file=GLOB] [object=GLOB] [task=GLOB] reason=TEXT
 *
 * A finding is suppressed by the first line that all fits it.
 */
#ifndef TL_REPORT_IGNORE_H
#define TL_REPORT_IGNORE_H

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"
#include "viewer/report/report.h"

/* Texts live in the list's arena; NULL: no such condition. */
struct tl_ignore_entry {
	const char *rule;
	const char *function, *source; /* both of one frame of a stack */
	const char *object, *task;
	const char *reason;
	const char *file; /* where it stands */
	int line;
	uint64_t used; /* findings that it suppressed */
};

struct tl_ignore {
	struct tl_arena arena;
	TL_VEC(struct tl_ignore_entry) list;
};

void tl_ignore_init(struct tl_ignore *ignore);
void tl_ignore_finish(struct tl_ignore *ignore);

/* Reads a file of suppressions behind those that are there. 0, or negative with `error` saying FILE:LINE. */
int tl_ignore_read(struct tl_ignore *ignore, const char *path, struct tl_error *error);

/* The entry that suppresses the finding, counted as used; NULL: none. Stacks are resolved as `report` does it. */
const struct tl_ignore_entry *tl_ignore_find(struct tl_ignore *ignore, const struct tl_report *report,
					     const struct tl_finding *finding);

#endif
