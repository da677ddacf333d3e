/*
 * The processes that run already and are to be recorded: those that carry our
 * library, and of them the ones that are meant, with their children. Looked for in
 * /proc again and again: services fork, and new ones begin.
 */
#ifndef TL_RECORD_TARGETS_H
#define TL_RECORD_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define TL_TARGETS 256     /* processes recorded at once by number */
#define TL_TARGET_WORDS 16 /* --pid and --name given */
#define TL_TARGET_NAME 64

/* What is meant; neither pids nor names: every process that carries the library. */
struct tl_target_choice {
	pid_t pids[TL_TARGET_WORDS];
	const char *names[TL_TARGET_WORDS]; /* patterns as a shell's, of a process's name or its program's */
	size_t n_pids, n_names;
};

struct tl_target {
	pid_t pid;  /* as we see it */
	pid_t vpid; /* as it sees itself, in its own pid namespace */
	char name[TL_TARGET_NAME];
	bool is_gone;
	bool is_silent; /* carries the library, and does not reach the session daemon */
};

struct tl_targets {
	struct tl_target items[TL_TARGETS]; /* in order of their appearance; the gone ones stay */
	size_t n;
};

/* Adds those that are new, marks those that are gone; how many are new. */
size_t tl_targets_look(struct tl_targets *targets, const struct tl_target_choice *choice);

/* How many of them live. */
size_t tl_targets_living(const struct tl_targets *targets);

static inline bool tl_targets_everything(const struct tl_target_choice *choice)
{
	return choice->n_pids == 0 && choice->n_names == 0;
}

/* Does this process exist, and does it carry our library? Errors: false. */
bool tl_target_exists(pid_t pid);
bool tl_target_carries_library(pid_t pid);
/* Did its environment, as it began, hold "NAME=VALUE"; or, ending in '=', that name? */
bool tl_target_has_variable(pid_t pid, const char *variable);

#endif
