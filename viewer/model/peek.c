/*
 * A look at a model that is still being built: makes it fit to be drawn as it
 * stands, and takes that back so that it can grow on. What the end alone can
 * tell (findings, ends of processes) is not there yet.
 */
#include "viewer/model/model.h"

#include "viewer/model/feed.h"
#include "viewer/model/internal.h"

int tl_model_peek(struct tl_model *model, const struct tl_state *state)
{
	if (tl_feed_drain(model) != 0)
		return TL_ENOMEM;
	if (model->end_ns < 1)
		model->end_ns = 1;
	if (tl_model_place(model, state) != 0 || tl_model_index(model, true) != 0)
		return TL_ENOMEM;
	return 0;
}
