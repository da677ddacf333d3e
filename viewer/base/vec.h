/*
 * A growable array of any type: TL_VEC(struct tl_span) spans = {0};
 * Indices are size_t; `items` may move when the array grows.
 */
#ifndef TL_BASE_VEC_H
#define TL_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#define TL_VEC(type)            \
	struct {                \
		type *items;    \
		size_t n, room; \
	}

/* Makes room for one more item; returns 0, or -1 when out of memory. */
#define tl_vec_reserve(vec) \
	((vec)->n < (vec)->room ? 0 : tl_vec_grow_(&(vec)->items, &(vec)->room, sizeof *(vec)->items))

/* Appends `value`; returns 0, or -1 when out of memory (nothing changed then). */
#define tl_vec_push(vec, ...) (tl_vec_reserve(vec) == 0 ? ((vec)->items[(vec)->n++] = (__VA_ARGS__), 0) : -1)

/* Frees the array and empties it. */
#define tl_vec_finish(vec) (free((vec)->items), (vec)->items = NULL, (vec)->n = 0, (vec)->room = 0)

/* `items` points to the array's pointer, of whatever type. */
int tl_vec_grow_(void *items, size_t *room, size_t size);

#endif
