/*
 * A set of 64-bit keys in a static or mapped table: lock-free, allocates
 * nothing, forgets nothing. For what is told once: stacks, modules, lock orders.
 */
#ifndef TL_TRACER_KEYS_H
#define TL_TRACER_KEYS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define TL_KEYS_PROBES 16

/* Adds `v` to a hash. */
static inline uint64_t tl_key_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

/* Is `key` in the table of `size` = 2^n places? Never with key 0, which says "free". */
static inline bool tl_keys_has(const _Atomic uint64_t *table, uint32_t size, uint64_t key)
{
	for (uint32_t i = 0; i < TL_KEYS_PROBES; i++) {
		uint64_t found = atomic_load_explicit(&table[(uint32_t)(key + i) & (size - 1)], memory_order_relaxed);

		if (found == key)
			return true;
		if (found == 0)
			return false;
	}
	return false;
}

/* The place of `key`, not 0: found or newly taken; -1 when its neighbourhood is full. */
static inline int tl_keys_place(_Atomic uint64_t *table, uint32_t size, uint64_t key, bool *is_new)
{
	for (uint32_t i = 0; i < TL_KEYS_PROBES; i++) {
		uint32_t at = (uint32_t)(key + i) & (size - 1);
		uint64_t found = atomic_load_explicit(&table[at], memory_order_relaxed);

		if (found == 0 && atomic_compare_exchange_strong(&table[at], &found, key)) {
			*is_new = true;
			return (int)at;
		}
		if (found == key) {
			*is_new = false;
			return (int)at;
		}
	}
	return -1;
}

#endif
