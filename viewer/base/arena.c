/* A chunked arena; see arena.h. */
#include "viewer/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_LINE 64
#define CHUNK_BYTES ((size_t)64 * 1024)

struct tl_arena_chunk {
	struct tl_arena_chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

void tl_arena_init(struct tl_arena *arena)
{
	arena->chunks = NULL;
	arena->used = 0;
}

void tl_arena_finish(struct tl_arena *arena)
{
	while (arena->chunks) {
		struct tl_arena_chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		free(chunk);
	}
	arena->used = 0;
}

static struct tl_arena_chunk *add_chunk(struct tl_arena *arena, size_t least)
{
	size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;
	struct tl_arena_chunk *chunk = calloc(1, sizeof *chunk + size);

	if (!chunk)
		return NULL;
	chunk->size = size;
	/* A chunk made for one big piece goes behind the one that still has room. */
	if (arena->chunks && least > CHUNK_BYTES / 4) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	return chunk;
}

/* Bytes up to the next place that is aligned. */
static size_t padding(const struct tl_arena_chunk *chunk, size_t align)
{
	return (align - ((uintptr_t)chunk->bytes + chunk->used) % align) % align;
}

static void *take(struct tl_arena *arena, size_t size, size_t align)
{
	struct tl_arena_chunk *chunk = arena->chunks;
	void *piece;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + align - 1) / align * align;
	if (!chunk || chunk->size - chunk->used < size + padding(chunk, align))
		chunk = add_chunk(arena, size + align - alignof(max_align_t));
	if (!chunk)
		return NULL;
	size += padding(chunk, align);
	piece = chunk->bytes + chunk->used + padding(chunk, align);
	chunk->used += size;
	arena->used += size;
	return piece;
}

void *tl_arena_alloc(struct tl_arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

void *tl_arena_alloc_line(struct tl_arena *arena, size_t size)
{
	return take(arena, size, CACHE_LINE);
}

void *tl_arena_copy(struct tl_arena *arena, const void *bytes, size_t size)
{
	void *piece = tl_arena_alloc(arena, size ? size : 1);

	if (piece && size)
		memcpy(piece, bytes, size);
	return piece;
}

char *tl_arena_string(struct tl_arena *arena, const char *text)
{
	return tl_arena_copy(arena, text ? text : "", text ? strlen(text) + 1 : 1);
}
