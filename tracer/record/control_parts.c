/*
 * What is asked of sessions that record programs which run already, or keep only the
 * latest in memory; see control.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lttng/rotation.h>
#include <lttng/tracker.h>

#include "tracer/record/clock.h"
#include "tracer/record/control_call.h"

#define PROVIDER "threadline:"
#define SNAPSHOT_MS 60000
#define ROTATE_MS 30000
#define PAUSE_MS 20

static int from_tracker(enum lttng_process_attr_tracker_handle_status status)
{
	switch (status) {
	case LTTNG_PROCESS_ATTR_TRACKER_HANDLE_STATUS_OK:
	case LTTNG_PROCESS_ATTR_TRACKER_HANDLE_STATUS_EXISTS: return 0;
	default: return -LTTNG_ERR_UNK;
	}
}

static void run_track(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_process_attr_tracker_handle *tracker = NULL;
	enum lttng_tracking_policy policy;

	reply->code = tl_control_code(lttng_session_get_tracker_handle(
		request->session, LTTNG_DOMAIN_UST, LTTNG_PROCESS_ATTR_VIRTUAL_PROCESS_ID, &tracker));
	if (reply->code == 0)
		reply->code = from_tracker(lttng_process_attr_tracker_handle_get_tracking_policy(tracker, &policy));
	/* Setting it again would forget the set. */
	if (reply->code == 0 && policy != LTTNG_TRACKING_POLICY_INCLUDE_SET)
		reply->code = from_tracker(lttng_process_attr_tracker_handle_set_tracking_policy(
			tracker, LTTNG_TRACKING_POLICY_INCLUDE_SET));
	for (size_t i = 0; i < request->n_pids && reply->code == 0; i++)
		reply->code = from_tracker(
			lttng_process_attr_process_id_tracker_handle_add_pid(tracker, request->pids[i]));
	lttng_process_attr_tracker_handle_destroy(tracker);
}

int tl_control_track(const char *session, const pid_t *pids, size_t n, struct tl_error *error)
{
	struct tl_control_request request = {.session = session, .pids = pids, .n_pids = n};
	struct tl_control_reply reply = {0};

	return tl_control_call("choose the processes to record", run_track, &request, TL_CALL_MS, &reply, error);
}

static void run_processes(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_domain domain = {.type = LTTNG_DOMAIN_UST, .buf_type = LTTNG_BUFFER_PER_UID};
	struct lttng_handle *handle = lttng_create_handle(NULL, &domain);
	struct lttng_event *events = NULL;
	int n = handle ? lttng_list_tracepoints(handle, &events) : -LTTNG_ERR_NOMEM;

	(void)request;
	reply->code = n < 0 ? n : 0;
	for (int i = 0; i < n && reply->n < TL_CONTROL_VALUES; i++)
		/* One of its events is enough. */
		if (strcmp(events[i].name, PROVIDER "process_begin") == 0)
			reply->list[reply->n++] = (uint32_t)events[i].pid;
	free(events);
	lttng_destroy_handle(handle);
}

int tl_control_processes(pid_t *pids, size_t room, struct tl_error *error)
{
	struct tl_control_request request = {0};
	struct tl_control_reply reply = {0};
	int code = tl_control_call("ask which processes can be recorded", run_processes, &request, TL_CALL_MS, &reply,
				   error);

	for (uint32_t i = 0; code == 0 && i < reply.n && i < room; i++)
		pids[i] = (pid_t)reply.list[i];
	return code ? code : (int)(reply.n < room ? reply.n : room);
}

static void run_regenerate(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	reply->code = lttng_regenerate_statedump(request->session);
	if (reply->code > 0)
		reply->code = 0;
}

int tl_control_regenerate(const char *session, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};

	return tl_control_call("ask the programs for their state", run_regenerate, &request, TL_CALL_MS, &reply, error);
}

static void run_snapshot(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_snapshot_output *output = lttng_snapshot_output_create();

	if (!output) {
		reply->code = -LTTNG_ERR_NOMEM;
		return;
	}
	reply->code = lttng_snapshot_output_set_local_path(request->path, output);
	if (reply->code == 0)
		reply->code = lttng_snapshot_output_set_name(request->name, output);
	if (reply->code == 0)
		reply->code = lttng_snapshot_record(request->session, output, 0);
	if (reply->code > 0)
		reply->code = 0;
	lttng_snapshot_output_destroy(output);
}

int tl_control_snapshot(const char *session, const char *path, const char *name, struct tl_error *error)
{
	struct tl_control_request request = {.session = session, .path = path, .name = name};
	struct tl_control_reply reply = {0};

	int code = tl_control_call("save a snapshot", run_snapshot, &request, SNAPSHOT_MS, &reply, error);

	return reply.code == -LTTNG_ERR_SNAPSHOT_FAIL ? TL_ELIMIT : code;
}

static void run_rotate(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_rotation_handle *rotation = NULL;
	const struct lttng_trace_archive_location *location;
	enum lttng_rotation_state state = LTTNG_ROTATION_STATE_ONGOING;
	const char *path = NULL;

	reply->code = lttng_rotate_session(request->session, NULL, &rotation);
	if (reply->code > 0)
		reply->code = 0;
	/* The caller's deadline ends this. */
	while (reply->code == 0 && state == LTTNG_ROTATION_STATE_ONGOING) {
		tl_clock_sleep_ms(PAUSE_MS);
		if (lttng_rotation_handle_get_state(rotation, &state) != LTTNG_ROTATION_STATUS_OK)
			reply->code = -LTTNG_ERR_UNK;
	}
	if (reply->code == 0 &&
	    (state != LTTNG_ROTATION_STATE_COMPLETED ||
	     lttng_rotation_handle_get_archive_location(rotation, &location) != LTTNG_ROTATION_STATUS_OK ||
	     lttng_trace_archive_location_local_get_absolute_path(location, &path) !=
		     LTTNG_TRACE_ARCHIVE_LOCATION_STATUS_OK))
		reply->code = -LTTNG_ERR_UNK;
	if (path && snprintf(reply->path, sizeof reply->path, "%s", path) >= (int)sizeof reply->path)
		reply->path[0] = '\0';
	lttng_rotation_handle_destroy(rotation);
}

int tl_control_rotate(const char *session, char *folder, size_t size, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};
	int code = tl_control_call("begin a new part of the trace", run_rotate, &request, ROTATE_MS, &reply, error);

	snprintf(folder, size, "%s", code == 0 ? reply.path : "");
	return code;
}

static void run_shm_path(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	reply->code = lttng_set_session_shm_path(request->session, request->path);
	if (reply->code > 0)
		reply->code = 0;
}

int tl_control_shm_path(const char *session, const char *path, struct tl_error *error)
{
	struct tl_control_request request = {.session = session, .path = path};
	struct tl_control_reply reply = {0};

	return tl_control_call("say where the buffers lie", run_shm_path, &request, TL_CALL_MS, &reply, error);
}
