/* Chunks of items; see window.h. */
#include "viewer/order/window.h"

#include <stdlib.h>

#define TEXTS 16384 /* bytes of what a chunk's items point to; more only where a single item needs it */

static struct tl_chunk *take_chunk(struct tl_window *window)
{
	struct tl_chunk *chunk = window->free;

	if (chunk) {
		window->free = chunk->next;
		return chunk;
	}
	chunk = malloc(sizeof *chunk);
	if (!chunk)
		return NULL;
	chunk->texts = malloc(TEXTS);
	chunk->room = TEXTS;
	if (!chunk->texts) {
		free(chunk);
		return NULL;
	}
	return chunk;
}

static struct tl_chunk *add_chunk(struct tl_window *window)
{
	struct tl_chunk *chunk = take_chunk(window);

	if (!chunk)
		return NULL;
	chunk->next = NULL;
	chunk->number = window->last ? window->last->number + 1 : 0;
	chunk->n = chunk->n_texts = 0;
	if (window->last)
		window->last->next = chunk;
	else
		window->oldest = chunk;
	window->last = chunk;
	return chunk;
}

int tl_window_init(struct tl_window *window)
{
	*window = (struct tl_window){0};
	tl_pointed_init(&window->pointed);
	return add_chunk(window) ? 0 : -1;
}

static void destroy_chunks(struct tl_chunk *chunk)
{
	while (chunk) {
		struct tl_chunk *next = chunk->next;

		free(chunk->texts);
		free(chunk);
		chunk = next;
	}
}

void tl_window_finish(struct tl_window *window)
{
	destroy_chunks(window->oldest);
	destroy_chunks(window->free);
}

struct tl_item *tl_window_slot(struct tl_window *window)
{
	struct tl_chunk *chunk = window->last;

	if (chunk->n == TL_CHUNK_ITEMS)
		chunk = add_chunk(window);
	return chunk ? &chunk->items[chunk->n] : NULL;
}

/* An item for whose texts the chunk has no room goes into another one, which is made to have it. */
static struct tl_chunk *move_on(struct tl_window *window, const struct tl_item *item, size_t size)
{
	struct tl_chunk *chunk = window->last;
	char *grown;

	if (chunk->n > 0) {
		chunk = add_chunk(window);
		if (!chunk)
			return NULL;
		chunk->items[0] = *item;
	}
	if (size > chunk->room) {
		grown = realloc(chunk->texts, size);
		if (!grown)
			return NULL;
		chunk->texts = grown;
		chunk->room = size;
	}
	return chunk;
}

int tl_window_keep(struct tl_window *window, int64_t time_ns)
{
	struct tl_chunk *chunk = window->last;
	struct tl_item *item = &chunk->items[chunk->n];
	size_t size = tl_pointed_any(&window->pointed, item) ? tl_pointed_size(&window->pointed, item) : 0;

	if (size) {
		if (size > chunk->room - chunk->n_texts)
			chunk = move_on(window, item, size);
		if (!chunk)
			return -1;
		tl_pointed_copy(&window->pointed, &chunk->items[chunk->n], chunk->texts + chunk->n_texts);
		chunk->n_texts += size;
	}
	chunk->times[chunk->n] = time_ns;
	chunk->given[chunk->n] = false;
	chunk->n++;
	return 0;
}

void tl_window_release(struct tl_window *window, uint64_t number)
{
	while (window->oldest != window->last && window->oldest->number < number) {
		struct tl_chunk *chunk = window->oldest;

		window->oldest = chunk->next;
		chunk->next = window->free;
		window->free = chunk;
	}
}
