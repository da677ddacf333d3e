/* Following a session; see follow.h. */
#include "viewer/cli/follow.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "viewer/base/text.h"

#define PREFIX "threadline check: "

static volatile sig_atomic_t ended;

static void on_end(int signal)
{
	(void)signal;
	ended = 1;
}

static bool is_wanted(const struct tl_check_command *command, const char *rule)
{
	for (size_t i = 0; i < command->n_rules; i++)
		if (strcmp(command->rules[i], rule) == 0)
			return true;
	return command->n_rules == 0;
}

/* Messages are safe to print. What was found early may weigh less at the end, when it is known what was lost. */
static void tell(struct tl_follow *follow)
{
	const struct tl_findings *findings = &follow->check->findings;
	char time[TL_TIME_TEXT];

	for (; follow->told < findings->list.n; follow->told++) {
		const struct tl_finding *finding = &findings->list.items[follow->told];

		if (is_wanted(follow->command, finding->rule))
			fprintf(stderr, PREFIX "%s: %s: %s [%s]\n",
				tl_text_time(time, finding->time_ns - follow->check->info.start_ns),
				tl_severity_text(finding->severity), finding->message, finding->rule);
	}
}

static bool look(void *data, uint64_t events)
{
	struct tl_follow *follow = data;

	if (!follow->is_waiting && events == 0)
		fputs(PREFIX "waiting for a session that is recorded to; Ctrl+C ends it\n", stderr);
	follow->is_waiting = true;
	tell(follow);
	if (ended)
		return false;
	return !follow->beside || follow->beside(follow->beside_data, events);
}

void tl_follow_init(struct tl_follow *follow, const struct tl_check_command *command, const struct tl_check *check,
		    struct tl_check_options *options)
{
	struct sigaction action = {.sa_handler = on_end, .sa_flags = SA_RESTART | (int)SA_RESETHAND};

	*follow = (struct tl_follow){
		.command = command, .check = check, .beside = options->progress, .beside_data = options->progress_data};
	options->progress = look;
	options->progress_data = follow;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}
