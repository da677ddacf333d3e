/* Chunks of items; see window.h. */
#include "viewer/order/window.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS 16384 /* bytes that a chunk has for what its items point to, before it needs more */

struct tl_texts {
	struct tl_texts *before;
	size_t n, room;
	_Alignas(8) char bytes[];
};

/* Room for `size` bytes more. 0, or negative without memory. */
static int add_texts(struct tl_chunk *chunk, size_t size)
{
	size_t room = size > TEXTS ? size : TEXTS;
	struct tl_texts *texts = malloc(sizeof *texts + room);

	if (!texts)
		return -1;
	texts->before = chunk->texts;
	texts->n = 0;
	texts->room = room;
	chunk->texts = texts;
	return 0;
}

/* All but the first, which is there from the beginning. */
static void drop_texts(struct tl_chunk *chunk)
{
	while (chunk->texts && chunk->texts->before) {
		struct tl_texts *texts = chunk->texts;

		chunk->texts = texts->before;
		free(texts);
	}
}

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
	chunk->texts = NULL;
	if (add_texts(chunk, 0) != 0) {
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
	chunk->n = chunk->texts->n = 0;
	memset(chunk->given, 0, sizeof chunk->given);
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

		drop_texts(chunk);
		free(chunk->texts);
		free(chunk);
		chunk = next;
	}
}

void tl_window_finish(struct tl_window *window)
{
	destroy_chunks(window->oldest);
	destroy_chunks(window->free);
	/* Whatever comes behind the reading has memory of its own; whether these megabytes go back by themselves is luck. */
	malloc_trim(0);
}

struct tl_chunk *tl_window_room(struct tl_window *window)
{
	return window->last->n == TL_CHUNK_ITEMS ? add_chunk(window) : window->last;
}

static int keep_pointed(struct tl_window *window, struct tl_chunk *chunk, struct tl_item *item)
{
	size_t size = tl_pointed_any(&window->pointed, item) ? tl_pointed_size(&window->pointed, item) : 0;

	if (size == 0)
		return 0;
	if (size > chunk->texts->room - chunk->texts->n && add_texts(chunk, size) != 0)
		return -1;
	tl_pointed_copy(&window->pointed, item, chunk->texts->bytes + chunk->texts->n);
	chunk->texts->n += size;
	return 0;
}

int tl_window_keep(struct tl_window *window, size_t n)
{
	struct tl_chunk *chunk = window->last;
	struct tl_item *item = &chunk->items[chunk->n], *end = item + n;

	for (; item < end; item++)
		if (!item->is_plain && keep_pointed(window, chunk, item) != 0)
			return -1;
	chunk->n += n;
	return 0;
}

void tl_window_release(struct tl_window *window, uint64_t number)
{
	while (window->oldest != window->last && window->oldest->number < number) {
		struct tl_chunk *chunk = window->oldest;

		window->oldest = chunk->next;
		drop_texts(chunk);
		chunk->next = window->free;
		window->free = chunk;
	}
}
