/* The largest of many; see tally.h. */
#include "viewer/stats/tally.h"

#include <stddef.h>

#include "viewer/stats/quantiles.h"

void tl_tally_add(struct tl_tally *tally, uint32_t who, uint64_t weight)
{
	struct tl_tally_entry *least = &tally->entries[0];

	for (uint32_t i = 0; i < tally->n; i++) {
		struct tl_tally_entry *entry = &tally->entries[i];

		if (entry->who == who) {
			entry->weight = tl_add_capped(entry->weight, weight);
			return;
		}
		if (entry->weight < least->weight)
			least = entry;
	}
	if (tally->n < TL_TALLY) {
		tally->entries[tally->n++] = (struct tl_tally_entry){who, weight};
		return;
	}
	tally->inexact = true;
	least->who = who;
	least->weight = tl_add_capped(least->weight, weight);
}

const struct tl_tally_entry *tl_tally_first(const struct tl_tally *tally)
{
	const struct tl_tally_entry *first = NULL;

	for (uint32_t i = 0; i < tally->n; i++)
		if (!first || tally->entries[i].weight > first->weight)
			first = &tally->entries[i];
	return first;
}
