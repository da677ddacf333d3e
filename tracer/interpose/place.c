/* The table of waited-for objects; see place.h. */
#include "tracer/interpose/place.h"

#include <string.h>

#define TAKING 0x80000000u

_Atomic uint32_t tl_waiting_in[1u << TL_BUCKET_BITS];
#define PLACES 4
static struct bucket {
	_Atomic uint32_t overflow;
	struct tl_place places[PLACES];
} buckets[1u << TL_BUCKET_BITS];

/* Counts one more waiter, unless the place is being taken over meanwhile. */
static bool join_place(struct tl_place *place, uint64_t object)
{
	uint32_t waiters = atomic_load(&place->waiters);

	do {
		if (waiters & TAKING || atomic_load(&place->object) != object)
			return false;
	} while (!atomic_compare_exchange_weak(&place->waiters, &waiters, waiters + 1));
	/* It may have changed hands before the count made it ours. */
	if (atomic_load(&place->object) == object)
		return true;
	atomic_fetch_sub(&place->waiters, 1);
	return false;
}

static bool take_place(struct tl_place *place, uint64_t object)
{
	uint32_t none = 0;

	if (!atomic_compare_exchange_strong(&place->waiters, &none, TAKING))
		return false;
	atomic_store(&place->releaser, 0);
	atomic_store(&place->mutex, 0);
	atomic_store(&place->arrivals, 0);
	atomic_store(&place->object, object);
	atomic_store(&place->waiters, 1);
	return true;
}

struct tl_place *tl_place_enter(uint64_t object)
{
	struct bucket *bucket = &buckets[tl_bucket_of(object)];

	atomic_fetch_add(&tl_waiting_in[tl_bucket_of(object)], 1);
	for (int i = 0; i < PLACES; i++)
		if (join_place(&bucket->places[i], object))
			return &bucket->places[i];
	for (int i = 0; i < PLACES; i++)
		if (take_place(&bucket->places[i], object))
			return &bucket->places[i];
	atomic_fetch_add(&bucket->overflow, 1);
	return NULL;
}

void tl_place_leave(struct tl_place *place, uint64_t object)
{
	struct bucket *bucket = &buckets[tl_bucket_of(object)];

	if (place)
		atomic_fetch_sub(&place->waiters, 1);
	else
		atomic_fetch_sub(&bucket->overflow, 1);
	atomic_fetch_sub(&tl_waiting_in[tl_bucket_of(object)], 1);
}

/* The next place of `object` from `*at` on; NULL: no more. */
static struct tl_place *next_of(uint64_t object, int *at)
{
	struct bucket *bucket = &buckets[tl_bucket_of(object)];

	while (*at < PLACES) {
		struct tl_place *place = &bucket->places[(*at)++];

		if (atomic_load(&place->object) == object)
			return place;
	}
	return NULL;
}

uint64_t tl_place_mutex(uint64_t object)
{
	const struct tl_place *place;
	uint64_t mutex = 0;

	for (int at = 0; mutex == 0 && (place = next_of(object, &at));)
		mutex = atomic_load(&place->mutex);
	return mutex;
}

unsigned tl_place_waiters(uint64_t object)
{
	const struct tl_place *place;
	unsigned n = 0;

	if (atomic_load(&buckets[tl_bucket_of(object)].overflow) != 0)
		return UINT16_MAX;
	for (int at = 0; (place = next_of(object, &at));)
		n += atomic_load(&place->waiters) & ~TAKING;
	return n < UINT16_MAX ? n : UINT16_MAX;
}

void tl_place_release(uint64_t object, uint32_t task, uint32_t seq)
{
	struct tl_place *place;

	for (int at = 0; (place = next_of(object, &at));) {
		atomic_store(&place->releaser, (uint64_t)task << 32 | seq);
		atomic_fetch_add(&place->releases, 1);
	}
}

void tl_place_forget(void)
{
	memset(tl_waiting_in, 0, sizeof tl_waiting_in);
	memset(buckets, 0, sizeof buckets);
}
