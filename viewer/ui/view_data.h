/*
 * What a view shows, and the names of it. Everything is borrowed and outlives
 * whoever asks. Knows nothing of pixels.
 */
#ifndef TL_UI_VIEW_DATA_H
#define TL_UI_VIEW_DATA_H

#include "viewer/model/model.h"
#include "viewer/rules/check.h"
#include "viewer/symbol/symbol.h"
#include "viewer/ui/fonts.h"

/* `check` and `symbols` may be NULL. */
struct tl_view_data {
	const struct tl_model *model;
	const struct tl_check *check;
	struct tl_symbols *symbols;
	const struct tl_fonts *fonts;
	const char *title;  /* the trace's path */
	const char *broken; /* why the trace could not be read to its end; NULL: it could */
};

/* How many events the trace has; a kernel's make more of ours, or fewer. */
static inline uint64_t tl_view_events(const struct tl_view_data *data)
{
	return data->check && data->check->info.events ? data->check->info.events : data->model->events;
}

/* The name of a row's task, escaped. Returns `buffer`, of TL_TASK_LABEL bytes. */
char *tl_view_data_label(const struct tl_view_data *data, uint32_t row, char *buffer);
/* The name of an object of the model, as the trace says it: not escaped; "" when it has none. */
const char *tl_view_data_object(const struct tl_view_data *data, uint32_t object);

#endif
