/* The flame graph's line of text, and the register of all panels. */
#include <inttypes.h>
#include <stdio.h>

#include "viewer/ui/panels.h"

void tl_panel_flame_about(const struct tl_view *view, char text[TL_CELL])
{
	const struct tl_flame *flame = &view->drawer.flame;
	char range[128], time[TL_TIME_TEXT];

	if (tl_panel_waits(view, text))
		return;
	tl_panel_range_text(view, range);
	if (!flame->done)
		snprintf(text, TL_CELL, "Looking up functions: %zu of %zu stacks ...", flame->next,
			 view->drawer.shown.stacks.n);
	else
		snprintf(text, TL_CELL, "Blocked for %s %s. Click: narrows to a function; again: its longest wait.",
			 tl_text_duration(time, flame->nodes.items[0].ns), range);
}

static const struct tl_panel_ops none = {.name = "", .title = ""};
static const struct tl_panel_ops flame = {
	.name = "flame", .title = "Flame graph", .by_range = true, .about = tl_panel_flame_about};

const struct tl_panel_ops *const tl_panels[TL_N_PANELS] = {
	[TL_PANEL_NONE] = &none,
	[TL_PANEL_FLAME] = &flame,
	[TL_PANEL_OBJECTS] = &tl_panel_objects,
	[TL_PANEL_WAKES] = &tl_panel_wakes,
	[TL_PANEL_LEAKS] = &tl_panel_leaks,
	[TL_PANEL_TASKS] = &tl_panel_tasks,
	[TL_PANEL_REASONS] = &tl_panel_reasons,
	[TL_PANEL_PATH] = &tl_panel_path,
};
