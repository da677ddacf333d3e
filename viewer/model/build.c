/*
 * Builds the model's rows while the check runs. The state machine decides what
 * state a task is in; this follows it: a new span whenever the state of a task
 * that the event concerns has changed. What the state cannot know is added
 * here: a stretch in which events are missing becomes a gap, and the end of a
 * wait whose waker is known becomes runnable from the waker's unblock on.
 */
#include "viewer/model/model.h"

#include <string.h>

#include "viewer/model/feed.h"
#include "viewer/model/internal.h"

int64_t tl_model_time(const struct tl_model *model, int64_t since_epoch_ns)
{
	int64_t t;

	if (__builtin_sub_overflow(since_epoch_ns, model->epoch_ns, &t))
		return since_epoch_ns < model->epoch_ns ? -TL_MODEL_FAR : TL_MODEL_FAR;
	if (__builtin_expect((uint64_t)t + TL_MODEL_FAR <= 2 * (uint64_t)TL_MODEL_FAR, 1))
		return t;
	return t < 0 ? -TL_MODEL_FAR : TL_MODEL_FAR;
}

/* Of states other than blocked. */
static const uint8_t looks[TL_N_TASK_STATES] = {
	[TL_TASK_UNKNOWN] = TL_LOOK_GAP,       [TL_TASK_CREATED] = TL_LOOK_CREATED, [TL_TASK_RUNNING] = TL_LOOK_RUNNING,
	[TL_TASK_RUNNABLE] = TL_LOOK_RUNNABLE, [TL_TASK_EXITED] = TL_LOOK_EXITED,
};

/* The row of a task and how it ends, made if it is new, whereupon others may move; NULL: out of memory. */
static inline struct tl_feed_end *end_of(struct tl_model *model, const struct tl_task *task)
{
	if (__builtin_expect(task->index >= model->ends.n || model->ends.items[task->index].task != task->id, 0))
		if (!tl_model_row(model, task->index, task->id))
			return NULL;
	return &model->ends.items[task->index];
}

/* As tl_feed_end.standing: the task's own. */
static inline uint64_t standing_of(const struct tl_task *task)
{
	return tl_feed_standing(task->state, task->state == TL_TASK_BLOCKED ? task->wait.number : 0);
}

static inline bool is_blocked(const struct tl_feed_end *end)
{
	return (uint8_t)end->standing == TL_TASK_BLOCKED;
}

/* A span that is no wait: its look alone, and what else goes with some. */
static inline int push_plain(struct tl_model *model, uint32_t row, int64_t begin_ns, unsigned look, uint32_t stack,
			     uint8_t cause)
{
	struct tl_feed_step *step = tl_feed_step(model);

	step->begin_ns = begin_ns;
	step->object = 0;
	step->row = row;
	step->stack = stack;
	step->wait = 0;
	step->look = (uint8_t)look;
	step->reason = 0;
	step->cause = cause;
	step->what = TL_FEED_SPAN;
	return tl_feed_give(model);
}

static inline int push_wait(struct tl_model *model, uint32_t row, int64_t begin_ns, const struct tl_wait *wait)
{
	struct tl_feed_step *step = tl_feed_step(model);

	step->begin_ns = begin_ns;
	step->object = wait->object;
	step->row = row;
	step->stack = wait->stack;
	step->wait = wait->number;
	step->look = (uint8_t)tl_look_of_reason(wait->reason);
	step->reason = wait->reason;
	step->cause = 0;
	step->what = TL_FEED_SPAN;
	return tl_feed_give(model);
}

/* Brings the row of a task up to its state at `time_ns`, where it does not end in that. */
static inline int follow(struct tl_model *model, struct tl_feed_end *end, const struct tl_task *task, int64_t time_ns,
			 uint8_t cause)
{
	uint64_t standing = standing_of(task);

	if (end->standing == standing)
		return 0;
	end->standing = standing;
	if (task->state == TL_TASK_BLOCKED)
		return push_wait(model, task->index, time_ns, &task->wait);
	return push_plain(model, task->index, time_ns, looks[task->state],
			  task->state == TL_TASK_CREATED ? task->create_stack : 0, cause);
}

/* From here on nobody knows what the task did. */
static int gap(struct tl_model *model, struct tl_feed_end *end, uint32_t row, int64_t begin_ns)
{
	if (end->standing == TL_FEED_NOTHING)
		return 0;
	end->standing = tl_feed_standing(TL_TASK_UNKNOWN, 0);
	return push_plain(model, row, begin_ns, TL_LOOK_GAP, 0, 0);
}

/* A start that names nobody, of a task whose create was seen: its creator made it start. */
static const struct tl_task *creator_of(const struct tl_state *state, const struct tl_task *task)
{
	return state && task->create_seen ? tl_state_find_task(state, task->creator) : NULL;
}

/* `from` made the task start at `cause_ns`; if it runs, from `time_ns` on. */
static inline int be_woken(struct tl_model *model, struct tl_feed_end *end, const struct tl_task *task,
			   const struct tl_task *from, int64_t cause_ns, int64_t time_ns, bool first, uint8_t cause)
{
	const uint64_t running = tl_feed_standing(TL_TASK_RUNNING, 0);
	struct tl_feed_step *step = tl_feed_step(model);
	uint32_t with = 0;

	if (!first && is_blocked(end) && cause_ns < time_ns) {
		with = TL_WOKEN_RUNNABLE;
		end->standing = tl_feed_standing(TL_TASK_RUNNABLE, 0);
	}
	if (task->state == TL_TASK_RUNNING && end->standing != running) {
		with |= TL_WOKEN_RUNS;
		end->standing = running;
	}
	step->begin_ns = cause_ns;
	step->object = (uint64_t)time_ns;
	step->row = task->index;
	step->stack = from->index;
	step->wait = with;
	step->look = first ? TL_EDGE_CREATE : TL_EDGE_UNBLOCK;
	step->reason = 0;
	step->cause = cause;
	step->what = TL_FEED_WOKEN;
	return tl_feed_give(model);
}

static inline int on_start(struct tl_model *model, const struct tl_state *state, const struct tl_event *event,
			   const struct tl_step *step, struct tl_feed_end *end, int64_t time_ns)
{
	const struct tl_task *task = step->task, *from = step->other;
	/* Who comes back from a yield was not made to start by anybody. */
	bool first = event->u.start.wait == 0 && step->before != TL_TASK_RUNNABLE;
	bool ran = end->standing == standing_of(task);
	int64_t cause_ns = step->cause_ns;
	uint8_t cause = event->u.start.cause;

	if (cause_ns == INT64_MIN) {
		from = first ? creator_of(state, task) : NULL;
		cause_ns = from ? task->created_ns : 0;
	}
	if (from) {
		/* Whoever is known to have been, but was never heard of; others' places may move. */
		if (from->index >= model->rows.n) {
			if (!end_of(model, from))
				return -1;
			end = &model->ends.items[task->index];
		}
		if (be_woken(model, end, task, from, tl_model_time(model, cause_ns), time_ns, first, cause) != 0)
			return -1;
	}
	if (end->standing != standing_of(task))
		return follow(model, end, task, time_ns, cause);
	/* The cause went with the span. */
	if (!ran && task->state == TL_TASK_RUNNING)
		return 0;
	*tl_feed_step(model) = (struct tl_feed_step){.what = TL_FEED_CAUSE, .row = task->index, .cause = cause};
	return tl_feed_give(model);
}

static int on_region_begin(struct tl_model *model, struct tl_row *row, const char *text, int64_t time_ns)
{
	struct tl_row_extra *extra = tl_model_extra(row);
	struct tl_region region = {time_ns, TL_REGION_OPEN, NULL};

	if (!extra)
		return -1;
	if (extra->depth++ >= TL_REGION_LANES)
		return 0;
	region.text = tl_arena_string(&model->arena, text);
	if (!region.text)
		return -1;
	return tl_vec_push(&extra->lanes[extra->depth - 1], region);
}

static void on_region_end(struct tl_row *row, int64_t time_ns)
{
	struct tl_row_extra *extra = row->extra;
	struct tl_region *open;

	if (!extra || extra->depth == 0)
		return;
	if (--extra->depth >= TL_REGION_LANES)
		return;
	open = &extra->lanes[extra->depth].items[extra->lanes[extra->depth].n - 1];
	open->end_ns = time_ns < open->begin_ns ? open->begin_ns : time_ns;
}

static int on_mark(struct tl_model *model, struct tl_row *row, const char *text, int64_t time_ns)
{
	struct tl_row_extra *extra = tl_model_extra(row);
	struct tl_mark mark = {time_ns, tl_arena_string(&model->arena, text)};

	return extra && mark.text ? tl_vec_push(&extra->marks, mark) : -1;
}

/* A task that another speaks for, in a state dump. */
static int on_status(struct tl_model *model, const struct tl_state *state, const struct tl_event *event,
		     int64_t time_ns)
{
	uint64_t id = tl_task_sibling(event->task, event->u.status.target);
	const struct tl_task *task = state ? tl_state_find_task(state, id) : NULL;
	struct tl_feed_end *end = task ? end_of(model, task) : NULL;
	int64_t since_ns;

	if (!task || task->state == TL_TASK_UNKNOWN)
		return 0;
	if (!end)
		return -1;
	since_ns = tl_model_time(model, task->since_ns);
	if (since_ns > time_ns || end->standing != TL_FEED_NOTHING)
		since_ns = time_ns;
	return follow(model, end, task, since_ns, 0);
}

/* What the row says of before the event, where events are missing or the state was in doubt. */
static int doubt(struct tl_model *model, const struct tl_step *step, struct tl_feed_end *end)
{
	uint32_t row = step->task->index;

	if (step->missing > 0)
		return gap(model, end, row, end->last_ns);
	return gap(model, end, row, tl_model_time(model, step->doubt_ns));
}

/* What events of the rarer kinds do beside the spans of their own row. */
static int take_rare(struct tl_model *model, const struct tl_state *state, const struct tl_event *event,
		     const struct tl_step *step, int64_t time_ns)
{
	struct tl_row *row = &model->rows.items[step->task->index];

	switch (event->kind) {
	case TL_EVENT_STATUS: return on_status(model, state, event, time_ns);
	case TL_EVENT_REGION_BEGIN: return on_region_begin(model, row, event->u.region_begin.text, time_ns);
	case TL_EVENT_REGION_END: on_region_end(row, time_ns); return 0;
	case TL_EVENT_MARK: return on_mark(model, row, event->u.mark.text, time_ns);
	default: return 0;
	}
}

/* What an unblock or a create does in the row of whom it names. */
static inline int follow_other(struct tl_model *model, const struct tl_task *other, int64_t time_ns)
{
	struct tl_feed_end *end = end_of(model, other);

	return end ? follow(model, end, other, time_ns, 0) : -1;
}

/* Brings the rows up to what the event did. */
static inline int take(struct tl_model *model, const struct tl_state *state, const struct tl_event *event,
		       const struct tl_step *step, int64_t time_ns)
{
	const struct tl_task *task = step->task;
	struct tl_feed_end *end = end_of(model, task);

	if (!end)
		return -1;
	if (__builtin_expect(step->missing > 0 || step->doubt_ns != INT64_MIN, 0) && doubt(model, step, end) != 0)
		return -1;
	switch (event->kind) {
	case TL_EVENT_START: end->last_ns = time_ns; return on_start(model, state, event, step, end, time_ns);
	case TL_EVENT_BLOCK: break;
	case TL_EVENT_CREATE:
	case TL_EVENT_UNBLOCK:
		if (step->other && follow_other(model, step->other, time_ns) != 0)
			return -1;
		break;
	default:
		if (take_rare(model, state, event, step, time_ns) != 0)
			return -1;
	}
	/* Rows may have been made. */
	end = &model->ends.items[task->index];
	end->last_ns = time_ns;
	return follow(model, end, task, time_ns, 0);
}

static int observe_event(void *data, const struct tl_state *state, const struct tl_event *event,
			 const struct tl_step *step, struct tl_error *error)
{
	struct tl_model *model = data;
	int64_t time_ns;

	if (!model->begun) {
		model->begun = true;
		model->epoch_ns = event->time_ns;
	}
	time_ns = tl_model_time(model, event->time_ns);
	model->events++;
	if (time_ns > model->end_ns)
		model->end_ns = time_ns;
	if (take(model, state, event, step, time_ns) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory after %llu events",
				    (unsigned long long)model->events);
	return 0;
}

static int observe_loss(void *data, const struct tl_state *state, const struct tl_loss *loss, struct tl_error *error)
{
	struct tl_model *model = data;
	struct tl_hole hole = {.count = loss->count, .kind = loss->kind, .count_known = loss->count_known};
	struct tl_hole *last = model->holes.n ? &model->holes.items[model->holes.n - 1] : NULL;

	(void)state;
	if (!model->begun && loss->begin_ns != INT64_MIN) {
		model->begun = true;
		model->epoch_ns = loss->begin_ns;
	}
	hole.begin_ns = loss->begin_ns == INT64_MIN ? -TL_MODEL_FAR : tl_model_time(model, loss->begin_ns);
	hole.end_ns = loss->end_ns == INT64_MAX ? TL_MODEL_FAR : tl_model_time(model, loss->end_ns);
	/* Holes that touch are one to the eye, and keep their number small. */
	if (last && hole.kind == last->kind && hole.begin_ns <= last->end_ns && hole.begin_ns >= last->begin_ns) {
		last->end_ns = hole.end_ns > last->end_ns ? hole.end_ns : last->end_ns;
		last->count_known = last->count_known && hole.count_known;
		if (__builtin_add_overflow(last->count, hole.count, &last->count))
			last->count = UINT64_MAX;
		return 0;
	}
	if (tl_vec_push(&model->holes, hole) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory for what was lost");
	return 0;
}

struct tl_observer tl_model_observer(struct tl_model *model)
{
	return (struct tl_observer){model, observe_event, observe_loss};
}
