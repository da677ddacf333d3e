/*
 * See large.h. An array of LARGE bytes or more has a head in front of it, and is mapped; malloc's it is only
 * where the system gives no more mappings.
 */
#include "viewer/model/large.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE ((size_t)2 << 20)       /* a large one, on x86-64 and aarch64 */
#define LARGE ((size_t)64 << 10)     /* what is copied when an array becomes large is had twice */
#define SMALL ((size_t)4096)         /* what memory is got and given back in */
#define HUGE_FROM ((size_t)4 << 20)  /* of what is hot */
#define AHEAD 16                     /* times what is in use is reserved, */
#define LEAST ((size_t)8 << 20)      /* or so much, ... */
#define HOT_LEAST ((size_t)64 << 20) /* or so much: what has come into large pages should not move any more, ... */
#define PART 8                       /* ... and a part of what is in use got at once, */
#define PART_MOST ((size_t)128 << 10)

struct head {
	size_t reserved; /* bytes, of which these are the first */
	bool is_mapped;
	char spare[64 - sizeof(size_t) - sizeof(bool)]; /* to the next cache line */
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

/* `bytes`, a multiple of PAGE, at a multiple of it. */
static void *map(size_t bytes)
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

/* Otherwise each page is got when it is first touched, and where there are no large ones, pages are small. */
static void get(struct head *head, size_t from, size_t bytes, bool is_huge)
{
#ifdef MADV_HUGEPAGE
	if (is_huge)
		(void)!madvise((char *)head + from, bytes, MADV_HUGEPAGE);
#endif
#ifdef MADV_POPULATE_WRITE
	(void)!madvise((char *)head + from, bytes, MADV_POPULATE_WRITE);
#endif
	(void)head, (void)from, (void)bytes, (void)is_huge;
}

/* The next part of what is reserved: as much at once as is likely to be used. */
static void get_part(struct head *head, size_t *room, size_t size, bool is_hot)
{
	size_t from = bytes_to(*room, size), part = rounded(from / PART, SMALL);
	bool is_huge = is_hot && from >= HUGE_FROM;

	part = part < PART_MOST ? part : PART_MOST;
	if (is_huge)
		part = rounded(from + 1, PAGE) - from;
	part = part < head->reserved - from ? part : head->reserved - from;
	if (head->is_mapped)
		get(head, from, part, is_huge);
	*room = items_in(from + part, size);
}

/* Room for more than `bytes`, as far ahead as the system lets us. NULL: out of memory. */
static struct head *reserve(size_t bytes, bool is_hot)
{
	size_t least = is_hot ? HOT_LEAST : LEAST;
	size_t ahead = rounded(bytes * AHEAD > least ? bytes * AHEAD : least, PAGE);
	struct head *head = map(ahead);
	bool is_mapped = head != NULL;

	if (!head)
		head = malloc(ahead = rounded(bytes + bytes / 2, PAGE));
	if (head) {
		if (is_mapped)
			get(head, 0, bytes, is_hot && bytes >= HUGE_FROM);
		*head = (struct head){.reserved = ahead, .is_mapped = is_mapped};
	}
	return head;
}

static void *move(void *items, size_t n, size_t *room, size_t size, bool is_hot)
{
	/* Its size must not make it look like malloc's. */
	size_t least = n > LARGE / size ? n : LARGE / size + 1;
	struct head *head = reserve(bytes_to(least, size), is_hot);

	if (!head)
		return NULL;
	memcpy(head + 1, items, n * size);
	tl_large_free(items, *room, size);
	*room = least;
	get_part(head, room, size, is_hot);
	return head + 1;
}

static void *grow_large(void *items, size_t n, size_t *room, size_t size, bool is_hot)
{
	if (!is_large(*room, size) || bytes_to(*room + 1, size) > head_of(items)->reserved)
		return move(items, n, room, size, is_hot);
	get_part(head_of(items), room, size, is_hot);
	return items;
}

void *tl_large_grow(void *items, size_t n, size_t *room, size_t size, bool is_hot)
{
	size_t first = size < 64 ? 16 : 4, wanted = *room < first ? first : *room + *room / 2;
	void *moved;

	if (wanted > SIZE_MAX / 2 / AHEAD / size)
		return NULL;
	if (wanted * size >= LARGE)
		return grow_large(items, n, room, size, is_hot);
	moved = realloc(items, wanted * size);
	if (moved)
		*room = wanted;
	return moved;
}

int tl_large_grow_vec(void *items, size_t n, size_t *room, size_t size, bool is_hot)
{
	void *old, *moved;

	/* The pointer's type is not known here: read and write it as bytes. */
	memcpy(&old, items, sizeof old);
	moved = tl_large_grow(old, n, room, size, is_hot);
	if (moved)
		memcpy(items, &moved, sizeof moved);
	return moved ? 0 : -1;
}

/* Keeps so much of a large array. */
static void *trim_large(void *items, size_t bytes)
{
	struct head *head = head_of(items), *moved;

	if (bytes >= head->reserved)
		return items;
	if (head->is_mapped)
		munmap((char *)head + bytes, head->reserved - bytes);
	else if ((moved = realloc(head, bytes)))
		head = moved;
	else
		return items;
	head->reserved = bytes;
	return head + 1;
}

void *tl_large_trim(void *items, size_t n, size_t *room, size_t size)
{
	void *moved;

	if (n == 0 || n == *room)
		return items;
	if (is_large(*room, size)) {
		*room = n > LARGE / size ? n : LARGE / size + 1;
		return trim_large(items, bytes_to(*room, size));
	}
	moved = realloc(items, n * size);
	if (moved)
		*room = n;
	return moved ? moved : items;
}

void tl_large_free(void *items, size_t room, size_t size)
{
	if (!items || !is_large(room, size))
		free(items);
	else if (head_of(items)->is_mapped)
		munmap(head_of(items), head_of(items)->reserved);
	else
		free(head_of(items));
}
