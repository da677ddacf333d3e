/*
 * `threadline record --check`: what was recorded is checked by `threadline check`,
 * a program of the viewer's half, in a child: this half writes traces and cannot
 * read them.
 */
#ifndef TL_RECORD_CHECK_H
#define TL_RECORD_CHECK_H

#include "tracer/record/launch.h"
#include "tracer/record/options.h"

/* Exit statuses of `threadline check`. */
enum { TL_VERDICT_CLEAN = 0, TL_VERDICT_FINDINGS = 1, TL_VERDICT_FAILED = 2, TL_VERDICT_WEAK = 3 };

struct tl_verdict_check {
	char program[PATH_MAX];
	const struct tl_record_options *options;
	int report; /* the descriptor that the report is written to */
};

/*
 * Before anything is recorded: finds the program, lets it read the options that are
 * for it, and opens --report. 0, or negative; then `error` is set, or the program
 * itself has said what is wrong.
 */
int tl_verdict_prepare(struct tl_verdict_check *check, const struct tl_record_options *options,
		       const struct tl_signals *before, struct tl_error *error);

/* Checks the trace and returns TL_VERDICT_; a signal that should end us ends the check. */
int tl_verdict_run(const struct tl_verdict_check *check, const char *trace, const struct tl_signals *before);

#endif
