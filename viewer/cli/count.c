/*
 * `threadline count TRACE`: how much a trace holds, in one line for programs;
 * threadline-record's summary asks. Judges nothing.
 */
#include <inttypes.h>
#include <stdio.h>

#include "viewer/cli/commands.h"
#include "viewer/order/order.h"
#include "viewer/state/state.h"

static int read_all(struct tl_state *state, struct tl_order *order, struct tl_error *error)
{
	const struct tl_item *item;
	struct tl_step step;
	int type;

	while ((type = tl_order_next(order, &item, error)) > 0) {
		if (type == TL_ITEM_EVENT && tl_state_apply(state, &item->event, &step, error) != 0)
			return error->code;
		tl_order_release(order, tl_order_mark(order));
	}
	return type;
}

#define LOSERS 3

/* The tasks that lost most, most first, a line each: "lost N of LABEL". */
static void print_losers(const struct tl_state *state)
{
	uint64_t below = UINT64_MAX;
	char label[TL_TASK_LABEL];
	int told = 0;

	while (told < LOSERS && below > 1) {
		uint64_t most = 0;

		for (size_t i = 0; i < tl_state_task_count(state); i++) {
			uint64_t lost = tl_state_task_at(state, (uint32_t)i)->lost;

			most = lost < below && lost > most ? lost : most;
		}
		for (size_t i = 0; most && i < tl_state_task_count(state) && told < LOSERS; i++) {
			const struct tl_task *task = tl_state_task_at(state, (uint32_t)i);

			if (task->lost != most)
				continue;
			printf("lost %" PRIu64 " of %s\n", most, tl_task_label(task, label));
			told++;
		}
		below = most;
	}
}

/* Lost: what the tracer counted, or what the tasks' own numbers lack, whichever is more. */
static void print(const struct tl_state *state, const struct tl_source_info *info)
{
	size_t n = tl_state_task_count(state);
	uint64_t lost = 0;

	for (size_t i = 0; i < n; i++)
		lost += tl_state_task_at(state, (uint32_t)i)->lost;
	printf("events %" PRIu64 " tasks %zu lost %" PRIu64 " foreign %" PRIu64 "\n", info->events, n,
	       lost > info->lost_events ? lost : info->lost_events, info->foreign_events);
}

int tl_cli_count(int argc, char **argv)
{
	struct tl_source *source;
	struct tl_state *state;
	struct tl_order *order;
	struct tl_error error;
	int code = -1;

	if (argc != 2) {
		fputs("usage: threadline count TRACE\n", stderr);
		return TL_EXIT_USAGE;
	}
	tl_error_init(&error);
	source = tl_source_open(argv[1], &error);
	state = tl_state_create();
	order = source ? tl_order_create(source) : NULL;
	if (source && (!state || !order))
		tl_error_set(&error, TL_ENOMEM, "out of memory");
	else if (source)
		code = read_all(state, order, &error);
	if (code == 0) {
		print(state, &source->info);
		print_losers(state);
	} else
		tl_error_print(&error, "threadline: ", stderr);
	tl_order_destroy(order);
	tl_state_destroy(state);
	tl_source_destroy(source);
	return code == 0 ? 0 : TL_EXIT_USAGE;
}
