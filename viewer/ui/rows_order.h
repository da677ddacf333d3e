/* How rows.c orders rows, before it makes a list of them. Only rows.c is a user. */
#ifndef TL_UI_ROWS_ORDER_H
#define TL_UI_ROWS_ORDER_H

#include "viewer/ui/rows.h"

/* A row that is shown, and what decides its place. */
struct tl_row_key {
	uint32_t row, nonce, group; /* group: of the process, by its first row */
	uint32_t beside;            /* the first of those that stand right beside it */
	uint32_t stem, stem_first;  /* hash of the name without its number; the first row of that name */
	int64_t weight;             /* the greater, the earlier */
	bool is_kernels, pinned;
};

struct tl_row_order {
	struct tl_row_key *keys; /* the caller's; pinned rows first */
	size_t n, n_pinned, n_groups;
};

/* 0 or TL_ENOMEM. */
int tl_rows_order(struct tl_row_order *order, const struct tl_view_data *data, struct tl_arrangement *arrangement);

/*
 * Spreads n rows over lanes, so that no two that live at the same time share one,
 * and those with regions of their own are alone. Sorts the keys by begin; lanes[i]
 * is then that of keys[i], and lanes are numbered by their first begin. 0 or -1.
 */
int tl_rows_share(const struct tl_model *model, struct tl_row_key *keys, size_t n, uint32_t *lanes, size_t *n_lanes);

#endif
