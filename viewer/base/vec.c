/* Growth of arrays by half; see vec.h. */
#include "viewer/base/vec.h"

#include <stdint.h>
#include <string.h>

int tl_vec_grow_(void *items, size_t *room, size_t size)
{
	size_t wanted = *room < 16 ? 16 : *room + *room / 2;
	void *old, *moved;

	if (wanted > SIZE_MAX / size)
		return -1;
	/* The pointer's type is not known here: read and write it as bytes. */
	memcpy(&old, items, sizeof old);
	moved = realloc(old, wanted * size);
	if (!moved)
		return -1;
	memcpy(items, &moved, sizeof moved);
	*room = wanted;
	return 0;
}
