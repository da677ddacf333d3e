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

/* Room for one more span, which may be a level's words farther on. */
static int grow(struct tl_row *row)
{
	size_t n = row->spans.n;

	while (tl_span_word(n) >= row->spans.room)
		if (tl_large_grow_vec(&row->spans.words, tl_span_words(n), &row->spans.room, sizeof *row->spans.words,
				      true) != 0)
			return -1;
	return 0;
}

/* Appends a word to a row with room for it. */
static inline void put(struct tl_row *row, size_t n, uint64_t word)
{
	uint64_t *to = row->spans.words + tl_span_word(n);

	tl_large_ahead(to);
	row->spans.n = n + 1;
	*to = word;
}

/* The rare cases of push: the first span of a block; no time since the last one; no room. */
static __attribute__((noinline)) int push_with_care(struct tl_row *row, int64_t begin_ns, uint8_t code)
{
	size_t n = row->spans.n;
	uint64_t *last = n > 0 ? row->spans.words + tl_span_word(n - 1) : NULL;

	if (last && begin_ns <= tl_word_begin(*last)) {
		begin_ns = tl_word_begin(*last);
		/* What took no time at all was never there. */
		if (!tl_word_is_wait(*last)) {
			row->more.n -= tl_word_has_more(*last);
			*last = tl_span_pack(begin_ns, code);
			return 0;
		}
	}
	if (grow(row) != 0 || (n > 0 && n % TL_SPAN_BLOCK == 0 && tl_row_begin_block(row, begin_ns) != 0))
		return -1;
	put(row, n, tl_span_pack(begin_ns, code));
	return 0;
}

/* As tl_row_push, but for what a span has beside its code. */
static inline int push(struct tl_row *row, int64_t begin_ns, uint8_t code)
{
	size_t n = row->spans.n, at = tl_span_word(n);

	if (__builtin_expect(n % TL_SPAN_BLOCK == 0 || begin_ns <= tl_word_begin(row->spans.words[at - 1]) ||
				     at >= row->spans.room,
			     0))
		return push_with_care(row, begin_ns, code);
	put(row, n, tl_span_pack(begin_ns, code));
	return 0;
}

static inline int push_more(struct tl_row *row, struct tl_span_more more)
{
	if (tl_large_reserve(&row->more) != 0)
		return -1;
	row->more.items[row->more.n++] = more;
	return 0;
}

int tl_row_push(struct tl_row *row, struct tl_span span)
{
	uint8_t code = tl_span_code(span.look, span.reason, span.cause);

	if (push(row, span.begin_ns, code) != 0)
		return -1;
	return tl_word_has_more(code) ? push_more(row, (struct tl_span_more){span.object, span.stack, span.wait}) : 0;
}

static inline int add_span(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];
	struct tl_span_more more = {.stack = step->stack, .wait = step->wait};

	if (push(row, step->begin_ns, step->code) != 0)
		return -1;
	if (!tl_word_has_more(step->code))
		return 0;
	if (step->object)
		more.object = tl_model_object(model, tl_task_process(row->task), step->object);
	return push_more(row, more);
}

/* The cause of a start that its row knows already. */
static inline void set_cause(struct tl_row *row, uint8_t cause)
{
	uint64_t *last = row->spans.words + tl_span_word(row->spans.n - 1);

	if (tl_word_look(*last) == TL_LOOK_RUNNING)
		*last = tl_span_pack(tl_word_begin(*last), tl_code_of_run(cause));
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
	edge->kind = step->code & 1u;
	return tl_outs_add(model, edge->from_row, edge->from_ns, (struct tl_edge_ref){step->row, (uint32_t)n});
}

static inline int be_woken(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];

	if (step->wait & TL_WOKEN_RUNNABLE && push(row, step->begin_ns, tl_code_of(TL_LOOK_RUNNABLE)) != 0)
		return -1;
	if (step->wait & TL_WOKEN_RUNS && push(row, (int64_t)step->object, tl_code_of_run(step->cause)) != 0)
		return -1;
	return add_edge(model, row, step);
}

static inline int do_step(struct tl_model *model, const struct tl_feed_step *step)
{
	struct tl_row *row = &model->rows.items[step->row];

	switch (step->what) {
	case TL_FEED_SPAN: return add_span(model, step);
	case TL_FEED_WOKEN: return be_woken(model, step);
	default: set_cause(row, step->cause); return 0;
	}
}

static int do_steps(struct tl_model *model, const struct tl_feed_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (do_step(model, &steps[i]) != 0)
			return -1;
	return 0;
}

/* ---- the thread ---------------------------------------------------------------------- */

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
		good = good &&
		       do_steps(feed->model, feed->steps[feed->done % BATCHES], feed->n[feed->done % BATCHES]) == 0;
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
	return do_steps(model, model->one, 1);
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
