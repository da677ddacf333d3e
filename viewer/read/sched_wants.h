/*
 * Which events of a kernel tracer are understood, and which fields of them are needed:
 * LTTng and perf name the same tracepoints and fields differently. Both readers of CTF
 * compile their plans from this, and fill in struct tl_sched (kernel.h) by it.
 */
#ifndef TL_READ_SCHED_WANTS_H
#define TL_READ_SCHED_WANTS_H

#include "viewer/read/kernel.h"

/* What a field must be, and becomes. */
enum tl_sched_type {
	TL_SCHED_ID,      /* a thread's or process's id */
	TL_SCHED_CONTEXT, /* the same; 0 where it is out of range */
	TL_SCHED_CPU,     /* struct tl_sched.cpu */
	TL_SCHED_STATE,   /* any number */
	TL_SCHED_KTHREAD, /* struct tl_sched.is_kernel_thread: 1 says so */
	TL_SCHED_NAME,    /* a text or an array of bytes, cut to TL_SCHED_COMM */
	TL_SCHED_FILE,    /* a text */
};

/* Where the events have fields. */
enum tl_sched_scope { TL_SCHED_PAYLOAD, TL_SCHED_COMMON, TL_SCHED_SPECIFIC, TL_N_SCHED_SCOPES };

/* One thing to know, under one of several names; the first that is there counts. */
struct tl_sched_want {
	const char *names[2];
	enum tl_sched_type type;
	enum tl_sched_scope scope;
	size_t offset; /* in struct tl_sched */
	bool optional;
	const char *beside; /* only if there is a field of this name, too */
};

#define TL_SCHED_WANTS 16 /* of one event; as many fields may be taken */

/*
 * Fills `wants` for the events called `name`; how many, and of which kind the events
 * are. 0: they are none of the kernel's scheduler. A class that lacks one that is not
 * optional, or has one of another type, is malformed.
 */
size_t tl_sched_find(const char *name, struct tl_sched_want wants[TL_SCHED_WANTS], enum tl_sched_kind *kind);

/* Is it the name of events of the kernel's scheduler? */
bool tl_sched_is_one(const char *name);
/* Are events of this class stamped 0 at times, which is not when anything happened? */
bool tl_sched_is_timeless(const char *name);

/* Stores a number by what it is; `fits`: it fits an int64_t. False: it cannot be. */
bool tl_sched_put(struct tl_sched *sched, enum tl_sched_type type, size_t offset, int64_t value, bool fits);

#endif
