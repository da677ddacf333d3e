/*
 * See large.h. Whose memory an array is, its size says: LARGE bytes or more are mapped, behind a
 * head that says how much is reserved.
 */
#include "viewer/model/large.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)2 << 20)    /* a large one, on x86-64 and aarch64 */
#define LARGE ((size_t)512 << 10) /* what is copied when an array becomes large is had twice */
#define SMALL ((size_t)4096)      /* what memory is got and given back in */
#define HUGE_FROM ((size_t)16 << 20)
#define AHEAD 16 /* times what is in use is reserved ... */
#define PART 8   /* ... and a part of that got at once, */
#define PART_MOST ((size_t)128 << 10)

struct head {
	size_t reserved;                 /* bytes, of which these are the first */
	char spare[64 - sizeof(size_t)]; /* to the next cache line */
};

static struct head *head_of(void *items)
{
	return (struct head *)items - 1;
}

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

/* So many items fit into the first `bytes` of a mapping; and so many bytes do the items in it reach. */
static size_t items_in(size_t bytes, size_t size)
{
	return (bytes - sizeof(struct head)) / size;
}

static size_t bytes_to(size_t items, size_t size)
{
	return rounded(sizeof(struct head) + items * size, SMALL);
}

/* Otherwise each page is got when it is first touched, and that is all. */
static void get(struct head *head, size_t from, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
	(void)!madvise((char *)head + from, bytes, MADV_POPULATE_WRITE);
#else
	(void)head, (void)from, (void)bytes;
#endif
}

/* The next part of what is reserved: as much at once as is likely to be used. */
static void get_part(struct head *head, size_t *room, size_t size)
{
	size_t from = bytes_to(*room, size), part = rounded(from / PART, SMALL);

	part = part < PART_MOST ? part : PART_MOST;
	part = part < head->reserved - from ? part : head->reserved - from;
	get(head, from, part);
	*room = items_in(from + part, size);
}

static void *map_more(void *items, size_t n, size_t *room, size_t size)
{
	size_t bytes = rounded(sizeof(struct head) + n * size * AHEAD, PAGE);
	struct head *head = map(bytes, n * size >= HUGE_FROM);

	/* As far ahead as the system lets us. */
	if (!head)
		head = map(bytes = rounded(sizeof *head + n * size + n * size / 2, PAGE), n * size >= HUGE_FROM);
	if (!head)
		return NULL;
	get(head, 0, bytes_to(n, size));
	head->reserved = bytes;
	memcpy(head + 1, items, n * size);
	tl_large_free(items, *room, size);
	*room = n > LARGE / size ? n : LARGE / size + 1;
	get(head, bytes_to(n, size), bytes_to(*room, size) - bytes_to(n, size));
	get_part(head, room, size);
	return head + 1;
}

static void *grow_large(void *items, size_t n, size_t *room, size_t size)
{
	if (!is_large(*room, size) || bytes_to(*room + 1, size) > head_of(items)->reserved)
		return map_more(items, n, room, size);
	get_part(head_of(items), room, size);
	return items;
}

void *tl_large_grow(void *items, size_t n, size_t *room, size_t size)
{
	size_t first = size < 64 ? 16 : 4, wanted = *room < first ? first : *room + *room / 2;
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
	size_t bytes;
	void *moved;

	if (n == 0 || n == *room)
		return items;
	if (is_large(*room, size)) {
		/* Its size must not make it look like malloc's. */
		*room = n > LARGE / size ? n : LARGE / size + 1;
		bytes = bytes_to(*room, size);
		if (bytes < head_of(items)->reserved)
			munmap((char *)head_of(items) + bytes, head_of(items)->reserved - bytes);
		head_of(items)->reserved = bytes;
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
		munmap(head_of(items), head_of(items)->reserved);
	else
		free(items);
}
