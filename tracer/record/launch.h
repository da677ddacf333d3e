/*
 * Runs the command in the foreground, as if the recorder were not there: same
 * terminal, same process group, same streams, with the tracing library in its
 * environment. Signals that only the recorder gets are passed on, once.
 */
#ifndef TL_RECORD_LAUNCH_H
#define TL_RECORD_LAUNCH_H

#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/record/guard.h"
#include "tracer/record/meanwhile.h"
#include "tracer/record/program.h"
#include "viewer/base/error.h"

/* The signals as we found them, which the command must find too. */
struct tl_signals {
	sigset_t mask;
	struct sigaction child;
};

/* Blocks every signal that is waited for later; call first of all. */
void tl_signals_take(struct tl_signals *before);

/* A signal that asks to end came while they were blocked: its number, or 0. */
int tl_signals_ended(void);

/* What the command gets beside the caller's own environment. */
struct tl_injection {
	char preload[3 * PATH_MAX];  /* libraries, separated by colons; "" if there are none */
	char library_path[PATH_MAX]; /* to be prepended to LD_LIBRARY_PATH, or "" */
	char recording[32];
	bool dumps;         /* its state will be asked for, from the beginning */
	bool blocks;        /* may wait where a buffer is full */
	const char *chosen; /* names of tracer/choices.h; "": as usual */
};

/*
 * Finds the libraries: beside this program's own folder (../lib), then where
 * they were installed. `chosen` is kept, not copied. Returns 0, or negative when ours is missing.
 */
int tl_injection_init(struct tl_injection *injection, int64_t recording, const char *chosen, struct tl_error *error);

struct tl_launch {
	pid_t pid;
	int status; /* exit status, or 128 + n for a signal */
	int64_t run_ns;
};

/*
 * Runs it to its end. Returns 0, or TL_EXIT_NOT_FOUND or TL_EXIT_NOT_EXECUTABLE
 * or TL_EXIT_FAILED with `error` set when it was not executed.
 */
int tl_launch_run(struct tl_launch *launch, const struct tl_program *program, char **argv,
		  const struct tl_injection *injection, const struct tl_signals *before, const struct tl_guard *guard,
		  const struct tl_meanwhile *meanwhile, struct tl_error *error);

/* Processes of this recording that still run. */
int tl_launch_survivors(const struct tl_injection *injection);

#endif
