/* What the levels of detail must answer, by walking over everything; for tests. */
#ifndef TL_TESTS_BRUTE_H
#define TL_TESTS_BRUTE_H

#include "viewer/model/model.h"

static inline int64_t brute_end(const struct tl_model *model, const struct tl_row *row, size_t i)
{
	return i + 1 < row->spans.n ? tl_row_begin(row, i + 1) : model->end_ns;
}

/* The plain definition of a column, with no index and no search. */
static inline struct tl_column brute_column(const struct tl_model *model, const struct tl_row *row, int64_t t0,
					    int64_t t1)
{
	struct tl_column column = {.look = TL_LOOK_NONE, .span = UINT32_MAX};
	int64_t sums[TL_N_LOOKS] = {0}, most = 0;

	t1 = t1 > t0 ? t1 : t0 + 1;
	for (size_t i = 0; i < row->spans.n && t0 < model->end_ns; i++) {
		int64_t begin = tl_row_begin(row, i), end = brute_end(model, row, i);

		if (begin < t1 && (begin <= t0 || column.span == UINT32_MAX))
			column.span = (uint32_t)i;
		if (begin >= t0 && begin < t1 && column.changes < 255)
			column.changes++;
		begin = begin > t0 ? begin : t0;
		end = end < t1 ? end : t1;
		if (end > begin)
			sums[tl_row_look(row, i)] += end - begin;
	}
	for (unsigned look = 0; look < TL_N_LOOKS; look++) {
		if (sums[look] > 0)
			column.looks |= (uint16_t)(1u << look);
		if (sums[look] > 0 && sums[look] >= most) {
			most = sums[look];
			column.look = (uint8_t)look;
		}
	}
	for (size_t i = 0; row->extra && i < row->extra->flags.n; i++) {
		const struct tl_flag *flag = &row->extra->flags.items[i];

		if (flag->time_ns >= t0 && flag->time_ns < t1 && flag->severity + 1 > column.severity)
			column.severity = (uint8_t)(flag->severity + 1);
	}
	return column;
}

#endif
