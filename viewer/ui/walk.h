/*
 * Steps of the selection: to the next state of its task, to the task beside it, to
 * the cause of what is selected or to its effect. Nothing happens where there is none.
 */
#ifndef TL_UI_WALK_H
#define TL_UI_WALK_H

#include "viewer/ui/view.h"

/* Is a state selected, not only a task? */
bool tl_view_has_span(const struct tl_view *view);
/* And is it a wait? `wait` is filled then. */
bool tl_view_wait(const struct tl_view *view, struct tl_span *wait);

void tl_view_next_state(struct tl_view *view);
void tl_view_previous_state(struct tl_view *view);
/* Back along the edge that made the selected state start: to its waker or creator. */
void tl_view_to_cause(struct tl_view *view);
/* Forward along the first edge that leaves the selected state. */
void tl_view_to_effect(struct tl_view *view);
/* To the task below, above, at the same time. */
void tl_view_next_row(struct tl_view *view);
void tl_view_previous_row(struct tl_view *view);

#endif
