/* One recording; see recording.h. */
#include "tracer/record/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "tracer/record/control.h"

#define WRITE_MS 60000 /* for the daemon to write what it holds, at the end */

int tl_recording_init(struct tl_recording *recording, struct tl_error *error)
{
	uint64_t random;

	memset(recording, 0, sizeof *recording);
	recording->daemon.recordings = -1;
	if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
		return tl_error_set(error, TL_EIO, "cannot get a random number: %s", strerror(errno));
	/* Positive: LTTng's filters compare signed numbers. */
	recording->id = (int64_t)(random >> 1) | 1;
	snprintf(recording->session, sizeof recording->session, "threadline-%" PRId64, recording->id);
	return 0;
}

static int size_buffers(struct tl_buffers *buffers, uint64_t wanted, struct tl_error *error)
{
	struct tl_error unknown;
	uint64_t free_bytes;

	tl_error_init(&unknown);
	free_bytes = tl_buffers_free(&unknown);
	if (unknown.code != 0) {
		*error = unknown;
		return unknown.code;
	}
	return tl_buffers_choose(buffers, free_bytes, tl_buffers_cpus(), wanted, error);
}

int tl_recording_start(struct tl_recording *recording, const struct tl_output *output, uint64_t buffer_bytes,
		       struct tl_error *error)
{
	int code = size_buffers(&recording->buffers, buffer_bytes, error);

	if (code == 0)
		code = tl_place_init(&recording->place, error);
	if (code == 0)
		code = tl_daemon_acquire(&recording->daemon, &recording->place, error);
	if (code == 0)
		code = tl_control_create(recording->session, output->path, error);
	if (code != 0)
		return code;
	recording->created = true;
	code = tl_control_enable(recording->session, &recording->buffers, recording->id, error);
	if (code == 0)
		code = tl_control_start(recording->session, error);
	if (code == 0)
		code = tl_guard_start(&recording->guard, recording->session, error);
	return code;
}

int tl_recording_stop(struct tl_recording *recording, struct tl_error *error)
{
	struct tl_error ignored, *next = error;
	int code = 0, step;

	if (!recording->created)
		return 0;
	code = tl_control_stop(recording->session, WRITE_MS, next);
	next = code ? &ignored : error;
	if (tl_control_alive() || code == 0) {
		step = tl_control_lost(recording->session, &recording->lost_events, &recording->lost_packets, next);
		recording->lost_known = step == 0;
		code = code ? code : step;
		next = code ? &ignored : error;
		step = tl_control_destroy(recording->session, next);
		code = code ? code : step;
	}
	recording->created = false;
	if (code != 0)
		tl_error_add(error, "the recording did not end well; the trace holds what was written until then");
	return code;
}

int tl_recording_finish(struct tl_recording *recording, struct tl_error *error)
{
	tl_guard_finish(&recording->guard);
	return tl_daemon_release(&recording->daemon, error);
}
