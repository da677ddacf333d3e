/*
 * Findings to a stream: one file for each format, registered in the table below,
 * and what the formats share: which place in the source a finding stands for, and
 * its fingerprint. Beside them what a user has said of findings: ignore.h,
 * baseline.h. Knows rules and state; judges nothing, and never draws.
 */
#ifndef TL_REPORT_REPORT_H
#define TL_REPORT_REPORT_H

#include <stdio.h>

#include "viewer/rules/check.h"
#include "viewer/symbol/symbol.h"

#define TL_FINGERPRINT 17 /* 16 hexadecimal digits and the end */

/* A finding, and what is known of it beside the trace. */
struct tl_shown {
	const struct tl_finding *finding;
	char fingerprint[TL_FINGERPRINT];
	const struct tl_ignore_entry *ignored; /* why it is suppressed; NULL: it is not */
	bool is_known;                         /* it stands in the baseline */
};

/* Does it count, or has the user dealt with it? */
static inline bool tl_shown_counts(const struct tl_shown *shown)
{
	return !shown->ignored && !shown->is_known;
}

#define TL_FAIL_NEVER (TL_ERROR + 1)

struct tl_report {
	const struct tl_check *check;
	const char *path;            /* of the trace, as the user gave it */
	const char *folder;          /* files below it are named from there; NULL: none are */
	struct tl_symbols *symbols;  /* to resolve stacks with; NULL: addresses only */
	const struct tl_shown *list; /* the findings, most severe first; those that do not count are among them */
	size_t n_list;
	const char *const *rules; /* only these were asked for; n_rules 0: all */
	size_t n_rules;
	int fail_on;       /* enum tl_severity from which on a finding fails, or TL_FAIL_NEVER */
	bool has_baseline; /* is_known means something */
	bool has_window;   /* only findings with an event in [from_ns, to_ns], since the epoch */
	int64_t from_ns, to_ns;
	bool use_colour; /* text */
	bool partial;    /* the source failed in the middle */
};

struct tl_format {
	const char *name;
	const char *summary; /* for the help */
	/* 0, or a negative tl_error_code (out of memory, the stream failed). */
	int (*write)(const struct tl_report *report, FILE *out, struct tl_error *error);
};

extern const struct tl_format tl_formats[]; /* the first is the default */
extern const size_t tl_n_formats;
const struct tl_format *tl_format_find(const char *name); /* NULL: no such format */

int tl_report_write_text(const struct tl_report *report, FILE *out, struct tl_error *error);
int tl_report_write_json(const struct tl_report *report, FILE *out, struct tl_error *error);
int tl_report_write_sarif(const struct tl_report *report, FILE *out, struct tl_error *error);
int tl_report_write_junit(const struct tl_report *report, FILE *out, struct tl_error *error);
int tl_report_write_github(const struct tl_report *report, FILE *out, struct tl_error *error);

/* What was read, and what is missing, in one line without its end. */
void tl_report_text_trace(const struct tl_report *report, FILE *out);
/* One finding as text, as JUnit's failures hold it, too. */
void tl_report_text_finding(const struct tl_report *report, const struct tl_finding *finding, FILE *out);

/* Was the rule asked for? */
bool tl_report_has_rule(const struct tl_report *report, const char *rule);
/* Has it an event in the window (or is there none)? */
bool tl_report_in_window(const struct tl_report *report, const struct tl_finding *finding);
/* Does this finding make the check fail? */
bool tl_report_fails(const struct tl_report *report, const struct tl_shown *shown);

/* Time of a proof or finding since the start of the trace, in ns. */
int64_t tl_report_since_start(const struct tl_report *report, int64_t time_ns);
/* The duration of the trace in ns: from its first event to its last. */
int64_t tl_report_duration(const struct tl_report *report);
/* How many findings of a severity there are, of those that count. */
size_t tl_report_count(const struct tl_report *report, enum tl_severity severity);
/* How many are suppressed, and how many of the rest the baseline knows. */
size_t tl_report_ignored(const struct tl_report *report);
size_t tl_report_known(const struct tl_report *report);

/* The frames of a proof's stack; NULL and *n 0: none. Borrowed from `symbols`. */
const struct tl_frame *tl_report_stack(const struct tl_report *report, const struct tl_proof *proof, size_t *n);

/* Is the frame the program's own, or the C or C++ library's? */
bool tl_report_is_own(const struct tl_frame *frame);

/*
 * The frame that a proof or a whole finding stands for in the source: the
 * innermost of the program's own with a file and a line, one whose file lies in
 * the report's folder before one of a library. NULL: none has a file.
 */
const struct tl_frame *tl_report_place_of_proof(const struct tl_report *report, const struct tl_proof *proof);
const struct tl_frame *tl_report_place(const struct tl_report *report, const struct tl_finding *finding);

/*
 * The path of a source file for readers elsewhere: without "." and "..", and from
 * the report's folder if it lies below (`*relative`). Into `buffer`, returned.
 */
#define TL_SOURCE_PATH 4096
char *tl_report_source(const struct tl_report *report, const char *file, bool *relative, char buffer[TL_SOURCE_PATH]);

/*
 * What stays the same from run to run and while the program changes elsewhere: the
 * rule, and for each kind of proving event the functions of its stack and the name
 * of its object, numbers in names left out. No address, line, task or time.
 */
void tl_report_fingerprint(const struct tl_report *report, const struct tl_finding *finding,
			   char fingerprint[TL_FINGERPRINT]);

#endif
