/* The table behind progress.h. */
#include "viewer/order/progress.h"

#include <stdlib.h>

void tl_progress_finish(struct tl_progress_table *table)
{
	struct tl_progress *task, *next;

	HASH_ITER(hh, table->tasks, task, next) {
		HASH_DEL(table->tasks, task);
		free(task);
	}
}

struct tl_progress *tl_progress_look_up(struct tl_progress_table *table, uint64_t id, void **slot)
{
	struct tl_progress *task;

	HASH_FIND(hh, table->tasks, &id, sizeof id, task);
	if (task)
		*slot = task;
	return task;
}

int tl_progress_note(struct tl_progress_table *table, const struct tl_event *event)
{
	struct tl_progress *task = tl_progress_find(table, event->task);

	if (!task) {
		task = malloc(sizeof *task);
		if (!task)
			return -1;
		task->task = event->task;
		task->seq = event->seq;
		HASH_ADD(hh, table->tasks, task, sizeof task->task, task);
	} else if (tl_seq_diff(event->seq, task->seq) > 0) {
		task->seq = event->seq;
	}
	return 0;
}
