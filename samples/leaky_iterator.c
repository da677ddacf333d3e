/*
 * The story of this project. A map is walked by an iterator whose producer thread
 * fills a small channel; the caller finds what it wants, returns early and forgets
 * to close the iterator. The producer waits for ever for room in a channel that
 * nobody reads. After hundreds of calls hundreds of threads stand on one stack.
 *
 *   leaky_iterator N          makes N calls and prints how many iterators it leaked
 *   leaky_iterator --fixed N  closes each
 *
 * threadline record -o T -- leaky_iterator 300 && threadline check T
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "threadline/threadline.h"

#define CAPACITY 4
#define MAP_SIZE 1000

/* A bounded channel of ints that can be closed by its reader. */
struct channel {
	pthread_mutex_t mutex;
	pthread_cond_t not_full, not_empty;
	int items[CAPACITY];
	int head, n;
	bool closed, done, sender_waits;
};

struct iterator {
	struct channel channel;
	pthread_t producer;
	int from;
	struct iterator *next_leaked;
};

/* Only for come_to_rest(): a real program has forgotten them. */
static struct iterator *leaked;

/* Waits for room; false when the reader has closed the channel. */
static bool channel_send(struct channel *channel, int item)
{
	bool open;

	pthread_mutex_lock(&channel->mutex);
	while (channel->n == CAPACITY && !channel->closed) {
		channel->sender_waits = true;
		pthread_cond_wait(&channel->not_full, &channel->mutex);
		channel->sender_waits = false;
	}
	open = !channel->closed;
	if (open) {
		channel->items[(channel->head + channel->n++) % CAPACITY] = item;
		pthread_cond_signal(&channel->not_empty);
	}
	pthread_mutex_unlock(&channel->mutex);
	return open;
}

/* The next item; false at the end. */
static bool channel_receive(struct channel *channel, int *item)
{
	bool got;

	pthread_mutex_lock(&channel->mutex);
	while (channel->n == 0 && !channel->done)
		pthread_cond_wait(&channel->not_empty, &channel->mutex);
	got = channel->n > 0;
	if (got) {
		*item = channel->items[channel->head];
		channel->head = (channel->head + 1) % CAPACITY;
		channel->n--;
		pthread_cond_signal(&channel->not_full);
	}
	pthread_mutex_unlock(&channel->mutex);
	return got;
}

static void *produce(void *argument)
{
	struct iterator *iterator = argument;
	struct channel *channel = &iterator->channel;

	for (int key = iterator->from; key < iterator->from + MAP_SIZE; key++)
		if (!channel_send(channel, key * key))
			break;
	pthread_mutex_lock(&channel->mutex);
	channel->done = true;
	pthread_cond_signal(&channel->not_empty);
	pthread_mutex_unlock(&channel->mutex);
	return NULL;
}

static struct iterator *iterator_open(int from)
{
	struct iterator *iterator = calloc(1, sizeof *iterator);

	if (!iterator)
		return NULL;
	iterator->from = from;
	pthread_mutex_init(&iterator->channel.mutex, NULL);
	pthread_cond_init(&iterator->channel.not_full, NULL);
	pthread_cond_init(&iterator->channel.not_empty, NULL);
	threadline_open(iterator, "map iterator");
	if (pthread_create(&iterator->producer, NULL, produce, iterator) != 0) {
		threadline_close(iterator);
		free(iterator);
		return NULL;
	}
	return iterator;
}

static void iterator_close(struct iterator *iterator)
{
	struct channel *channel = &iterator->channel;

	pthread_mutex_lock(&channel->mutex);
	channel->closed = true;
	pthread_cond_signal(&channel->not_full);
	pthread_mutex_unlock(&channel->mutex);
	pthread_join(iterator->producer, NULL);
	threadline_close(iterator);
	pthread_cond_destroy(&channel->not_empty);
	pthread_cond_destroy(&channel->not_full);
	pthread_mutex_destroy(&channel->mutex);
	free(iterator);
}

/* The first square above `limit`: found after a few items, long before the end. */
static int find_first_above(int limit, int from, bool fixed)
{
	struct iterator *iterator = iterator_open(from);
	int item = -1;

	if (!iterator)
		return -1;
	while (channel_receive(&iterator->channel, &item) && item <= limit)
		;
	if (fixed) {
		iterator_close(iterator);
	} else { /* the bug: returns without closing */
		iterator->next_leaked = leaked;
		leaked = iterator;
	}
	return item;
}

/*
 * A service would live on. This program ends at once, so it lets the producers
 * reach their last wait first: then their number is exact. Returns it.
 */
static int come_to_rest(void)
{
	const struct timespec a_moment = {.tv_nsec = 1000000};
	int n = 0;

	for (struct iterator *iterator = leaked; iterator; iterator = iterator->next_leaked, n++) {
		struct channel *channel = &iterator->channel;

		pthread_mutex_lock(&channel->mutex);
		while (channel->n < CAPACITY || !channel->sender_waits) {
			pthread_mutex_unlock(&channel->mutex);
			nanosleep(&a_moment, NULL);
			pthread_mutex_lock(&channel->mutex);
		}
		pthread_mutex_unlock(&channel->mutex);
	}
	return n;
}

int main(int argc, char **argv)
{
	bool fixed = argc > 1 && strcmp(argv[1], "--fixed") == 0;
	int calls = argc > 1 + fixed ? atoi(argv[1 + fixed]) : 30;

	if (calls <= 0 || argc > 2 + fixed) {
		fprintf(stderr, "usage: leaky_iterator [--fixed] [N]\n");
		return 2;
	}
	for (int call = 0; call < calls; call++)
		if (find_first_above(call * call + 30, call, fixed) < 0)
			break;
	printf("%d calls, %d iterators leaked\n", calls, come_to_rest());
	return 0;
}
