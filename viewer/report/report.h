/*
 * Findings to a stream: one file for each format, registered in the table below.
 * Knows rules and state; decides nothing, and never draws.
 */
#ifndef TL_REPORT_REPORT_H
#define TL_REPORT_REPORT_H

#include <stdio.h>

#include "viewer/rules/check.h"
#include "viewer/symbol/symbol.h"

struct tl_report {
	const struct tl_check *check;
	const char *path;                         /* of the trace, as the user gave it */
	struct tl_symbols *symbols;               /* to resolve stacks with; NULL: addresses only */
	const struct tl_finding *const *findings; /* what is to be shown, most severe first */
	size_t n_findings;
	bool use_colour; /* text: the stream is a terminal */
	bool partial;    /* the source failed in the middle */
};

struct tl_format {
	const char *name;
	/* 0, or a negative tl_error_code (out of memory, the stream failed). */
	int (*write)(const struct tl_report *report, FILE *out, struct tl_error *error);
};

extern const struct tl_format tl_formats[];
extern const size_t tl_n_formats;
const struct tl_format *tl_format_find(const char *name); /* NULL: no such format */

int tl_report_write_text(const struct tl_report *report, FILE *out, struct tl_error *error);
int tl_report_write_json(const struct tl_report *report, FILE *out, struct tl_error *error);

/* Time of a proof or finding since the start of the trace, in ns. */
int64_t tl_report_since_start(const struct tl_report *report, int64_t time_ns);
/* The duration of the trace in ns: from its first event to its last. */
int64_t tl_report_duration(const struct tl_report *report);
/* How many findings of a severity there are. */
size_t tl_report_count(const struct tl_report *report, enum tl_severity severity);

#endif
