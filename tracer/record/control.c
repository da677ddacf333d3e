/* One session from its creation to its end; see control.h. */
#include "tracer/record/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/record/clock.h"
#include "tracer/record/control_call.h"

#define ALIVE_MS 3000
#define PENDING_PAUSE_MS 20

#define CHANNEL "threadline"
#define LIVE_US 500000

static void run_alive(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	(void)request;
	reply->value[0] = lttng_session_daemon_alive() == 1;
}

bool tl_control_alive(void)
{
	struct tl_control_request request = {0};
	struct tl_control_reply reply = {0};

	return tl_control_call("reach the session daemon", run_alive, &request, ALIVE_MS, &reply, NULL) == 0 &&
	       reply.value[0];
}

static struct lttng_session_descriptor *describe(const char *session, const struct tl_control_output *output)
{
	char control[TL_URL], data[TL_URL];

	if (output->path)
		return lttng_session_descriptor_local_create(session, output->path);
	/* A session of snapshots: each says its own path. */
	if (!output->relay)
		return lttng_session_descriptor_snapshot_create(session);
	tl_address_url(output->relay, 0, control);
	tl_address_url(output->relay, TL_RELAY_DATA, data);
	return lttng_session_descriptor_live_network_create(session, control, data, LIVE_US);
}

static void run_create(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_session_descriptor *descriptor = describe(request->session, request->output);

	reply->code = descriptor ? tl_control_code(lttng_create_session_ext(descriptor)) : -LTTNG_ERR_INVALID;
	lttng_session_descriptor_destroy(descriptor);
}

int tl_control_create(const char *session, const struct tl_control_output *output, struct tl_error *error)
{
	struct tl_control_request request = {.session = session, .output = output};
	struct tl_control_reply reply = {0};

	return tl_control_call("create a recording session", run_create, &request, TL_CALL_MS, &reply, error);
}

static struct lttng_handle *open_handle(const char *session)
{
	struct lttng_domain domain = {.type = LTTNG_DOMAIN_UST, .buf_type = LTTNG_BUFFER_PER_UID};

	return lttng_create_handle(session, &domain);
}

static int create_channel(struct lttng_handle *handle, const struct tl_control_channel *wanted)
{
	struct lttng_channel *channel = lttng_channel_create(&handle->domain);
	int code;

	if (!channel)
		return -LTTNG_ERR_NOMEM;
	snprintf(channel->name, sizeof channel->name, "%s", CHANNEL);
	channel->enabled = 1;
	channel->attr.overwrite = wanted->overwrites;
	channel->attr.subbuf_size = wanted->buffers->size;
	channel->attr.num_subbuf = wanted->buffers->count;
	code = wanted->blocks ? lttng_channel_set_blocking_timeout(channel, TL_CONTROL_BLOCK_US) : 0;
	if (code >= 0)
		code = lttng_enable_channel(handle, channel);
	lttng_channel_destroy(channel);
	return code;
}

static int enable_events(struct lttng_handle *handle, const char *filter)
{
	struct lttng_event *event = lttng_event_create();
	int code;

	if (!event)
		return -LTTNG_ERR_NOMEM;
	event->type = LTTNG_EVENT_TRACEPOINT;
	event->loglevel_type = LTTNG_EVENT_LOGLEVEL_ALL;
	event->loglevel = -1;
	snprintf(event->name, sizeof event->name, "threadline:*");
	code = lttng_enable_event_with_exclusions(handle, event, CHANNEL, filter, 0, NULL);
	lttng_event_destroy(event);
	return code;
}

static void run_enable(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_handle *handle = open_handle(request->session);

	if (!handle) {
		reply->code = -LTTNG_ERR_NOMEM;
		return;
	}
	reply->code = create_channel(handle, request->channel);
	if (reply->code >= 0)
		reply->code = enable_events(handle, request->filter);
	lttng_destroy_handle(handle);
}

int tl_control_enable(const char *session, const struct tl_control_channel *channel, int64_t recording,
		      struct tl_error *error)
{
	char filter[96];
	struct tl_control_request request = {
		.session = session, .channel = channel, .filter = recording ? filter : NULL};
	struct tl_control_reply reply = {0};

	/* The context that libthreadline.so registers (tracer/identity.c). */
	snprintf(filter, sizeof filter, "$app.threadline:recording == %lld", (long long)recording);
	return tl_control_call("set up the events to record", run_enable, &request, TL_CALL_MS, &reply, error);
}

static void run_start(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	reply->code = lttng_start_tracing(request->session);
}

int tl_control_start(const char *session, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};

	return tl_control_call("start recording", run_start, &request, TL_CALL_MS, &reply, error);
}

static void run_stop(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	reply->code = lttng_stop_tracing_no_wait(request->session);
	if (reply->code == -LTTNG_ERR_TRACE_ALREADY_STOPPED)
		reply->code = 0;
}

static void run_pending(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	int pending = lttng_data_pending(request->session);

	reply->code = pending < 0 ? pending : 0;
	reply->value[0] = pending > 0;
}

int tl_control_stop(const char *session, int wait_ms, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};
	int64_t deadline_ns = tl_clock_after_ms(wait_ms);
	int code = tl_control_call("stop recording", run_stop, &request, TL_CALL_MS, &reply, error);

	while (code == 0) {
		code = tl_control_call("wait for the recorded data", run_pending, &request, TL_CALL_MS, &reply, error);
		if (code != 0 || !reply.value[0])
			break;
		if (tl_clock_left_ms(deadline_ns) == 0)
			return tl_error_set(error, TL_ELIMIT,
					    "the session daemon had not written everything within %d s",
					    wait_ms / 1000);
		tl_clock_sleep_ms(PENDING_PAUSE_MS);
	}
	return code;
}

static void run_lost(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_handle *handle = open_handle(request->session);
	struct lttng_channel *channels = NULL;
	int n = handle ? lttng_list_channels(handle, &channels) : -LTTNG_ERR_NOMEM;

	reply->code = n < 0 ? n : 0;
	for (int i = 0; i < n && reply->code == 0; i++) {
		uint64_t events = 0, packets = 0;

		reply->code = lttng_channel_get_discarded_event_count(&channels[i], &events);
		if (reply->code == 0)
			reply->code = lttng_channel_get_lost_packet_count(&channels[i], &packets);
		/* LTTng's consumer takes a count that went back for a moment for one that wrapped, and adds 2^63. */
		reply->value[0] += events & INT64_MAX;
		reply->value[1] += packets;
	}
	free(channels);
	lttng_destroy_handle(handle);
}

int tl_control_lost(const char *session, uint64_t *events, uint64_t *packets, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};
	int code = tl_control_call("ask how many events were lost", run_lost, &request, TL_CALL_MS, &reply, error);

	*events = reply.value[0];
	*packets = reply.value[1];
	return code;
}

static void run_destroy(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_destruction_handle *handle = NULL;
	enum lttng_error_code result = LTTNG_OK;

	reply->code = tl_control_code(lttng_destroy_session_ext(request->session, &handle));
	if (reply->code == 0 && lttng_destruction_handle_wait_for_completion(handle, TL_CALL_MS) !=
					LTTNG_DESTRUCTION_HANDLE_STATUS_COMPLETED)
		reply->code = -LTTNG_ERR_FATAL;
	if (reply->code == 0 &&
	    lttng_destruction_handle_get_result(handle, &result) == LTTNG_DESTRUCTION_HANDLE_STATUS_OK)
		reply->code = tl_control_code(result);
	lttng_destruction_handle_destroy(handle);
}

int tl_control_destroy(const char *session, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};

	/* A little longer than the call's own wait, so that its answer is heard. */
	return tl_control_call("end the recording session", run_destroy, &request, TL_CALL_MS + 2000, &reply, error);
}
