/*
 * One violation or warning, with the events that prove it. Findings are data:
 * rules make them, reports print them, the viewer draws them. Messages, notes and
 * evidence are safe to print: what rules take from the trace they have escaped.
 */
#ifndef TL_RULES_FINDING_H
#define TL_RULES_FINDING_H

#include <stdbool.h>

#include "viewer/base/arena.h"
#include "viewer/base/error.h"
#include "viewer/base/vec.h"
#include "viewer/read/event.h"

enum tl_severity { TL_INFO, TL_WARNING, TL_ERROR };
enum tl_certainty {
	TL_SEEN,   /* by timestamps only */
	TL_PROVEN, /* by seq, wait or waker_seq */
};

const char *tl_severity_text(enum tl_severity severity);    /* "info" ... */
const char *tl_certainty_text(enum tl_certainty certainty); /* "seen" ... */

/* One of the events that prove a finding. */
struct tl_proof {
	uint8_t kind; /* enum tl_event_kind */
	uint64_t task;
	uint32_t seq;
	int64_t time_ns;   /* since the epoch */
	uint32_t stack;    /* id in the task's process; 0: none */
	const char *note;  /* what it shows here: "blocks on cond 0x..." */
	uint64_t object;   /* what it is about; 0: nothing that could have a name */
	const char *about; /* that object's given name, a resource's kind, or ""; escaped */
};

#define TL_FINDING_PROOFS 8
#define TL_GROWTH 4 /* at 25, 50, 75 and 100 % of the trace */

struct tl_finding {
	const char *rule;    /* its stable id */
	const char *meaning; /* what bug it means, in one sentence */
	enum tl_severity severity;
	bool softened; /* info only as events are missing */
	enum tl_certainty certainty;
	const char *message;  /* one line: what happened */
	const char *evidence; /* what decided it, or "" */
	uint64_t count;       /* how many alike; >= 1 */
	uint64_t repeats;     /* of them, those of the same task that are counted here but not shown */
	uint64_t *tasks;      /* every task concerned; none where nobody knows whose events were lost */
	size_t n_tasks;
	int64_t time_ns; /* when it shows on the timeline, since the epoch */
	struct tl_proof proofs[TL_FINDING_PROOFS];
	size_t n_proofs;
	bool has_growth;
	uint32_t growth[TL_GROWTH];
};

/* In order of appearance; the texts and arrays live in `arena`. */
struct tl_findings {
	struct tl_arena arena;
	TL_VEC(struct tl_finding) list;
};

void tl_findings_init(struct tl_findings *findings);
void tl_findings_finish(struct tl_findings *findings);

/* The highest severity, or -1 when there are none. */
int tl_findings_worst(const struct tl_findings *findings);

#endif
