/*
 * uthash, the hash table of the viewer, with a hash that suits short keys of a fixed
 * length: ids and addresses are looked up for every event. Include this instead of
 * <uthash.h>.
 */
#ifndef TL_BASE_TABLE_H
#define TL_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef HASH_FUNCTION
#error "include viewer/base/table.h, not uthash.h"
#endif

/* Multiplicative hashing of 8 bytes at a time (Knuth, TAOCP 6.4), by the golden ratio of 2^64. */
static inline unsigned tl_table_hash(const void *key, size_t size)
{
	const unsigned char *at = key;
	uint64_t hash = size, word;

	for (; size >= sizeof word; size -= sizeof word, at += sizeof word) {
		memcpy(&word, at, sizeof word);
		hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	if (size) {
		word = 0;
		memcpy(&word, at, size);
		hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return (unsigned)hash;
}

/* The same for one number: the upper bits are a place in a table of a power of two. */
static inline uint64_t tl_table_mix(uint64_t key)
{
	return key * UINT64_C(0x9E3779B97F4A7C15);
}

/*
 * What was found last, by hash: a look-up in front of a table that is asked for the
 * same few entries again and again. Entries must not be removed from the table.
 */
#define TL_RECENT_BITS 12
#define TL_RECENT (1 << TL_RECENT_BITS)

struct tl_recent {
	void *entries[TL_RECENT];
};

/* Where the entry of a key would stand; whoever asks compares the key. */
static inline size_t tl_recent_place(uint64_t key)
{
	return (size_t)(tl_table_mix(key) >> (64 - TL_RECENT_BITS));
}

static inline void **tl_recent_slot(struct tl_recent *recent, uint64_t key)
{
	return &recent->entries[tl_recent_place(key)];
}

#define HASH_FUNCTION(key, size, hash) ((hash) = tl_table_hash(key, size))

#include <uthash.h>

#endif
