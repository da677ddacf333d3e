/*
 * `threadline record`: runs a command and records it, or records programs that run
 * already. The order of things: look
 * at the command and make the folder before anything is started; begin to
 * record; run the command; end the recording; leave nothing behind; tell; and
 * check what was recorded, if that is wanted.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tracer/record/check.h"
#include "tracer/record/clock.h"
#include "tracer/record/commands.h"
#include "tracer/record/launch.h"
#include "tracer/record/live.h"
#include "tracer/record/options.h"
#include "tracer/record/recording.h"
#include "tracer/record/summary.h"
#include "viewer/base/text.h"

#define PREFIX "threadline: "

struct session {
	struct tl_record_options options;
	struct tl_program program;
	struct tl_injection injection;
	struct tl_output output;
	struct tl_recording recording;
	struct tl_live live;
	struct tl_relayed relayed;
	struct tl_launch launch;
	struct tl_signals signals;
	struct tl_verdict_check check;
	bool no_library;
};

static int fail(const struct tl_error *error, int status)
{
	tl_error_print(error, PREFIX, stderr);
	return status;
}

/* What will keep the command from being traced is said before it runs; it runs all the same. */
static void warn(struct session *session)
{
	struct tl_error error;

	tl_error_init(&error);
	session->no_library = tl_injection_init(&session->injection, session->recording.id, session->options.chosen,
						&error) != 0;
	if (session->no_library) {
		tl_error_add(&error, "warning: the command will run untraced");
		tl_error_print(&error, PREFIX, stderr);
	}
	if (session->program.obstacle == TL_OBSTACLE_NONE)
		return;
	fputs(PREFIX "warning: ", stderr);
	tl_text_escape(stderr, session->program.seen);
	fprintf(stderr, " %s: it will not be recorded itself\n", tl_obstacle_text(session->program.obstacle));
}

static void say_setup(const struct session *session)
{
	const struct tl_recording *recording = &session->recording;

	if (session->options.lossless &&
	    tl_buffers_bytes(&recording->buffers) / recording->buffers.cpus < TL_LOSSLESS_LEAST / 2)
		fputs(PREFIX "warning: /dev/shm is small: with buffers below 4M events may be lost in spite of "
			     "--lossless\n",
		      stderr);
	if (!session->options.verbose)
		return;
	fprintf(stderr, PREFIX "session %s, %s session daemon, home %s%s\n", recording->session,
		recording->daemon.kept ? "a shared" : "somebody's own",
		recording->home.path[0] ? recording->home.path : "(root's)",
		recording->home.is_private ? " (private: the usual one cannot be used)" : "");
	fprintf(stderr, PREFIX "buffers: %" PRIu64 " x %" PRIu64 " KiB on each of %u processors\n",
		recording->buffers.count, recording->buffers.size / 1024, recording->buffers.cpus);
	if (!session->options.attach)
		fprintf(stderr, PREFIX "loading %s\n", session->injection.preload);
}

static int begin(struct session *session, struct tl_error *error)
{
	const struct tl_record_options *options = &session->options;
	const struct tl_recording_plan plan = {
		.output = &session->output,
		.buffer_bytes = options->buffer_bytes,
		.is_flight = options->flight,
		.survives = options->survive,
		.keep_bytes = options->keep_bytes,
		.is_attached = options->attach,
		.relay = options->to ? &session->relayed.address : NULL,
		.relay_name = session->relayed.name,
		.blocks = options->lossless,
		.is_tracked = options->attach && !tl_targets_everything(&options->target),
	};
	int code = tl_recording_start(&session->recording, &plan, error);

	if (code == 0)
		code = tl_live_begin(&session->live, options, &session->recording, &session->output, &session->relayed,
				     error);
	return code;
}

/* Begins to record and runs the command. Returns 0, or the status to exit with. */
static int run(struct session *session, struct tl_error *error)
{
	struct tl_meanwhile meanwhile = tl_live_meanwhile(&session->live);
	int64_t begin_ns;
	int ended;

	if (begin(session, error) != 0) {
		tl_error_add(error, "cannot record");
		return TL_EXIT_FAILED;
	}
	say_setup(session);
	begin_ns = tl_clock_ns();
	if (session->options.attach) {
		tl_live_attend(&session->live);
		session->launch.run_ns = tl_clock_ns() - begin_ns;
		return 0;
	}
	ended = tl_signals_ended();
	if (ended) {
		tl_error_set(error, TL_EIO, "interrupted before the command was started");
		return 128 + ended;
	}
	return tl_launch_run(&session->launch, &session->program, session->options.command, &session->injection,
			     &session->signals, &session->recording.guard, &meanwhile, error);
}

/* The command did not run: take everything back. */
static int give_up(struct session *session, const struct tl_error *error, int status)
{
	struct tl_error ignored;

	if (session->live.options)
		tl_live_finish(&session->live);
	tl_recording_stop(&session->recording, &ignored);
	tl_recording_finish(&session->recording, &ignored);
	tl_output_remove(&session->output);
	return fail(error, status);
}

/* What is there is the snapshots, each of which was told when it was taken. */
static void summarize_flight(const struct session *session, const struct tl_summary *summary)
{
	const struct tl_flight *flight = &session->live.flight;
	char duration[TL_TIME_TEXT];

	if (summary->trouble)
		tl_error_print(summary->trouble, PREFIX, stderr);
	fprintf(stderr, PREFIX "recorded for %s; %u snapshot%s", tl_text_duration(duration, summary->run_ns),
		flight->taken, flight->taken == 1 ? "" : "s");
	if (flight->skipped)
		fprintf(stderr, ", %u more not taken (--at-most)", flight->skipped);
	fputc('\n', stderr);
	if (flight->taken == 0)
		return;
	fputs(PREFIX "next:  threadline check ", stderr);
	tl_summary_quote(session->output.name, stderr);
	fputs("   (the latest, ", stderr);
	fprintf(stderr, "%s)\n", flight->latest);
}

/* What came of it is at the other host; here only LTTng's own counts are known. */
static void summarize_sent(const struct session *session, const struct tl_summary *summary)
{
	const struct tl_relayed *relayed = &session->relayed;
	int64_t away_ns = tl_relayed_away_ns(relayed);
	char duration[TL_TIME_TEXT];

	fprintf(stderr, PREFIX "recorded for %s to %s; ", tl_text_duration(duration, summary->run_ns),
		session->output.name);
	tl_summary_loss(summary, stderr);
	fputc('\n', stderr);
	if (relayed->n_cuts)
		fprintf(stderr, PREFIX "  the connection was lost %u time%s, for %s: WHAT HAPPENED MEANWHILE IS LOST\n",
			relayed->n_cuts, relayed->n_cuts == 1 ? "" : "s", tl_text_duration(duration, away_ns));
	fprintf(stderr,
		PREFIX
		"next:  threadline check FOLDER/%s-*   (at %s; FOLDER is where its threadline relay writes to, and "
		"the name of this host)\n",
		relayed->name, relayed->address.host);
}

static void conclude(struct session *session)
{
	struct tl_recording *recording = &session->recording;
	struct tl_summary summary = {
		.output = &session->output,
		.program = session->options.attach ? NULL : &session->program,
		.run_ns = session->launch.run_ns,
		.no_library = session->no_library,
		.is_checked = session->options.check,
	};
	struct tl_error trouble, left;

	tl_error_init(&trouble);
	tl_error_init(&left);
	summary.shm_free = tl_buffers_free(&left);
	summary.shm_needed = tl_buffers_bytes(&recording->buffers);
	tl_error_init(&left);
	if (!session->options.attach)
		summary.survivors = tl_launch_survivors(&session->injection);
	tl_live_command_ended(&session->live, session->launch.status);
	tl_live_finish(&session->live);
	if (tl_recording_stop(recording, &trouble) != 0)
		summary.trouble = &trouble;
	summary.lost_known = recording->lost_known;
	summary.lost_events = recording->lost_events;
	summary.lost_packets = recording->lost_packets;
	if (recording->daemon.kept)
		tl_daemon_complaint(&recording->daemon, summary.complaint, sizeof summary.complaint);
	if (tl_recording_finish(recording, &left) != 0)
		tl_error_print(&left, PREFIX "warning: ", stderr);
	tl_relayed_finish(&session->relayed);
	if (session->options.flight) {
		tl_flight_finish(&session->live.flight);
		summarize_flight(session, &summary);
		return;
	}
	if (session->options.to) {
		if (summary.trouble)
			tl_error_print(summary.trouble, PREFIX, stderr);
		summarize_sent(session, &summary);
		return;
	}
	summary.bytes = tl_output_bytes(&session->output);
	tl_summary_count(&summary);
	tl_summary_print(&summary, stderr);
}

/* Nothing is made here: what it is called for people. */
static int reach_relay(struct session *session, struct tl_error *error)
{
	struct tl_relayed *relayed = &session->relayed;
	int code = tl_relayed_init(relayed, session->options.to,
				   session->options.attach ? "attached" : session->program.path,
				   session->options.output, error);

	relayed->ends = session->options.ends_if_cut;
	snprintf(session->output.name, sizeof session->output.name, "%s, as %s", relayed->address.host, relayed->name);
	return code;
}

static int make_output(struct session *session, struct tl_error *error)
{
	if (session->options.to)
		return reach_relay(session, error);
	if (session->options.check && !session->options.output)
		return tl_output_create_temporary(&session->output, error);
	return tl_output_create(&session->output, session->options.output,
				session->options.attach ? "attached" : session->program.path, error);
}

/* A trace in which nothing was found is of no use to anyone who did not ask for it. */
static void keep_or_remove(struct session *session, int verdict)
{
	bool wanted = session->options.output || verdict == TL_VERDICT_FINDINGS || verdict == TL_VERDICT_FAILED;

	if (!wanted) {
		tl_output_remove(&session->output);
		return;
	}
	fputs(PREFIX "trace: ", stderr);
	tl_summary_quote(session->output.name, stderr);
	fputs("\n" PREFIX "next:  threadline view ", stderr);
	tl_summary_quote(session->output.name, stderr);
	fputc('\n', stderr);
}

/* The command's own status says more than ours. */
static int check(struct session *session)
{
	int verdict = tl_verdict_run(&session->check, session->output.path, &session->signals);

	keep_or_remove(session, verdict);
	return session->launch.status ? session->launch.status : verdict;
}

int tl_record_run(int argc, char **argv, const struct tl_signals *signals)
{
	static struct session session;
	struct tl_error error;
	int status = 0;

	tl_error_init(&error);
	session.signals = *signals;
	if (tl_record_options_parse(&session.options, argc, argv, &error) != 0)
		return fail(&error, TL_EXIT_FAILED);
	if (session.options.help) {
		tl_record_print_usage(stdout);
		return 0;
	}
	if (!session.options.attach)
		status = tl_program_find(&session.program, session.options.command[0], &error);
	if (status != 0)
		return fail(&error, status);
	if (session.options.check &&
	    tl_verdict_prepare(&session.check, &session.options, &session.signals, &error) != 0)
		return fail(&error, TL_EXIT_FAILED);
	if (tl_recording_init(&session.recording, &error) != 0 || make_output(&session, &error) != 0)
		return fail(&error, TL_EXIT_FAILED);
	if (!session.options.attach)
		warn(&session);
	/* What is begun anew in the middle, or looked at from there, needs everybody's state. */
	session.injection.dumps = session.options.flight || session.options.rotate_bytes || session.options.rotate_ns ||
				  session.options.to;
	session.injection.blocks = session.options.lossless;
	status = run(&session, &error);
	if (status != 0)
		return give_up(&session, &error, status);
	conclude(&session);
	return session.options.check ? check(&session) : session.launch.status;
}
