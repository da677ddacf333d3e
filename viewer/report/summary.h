/*
 * What `threadline report` prints: the numbers of viewer/stats, one file for each
 * format, registered in the table below, and what the formats share: how tasks,
 * objects and places are called, and which come first. docs/report.md says what
 * each number means. Judges nothing, and computes nothing that stats could.
 */
#ifndef TL_REPORT_SUMMARY_H
#define TL_REPORT_SUMMARY_H

#include "viewer/report/report.h"
#include "viewer/stats/stats.h"

struct tl_summary {
	const struct tl_report *report; /* its list: the findings in the window */
	const struct tl_stats *stats;   /* ended */
	size_t top;                     /* rows of a table at most */
	size_t rows;                    /* of that of tasks; SIZE_MAX: all */
};

struct tl_summary_format {
	const char *name;
	const char *summary; /* for the help */
	/* 0, or a negative tl_error_code (out of memory, the stream failed). */
	int (*write)(const struct tl_summary *summary, FILE *out, struct tl_error *error);
};

extern const struct tl_summary_format tl_summary_formats[]; /* the first is the default */
extern const size_t tl_n_summary_formats;
const struct tl_summary_format *tl_summary_format_find(const char *name); /* NULL: no such format */

int tl_summary_write_text(const struct tl_summary *summary, FILE *out, struct tl_error *error);
int tl_summary_write_json(const struct tl_summary *summary, FILE *out, struct tl_error *error);
int tl_summary_write_folded(const struct tl_summary *summary, FILE *out, struct tl_error *error);
int tl_summary_write_prometheus(const struct tl_summary *summary, FILE *out, struct tl_error *error);

/* ---- how things are called; all is escaped as for a terminal ---------------- */

#define TL_SUMMARY_LABEL 512

/* Writes and returns `buffer`, of TL_SUMMARY_LABEL bytes. */
char *tl_summary_task(const struct tl_summary *summary, uint32_t index, char *buffer);
char *tl_summary_group(const struct tl_summary *summary, const struct tl_stats_group *group, char *buffer);
char *tl_summary_object(const struct tl_summary *summary, const struct tl_stats_object *object, char *buffer);
/*
 * "channel_send  samples/leaky_iterator.c:45": the frame of the program's own that
 * tells most, the innermost of them; "": unknown. `brief`: without the file's folder.
 */
char *tl_summary_place(const struct tl_summary *summary, uint32_t nonce, uint32_t stack, bool brief, char *buffer);
/* The function of a frame, or what else tells it. */
char *tl_summary_frame(const struct tl_frame *frame, char *buffer);

/* ---- what comes first ------------------------------------------------------ */

/*
 * Lists of borrowed rows, the caller frees the array; `*n` is how many. NULL: out
 * of memory. Equal ones stand in the order in which the trace told of them.
 */
enum tl_object_order { TL_BY_TOTAL, TL_BY_LONGEST, TL_BY_WAKE /* all latencies together */ };
const struct tl_stats_object **tl_summary_objects(const struct tl_summary *summary, enum tl_object_order order,
						  size_t *n);
/* Stacks by total time, wakes by number. */
const struct tl_stats_pair **tl_summary_pairs(const struct tl_stats_pairs *pairs, size_t *n);

/* Where tasks waited: stacks that end in one place are one. */
struct tl_summary_place {
	const struct tl_stats_pair *pair; /* the first of them: its group, reason and stack */
	char *at;                         /* tl_summary_place's */
	uint64_t waits, total_ns, longest_ns;
};
/* By total time; to be freed with tl_summary_places_free, which takes NULL. */
struct tl_summary_place *tl_summary_places(const struct tl_summary *summary, size_t *n);
void tl_summary_places_free(struct tl_summary_place *places, size_t n);
/* Those with a task at least, the longest running first. */
const struct tl_stats_group **tl_summary_groups(const struct tl_summary *summary, size_t *n);
/* Indices of tasks, the longest running first. */
uint32_t *tl_summary_tasks(const struct tl_summary *summary, size_t *n);
/* The findings of never-unblocked, the oldest wait first. */
const struct tl_finding **tl_summary_leaks(const struct tl_summary *summary, size_t *n);

/* Findings of one rule and severity. */
struct tl_summary_rule {
	const char *rule;
	enum tl_severity severity;
	uint64_t findings, occurrences; /* a finding may stand for many alike */
};
/* Most severe first; the caller frees it. */
struct tl_summary_rule *tl_summary_rules(const struct tl_summary *summary, size_t *n);

/* A kind of resource: how many of it were opened in the window, and never closed as the findings say. */
struct tl_summary_kind {
	const char *kind;
	uint64_t opened, leaked;
};
struct tl_summary_kind *tl_summary_kinds(const struct tl_summary *summary, size_t *n);

/* ---- numbers -------------------------------------------------------------- */

/* The window in ns since the start of the trace: cut to the trace. */
int64_t tl_summary_from(const struct tl_summary *summary);
int64_t tl_summary_to(const struct tl_summary *summary);

/* The reason that most of `by_reason_ns` (TL_N_REASONS) goes to; -1: none. */
int tl_summary_main_reason(const uint64_t *by_reason_ns);

/* Of a finding of never-unblocked: why its tasks wait; the create of the oldest, or NULL. */
const char *tl_summary_leak_reason(const struct tl_summary *summary, const struct tl_finding *finding);
const struct tl_proof *tl_summary_leak_create(const struct tl_finding *finding);

#endif
