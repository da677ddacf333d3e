/* Triggers on `status` and other events, and the child that hears of it; see watch.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lttng/condition/evaluation.h>
#include <lttng/event-expr.h>
#include <lttng/event-field-value.h>

#include "threadline/events.h"
#include "tracer/record/clock.h"
#include "tracer/record/control_call.h"
#include "tracer/record/watch.h"

#define READY_MS 10000

/* A line is one write: shorter than what a pipe keeps in one piece. */
#define LINE "%" PRIu64 " %" PRIu64 " %" PRId64 "\n"

static void write_filter(char *text, size_t size, uint32_t reasons)
{
	const char * or = "";
	size_t n = (size_t)snprintf(text, size, "state == %d && (", TL_STANDING_BLOCKED);

	for (unsigned i = 0; i < TL_N_REASONS && n < size; i++)
		if (reasons >> i & 1) {
			n += (size_t)snprintf(text + n, size - n, "%sreason == %u", or, i);
			or = " || ";
		}
	if (n < size)
		snprintf(text + n, size - n, ")");
}

/* What is watched for; made before the child is. */
struct wanted {
	char pattern[256], filter[1024];
	bool is_status; /* of the contract: its fields are of interest, too */
};

/* What each notification carries, in this order. */
static bool add_captures(struct lttng_condition *condition, bool is_status)
{
	struct lttng_event_expr *captures[] = {
		lttng_event_expr_channel_context_field_create("vpid"),
		is_status ? lttng_event_expr_event_payload_field_create("target") : NULL,
		is_status ? lttng_event_expr_event_payload_field_create("since_ns") : NULL,
	};
	bool added = true;

	for (size_t i = 0; i < (is_status ? 3 : 1); i++) {
		bool ok = added && lttng_condition_event_rule_matches_append_capture_descriptor(
					   condition, captures[i]) == LTTNG_CONDITION_STATUS_OK;

		/* The condition owns it only if it took it. */
		if (!ok)
			lttng_event_expr_destroy(captures[i]);
		added = ok;
	}
	return added;
}

static struct lttng_condition *make_condition(const struct wanted *wanted)
{
	struct lttng_event_rule *rule = lttng_event_rule_user_tracepoint_create();
	struct lttng_condition *condition = NULL;

	if (rule &&
	    lttng_event_rule_user_tracepoint_set_name_pattern(rule, wanted->pattern) == LTTNG_EVENT_RULE_STATUS_OK &&
	    (!wanted->filter[0] ||
	     lttng_event_rule_user_tracepoint_set_filter(rule, wanted->filter) == LTTNG_EVENT_RULE_STATUS_OK))
		condition = lttng_condition_event_rule_matches_create(rule);
	if (condition && !add_captures(condition, wanted->is_status)) {
		lttng_condition_destroy(condition);
		condition = NULL;
	}
	lttng_event_rule_destroy(rule);
	return condition;
}

static uint64_t captured(const struct lttng_event_field_value *values, unsigned at)
{
	const struct lttng_event_field_value *value;
	uint64_t number = 0;
	int64_t whole = 0;

	if (lttng_event_field_value_array_get_element_at_index(values, at, &value) != LTTNG_EVENT_FIELD_VALUE_STATUS_OK)
		return 0;
	if (lttng_event_field_value_unsigned_int_get_value(value, &number) == LTTNG_EVENT_FIELD_VALUE_STATUS_OK)
		return number;
	lttng_event_field_value_signed_int_get_value(value, &whole);
	return (uint64_t)whole;
}

static void tell(const struct lttng_notification *notification, int out)
{
	const struct lttng_evaluation *evaluation = lttng_notification_get_evaluation(
		(struct lttng_notification *)notification);
	const struct lttng_event_field_value *values;

	if (evaluation && lttng_evaluation_event_rule_matches_get_captured_values(evaluation, &values) ==
				  LTTNG_EVALUATION_EVENT_RULE_MATCHES_STATUS_OK)
		dprintf(out, LINE, captured(values, 0), captured(values, 1), (int64_t)captured(values, 2));
}

/* The trigger outlives nobody: it is taken back when the recorder closes the pipe it holds. */
static void run_child(const char *name, const struct wanted *wanted, int out)
{
	struct lttng_condition *condition = make_condition(wanted);
	struct lttng_action *action = lttng_action_notify_create();
	struct lttng_trigger *trigger = condition && action ? lttng_trigger_create(condition, action) : NULL;
	struct lttng_notification_channel *channel = lttng_notification_channel_create(
		lttng_session_daemon_notification_endpoint);
	struct lttng_notification *notification;
	enum lttng_notification_channel_status status;

	if (!trigger || !channel || lttng_register_trigger_with_name(trigger, name) != LTTNG_OK ||
	    lttng_notification_channel_subscribe(channel, condition) != LTTNG_NOTIFICATION_CHANNEL_STATUS_OK)
		_exit(1);
	dprintf(out, "\n");
	for (;;) {
		status = lttng_notification_channel_get_next_notification(channel, &notification);
		if (status == LTTNG_NOTIFICATION_CHANNEL_STATUS_OK) {
			tell(notification, out);
			lttng_notification_destroy(notification);
		} else if (status != LTTNG_NOTIFICATION_CHANNEL_STATUS_NOTIFICATIONS_DROPPED) {
			_exit(1);
		}
	}
}

static void run_unregister(const struct tl_control_request *request, struct tl_control_reply *reply)
{
	struct lttng_triggers *triggers = NULL;
	unsigned n = 0;

	reply->code = tl_control_code(lttng_list_triggers(&triggers));
	if (reply->code == 0)
		lttng_triggers_get_count(triggers, &n);
	for (unsigned i = 0; i < n; i++) {
		const struct lttng_trigger *trigger = lttng_triggers_get_at_index(triggers, i);
		const char *name = NULL;

		if (lttng_trigger_get_name(trigger, &name) == LTTNG_TRIGGER_STATUS_OK && name &&
		    strcmp(name, request->session) == 0)
			lttng_unregister_trigger(trigger);
	}
	lttng_triggers_destroy(triggers);
}

int tl_control_unwatch(const char *session, struct tl_error *error)
{
	struct tl_control_request request = {.session = session};
	struct tl_control_reply reply = {0};

	return tl_control_call("take a trigger back", run_unregister, &request, TL_CALL_MS, &reply, error);
}

static int start(struct tl_watch *watch, const struct wanted *wanted, struct tl_error *error)
{
	struct pollfd wait = {.events = POLLIN};
	int ends[2];
	char ready;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return tl_error_set(error, TL_EIO, "cannot make a pipe: %s", strerror(errno));
	watch->child = fork();
	if (watch->child == 0) {
		close(ends[0]);
		tl_control_prepare_child();
		run_child(watch->name, wanted, ends[1]);
	}
	close(ends[1]);
	wait.fd = ends[0];
	watch->lines = ends[0];
	if (watch->child > 0 && poll(&wait, 1, READY_MS) > 0 && read(ends[0], &ready, 1) == 1) {
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		return 0;
	}
	tl_watch_finish(watch);
	return tl_error_set(error, TL_EIO, "the session daemon cannot tell of such events");
}

int tl_watch_start(struct tl_watch *watch, const char *session, uint32_t reasons, int64_t longer_than_ns,
		   struct tl_error *error)
{
	struct wanted wanted = {.pattern = "threadline:status", .is_status = true};

	*watch = (struct tl_watch){.longer_than_ns = longer_than_ns};
	snprintf(watch->name, sizeof watch->name, "%s", session);
	write_filter(wanted.filter, sizeof wanted.filter, reasons);
	if (start(watch, &wanted, error) == 0)
		return 0;
	return tl_error_add(error, "no task that waits for long will be noticed");
}

int tl_watch_start_event(struct tl_watch *watch, const char *session, const char *expression, struct tl_error *error)
{
	size_t n = strcspn(expression, " \t");
	struct wanted wanted = {0};

	*watch = (struct tl_watch){0};
	snprintf(watch->name, sizeof watch->name, "%s-event", session);
	if (n == 0 || n >= sizeof wanted.pattern || strlen(expression + n) >= sizeof wanted.filter)
		return tl_error_set(error, TL_EUSAGE, "--on-event: '%.64s' is empty or too long", expression);
	memcpy(wanted.pattern, expression, n);
	snprintf(wanted.filter, sizeof wanted.filter, "%s", expression + n + strspn(expression + n, " \t"));
	if (start(watch, &wanted, error) == 0)
		return 0;
	return tl_error_set(error, TL_EUSAGE,
			    "--on-event: LTTng does not take '%s'%s%s%s: PROVIDER:EVENT, and behind a space a filter "
			    "like \"amount > 1000\"",
			    wanted.pattern, wanted.filter[0] ? " with the filter '" : "", wanted.filter,
			    wanted.filter[0] ? "'" : "");
}

static bool read_line(const struct tl_watch *watch, char *line, size_t size)
{
	size_t n = 0;

	while (n + 1 < size && read(watch->lines, line + n, 1) == 1)
		if (line[n++] == '\n')
			break;
	line[n] = '\0';
	return n > 0;
}

bool tl_watch_next(struct tl_watch *watch, struct tl_stuck *stuck)
{
	uint64_t process, task;
	char line[128];

	while (watch->child > 0 && read_line(watch, line, sizeof line)) {
		if (sscanf(line, "%" SCNu64 " %" SCNu64 " %" SCNd64, &process, &task, &stuck->since_ns) != 3)
			continue;
		stuck->process = (pid_t)process;
		stuck->task = (uint32_t)task;
		if (tl_clock_ns() - stuck->since_ns >= watch->longer_than_ns)
			return true;
	}
	return false;
}

void tl_watch_finish(struct tl_watch *watch)
{
	if (watch->child <= 0)
		return;
	kill(watch->child, SIGKILL);
	while (waitpid(watch->child, NULL, 0) < 0 && errno == EINTR)
		;
	close(watch->lines);
	watch->child = 0;
}
