/* What the model's own files share: how it grows. Nothing outside includes this. */
#ifndef TL_MODEL_INTERNAL_H
#define TL_MODEL_INTERNAL_H

#include "viewer/model/model.h"

/*
 * Times are kept within this (208 days), so that they fit into a span's word, even moved by half as much when the
 * model is sealed, and neither differences nor views of four times the trace overflow.
 */
#define TL_MODEL_FAR ((int64_t)1 << 54)
_Static_assert(TL_MODEL_FAR + TL_MODEL_FAR / 2 <= TL_SPAN_NS_MOST, "a span's word holds every time");

/* The row of a task, made if it is new; NULL: out of memory. */
struct tl_row *tl_model_row(struct tl_model *model, uint32_t index, uint64_t task);
/* What few rows have, made if needed; NULL: out of memory. */
struct tl_row_extra *tl_model_extra(struct tl_row *row);
/* The place of an object in the table, made if needed; 0 for object 0, or out of memory. */
uint32_t tl_model_object(struct tl_model *model, uint32_t nonce, uint64_t address);

/*
 * Appends a span. It begins with the row's last one if it would begin before it, and is put in its
 * place if that took no time at all and was no wait. 0 or -1.
 */
int tl_row_push(struct tl_row *row, struct tl_span span);

/* Decides which rows stand together, and which beside each other; 0 or -1. */
int tl_model_place(struct tl_model *model, const struct tl_state *state);

/* Flags every finding in the rows concerned; 0 or -1. */
int tl_model_flag(struct tl_model *model, const struct tl_state *state, const struct tl_findings *findings);
/* The row's next span, which is the first of a block but not of the row, will begin at `begin_ns`; 0 or -1. */
int tl_row_begin_block(struct tl_row *row, int64_t begin_ns);

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
