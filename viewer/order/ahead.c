/* Batches of ordered items from one thread to another; see ahead.h. */
#include "viewer/order/ahead.h"

#include "viewer/base/threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/*
 * So many that the items of most batches have left the cache of the processor that made
 * them for the one that all share: who takes them straight out of another's waits longer.
 */
#define BATCHES 8
#define ITEMS 4096
/*
 * Who has nothing to do goes on when there are so many batches to do: to wake a thread
 * for each one costs as much as the batch. Of a slow source a few are waited for only
 * so long.
 */
#define ENOUGH (BATCHES / 2)
#define PATIENCE_NS 5000000

struct batch {
	const struct tl_item *items[ITEMS]; /* where the order keeps them */
	size_t n;
	uint64_t mark; /* of the order, after the last item */
	int result;    /* of the call after the last item; > 0: there is more */
	struct tl_error error;
	struct tl_source_info info;
};

struct tl_ahead {
	struct tl_source *source;
	struct tl_order *order;
	struct batch batches[BATCHES];

	/* Batches are filled and used up in turn; how many of either, ever. */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t filled, used;
	bool stop, ended; /* ended: no more will be filled */

	struct batch *present; /* of whoever asks */
	bool has_thread;
	pthread_t thread;
};

/* ---- filling ------------------------------------------------------------------- */

/* Whoever asks is done with what was in the batch before, and with all batches before that. */
static void fill(struct tl_ahead *ahead, struct batch *batch)
{
	tl_order_release(ahead->order, batch->mark);
	batch->n = 0;
	batch->result = TL_ITEM_EVENT;
	tl_error_init(&batch->error);
	do {
		batch->n += tl_order_ready(ahead->order, &batch->items[batch->n], ITEMS - batch->n);
		if (batch->n == ITEMS)
			break;
		batch->result = tl_order_next(ahead->order, &batch->items[batch->n], &batch->error);
		if (batch->result > 0)
			batch->n++;
		/* What is there of a live source is wanted now. */
	} while (batch->result > 0 && batch->result != TL_ITEM_QUIET);
	batch->mark = tl_order_mark(ahead->order);
	batch->info = ahead->source->info;
}

static void *run(void *argument)
{
	struct tl_ahead *ahead = argument;
	bool more = true;

	while (more) {
		struct batch *batch;

		pthread_mutex_lock(&ahead->mutex);
		while (!ahead->stop && ahead->filled - ahead->used == BATCHES)
			pthread_cond_wait(&ahead->changed, &ahead->mutex);
		more = !ahead->stop;
		batch = &ahead->batches[ahead->filled % BATCHES];
		pthread_mutex_unlock(&ahead->mutex);
		if (!more)
			break;
		fill(ahead, batch);
		more = batch->result > 0;
		pthread_mutex_lock(&ahead->mutex);
		ahead->filled++;
		ahead->ended = !more;
		if (!more || ahead->filled - ahead->used >= ENOUGH)
			pthread_cond_signal(&ahead->changed);
		pthread_mutex_unlock(&ahead->mutex);
	}
	return NULL;
}

/* ---- asking --------------------------------------------------------------------- */

struct tl_ahead *tl_ahead_create(struct tl_source *source)
{
	struct tl_ahead *ahead = calloc(1, sizeof *ahead);

	if (!ahead)
		return NULL;
	pthread_mutex_init(&ahead->mutex, NULL);
	pthread_cond_init(&ahead->changed, NULL);
	ahead->source = source;
	ahead->order = tl_order_create(source);
	if (!ahead->order) {
		tl_ahead_destroy(ahead);
		return NULL;
	}
	ahead->has_thread = tl_threads() > 1 && pthread_create(&ahead->thread, NULL, run, ahead) == 0;
	return ahead;
}

void tl_ahead_destroy(struct tl_ahead *ahead)
{
	if (!ahead)
		return;
	pthread_mutex_lock(&ahead->mutex);
	ahead->stop = true;
	pthread_cond_signal(&ahead->changed);
	pthread_mutex_unlock(&ahead->mutex);
	if (ahead->has_thread)
		pthread_join(ahead->thread, NULL);
	tl_order_destroy(ahead->order);
	pthread_cond_destroy(&ahead->changed);
	pthread_mutex_destroy(&ahead->mutex);
	free(ahead);
}

static void wait_for_enough(struct tl_ahead *ahead)
{
	struct timespec until;
	int late = 0;

	while (!ahead->ended && ahead->filled - ahead->used < ENOUGH && !(late && ahead->filled != ahead->used)) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += PATIENCE_NS;
		if (until.tv_nsec >= 1000000000) {
			until.tv_nsec -= 1000000000;
			until.tv_sec++;
		}
		late = pthread_cond_clockwait(&ahead->changed, &ahead->mutex, CLOCK_MONOTONIC, &until) == ETIMEDOUT;
	}
}

/* Gives the present batch back, and waits for the next one. */
static struct batch *next_batch(struct tl_ahead *ahead)
{
	struct batch *batch;

	if (!ahead->has_thread) {
		fill(ahead, &ahead->batches[0]);
		return &ahead->batches[0];
	}
	pthread_mutex_lock(&ahead->mutex);
	if (ahead->present) {
		ahead->used++;
		if (BATCHES - (ahead->filled - ahead->used) >= ENOUGH)
			pthread_cond_signal(&ahead->changed);
	}
	if (ahead->filled == ahead->used)
		wait_for_enough(ahead);
	batch = &ahead->batches[ahead->used % BATCHES];
	pthread_mutex_unlock(&ahead->mutex);
	return batch;
}

int tl_ahead_next(struct tl_ahead *ahead, const struct tl_item *const **items, size_t *n, struct tl_error *error)
{
	do {
		if (ahead->present && ahead->present->result <= 0) {
			if (ahead->present->result < 0 && error)
				*error = ahead->present->error;
			return ahead->present->result;
		}
		ahead->present = next_batch(ahead);
	} while (ahead->present->n == 0);
	*items = ahead->present->items;
	*n = ahead->present->n;
	return 1;
}

const struct tl_source_info *tl_ahead_info(const struct tl_ahead *ahead)
{
	return &ahead->present->info;
}
