/*
 * What a recording yielded, told once, on stderr. The events are counted by
 * `threadline count`, a program of the viewer's half: this half writes traces
 * and cannot read them.
 */
#ifndef TL_RECORD_SUMMARY_H
#define TL_RECORD_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/record/output.h"
#include "tracer/record/program.h"

struct tl_summary {
	const struct tl_output *output;
	const struct tl_program *program;
	uint64_t bytes;
	int64_t run_ns;
	uint64_t lost_events, lost_packets; /* as LTTng counted them */
	bool lost_known;
	bool counted;                 /* the next three are known */
	uint64_t events, tasks, lost; /* as the trace itself shows them */
	uint64_t foreign;
	char losers[512];               /* who lost most: lines "lost N of TASK", escaped; "" */
	int survivors;                  /* processes of the command that live on */
	uint64_t shm_free, shm_needed;  /* bytes in /dev/shm as the command ended, and what buffers take */
	bool is_checked;                /* the check follows: what to do next is said after it */
	bool no_library;                /* ours was not found */
	const struct tl_error *trouble; /* what failed at the end; NULL: nothing */
	char complaint[256];            /* the daemon's last; "" */
};

/* Counts what the trace holds; on failure `counted` stays false. Interrupted by SIGINT and SIGTERM. */
void tl_summary_count(struct tl_summary *summary);

void tl_summary_print(const struct tl_summary *summary, FILE *out);

/* "no events lost", or how many; part of print. */
void tl_summary_loss(const struct tl_summary *summary, FILE *out);

/* Writes `path` so that a shell reads it back. */
void tl_summary_quote(const char *path, FILE *out);

#endif
