/*
 * How large LTTng's buffers may be. They live in /dev/shm, and LTTng says
 * nothing when they do not fit: the trace is merely empty. So they are sized to
 * what is free there, before anything starts. Pure but for the two probes.
 */
#ifndef TL_RECORD_BUFFERS_H
#define TL_RECORD_BUFFERS_H

#include <stdint.h>

#include "viewer/base/error.h"

struct tl_buffers {
	uint64_t size;  /* bytes of a sub-buffer, a power of two */
	uint64_t count; /* sub-buffers of a processor, a power of two */
	unsigned cpus;
};

/* What a channel takes: LTTng adds one sub-buffer for the reader. */
uint64_t tl_buffers_bytes(const struct tl_buffers *buffers);

/* Processors that may ever appear: LTTng allocates for each of them. */
unsigned tl_buffers_cpus(void);

/* Bytes free in /dev/shm; 0 with `error` set when that cannot be told. */
uint64_t tl_buffers_free(struct tl_error *error);

/*
 * The largest buffers within half of `free_bytes` (two recordings at once, and
 * the program itself, need some too) and within `wanted` bytes for a processor
 * (0: a sensible default). Errors: TL_ELIMIT, with the numbers.
 */
int tl_buffers_choose(struct tl_buffers *buffers, uint64_t free_bytes, unsigned cpus, uint64_t wanted,
		      struct tl_error *error);

/*
 * Buffers that keep the latest `wanted` bytes (0: a sensible default) of all
 * processors together. Many small ones: each snapshot ends one on every processor.
 * Errors: TL_ELIMIT, TL_EUSAGE, with the numbers.
 */
int tl_buffers_keep(struct tl_buffers *buffers, uint64_t free_bytes, unsigned cpus, uint64_t wanted,
		    struct tl_error *error);

#endif
