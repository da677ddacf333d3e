/* Batches of ordered items from one thread to another; see ahead.h. */
#include "viewer/order/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "viewer/order/pointed.h"

#define BATCHES 3
#define ITEMS 512
#define TEXTS 65536 /* bytes of what they point to; more only where a single item needs it */

struct batch {
	struct tl_item items[ITEMS];
	size_t n;
	char *texts;
	size_t n_texts, room;
	int result; /* of the call after the last item; > 0: there is more */
	struct tl_error error;
	struct tl_source_info info;
};

struct tl_ahead {
	struct tl_source *source;
	struct tl_order *order;
	struct tl_pointed pointed;
	struct batch batches[BATCHES];
	struct tl_item left; /* if has_left: read, and for the next batch */
	bool has_left;

	/* Batches are filled and used up in turn; how many of either, ever. */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t filled, used;
	bool stop;

	/* Of whoever asks. */
	struct batch *present;
	size_t at;
	bool has_thread;
	pthread_t thread;
};

/* ---- filling ------------------------------------------------------------------- */

/*
 * The item's texts into the batch, where they must not move any more. False: there
 * is no room for them but in an empty batch; or no memory, and the batch says so.
 */
static bool keep_texts(struct tl_ahead *ahead, struct batch *batch, struct tl_item *item)
{
	size_t size = tl_pointed_size(&ahead->pointed, item);

	if (size > batch->room - batch->n_texts) {
		char *grown = batch->n == 0 ? realloc(batch->texts, size) : NULL;

		if (batch->n == 0 && !grown)
			batch->result = tl_error_set(&batch->error, TL_ENOMEM, "out of memory while reading the trace");
		if (!grown)
			return false;
		batch->texts = grown;
		batch->room = size;
	}
	if (size)
		tl_pointed_copy(&ahead->pointed, item, batch->texts + batch->n_texts);
	batch->n_texts += size;
	return true;
}

/* What did not fit into the batch before, whose texts are still there, or the next item. */
static int take_item(struct tl_ahead *ahead, struct batch *batch, struct tl_item *item)
{
	if (!ahead->has_left)
		return tl_order_next(ahead->order, item, &batch->error);
	ahead->has_left = false;
	*item = ahead->left;
	return (int)item->type;
}

static void fill(struct tl_ahead *ahead, struct batch *batch)
{
	batch->n = batch->n_texts = 0;
	batch->result = TL_ITEM_EVENT;
	tl_error_init(&batch->error);
	while (batch->n < ITEMS && batch->result > 0) {
		struct tl_item *item = &batch->items[batch->n];

		batch->result = take_item(ahead, batch, item);
		if (batch->result <= 0)
			break;
		if (!keep_texts(ahead, batch, item)) {
			ahead->has_left = true;
			ahead->left = *item;
			break;
		}
		batch->n++;
	}
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
	tl_pointed_init(&ahead->pointed);
	for (int i = 0; i < BATCHES; i++) {
		ahead->batches[i].texts = malloc(TEXTS);
		ahead->batches[i].room = TEXTS;
		if (!ahead->order || !ahead->batches[i].texts) {
			tl_ahead_destroy(ahead);
			return NULL;
		}
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
	for (int i = 0; i < BATCHES; i++)
		free(ahead->batches[i].texts);
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

int tl_ahead_next(struct tl_ahead *ahead, const struct tl_item **item, struct tl_error *error)
{
	while (!ahead->present || ahead->at == ahead->present->n) {
		if (ahead->present && ahead->present->result <= 0) {
			if (ahead->present->result < 0 && error)
				*error = ahead->present->error;
			return ahead->present->result;
		}
		ahead->present = next_batch(ahead);
		ahead->at = 0;
	}
	*item = &ahead->present->items[ahead->at++];
	return (int)(*item)->type;
}

const struct tl_source_info *tl_ahead_info(const struct tl_ahead *ahead)
{
	return &ahead->present->info;
}
