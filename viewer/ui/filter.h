/*
 * Which tasks are shown: a few words that people type, as terms, and the rows
 * that meet all of them. Pure: reads the model and the names, draws nothing.
 *
 *   worker           the name contains it (so does name:worker)
 *   state:blocked    the state in which the task ended: created, running,
 *                    runnable, blocked, exited, unknown
 *   reason:mutex     it waited for that reason   } of all these that are
 *   object:queue     it waited for that object   } given, one and the same
 *   wait>10ms        it waited at least so long  } wait must meet each
 *   finding:convoy   a finding of a rule of that name is flagged in it (finding: any)
 *   -term            not so
 */
#ifndef TL_UI_FILTER_H
#define TL_UI_FILTER_H

#include "viewer/base/error.h"
#include "viewer/ui/view_data.h"

#define TL_FILTER_TERMS 12
#define TL_FILTER_TEXT 160

enum tl_filter_kind {
	TL_FILTER_NAME,
	TL_FILTER_STATE,
	TL_FILTER_FINDING,
	TL_FILTER_REASON, /* from here on: of a wait */
	TL_FILTER_OBJECT,
	TL_FILTER_WAIT,
};

struct tl_filter_term {
	enum tl_filter_kind kind;
	bool is_not;
	char text[64]; /* lower case */
	int64_t ns;    /* WAIT */
};

struct tl_filter {
	struct tl_filter_term terms[TL_FILTER_TERMS];
	size_t n; /* 0: every task is shown */
};

/* 0, or TL_EUSAGE with what is wrong; then the filter is unchanged. */
int tl_filter_parse(struct tl_filter *filter, const char *text, struct tl_error *error);
/* Sets out[row] for every row of the model: does it meet the filter? 0 or TL_ENOMEM. */
int tl_filter_rows(const struct tl_filter *filter, const struct tl_view_data *data, bool *out);

/* Does `text` contain `part`, which is in lower case? Letters of ASCII match in either case. */
bool tl_text_contains(const char *text, const char *part);

#endif
