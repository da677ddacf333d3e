/* See bytes.h. */
#include "viewer/base/bytes.h"

#include <string.h>

void tl_bytes_put(struct tl_bytes *bytes, const void *from, size_t size)
{
	while (!bytes->failed && bytes->all.room - bytes->all.n < size)
		bytes->failed = tl_vec_grow_(&bytes->all.items, &bytes->all.room, 1) != 0;
	if (bytes->failed || size == 0)
		return;
	memcpy(bytes->all.items + bytes->all.n, from, size);
	bytes->all.n += size;
}

void tl_bytes_u8(struct tl_bytes *bytes, uint8_t value)
{
	tl_bytes_put(bytes, &value, sizeof value);
}

void tl_bytes_u32(struct tl_bytes *bytes, uint32_t value)
{
	tl_bytes_put(bytes, &value, sizeof value);
}

void tl_bytes_u64(struct tl_bytes *bytes, uint64_t value)
{
	tl_bytes_put(bytes, &value, sizeof value);
}

void tl_bytes_s64(struct tl_bytes *bytes, int64_t value)
{
	tl_bytes_put(bytes, &value, sizeof value);
}

void tl_bytes_text(struct tl_bytes *bytes, const char *text)
{
	size_t size = text ? strlen(text) : 0;

	if (size > UINT32_MAX)
		size = UINT32_MAX;
	tl_bytes_u32(bytes, (uint32_t)size);
	tl_bytes_put(bytes, text, size);
}

void tl_bytes_finish(struct tl_bytes *bytes)
{
	tl_vec_finish(&bytes->all);
	bytes->failed = false;
}

bool tl_take(struct tl_taker *taker, void *to, size_t size)
{
	if (taker->failed || (size_t)(taker->end - taker->at) < size) {
		taker->failed = true;
		memset(to, 0, size);
		return false;
	}
	if (size)
		memcpy(to, taker->at, size);
	taker->at += size;
	return true;
}

uint8_t tl_take_u8(struct tl_taker *taker)
{
	uint8_t value;

	tl_take(taker, &value, sizeof value);
	return value;
}

uint32_t tl_take_u32(struct tl_taker *taker)
{
	uint32_t value;

	tl_take(taker, &value, sizeof value);
	return value;
}

uint64_t tl_take_u64(struct tl_taker *taker)
{
	uint64_t value;

	tl_take(taker, &value, sizeof value);
	return value;
}

int64_t tl_take_s64(struct tl_taker *taker)
{
	int64_t value;

	tl_take(taker, &value, sizeof value);
	return value;
}

size_t tl_take_count(struct tl_taker *taker, size_t least)
{
	uint64_t n = tl_take_u64(taker);

	if (taker->failed || n > (size_t)(taker->end - taker->at) / least) {
		taker->failed = true;
		return 0;
	}
	return (size_t)n;
}

const char *tl_take_text(struct tl_taker *taker, struct tl_arena *arena)
{
	uint32_t size = tl_take_u32(taker);
	char *text;

	if (taker->failed || (size_t)(taker->end - taker->at) < size || memchr(taker->at, 0, size)) {
		taker->failed = true;
		return "";
	}
	text = tl_arena_alloc(arena, (size_t)size + 1);
	if (!text) {
		taker->failed = true;
		return "";
	}
	memcpy(text, taker->at, size);
	taker->at += size;
	return text;
}

static uint64_t step(uint64_t sum, uint64_t word)
{
	sum ^= word;
	/* Turned, so that the upper bits reach the lower ones, too. */
	return (sum << 29 | sum >> 35) * UINT64_C(0x9E3779B97F4A7C15);
}

/* Words side by side: so many that none waits for the one before it to be multiplied. */
#define LANES 8

uint64_t tl_checksum(const void *bytes, size_t size, uint64_t seed)
{
	uint64_t sums[LANES], words[LANES] = {0};
	const uint8_t *at = bytes;
	size_t left = size;

	for (int i = 0; i < LANES; i++)
		sums[i] = seed + (uint64_t)i;
	for (; left >= sizeof words; left -= sizeof words, at += sizeof words) {
		for (int i = 0; i < LANES; i++) {
			uint64_t word;

			memcpy(&word, at + i * sizeof word, sizeof word);
			sums[i] = step(sums[i], word);
		}
	}
	memset(words, 0, sizeof words);
	if (left)
		memcpy(words, at, left);
	for (int i = 0; i < LANES; i++)
		sums[i] = step(sums[i], words[i]);
	for (int i = 1; i < LANES; i++)
		sums[0] = step(sums[0], sums[i]);
	sums[0] = step(sums[0], size);
	return sums[0] ^ sums[0] >> 31;
}
