/* Steps in batches from the thread that judges events to the one that fills rows; see feed.h. */
#include "viewer/model/feed.h"

#include <pthread.h>
#include <stdatomic.h>

#include "viewer/base/threads.h"
#include "viewer/model/internal.h"
#include "viewer/model/large.h"

#define BATCHES 8
#define STEPS 1024

struct tl_feed {
	struct tl_model *model;
	struct tl_feed_step steps[BATCHES][STEPS];
	size_t n[BATCHES];
	size_t at; /* steps in the batch that is being filled */

	/* Batches are filled and done in turn; how many of either, ever. */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t filled, done;
	bool stop, failed; /* failed: out of memory, nothing is done any more */
	pthread_t thread;
};

static int add_span(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];
	struct tl_span span = {.begin_ns = step->begin_ns,
			       .stack = step->stack,
			       .wait = step->wait,
			       .look = step->look,
			       .reason = step->reason,
			       .cause = step->cause};

	if (step->object)
		span.object = tl_model_object(model, tl_task_process(row->task), step->object);
	return tl_row_push(row, span);
}

static int add_edge(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];
	struct tl_edge edge = {.from_ns = step->begin_ns, .to_ns = (int64_t)step->object};

	struct tl_edge_ref ref = {step->row, (uint32_t)row->edges.n};

	edge.from_row = step->stack & 0x7FFFFFFFu;
	edge.kind = step->look & 1u;
	if (row->edges.n > 0 && edge.to_ns < row->edges.items[row->edges.n - 1].to_ns)
		edge.to_ns = row->edges.items[row->edges.n - 1].to_ns;
	model->n_edges++;
	if (tl_large_push(&row->edges, edge) != 0)
		return -1;
	return step->is_late ? tl_vec_push(&model->late_outs, ref) : tl_outs_add(model, edge.from_row, ref);
}

static int do_step(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];

	switch (step->what) {
	case TL_FEED_SPAN: return add_span(model, step);
	case TL_FEED_EDGE: return add_edge(model, step);
	default: row->spans.items[row->spans.n - 1].cause = step->cause; return 0;
	}
}

static bool do_batch(struct tl_feed *feed, size_t batch)
{
	for (size_t i = 0; i < feed->n[batch]; i++)
		if (do_step(feed->model, &feed->steps[batch][i]) != 0)
			return false;
	return true;
}

static void *run(void *argument)
{
	struct tl_feed *feed = argument;

	pthread_mutex_lock(&feed->mutex);
	for (;;) {
		size_t batch = feed->done % BATCHES;
		bool good;

		while (!feed->stop && feed->filled == feed->done)
			pthread_cond_wait(&feed->changed, &feed->mutex);
		if (feed->stop)
			break;
		good = !feed->failed;
		pthread_mutex_unlock(&feed->mutex);
		good = good && do_batch(feed, batch);
		pthread_mutex_lock(&feed->mutex);
		feed->failed |= !good;
		feed->done++;
		pthread_cond_broadcast(&feed->changed);
	}
	pthread_mutex_unlock(&feed->mutex);
	return NULL;
}

/* Hands the present batch over, and waits until there is another one, or `all` are done. */
static int hand_over(struct tl_feed *feed, bool all)
{
	bool failed;

	pthread_mutex_lock(&feed->mutex);
	if (feed->at > 0) {
		feed->n[feed->filled % BATCHES] = feed->at;
		feed->at = 0;
		feed->filled++;
		pthread_cond_broadcast(&feed->changed);
	}
	while (feed->filled - feed->done > (all ? 0 : BATCHES - 1))
		pthread_cond_wait(&feed->changed, &feed->mutex);
	failed = feed->failed;
	pthread_mutex_unlock(&feed->mutex);
	return failed ? -1 : 0;
}

int tl_feed_give(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_feed *feed = model->feed;

	if (!feed)
		return do_step(model, step);
	feed->steps[feed->filled % BATCHES][feed->at++] = *step;
	return feed->at == STEPS ? hand_over(feed, false) : 0;
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
	feed->at = feed->filled = feed->done = 0;
	feed->stop = feed->failed = false;
	pthread_mutex_init(&feed->mutex, NULL);
	pthread_cond_init(&feed->changed, NULL);
	if (pthread_create(&feed->thread, NULL, run, feed) == 0) {
		model->feed = feed;
		return;
	}
	pthread_mutex_destroy(&feed->mutex);
	pthread_cond_destroy(&feed->changed);
	free(feed);
}

void tl_feed_end(struct tl_model *model)
{
	struct tl_feed *feed = model->feed;

	if (!feed)
		return;
	pthread_mutex_lock(&feed->mutex);
	feed->stop = true;
	pthread_cond_broadcast(&feed->changed);
	pthread_mutex_unlock(&feed->mutex);
	pthread_join(feed->thread, NULL);
	pthread_mutex_destroy(&feed->mutex);
	pthread_cond_destroy(&feed->changed);
	free(feed);
	model->feed = NULL;
}
