/* Batches of ordered items from one thread to another; see ahead.h. */
#include "viewer/order/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#define BATCHES 3
#define ITEMS 512

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
	bool stop;

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
	tl_error_init(&batch->error);
	do {
		batch->result = tl_order_next(ahead->order, &batch->items[batch->n], &batch->error);
		if (batch->result > 0)
			batch->n++;
		/* What is there of a live source is wanted now. */
	} while (batch->result > 0 && batch->result != TL_ITEM_QUIET && batch->n < ITEMS);
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
	ahead->has_thread = pthread_create(&ahead->thread, NULL, run, ahead) == 0;
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
		pthread_cond_signal(&ahead->changed);
	}
	while (ahead->filled == ahead->used)
		pthread_cond_wait(&ahead->changed, &ahead->mutex);
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
