/*
 * Memory that is freed all at once: one arena for a loaded trace, for names,
 * stacks and whatever else lives as long as it. Not thread-safe.
 */
#ifndef TL_BASE_ARENA_H
#define TL_BASE_ARENA_H

#include <stddef.h>

struct tl_arena_chunk;

struct tl_arena {
	struct tl_arena_chunk *chunks;
	size_t used; /* bytes handed out */
};

void tl_arena_init(struct tl_arena *arena);
/* Frees everything that came from the arena. */
void tl_arena_finish(struct tl_arena *arena);

/* `size` bytes, zeroed, aligned for any object; NULL when out of memory. */
void *tl_arena_alloc(struct tl_arena *arena, size_t size);

/* The same, from the beginning of a cache line (64 bytes): for what is looked at for every event. */
void *tl_arena_alloc_line(struct tl_arena *arena, size_t size);

/* Copies of `size` bytes, of a string (NULL counts as ""). NULL: out of memory. */
void *tl_arena_copy(struct tl_arena *arena, const void *bytes, size_t size);
char *tl_arena_string(struct tl_arena *arena, const char *text);

#endif
