/*
 * What people do to the rows: fold, sort, group, pin, hide, share, filter. Each
 * changes the view's arrangement and makes its list anew; when there is no
 * memory for that, the rows stay as they are.
 */
#ifndef TL_UI_ARRANGE_H
#define TL_UI_ARRANGE_H

#include "viewer/ui/view.h"

/* Folds the group of a header, or unfolds it. */
void tl_view_fold(struct tl_view *view, size_t item);
/* The innermost group of the selected task. */
void tl_view_fold_selected(struct tl_view *view);
/* All groups, or none of them when all are folded. */
void tl_view_fold_all(struct tl_view *view);
void tl_view_next_sort(struct tl_view *view);
void tl_view_group_names(struct tl_view *view);
void tl_view_share_lanes(struct tl_view *view);
/* The selected task stays at the top, or no longer. */
void tl_view_pin(struct tl_view *view);
void tl_view_hide(struct tl_view *view);
/* Whatever was hidden by hand. */
void tl_view_show_hidden(struct tl_view *view);
/* 0, or TL_EUSAGE with what is wrong with the filter, which then stays as it was; or TL_ENOMEM. */
int tl_view_set_filter(struct tl_view *view, const char *text, struct tl_error *error);

#endif
