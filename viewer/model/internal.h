/* What the model's own files share: how it grows. Nothing outside includes this. */
#ifndef TL_MODEL_INTERNAL_H
#define TL_MODEL_INTERNAL_H

#include "viewer/model/model.h"

/* Times are kept within this (9 years), so that neither differences nor views of four times the trace overflow. */
#define TL_MODEL_FAR ((int64_t)1 << 58)

/* The row of a task, made if it is new; NULL: out of memory. */
struct tl_row *tl_model_row(struct tl_model *model, uint32_t index, uint64_t task);
/* What few rows have, made if needed; NULL: out of memory. */
struct tl_row_extra *tl_model_extra(struct tl_row *row);
/* The place of an object in the table, made if needed; 0 for object 0, or out of memory. */
uint32_t tl_model_object(struct tl_model *model, uint32_t nonce, uint64_t address);

/* Appends a span, which begins with the row's last one if it would begin before it; 0 or -1. */
int tl_row_push(struct tl_row *row, struct tl_span span);

/* Decides which rows stand together, and which beside each other; 0 or -1. */
int tl_model_place(struct tl_model *model, const struct tl_state *state);

/* Flags every finding in the rows concerned; 0 or -1. */
int tl_model_flag(struct tl_model *model, const struct tl_state *state, const struct tl_findings *findings);
/* The block of TL_SPAN_BLOCK spans that the row's last span has just ended; 0 or -1. */
int tl_row_fill_block(struct tl_row *row);
/* The row's last block, if it has any, as if no more spans came; 0 or -1. */
int tl_row_fill_last_block(const struct tl_model *model, struct tl_row *row);

/* An edge that leaves `from_row` at `from_ns`, and has been made where it arrives; 0 or -1. */
int tl_outs_add(struct tl_model *model, uint32_t from_row, int64_t from_ns, struct tl_edge_ref ref);
/* Brings all into their order; 0 or -1. */
int tl_outs_settle(struct tl_model *model);

/*
 * What was built so far becomes fit for queries: last blocks, outs, the overview; `is_part`: of one that
 * is still being built, the overview is made in larger steps. 0 or -1.
 */
int tl_model_index(struct tl_model *model, bool is_part);

#define TL_MODEL_SHARES 2
/*
 * Calls `work` for every row: row r in share r % TL_MODEL_SHARES, each share in a thread of
 * its own if that is worth it. Work changes its own row only.
 */
void tl_model_share(struct tl_model *model, void (*work)(struct tl_model *model, size_t row, void *data), void *data);

#endif
