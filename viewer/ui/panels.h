/* What the files of panels share: small texts, and the tables themselves. Nothing else includes this. */
#ifndef TL_UI_PANELS_H
#define TL_UI_PANELS_H

#include "viewer/base/text.h"
#include "viewer/ui/paint.h"

/* "in 1.2 ms from 0.5 s" for the range, or "in the whole trace". */
void tl_panel_range_text(const struct tl_view *view, char text[128]);
/* Still being counted? Says so then. */
bool tl_panel_waits(const struct tl_view *view, char text[TL_CELL]);
void tl_panel_duration(char text[TL_CELL], int64_t ns);
void tl_panel_count(char text[TL_CELL], uint64_t n);
/* `part` of `whole`, 0..1. */
double tl_panel_part(int64_t part, int64_t whole);

void tl_panel_flame_about(const struct tl_view *view, char text[TL_CELL]);

extern const struct tl_panel_ops tl_panel_objects, tl_panel_reasons, tl_panel_tasks, tl_panel_wakes, tl_panel_leaks,
	tl_panel_path;

#endif
