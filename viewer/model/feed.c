/* Steps in batches from the thread that judges events to the one that fills rows; see feed.h. */
#include "viewer/model/feed.h"

#include <pthread.h>

#include "viewer/base/threads.h"
#include "viewer/model/internal.h"
#include "viewer/model/large.h"

#define BATCHES 8
#define STEPS 1024
/*
 * Who has nothing to do goes on when there are so many batches to do: to wake a thread for
 * each one costs as much as the batch.
 */
#define ENOUGH (BATCHES / 2)

struct tl_feed {
	struct tl_model *model;
	struct tl_feed_step steps[BATCHES][STEPS];
	size_t n[BATCHES];

	/* Batches are filled and done in turn; how many of either, ever. */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t filled, done;
	bool drain;        /* whoever gives steps waits until all are done */
	bool stop, failed; /* failed: out of memory, nothing is done any more */
	pthread_t thread;
};

/* ---- what a step is ---------------------------------------------------------------- */

/* The place of a span that begins there, to be filled in all else; NULL: out of memory. */
static inline struct tl_span *push(struct tl_row *row, int64_t begin_ns)
{
	size_t n = row->spans.n;
	struct tl_span *last = n > 0 ? &row->spans.items[n - 1] : NULL;

	if (last && begin_ns <= last->begin_ns) {
		begin_ns = last->begin_ns;
		/* A span that took no time at all was never there. */
		if (tl_look_state(last->look) != TL_TASK_BLOCKED)
			return last;
	}
	if (tl_large_reserve(&row->spans) != 0)
		return NULL;
	last = &row->spans.items[row->spans.n++];
	last->begin_ns = begin_ns;
	return n % TL_SPAN_BLOCK == 0 && n > 0 && tl_row_fill_block(row) != 0 ? NULL : last;
}

int tl_row_push(struct tl_row *row, struct tl_span span)
{
	struct tl_span *to = push(row, span.begin_ns);

	if (!to)
		return -1;
	span.begin_ns = to->begin_ns;
	*to = span;
	return 0;
}

static inline int add_span(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];
	struct tl_span *span = push(row, step->begin_ns);

	if (!span)
		return -1;
	span->object = step->object ? tl_model_object(model, tl_task_process(row->task), step->object) : 0;
	span->stack = step->stack;
	span->wait = step->wait;
	span->look = step->look;
	span->reason = step->reason;
	span->cause = step->cause;
	span->spare = 0;
	return 0;
}

/* Appends a span that has no more to it. */
static inline int add_plain(struct tl_row *row, int64_t begin_ns, enum tl_look look, uint8_t cause)
{
	struct tl_span *span = push(row, begin_ns);

	if (!span)
		return -1;
	*span = (struct tl_span){.begin_ns = span->begin_ns, .look = (uint8_t)look, .cause = cause};
	return 0;
}

static inline int add_edge(struct tl_model *model, struct tl_row *row, const struct tl_feed_step *step)
{
	size_t n = row->edges.n;
	int64_t to_ns = (int64_t)step->object;
	struct tl_edge *edge;

	if (tl_large_reserve(&row->edges) != 0)
		return -1;
	edge = &row->edges.items[row->edges.n++];
	edge->from_ns = step->begin_ns;
	edge->to_ns = n > 0 && to_ns < edge[-1].to_ns ? edge[-1].to_ns : to_ns;
	edge->from_row = step->stack & 0x7FFFFFFFu;
	edge->kind = step->look & 1u;
	model->n_edges++;
	return tl_outs_add(model, edge->from_row, edge->from_ns, (struct tl_edge_ref){step->row, (uint32_t)n});
}

static inline int be_woken(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];

	if (step->wait & TL_WOKEN_RUNNABLE && add_plain(row, step->begin_ns, TL_LOOK_RUNNABLE, 0) != 0)
		return -1;
	if (step->wait & TL_WOKEN_RUNS && add_plain(row, (int64_t)step->object, TL_LOOK_RUNNING, step->cause) != 0)
		return -1;
	return add_edge(model, row, step);
}

static inline int do_step(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];

	switch (step->what) {
	case TL_FEED_SPAN: return add_span(model, step);
	case TL_FEED_WOKEN: return be_woken(model, step);
	default: row->spans.items[row->spans.n - 1].cause = step->cause; return 0;
	}
}

/* ---- the thread ---------------------------------------------------------------------- */

static bool do_batch(struct tl_feed *feed, size_t batch)
{
	for (size_t i = 0; i < feed->n[batch]; i++)
		if (do_step(feed->model, &feed->steps[batch][i]) != 0)
			return false;
	return true;
}

/* Waits for something to do: enough of it, or what there is if somebody waits for it. False: no more. */
static bool wait_for_batches(struct tl_feed *feed)
{
	if (feed->filled == feed->done)
		while (!feed->stop && feed->filled - feed->done < (feed->drain ? 1 : ENOUGH))
			pthread_cond_wait(&feed->changed, &feed->mutex);
	return !feed->stop;
}

static void *run(void *argument)
{
	struct tl_feed *feed = argument;

	pthread_mutex_lock(&feed->mutex);
	while (wait_for_batches(feed)) {
		bool good = !feed->failed;

		pthread_mutex_unlock(&feed->mutex);
		good = good && do_batch(feed, feed->done % BATCHES);
		pthread_mutex_lock(&feed->mutex);
		feed->failed |= !good;
		feed->done++;
		if (feed->filled - feed->done == (feed->drain ? 0 : BATCHES - ENOUGH))
			pthread_cond_signal(&feed->changed);
	}
	pthread_mutex_unlock(&feed->mutex);
	return NULL;
}

static void begin_batch(struct tl_feed *feed)
{
	feed->model->batch.at = feed->steps[feed->filled % BATCHES];
	feed->model->batch.end = feed->model->batch.at + STEPS;
}

/* Hands the present batch over, and waits until there is another one, or `all` are done. */
static int hand_over(struct tl_feed *feed, bool all)
{
	size_t n = (size_t)(feed->model->batch.at - feed->steps[feed->filled % BATCHES]);
	bool failed;

	pthread_mutex_lock(&feed->mutex);
	if (n > 0)
		feed->n[feed->filled++ % BATCHES] = n;
	feed->drain = all;
	if (all || feed->filled - feed->done == ENOUGH)
		pthread_cond_signal(&feed->changed);
	if (feed->filled - feed->done > (all ? 0 : BATCHES - 1))
		while (feed->filled - feed->done > (all ? 0 : BATCHES - ENOUGH))
			pthread_cond_wait(&feed->changed, &feed->mutex);
	feed->drain = false;
	failed = feed->failed;
	pthread_mutex_unlock(&feed->mutex);
	begin_batch(feed);
	return failed ? -1 : 0;
}

int tl_feed_give_batch(struct tl_model *model)
{
	if (model->feed)
		return hand_over(model->feed, false);
	model->batch.at = model->one;
	return do_step(model, model->one);
}

int tl_feed_drain(struct tl_model *model)
{
	int result = model->feed ? hand_over(model->feed, true) : 0;

	for (size_t r = 0; r < model->rows.n && r < model->ends.n; r++)
		model->rows.items[r].last_ns = model->ends.items[r].last_ns;
	return result;
}

void tl_model_hurry(struct tl_model *model)
{
	struct tl_feed *feed = model->feed || tl_threads() < 2 ? NULL : malloc(sizeof *feed);

	if (!feed)
		return;
	feed->model = model;
	feed->filled = feed->done = 0;
	feed->drain = feed->stop = feed->failed = false;
	pthread_mutex_init(&feed->mutex, NULL);
	pthread_cond_init(&feed->changed, NULL);
	if (pthread_create(&feed->thread, NULL, run, feed) == 0) {
		model->feed = feed;
		begin_batch(feed);
		return;
	}
	pthread_mutex_destroy(&feed->mutex);
	pthread_cond_destroy(&feed->changed);
	free(feed);
}

static void end_thread(struct tl_feed *feed)
{
	pthread_mutex_lock(&feed->mutex);
	feed->stop = true;
	pthread_cond_signal(&feed->changed);
	pthread_mutex_unlock(&feed->mutex);
	pthread_join(feed->thread, NULL);
	pthread_mutex_destroy(&feed->mutex);
	pthread_cond_destroy(&feed->changed);
	free(feed);
}

int tl_feed_begin(struct tl_model *model)
{
	model->one = calloc(1, sizeof *model->one);
	if (!model->one)
		return -1;
	model->batch.at = model->one;
	model->batch.end = model->one + 1;
	return 0;
}

void tl_feed_end(struct tl_model *model)
{
	if (model->feed)
		end_thread(model->feed);
	free(model->one);
	model->feed = NULL;
	model->one = NULL;
	model->batch.at = model->batch.end = NULL;
}
