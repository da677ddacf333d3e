/* See large.h. Whose memory an array is, its size says: LARGE bytes or more are mapped. */
#include "viewer/model/large.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)2 << 20)    /* a large one, on x86-64 and aarch64 */
#define LARGE ((size_t)512 << 10) /* what is copied when an array becomes large is had twice */
#define SMALL ((size_t)4096)      /* what memory is given back in */
#define HUGE_FROM ((size_t)16 << 20)
#define AHEAD 16 /* times what is in use */

static size_t rounded(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

static bool is_large(size_t room, size_t size)
{
	return room * size >= LARGE;
}

/* `bytes`, a multiple of PAGE, at a multiple of it; in large pages, if the last one of them matters little. */
static void *map(size_t bytes, bool is_huge)
{
	char *all = mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			 0);
	size_t before;

	if (all == MAP_FAILED)
		return NULL;
	before = (PAGE - (uintptr_t)all % PAGE) % PAGE;
	if (before)
		munmap(all, before);
	munmap(all + before + bytes, PAGE - before);
#ifdef MADV_HUGEPAGE
	/* Where the system refuses, pages are small, and that is all. */
	if (is_huge)
		(void)!madvise(all + before, bytes, MADV_HUGEPAGE);
#else
	(void)is_huge;
#endif
	return all + before;
}

static void *grow_large(void *items, size_t n, size_t *room, size_t size)
{
	size_t bytes = rounded(n * size * AHEAD, PAGE);
	void *moved = map(bytes, n * size >= HUGE_FROM);

	/* As far ahead as the system lets us. */
	if (!moved)
		moved = map(bytes = rounded(n * size + n * size / 2, PAGE), n * size >= HUGE_FROM);
	if (!moved)
		return NULL;
	memcpy(moved, items, n * size);
	tl_large_free(items, *room, size);
	*room = bytes / size;
	return moved;
}

void *tl_large_grow(void *items, size_t n, size_t *room, size_t size)
{
	size_t wanted = *room < 16 ? 16 : *room + *room / 2;
	void *moved;

	if (wanted > SIZE_MAX / 2 / AHEAD / size)
		return NULL;
	if (wanted * size >= LARGE)
		return grow_large(items, n, room, size);
	moved = realloc(items, wanted * size);
	if (moved)
		*room = wanted;
	return moved;
}

int tl_large_grow_vec(void *items, size_t n, size_t *room, size_t size)
{
	void *old, *moved;

	/* The pointer's type is not known here: read and write it as bytes. */
	memcpy(&old, items, sizeof old);
	moved = tl_large_grow(old, n, room, size);
	if (moved)
		memcpy(items, &moved, sizeof moved);
	return moved ? 0 : -1;
}

void *tl_large_trim(void *items, size_t n, size_t *room, size_t size)
{
	size_t bytes = rounded(n * size, SMALL), had = rounded(*room * size, SMALL);
	void *moved;

	if (n == 0 || n == *room)
		return items;
	if (is_large(*room, size)) {
		/* Its size must not make it look like malloc's. */
		bytes = bytes < 2 * LARGE ? 2 * LARGE : bytes;
		if (bytes < had)
			munmap((char *)items + bytes, had - bytes);
		*room = bytes / size;
		return items;
	}
	moved = realloc(items, n * size);
	if (moved)
		*room = n;
	return moved ? moved : items;
}

void tl_large_free(void *items, size_t room, size_t size)
{
	if (items && is_large(room, size))
		munmap(items, rounded(room * size, SMALL));
	else
		free(items);
}
