/*
 * Memory for arrays that grow to many megabytes: some kilobytes on it is reserved far ahead, so
 * that growing hardly ever moves anything, and got from the system in parts of many pages, which
 * takes less than a fault for each. What is reserved and not got is not taken. Arrays that are looked at
 * all over for each picture come into large pages from some megabytes on, as reading from small ones takes
 * longer the more there are; others not, as a virtual machine may have to ask its host for
 * each. Small arrays are malloc's.
 */
#ifndef TL_MODEL_LARGE_H
#define TL_MODEL_LARGE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The array `items` (NULL, of `room` 0) with room for more than `n` items of `size` bytes, of which
 * so many are in use; `*room` is what it has then. `is_hot`: it is looked at for each picture. NULL without
 * memory: the old one stays.
 */
void *tl_large_grow(void *items, size_t n, size_t *room, size_t size, bool is_hot);
/* Gives back what is not in use. */
void *tl_large_trim(void *items, size_t n, size_t *room, size_t size);
void tl_large_free(void *items, size_t room, size_t size);

/*
 * What is to be written soon is asked for now: arrays of many rows grow in turn, and none of them is
 * what the processor would guess. Always inline: see columns.c.
 */
__attribute__((always_inline)) static inline void tl_large_ahead(const void *item)
{
	__builtin_prefetch((const char *)item + 128, 1);
}

/* Of a TL_VEC: room for one more item; 0, or -1 without memory. */
#define tl_large_reserve(vec)                                                                                       \
	((vec)->n < (vec)->room ||                                                                                  \
			 tl_large_grow_vec(&(vec)->items, (vec)->n, &(vec)->room, sizeof *(vec)->items, false) == 0 \
		 ? (tl_large_ahead((vec)->items + (vec)->n), 0)                                                     \
		 : -1)
int tl_large_grow_vec(void *items, size_t n, size_t *room, size_t size, bool is_hot);

#endif
