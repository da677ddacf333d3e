/* A list of events, checked and counted: what the tests of viewer/stats share. */
#ifndef TL_TESTS_STATS_RUN_H
#define TL_TESTS_STATS_RUN_H

#include "viewer/stats/stats.h"

struct stats_run {
	struct tl_check check;
	struct tl_source *source;
	struct tl_stats *stats;
};

/* From and to NULL: the trace's own ends. To be stopped. */
void stats_run(struct stats_run *r, const char *text, const struct tl_when *from, const struct tl_when *to,
	       size_t single);
void stats_stop(struct stats_run *r);

/* Of the task with this number in process 1. */
const struct tl_stats_task *stats_row_of(const struct stats_run *r, unsigned number);

#endif
