/*
 * What keys do beside the timeline, where the pointer would click, drag or turn a
 * wheel: lines of the open panel, rules of the findings, the details, a measured range.
 */
#ifndef TL_UI_LIST_KEYS_H
#define TL_UI_LIST_KEYS_H

#include "viewer/ui/view.h"

/* Goes where the next (or the previous) line of the open panel leads; in the flame graph, down (or up) the widest. */
void tl_view_next_line(struct tl_view *view);
void tl_view_previous_line(struct tl_view *view);
/* Folds the findings of the selected one's rule; with none selected, all. Again: unfolds. */
void tl_view_fold_findings(struct tl_view *view);
void tl_view_details_down(struct tl_view *view);
void tl_view_details_up(struct tl_view *view);
/* The measured range begins (or ends) at the time that people look at: see tl_view_here. */
void tl_view_measure_from(struct tl_view *view);
void tl_view_measure_to(struct tl_view *view);

#endif
