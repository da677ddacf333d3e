/* Looks for a text among tasks, objects waited for, marks and regions, in order of time. Pure. */
#ifndef TL_UI_FIND_H
#define TL_UI_FIND_H

#include <stdbool.h>

#include "viewer/ui/view_data.h"

struct tl_match {
	int64_t time_ns;
	uint32_t row;
	const char *what; /* "task", "object", "mark", "region" */
};

/*
 * The first match behind (`forward`) or before (time, row), in this order; false:
 * there is none. `text` in any case; "" matches nothing. Out of memory: no match.
 */
bool tl_find_next(const struct tl_view_data *data, const char *text, int64_t time_ns, uint32_t row, bool forward,
		  struct tl_match *match);

/* Rows whose names contain `text`, at most `room`; returns how many there are. */
size_t tl_find_tasks(const struct tl_view_data *data, const char *text, uint32_t *rows, size_t room);

#endif
