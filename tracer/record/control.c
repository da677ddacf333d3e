/* Calls of liblttng-ctl, each in a child and with a deadline; see control.h. */
#include "tracer/record/control.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lttng/lttng.h>

#include "tracer/record/clock.h"

#define CALL_MS 15000 /* a call that only talks to the daemon */
#define ALIVE_MS 3000
#define PENDING_PAUSE_MS 20

#define CHANNEL "threadline"

/* LTTng's own daemon asks the members of this group to use root's; nobody is in ours. */
#define NO_GROUP "threadline-uses-no-group"

struct request {
	const char *session;
	const char *path;
	const struct tl_buffers *buffers;
	const char *filter;
};

struct reply {
	int code; /* 0, or LTTng's negative error */
	uint64_t value[2];
	char text[256];
};

typedef void operation(const struct request *request, struct reply *reply);

/* LTTng has two styles of error: negative ints, and a positive code where LTTNG_OK is success. */
static int from_code(enum lttng_error_code code)
{
	return code == LTTNG_OK ? 0 : -(int)code;
}

static void run_child(operation *run, const struct request *request, int out)
{
	struct reply reply = {0};

	/* A call that hangs must not outlive its deadline because the recorder was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getuid() != 0)
		lttng_set_tracing_group(NO_GROUP);
	run(request, &reply);
	if (reply.code < 0)
		snprintf(reply.text, sizeof reply.text, "%s", lttng_strerror(reply.code));
	if (write(out, &reply, sizeof reply) != (ssize_t)sizeof reply)
		_exit(1);
	_exit(0);
}

/* Reads the whole reply (smaller than a pipe's atomic size) before the deadline. */
static bool read_reply(int in, struct reply *reply, int64_t deadline_ns)
{
	struct pollfd wait = {.fd = in, .events = POLLIN};
	int left, n;

	do {
		left = tl_clock_left_ms(deadline_ns);
		n = poll(&wait, 1, left);
	} while (n < 0 && errno == EINTR);
	return n > 0 && read(in, reply, sizeof *reply) == (ssize_t)sizeof *reply;
}

static int call(const char *what, operation *run, const struct request *request, int limit_ms, struct reply *reply,
		struct tl_error *error)
{
	int64_t deadline_ns = tl_clock_after_ms(limit_ms);
	int ends[2];
	pid_t child;
	bool answered;

	if (pipe(ends) != 0)
		return tl_error_set(error, TL_EIO, "cannot %s: %s", what, strerror(errno));
	child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return tl_error_set(error, TL_EIO, "cannot %s: %s", what, strerror(errno));
	}
	if (child == 0) {
		close(ends[0]);
		run_child(run, request, ends[1]);
	}
	close(ends[1]);
	answered = read_reply(ends[0], reply, deadline_ns);
	close(ends[0]);
	if (!answered)
		kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (!answered)
		return tl_error_set(error, TL_ELIMIT, "cannot %s: the session daemon gave no answer within %d s", what,
				    limit_ms / 1000);
	if (reply->code < 0)
		return tl_error_set(error, TL_EIO, "cannot %s: LTTng says: %s", what, reply->text);
	return 0;
}

static void run_alive(const struct request *request, struct reply *reply)
{
	(void)request;
	reply->value[0] = lttng_session_daemon_alive() == 1;
}

bool tl_control_alive(void)
{
	struct request request = {0};
	struct reply reply = {0};

	return call("reach the session daemon", run_alive, &request, ALIVE_MS, &reply, NULL) == 0 && reply.value[0];
}

static void run_create(const struct request *request, struct reply *reply)
{
	struct lttng_session_descriptor *descriptor = lttng_session_descriptor_local_create(request->session,
											    request->path);

	reply->code = descriptor ? from_code(lttng_create_session_ext(descriptor)) : -LTTNG_ERR_INVALID;
	lttng_session_descriptor_destroy(descriptor);
}

int tl_control_create(const char *session, const char *path, struct tl_error *error)
{
	struct request request = {.session = session, .path = path};
	struct reply reply = {0};

	return call("create a recording session", run_create, &request, CALL_MS, &reply, error);
}

static struct lttng_handle *open_handle(const char *session)
{
	struct lttng_domain domain = {.type = LTTNG_DOMAIN_UST, .buf_type = LTTNG_BUFFER_PER_UID};

	return lttng_create_handle(session, &domain);
}

static int create_channel(struct lttng_handle *handle, const struct tl_buffers *buffers)
{
	struct lttng_channel *channel = lttng_channel_create(&handle->domain);
	int code;

	if (!channel)
		return -LTTNG_ERR_NOMEM;
	snprintf(channel->name, sizeof channel->name, "%s", CHANNEL);
	channel->enabled = 1;
	channel->attr.overwrite = 0;
	channel->attr.subbuf_size = buffers->size;
	channel->attr.num_subbuf = buffers->count;
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

static void run_enable(const struct request *request, struct reply *reply)
{
	struct lttng_handle *handle = open_handle(request->session);

	if (!handle) {
		reply->code = -LTTNG_ERR_NOMEM;
		return;
	}
	reply->code = create_channel(handle, request->buffers);
	if (reply->code >= 0)
		reply->code = enable_events(handle, request->filter);
	lttng_destroy_handle(handle);
}

int tl_control_enable(const char *session, const struct tl_buffers *buffers, int64_t recording, struct tl_error *error)
{
	char filter[96];
	struct request request = {.session = session, .buffers = buffers, .filter = filter};
	struct reply reply = {0};

	/* The context that libthreadline.so registers (tracer/identity.c). */
	snprintf(filter, sizeof filter, "$app.threadline:recording == %lld", (long long)recording);
	return call("set up the events to record", run_enable, &request, CALL_MS, &reply, error);
}

static void run_start(const struct request *request, struct reply *reply)
{
	reply->code = lttng_start_tracing(request->session);
}

int tl_control_start(const char *session, struct tl_error *error)
{
	struct request request = {.session = session};
	struct reply reply = {0};

	return call("start recording", run_start, &request, CALL_MS, &reply, error);
}

static void run_stop(const struct request *request, struct reply *reply)
{
	reply->code = lttng_stop_tracing_no_wait(request->session);
	if (reply->code == -LTTNG_ERR_TRACE_ALREADY_STOPPED)
		reply->code = 0;
}

static void run_pending(const struct request *request, struct reply *reply)
{
	int pending = lttng_data_pending(request->session);

	reply->code = pending < 0 ? pending : 0;
	reply->value[0] = pending > 0;
}

int tl_control_stop(const char *session, int wait_ms, struct tl_error *error)
{
	struct request request = {.session = session};
	struct reply reply = {0};
	int64_t deadline_ns = tl_clock_after_ms(wait_ms);
	int code = call("stop recording", run_stop, &request, CALL_MS, &reply, error);

	while (code == 0) {
		code = call("wait for the recorded data", run_pending, &request, CALL_MS, &reply, error);
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

static void run_lost(const struct request *request, struct reply *reply)
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
		reply->value[0] += events;
		reply->value[1] += packets;
	}
	free(channels);
	lttng_destroy_handle(handle);
}

int tl_control_lost(const char *session, uint64_t *events, uint64_t *packets, struct tl_error *error)
{
	struct request request = {.session = session};
	struct reply reply = {0};
	int code = call("ask how many events were lost", run_lost, &request, CALL_MS, &reply, error);

	*events = reply.value[0];
	*packets = reply.value[1];
	return code;
}

static void run_destroy(const struct request *request, struct reply *reply)
{
	struct lttng_destruction_handle *handle = NULL;
	enum lttng_error_code result = LTTNG_OK;

	reply->code = from_code(lttng_destroy_session_ext(request->session, &handle));
	if (reply->code == 0 &&
	    lttng_destruction_handle_wait_for_completion(handle, CALL_MS) != LTTNG_DESTRUCTION_HANDLE_STATUS_COMPLETED)
		reply->code = -LTTNG_ERR_FATAL;
	if (reply->code == 0 &&
	    lttng_destruction_handle_get_result(handle, &result) == LTTNG_DESTRUCTION_HANDLE_STATUS_OK)
		reply->code = from_code(result);
	lttng_destruction_handle_destroy(handle);
}

int tl_control_destroy(const char *session, struct tl_error *error)
{
	struct request request = {.session = session};
	struct reply reply = {0};

	/* A little longer than the call's own wait, so that its answer is heard. */
	return call("end the recording session", run_destroy, &request, CALL_MS + 2000, &reply, error);
}
