/* Traces, read through the check into a model: what the window and `render` begin with. */
#ifndef TL_UI_LOAD_H
#define TL_UI_LOAD_H

#include "viewer/model/model.h"
#include "viewer/rules/check.h"
#include "viewer/symbol/symbol.h"

struct tl_loaded {
	struct tl_check check;
	struct tl_model *model;
	struct tl_symbols *symbols; /* NULL: addresses stay numbers */
	char broken[200];           /* why it could not be read to its end; "": it could */
	bool checked;               /* check was begun */
	bool is_cached;             /* it comes from a cache */
};

/*
 * Reads the `n` traces at `paths` to their end, as one, with their clocks shifted by `offsets` (NULL: not). A trace that breaks off in
 * the middle is loaded as far as it goes, with `broken` set. 0, or negative with
 * `error` set; finish afterwards in either case. `progress` may be NULL; it is
 * called now and then, and may look at the model (tl_model_peek) and at the check's
 * state, but not at its findings; false stops the loading.
 */
int tl_load(struct tl_loaded *loaded, const char *const *paths, size_t n, struct tl_offsets *offsets,
	    bool (*progress)(void *data, uint64_t events), void *progress_data, struct tl_error *error);
void tl_loaded_finish(struct tl_loaded *loaded);

#endif
