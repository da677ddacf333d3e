/* The command line of `threadline record`. */
#ifndef TL_RECORD_OPTIONS_H
#define TL_RECORD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/choices.h"
#include "tracer/record/targets.h"
#include "viewer/base/error.h"

#define TL_CHECK_WORDS 64

struct tl_record_options {
	const char *output;                      /* -o; NULL: a name of our own */
	uint64_t buffer_bytes;                   /* --buffer-size, of one processor; 0: as much as is sensible */
	char chosen[TL_CHOICES_LENGTH];          /* names of tracer/choices.h, with commas between */
	bool check;                              /* --check: look at what was recorded, too */
	const char *check_words[TL_CHECK_WORDS]; /* options for `threadline check`, each with its value */
	int n_check_words;
	const char *report;             /* --report: where its report goes; NULL: stdout */
	bool attach;                    /* --attach: programs that run already */
	struct tl_target_choice target; /* with --attach: which */
	int64_t for_ns;                 /* --for; 0: until it is ended */
	bool flight;                    /* --flight: keep the latest, save snapshots */
	uint64_t keep_bytes;            /* --keep; 0: a sensible number */
	int64_t on_block_ns;            /* --on-block; 0: not wanted */
	uint32_t on_block_reasons;      /* --on-block-reasons: a bit for each enum tl_reason */
	int64_t at_most_ns;             /* --at-most: between snapshots that nobody asked for */
	uint64_t max_bytes;             /* --max-size: the recording ends there; 0: no limit */
	uint64_t rotate_bytes;          /* --rotate: a new part after so much, */
	int64_t rotate_ns;              /* or after that time; both 0: one part */
	unsigned keep_files;            /* --keep-files: the latest parts; 0: all */
	const char *to;                 /* --to: the relay daemon that gets the trace; NULL: written to `output` */
	bool ends_if_cut;               /* --if-cut end */
	bool if_cut_given;
	bool live;            /* --live: --to this host, if no other is given */
	bool lossless;        /* --lossless: programs wait where a buffer is full */
	const char *on_event; /* --on-event: a snapshot at each event that fits; NULL: none */
	bool survive;         /* --survive: buffers outlive whoever is killed */
	bool verbose;
	bool help;
	char **command; /* ends with NULL, as main's argv */
};

/*
 * LTTng does not wait where the next part of a buffer still has an event that was begun and
 * not ended: who is interrupted in the middle of one lets others lose theirs if they come
 * round until he goes on. So much takes longer than a turn on a processor.
 */
#define TL_LOSSLESS_LEAST (UINT64_C(4) << 20)

/* Returns 0, or TL_EUSAGE with `error` set. Points into argv. */
int tl_record_options_parse(struct tl_record_options *options, int argc, char **argv, struct tl_error *error);

/* Which of the options do not go together, and why? Part of parse; in options_judge.c. */
int tl_record_options_judge(const struct tl_record_options *options, struct tl_error *error);

void tl_record_print_usage(FILE *file);

#endif
