/*
 * What people leave at a trace: their notes, in a file beside it (or, where
 * that cannot be written, in the folder for state, XDG_STATE_HOME), and how the
 * window stood last, always in the folder for state. Several traces that are
 * opened together have both there, whatever their order. Traces are never changed.
 *
 * Files are text and are not trusted: whatever is not just what is written here
 * is refused as a whole, with the reason, and then not written over either.
 */
#ifndef TL_UI_SIDECAR_H
#define TL_UI_SIDECAR_H

#include "viewer/base/error.h"
#include "viewer/ui/view.h"

struct tl_sidecar {
	char *notes_path, *view_path; /* owned; NULL: nowhere */
	int64_t epoch_ns, end_ns;     /* of the trace, which the files name */
	bool refused;                 /* the notes that are there are not ours to replace */
};

/* Finds the paths for the `n` traces that were opened together. 0 or TL_ENOMEM. */
int tl_sidecar_init(struct tl_sidecar *sidecar, const char *const *traces, size_t n, const struct tl_model *model);
void tl_sidecar_finish(struct tl_sidecar *sidecar);

/* Missing files are no error. TL_EIO or TL_EFORMAT with the reason; `notes` is empty then. */
int tl_sidecar_read_notes(struct tl_sidecar *sidecar, struct tl_notes *notes, struct tl_error *error);
/* Written beside and renamed. For tl_view.keep_notes: `sidecar` is a struct tl_sidecar. */
int tl_sidecar_write_notes(void *sidecar, const struct tl_notes *notes, struct tl_error *error);

/* Puts the view where it stood at the last visit, or leaves it alone. */
int tl_sidecar_read_view(const struct tl_sidecar *sidecar, struct tl_view *view, struct tl_error *error);
int tl_sidecar_write_view(const struct tl_sidecar *sidecar, const struct tl_view *view, struct tl_error *error);

#endif
