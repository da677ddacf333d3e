/* One pass of a source through order, state, rules and an observer; see check.h. */
#include "viewer/rules/check.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/order/ahead.h"
#include "viewer/rules/dispatch.h"

#define PROGRESS_EVERY 16384

struct run {
	struct tl_check *check;
	struct tl_ahead *ahead;
	const struct tl_check_options *options;
	struct tl_judge judge;
	void **memory; /* of each rule */
	struct tl_dispatch dispatch;
	const struct tl_observer *observer; /* of events; NULL: none */
	uint64_t seen, look_at;             /* events and losses so far; at how many progress is told next */
};

int tl_check_init(struct tl_check *check, struct tl_error *error)
{
	memset(check, 0, sizeof *check);
	tl_findings_init(&check->findings);
	check->state = tl_state_create();
	if (check->state)
		return 0;
	return tl_error_set(error, TL_ENOMEM, "out of memory");
}

void tl_check_finish(struct tl_check *check)
{
	tl_findings_finish(&check->findings);
	tl_state_destroy(check->state);
	check->state = NULL;
}

static int no_memory(struct tl_error *error)
{
	return tl_error_set(error, TL_ENOMEM, "out of memory while checking the trace");
}

static int start(struct run *run, struct tl_source *source, struct tl_error *error)
{
	run->judge = (struct tl_judge){
		.state = run->check->state,
		.places = tl_places_create(),
		.resources = tl_resources_create(run->check->state),
		.findings = &run->check->findings,
		.start_ns = INT64_MAX,
		.end_ns = INT64_MIN,
	};
	run->judge.locks = tl_locks_create(run->judge.places);
	run->memory = calloc(tl_n_rules, sizeof *run->memory);
	if (!run->judge.places || !run->judge.locks || !run->judge.resources || !run->memory)
		return no_memory(error);
	for (size_t i = 0; i < tl_n_rules; i++) {
		size_t size = tl_rules[i].ops->size;

		if (size && !(run->memory[i] = calloc(1, size)))
			return no_memory(error);
	}
	tl_dispatch_init(&run->dispatch, run->memory);
	/* Last: from here on the source is another thread's. */
	run->ahead = tl_ahead_create(source);
	return run->ahead ? 0 : no_memory(error);
}

static void finish(struct run *run)
{
	for (size_t i = 0; run->memory && i < tl_n_rules; i++) {
		if (run->memory[i] && tl_rules[i].ops->finish)
			tl_rules[i].ops->finish(run->memory[i]);
		free(run->memory[i]);
	}
	free(run->memory);
	tl_dispatch_finish(&run->dispatch);
	tl_ahead_destroy(run->ahead);
	tl_locks_destroy(run->judge.locks);
	tl_resources_destroy(run->judge.resources);
	tl_places_destroy(run->judge.places);
	tl_told_destroy(run->judge.told);
	tl_repeats_destroy(run->judge.repeats);
}

/* What is odd about an event and changes more than itself. False: it was there before, and does not count. */
static bool note_odd(struct run *run, const struct tl_step *step)
{
	if (step->odd & TL_ODD_AGAIN) {
		run->check->again++;
		return false;
	}
	/* What is absent proves less wherever anything is missing, whoever noticed it. */
	if (step->odd & (TL_ODD_GAP | TL_ODD_INFERRED))
		run->judge.lost_any = true;
	return true;
}

static int take_event(struct run *run, const struct tl_event *event, struct tl_error *error)
{
	const struct tl_observer *observer = run->observer;
	struct tl_judge *judge = &run->judge;
	struct tl_step step;
	int result = tl_state_apply(judge->state, event, &step, error);

	if (result != 0)
		return result;
	if (step.odd && !note_odd(run, &step))
		return 0;
	if (event->time_ns < judge->start_ns)
		judge->start_ns = event->time_ns;
	if (event->time_ns > judge->end_ns)
		judge->end_ns = event->time_ns;
	if (tl_dispatch_event(&run->dispatch, judge, event, &step) != 0)
		return no_memory(error);
	return observer ? observer->event(observer->data, judge->state, event, &step, error) : 0;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

static int take_loss(struct run *run, const struct tl_loss *loss, struct tl_error *error)
{
	const struct tl_observer *observer = run->options ? run->options->observer : NULL;

	run->judge.lost_any = true;
	if (loss->is_kernels && tl_state_doubt(run->check->state, loss->begin_ns) != 0)
		return no_memory(error);
	if (loss->kind == TL_LOSS_EVENTS && loss->count_known)
		run->judge.lost = add(run->judge.lost, loss->count);
	if (loss->kind == TL_LOSS_TAIL)
		run->check->truncated = true;
	for (size_t i = 0; i < tl_n_rules; i++) {
		const struct tl_rule *rule = &tl_rules[i];

		if (rule->ops->loss && rule->ops->loss(run->memory[i], rule, &run->judge, loss) != 0)
			return no_memory(error);
	}
	return observer && observer->loss ? observer->loss(observer->data, run->check->state, loss, error) : 0;
}

/* Tells how far it is; what it says may stop the check. */
static void tell_progress(struct run *run)
{
	const struct tl_check_options *options = run->options;

	if (options && options->progress && !options->progress(options->progress_data, run->seen))
		run->check->stopped = true;
}

/* So many items, after the last of which progress may be due. */
static int take_items(struct run *run, const struct tl_item *const *items, size_t n, struct tl_error *error)
{
	bool is_quiet, is_due;

	for (size_t i = 0; i < n; i++) {
		const struct tl_item *item = items[i];
		int result = 0;

		if (item->type == TL_ITEM_EVENT)
			result = take_event(run, &item->event, error);
		else if (item->type == TL_ITEM_LOSS)
			result = take_loss(run, &item->loss, error);
		if (result != 0)
			return result;
	}
	/* What is quiet is the last of what was read: it goes on only once more has come. */
	is_quiet = items[n - 1]->type == TL_ITEM_QUIET;
	run->seen += n - is_quiet;
	is_due = run->seen == run->look_at;
	if (is_due)
		run->look_at += PROGRESS_EVERY;
	if (is_due || is_quiet)
		tell_progress(run);
	return 0;
}

/* Every item until the end: 0, or the error that ended it. */
static int read_all(struct run *run, struct tl_error *error)
{
	const struct tl_item *const *items;
	int result;
	size_t n;

	while ((result = tl_ahead_next(run->ahead, &items, &n, error)) > 0) {
		run->check->info = *tl_ahead_info(run->ahead);
		while (n > 0) {
			size_t due = (size_t)(run->look_at - run->seen), some = n < due ? n : due;

			result = take_items(run, items, some, error);
			if (result != 0 || run->check->stopped)
				return result;
			items += some;
			n -= some;
		}
	}
	run->check->info = *tl_ahead_info(run->ahead);
	return result;
}

static int conclude(struct run *run, struct tl_error *error)
{
	size_t n = tl_state_task_count(run->check->state);
	uint64_t missing = 0;

	tl_state_settle(run->check->state);
	for (size_t i = 0; i < tl_n_rules; i++) {
		const struct tl_rule *rule = &tl_rules[i];

		if (rule->ops->end && rule->ops->end(run->memory[i], rule, &run->judge) != 0)
			return no_memory(error);
	}
	for (size_t i = 0; i < n; i++)
		missing = add(missing, tl_state_task_at(run->check->state, (uint32_t)i)->lost);
	run->check->lost = missing > run->check->info.lost_events ? missing : run->check->info.lost_events;
	run->check->incomplete = run->judge.lost_any || run->check->lost || run->check->info.lost_packets;
	if (run->check->info.tail_bytes)
		run->check->truncated = true;
	return 0;
}

int tl_check_run(struct tl_check *check, struct tl_source *source, const struct tl_check_options *options,
		 struct tl_error *error)
{
	struct run run = {
		.check = check,
		.options = options,
		.observer = options && options->observer && options->observer->event ? options->observer : NULL,
		.look_at = 1,
	};
	int result = start(&run, source, error), concluded = 0;

	if (result == 0) {
		result = read_all(&run, error);
		/* Whatever ended it: what came before is judged, and what would have come is missing. */
		run.judge.lost_any |= result != 0 || check->stopped;
		concluded = conclude(&run, result == 0 ? error : NULL);
	}
	finish(&run);
	return result != 0 ? result : concluded;
}
