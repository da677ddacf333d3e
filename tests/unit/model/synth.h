/*
 * Makes traces for tests without a file: events are given their seq, applied to
 * a state and shown to a model, as the check would do.
 */
#ifndef TL_TESTS_SYNTH_H
#define TL_TESTS_SYNTH_H

#include "viewer/model/model.h"

#define TL_SYNTH_TASKS 4096

struct tl_synth {
	struct tl_state *state;
	struct tl_model *model;
	struct tl_observer observer;
	int64_t epoch_ns;             /* times below are since this */
	uint32_t seq[TL_SYNTH_TASKS]; /* by task number */
	uint32_t wait[TL_SYNTH_TASKS];
	uint64_t random;
};

void tl_synth_init(struct tl_synth *synth, int64_t epoch_ns);
void tl_synth_finish(struct tl_synth *synth);
void tl_synth_seal(struct tl_synth *synth, const struct tl_findings *findings);

/* Emits `event`, whose time is since epoch_ns and whose task is a number; returns its seq. */
uint32_t tl_synth_emit(struct tl_synth *synth, struct tl_event event);
/* Pretends that the task emitted `n` events that are lost. */
void tl_synth_skip(struct tl_synth *synth, uint32_t task, uint32_t n);

void tl_synth_create(struct tl_synth *synth, int64_t t, uint32_t task, uint32_t child);
void tl_synth_start(struct tl_synth *synth, int64_t t, uint32_t task, uint32_t waker, uint32_t waker_seq);
void tl_synth_block(struct tl_synth *synth, int64_t t, uint32_t task, unsigned reason, uint64_t object);
uint32_t tl_synth_unblock(struct tl_synth *synth, int64_t t, uint32_t task, uint32_t target);
void tl_synth_exit(struct tl_synth *synth, int64_t t, uint32_t task);
void tl_synth_text(struct tl_synth *synth, int64_t t, uint32_t task, unsigned kind, const char *text);

/* 0 .. below - 1, the same series for the same seed. */
uint32_t tl_synth_random(struct tl_synth *synth, uint32_t below);
/* A pool of tasks that run, wait and wake one another: about `events` events, in order of time. */
void tl_synth_pool(struct tl_synth *synth, uint32_t tasks, uint64_t events, uint64_t seed);

#endif
