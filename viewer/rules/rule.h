/*
 * What a rule is. A new rule is one file and one row in table.c.
 *
 * A rule hears of the events that fit its rows (hears.h) after the state took them; what
 * the state finds odd about an event it need not look for itself. It keeps what it needs
 * in memory of its own that grows with tasks only, or at the places of objects (places.h),
 * and reports findings, at once or at the end of the trace. It never decides alone what
 * loss or a missing head makes doubtful: it names its gates, and tl_report lowers the
 * severity.
 */
#ifndef TL_RULES_RULE_H
#define TL_RULES_RULE_H

#include "viewer/read/source.h"
#include "viewer/rules/finding.h"
#include "viewer/rules/hears.h"
#include "viewer/rules/locks.h"
#include "viewer/rules/objects.h"
#include "viewer/rules/resources.h"
#include "viewer/state/state.h"

/* What softens a rule (docs/rules.md). */
enum tl_gates {
	TL_GATE_LOSS = 1, /* events of the tasks concerned are missing: info at the most */
	TL_GATE_HEAD = 2, /* not judged for tasks first seen mid-trace */
	TL_GATE_TAIL = 4, /* concluded from the trace's end: also info where anything at all was lost */
};

/* What all rules share while a trace is judged. */
struct tl_judge {
	struct tl_state *state;
	struct tl_places *places; /* of objects: what is kept there ends with the judgement */
	struct tl_locks *locks;
	struct tl_resources *resources;
	struct tl_findings *findings;
	uint32_t has;             /* what has happened in the trace: TL_HAS_ bits; set by whom it happens to */
	int64_t start_ns, end_ns; /* of the trace, so far */
	uint64_t lost;            /* events that the tracer says it lost, so far */
	bool lost_any;            /* anything is missing: by the tracer's word, by a task's numbers, or past an error */
	struct tl_repeats *repeats; /* of tl_report_repeats, tl_report_here */
	struct tl_told *told;       /* of tl_tell_stuck */
};

struct tl_rule_ops {
	size_t size;                     /* of the rule's own memory, zeroed before the first event; 0: none */
	struct tl_hears hears[TL_HEARS]; /* the events that `event` is called for */
	/* NULL where a rule has no use for it. Negative: out of memory. */
	tl_hear *event;
	int (*loss)(void *self, const struct tl_rule *rule, struct tl_judge *judge, const struct tl_loss *loss);
	int (*end)(void *self, const struct tl_rule *rule, struct tl_judge *judge);
	void (*finish)(void *self);
};

struct tl_rule {
	const char *id; /* stable: printed, suppressed, tested */
	enum tl_severity severity;
	unsigned gates;
	const char *meaning; /* the bug it means, in one sentence */
	const struct tl_rule_ops *ops;
};

extern const struct tl_rule tl_rules[];
extern const size_t tl_n_rules;

/* The rule with this id, or NULL. */
const struct tl_rule *tl_rule_find(const char *id);

/*
 * Adds a finding of `rule` to the list and returns it, to be completed by the
 * caller: its severity lowered by the gates, its tasks copied, one task at
 * least. `message` is printf-style. NULL: out of memory.
 */
struct tl_finding *tl_report(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *const *tasks,
			     size_t n_tasks, const char *message, ...) __attribute__((format(printf, 5, 6)));

/*
 * Has `rule` reported `most` findings of `task` already? Then this one is counted
 * with the last of them and nothing more is to be done: however long a trace goes
 * wrong in one place, memory and report stay small. Negative: out of memory.
 */
int tl_report_repeats(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task, uint32_t most);
#define TL_REPORTS_MOST 16 /* of one task by one rule */
void tl_repeats_destroy(struct tl_repeats *repeats);

/*
 * The same for what goes wrong at one place in the code, whichever task passes it:
 * has `rule` reported `stack` (of the task's process; 0: one place for each task)
 * before, in the `variant` at hand? Then it is counted there. Negative: out of memory.
 */
int tl_report_here(const struct tl_rule *rule, struct tl_judge *judge, const struct tl_task *task, uint32_t stack,
		   uint32_t variant);

/*
 * A rule has said for certain why `task` waits for ever, so the guesses of those
 * that follow in the registry leave it out. Negative: out of memory.
 */
int tl_tell_stuck(struct tl_judge *judge, const struct tl_task *task);
bool tl_is_told_stuck(const struct tl_judge *judge, const struct tl_task *task);
void tl_told_destroy(struct tl_told *told);

/* Nanoseconds from one time to a later one, whatever a trace claims: never overflows. */
static inline uint64_t tl_elapsed_ns(int64_t from_ns, int64_t to_ns)
{
	return to_ns > from_ns ? (uint64_t)to_ns - (uint64_t)from_ns : 0;
}

/* Is `time_ns` in the trace's first quarter (0), first half (1) ...? At its end (3) everything is. */
static inline bool tl_is_by_quarter(const struct tl_judge *judge, int64_t time_ns, int quarter)
{
	uint64_t length = tl_elapsed_ns(judge->start_ns, judge->end_ns);

	return quarter == TL_GROWTH - 1 ||
	       tl_elapsed_ns(judge->start_ns, time_ns) <= length / TL_GROWTH * (unsigned)(quarter + 1);
}

/* Adds an event that proves the finding; `note` is printf-style. Ignored when full. */
void tl_prove(struct tl_judge *judge, struct tl_finding *finding, const struct tl_proof *proof, const char *note, ...)
	__attribute__((format(printf, 4, 5)));

/* A printf-style text that lives with the findings; NULL: out of memory. */
const char *tl_judge_text(struct tl_judge *judge, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The proof that an event is; its stack if it has one. */
struct tl_proof tl_proof_of(const struct tl_event *event);
/* The proofs that stand in the state: a task's present or last wait, its create. */
struct tl_proof tl_proof_of_wait(const struct tl_task *task);
struct tl_proof tl_proof_of_create(const struct tl_task *task);

/* "cond 0x55d0 (queue.not_full)": an object for people. Into `buffer`, returned. */
#define TL_OBJECT_LABEL 128
char *tl_object_label(const struct tl_judge *judge, const struct tl_task *task, unsigned reason, uint64_t object,
		      char *buffer);

#endif
