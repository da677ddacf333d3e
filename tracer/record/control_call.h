/*
 * How the recorder calls liblttng-ctl: each call in a short-lived child process, with
 * a deadline, so that a daemon that hangs costs a call its time and never the recorder
 * its life. Only the files control*.c include this, and LTTng's headers.
 */
#ifndef TL_RECORD_CONTROL_CALL_H
#define TL_RECORD_CONTROL_CALL_H

#include <stdint.h>
#include <sys/types.h>

#include <lttng/lttng.h>

#include "tracer/record/control.h"

#define TL_CALL_MS 15000 /* a call that only talks to the daemon */

#define TL_CONTROL_VALUES 400 /* so that a reply is smaller than a pipe's atomic size */

/* What a call is about; each uses what it needs. */
struct tl_control_request {
	const char *session;
	const char *path;
	const char *name;
	const struct tl_control_output *output;
	const struct tl_control_channel *channel;
	const char *filter;
	const pid_t *pids;
	size_t n_pids;
};

struct tl_control_reply {
	int code; /* 0, or LTTng's negative error */
	uint64_t value[2];
	char text[256];
	uint32_t n;
	union {
		uint32_t list[TL_CONTROL_VALUES];
		char path[TL_CONTROL_VALUES * sizeof(uint32_t)];
	};
};

typedef void tl_control_operation(const struct tl_control_request *request, struct tl_control_reply *reply);

/* Runs it in a child; `what` completes "cannot ...". Negative with `error` set when it failed or took too long. */
int tl_control_call(const char *what, tl_control_operation *run, const struct tl_control_request *request, int limit_ms,
		    struct tl_control_reply *reply, struct tl_error *error);

/* What every child that calls LTTng does first. */
void tl_control_prepare_child(void);

/* LTTng has two styles of error: negative ints, and a positive code where LTTNG_OK is success. */
static inline int tl_control_code(enum lttng_error_code code)
{
	return code == LTTNG_OK ? 0 : -(int)code;
}

#endif
