/* A binary heap of streams by time; see merge.h. */
#include "viewer/read/merge.h"

#include <assert.h>
#include <stdlib.h>

int tl_merge_init(struct tl_merge *merge, size_t n)
{
	merge->entries = calloc(n ? n : 1, sizeof *merge->entries);
	merge->n = 0;
	merge->room = n;
	return merge->entries ? 0 : -1;
}

void tl_merge_finish(struct tl_merge *merge)
{
	free(merge->entries);
	merge->entries = NULL;
	merge->n = merge->room = 0;
}

void tl_merge_add(struct tl_merge *merge, uint32_t index, int64_t time_ns)
{
	struct tl_merge_entry entry = {time_ns, index};
	size_t at = merge->n++;

	assert(merge->n <= merge->room);
	for (; at > 0 && tl_merge_before(entry, merge->entries[(at - 1) / 2]); at = (at - 1) / 2)
		merge->entries[at] = merge->entries[(at - 1) / 2];
	merge->entries[at] = entry;
}

void tl_merge_sink(struct tl_merge *merge, struct tl_merge_entry entry)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < merge->n) {
		if (child + 1 < merge->n && tl_merge_before(merge->entries[child + 1], merge->entries[child]))
			child++;
		if (!tl_merge_before(merge->entries[child], entry))
			break;
		merge->entries[at] = merge->entries[child];
		at = child;
	}
	merge->entries[at] = entry;
}

void tl_merge_remove_first(struct tl_merge *merge)
{
	if (--merge->n)
		tl_merge_sink(merge, merge->entries[merge->n]);
}
