/* One recording; see recording.h. */
#include "tracer/record/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/record/control.h"
#include "tracer/record/lock.h"
#include "tracer/record/remains.h"
#include "tracer/record/reserve.h"

#define LOCK_MS 60000  /* others start or stop a daemon meanwhile */
#define WRITE_MS 60000 /* for the daemon to write what it holds, at the end */

int tl_recording_init(struct tl_recording *recording, struct tl_error *error)
{
	uint64_t random;

	memset(recording, 0, sizeof *recording);
	recording->daemon.recordings = -1;
	recording->reserve = -1;
	if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
		return tl_error_set(error, TL_EIO, "cannot get a random number: %s", strerror(errno));
	/* Positive: LTTng's filters compare signed numbers. */
	recording->id = (int64_t)(random >> 1) | 1;
	snprintf(recording->name, sizeof recording->name, "threadline-%" PRId64, recording->id);
	snprintf(recording->session, sizeof recording->session, "%s", recording->name);
	return 0;
}

static int choose_buffers(struct tl_recording *recording, const struct tl_recording_plan *plan, struct tl_error *error)
{
	uint64_t free_bytes, reserved;

	tl_error_init(error);
	free_bytes = tl_buffers_free(error);
	if (error->code != 0)
		return error->code;
	reserved = tl_reserve_sum(recording->home.run);
	free_bytes = reserved < free_bytes ? free_bytes - reserved : 0;
	if (plan->is_flight)
		return tl_buffers_keep(&recording->buffers, free_bytes, tl_buffers_cpus(), plan->keep_bytes, error);
	return tl_buffers_choose(&recording->buffers, free_bytes, tl_buffers_cpus(), plan->buffer_bytes, error);
}

/* Chooses and reserves in one go: others who begin now see it. */
static int size_buffers(struct tl_recording *recording, const struct tl_recording_plan *plan, struct tl_error *error)
{
	int lock = tl_lock_open(recording->home.run, "lock", error);
	int code;

	if (lock < 0)
		return lock;
	if (tl_lock_take(lock, true, LOCK_MS))
		code = choose_buffers(recording, plan, error);
	else
		code = tl_error_set(error, TL_ELIMIT, "another recording has been starting for %d s", LOCK_MS / 1000);
	if (code == 0) {
		recording->reserve = tl_reserve_take(recording->home.run, recording->name,
						     tl_buffers_bytes(&recording->buffers), error);
		code = recording->reserve < 0 ? recording->reserve : 0;
	}
	close(lock);
	return code;
}

/* Where they lie is noted beside the trace, before there is anything to lose. */
static int keep_buffers(struct tl_recording *recording, const struct tl_output *output, struct tl_error *error)
{
	int code;

	snprintf(recording->shm, sizeof recording->shm, "/dev/shm/%s", recording->session);
	if (mkdir(recording->shm, 0700) != 0)
		return tl_error_set(error, TL_EIO, "cannot make the folder %s: %s", recording->shm, strerror(errno));
	code = tl_remains_note(output->path, recording->shm, error);
	return code ? code : tl_control_shm_path(recording->session, recording->shm, error);
}

static void drop_buffers(struct tl_recording *recording, const struct tl_output *output)
{
	if (!recording->shm[0])
		return;
	tl_output_remove_folder(recording->shm);
	tl_remains_forget(output->path);
	recording->shm[0] = '\0';
}

static int set_up(struct tl_recording *recording, const struct tl_recording_plan *plan, struct tl_error *error)
{
	const struct tl_control_channel channel = {
		.buffers = &recording->buffers,
		.overwrites = plan->is_flight,
		.blocks = plan->blocks,
	};
	int code = plan->survives ? keep_buffers(recording, plan->output, error) : 0;

	if (code == 0)
		code = tl_control_enable(recording->session, &channel, plan->is_attached ? 0 : recording->id, error);
	if (code == 0 && plan->is_tracked)
		code = tl_control_track(recording->session, NULL, 0, error);
	if (code == 0)
		code = tl_control_start(recording->session, error);
	return code;
}

static int begin_session(struct tl_recording *recording, struct tl_error *error)
{
	const struct tl_recording_plan *plan = &recording->plan;
	const struct tl_control_output output = {
		.path = plan->is_flight || plan->relay ? NULL : plan->output->path,
		.relay = plan->relay,
	};
	/* Before there is a session: whenever we are killed, somebody ends it. */
	int code = tl_guard_start(&recording->guard, recording->session, error);

	if (code == 0)
		code = tl_control_create(recording->session, &output, error);
	if (code != 0)
		return code;
	recording->created = true;
	return set_up(recording, plan, error);
}

int tl_recording_start(struct tl_recording *recording, const struct tl_recording_plan *plan, struct tl_error *error)
{
	int code = tl_home_init(&recording->home, error);

	recording->plan = *plan;
	recording->output = plan->output;
	if (plan->relay)
		snprintf(recording->session, sizeof recording->session, "%s", plan->relay_name);
	if (code == 0)
		code = size_buffers(recording, plan, error);
	if (code == 0)
		code = tl_daemon_acquire(&recording->daemon, &recording->home, error);
	return code ? code : begin_session(recording, error);
}

/*
 * It may take its whole deadline: nobody waits for it. Nor is it left for us to be
 * reaped, who may be cut off very often: the child in between ends at once.
 */
static void end_aside(const char *session)
{
	struct tl_error ignored;
	pid_t child = fork();

	if (child == 0) {
		if (fork() == 0)
			tl_control_destroy(session, &ignored);
		_exit(0);
	}
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

void tl_recording_abandon(struct tl_recording *recording)
{
	/* There is one even where no session could be created. */
	tl_guard_finish(&recording->guard);
	if (!recording->created)
		return;
	end_aside(recording->session);
	recording->created = false;
}

int tl_recording_resume(struct tl_recording *recording, struct tl_error *error)
{
	const char *name = recording->plan.relay ? recording->plan.relay_name : recording->name;

	snprintf(recording->session, sizeof recording->session, "%.68s-%u", name, ++recording->n_replaced + 1);
	return begin_session(recording, error);
}

int tl_recording_replace(struct tl_recording *recording, struct tl_error *error)
{
	tl_recording_abandon(recording);
	return tl_recording_resume(recording, error);
}

int tl_recording_track(struct tl_recording *recording, const pid_t *pids, size_t n, struct tl_error *error)
{
	return tl_control_track(recording->session, pids, n, error);
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
	/* What could not be written stays, to be recovered. */
	if (code == 0)
		drop_buffers(recording, recording->output);
	if (code != 0 && recording->shm[0])
		tl_error_add(error, "what was not written is in memory still: threadline recover takes it from there");
	if (code != 0)
		tl_error_add(error, "the recording did not end well; the trace holds what was written until then");
	return code;
}

int tl_recording_finish(struct tl_recording *recording, struct tl_error *error)
{
	tl_guard_finish(&recording->guard);
	tl_reserve_release(recording->home.run, recording->name, recording->reserve);
	recording->reserve = -1;
	return tl_daemon_release(&recording->daemon, error);
}
