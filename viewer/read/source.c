/* Picks the source that can read what is at a path; see source.h. */
#include "viewer/read/source.h"

void tl_source_destroy(struct tl_source *source)
{
	if (source)
		source->ops->destroy(source);
}
