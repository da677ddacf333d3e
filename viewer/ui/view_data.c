/* Names of what is shown; see view_data.h. */
#include "viewer/ui/view_data.h"

#include <inttypes.h>
#include <stdio.h>

char *tl_view_data_label(const struct tl_view_data *data, uint32_t row, char *buffer)
{
	const struct tl_task *task = data->check && data->check->state ? tl_state_task_at(data->check->state, row)
								       : NULL;

	if (task)
		return tl_task_label(task, buffer);
	snprintf(buffer, TL_TASK_LABEL, "task %" PRIu32, (uint32_t)data->model->rows.items[row].task);
	return buffer;
}

const char *tl_view_data_object(const struct tl_view_data *data, uint32_t object)
{
	const struct tl_object *o = &data->model->objects.items[object];

	if (object == 0 || !data->check || !data->check->state)
		return "";
	return tl_state_object_name(data->check->state, o->nonce, o->address);
}
