/*
 * The drawer below the rows: one of several panels of numbers about the range
 * that is measured, or the whole trace, each linked to the timeline in both
 * directions. Most panels are tables, which are registered in panels.c; only the
 * flame graph is drawn by itself.
 *
 * What they need is made in slices by tl_drawer_work, between frames.
 */
#ifndef TL_UI_DRAWER_H
#define TL_UI_DRAWER_H

#include "viewer/model/path.h"
#include "viewer/model/survey.h"
#include "viewer/ui/flame.h"

struct tl_view;

enum tl_panel {
	TL_PANEL_NONE, /* the drawer is shut */
	TL_PANEL_FLAME,
	TL_PANEL_OBJECTS,
	TL_PANEL_WAKES,
	TL_PANEL_LEAKS,
	TL_PANEL_TASKS,
	TL_PANEL_REASONS,
	TL_PANEL_PATH,
	TL_N_PANELS,
};

struct tl_drawer {
	enum tl_panel panel;
	int scroll, height; /* height of the content as drawn last */
	struct tl_survey shown, making;
	struct tl_flame flame;
	uint32_t flame_root;
	struct tl_path path;
	size_t path_at; /* the step that was gone to last */
	size_t line;    /* of a table, to which a key went last, and what was selected then */
	uint32_t line_row, line_span;
	uint32_t *leaks; /* findings of leaks: places in view->findings */
	size_t n_leaks;
	uint32_t *tasks; /* rows by blocked time in the range, the longest first */
	size_t n_tasks;
	bool failed; /* out of memory: nothing can be shown */
};

#define TL_CELL 512

struct tl_panel_column {
	const char *head;
	int width; /* logical px; 0: what the others leave */
	bool right;
};

/* A table. Rows are made as they are needed. All texts are escaped. */
struct tl_panel_ops {
	const char *name; /* as on the command line */
	const char *title;
	bool by_range;                                                 /* it shows the range that is measured */
	void (*about)(const struct tl_view *view, char text[TL_CELL]); /* one line */
	/* NULL, all of them, for the flame graph. */
	const struct tl_panel_column *columns;
	size_t n_columns;
	size_t (*rows)(const struct tl_view *view);
	void (*cell)(const struct tl_view *view, size_t row, size_t column, char text[TL_CELL]);
	double (*bar)(const struct tl_view *view, size_t row); /* 0..1, behind the row; may be NULL */
	bool (*is_selected)(const struct tl_view *view, size_t row);
	void (*go)(struct tl_view *view, size_t row); /* to its place on the timeline */
};

extern const struct tl_panel_ops *const tl_panels[TL_N_PANELS];

/* The panel of that name; TL_PANEL_NONE: there is none. */
enum tl_panel tl_panel_find(const char *name);

int tl_drawer_init(struct tl_view *view);
void tl_drawer_finish(struct tl_drawer *drawer);

/* Opens a panel; again: shuts the drawer. */
void tl_drawer_toggle(struct tl_view *view, enum tl_panel panel);
/* Shows the path to the selection; without one, or again: shuts it. */
void tl_drawer_show_path(struct tl_view *view);
/* Along the path that is shown, from the selection: -1 back, 1 on. False: there is no path, or no such step. */
bool tl_drawer_step_path(struct tl_view *view, int by);

/* Some of the work that the panel needs. True: there is more. The view gets dirty when there is something new. */
bool tl_drawer_work(struct tl_view *view);

/* The range that the panels are about, not empty. */
void tl_drawer_range(const struct tl_view *view, int64_t *from_ns, int64_t *to_ns);

/* ---- where things are in the drawer; all within view->layout.drawer --------- */

struct tl_drawer_places {
	struct tl_rect tabs, about, heads, body;
	int line_h;
};

struct tl_drawer_places tl_drawer_place(const struct tl_view *view);
struct tl_rect tl_drawer_tab(const struct tl_view *view, enum tl_panel panel);
/* Left edge and width of a column within the body. */
void tl_drawer_column(const struct tl_view *view, size_t column, int *x, int *w);
/* The row of the table at a point, or SIZE_MAX. */
size_t tl_drawer_row_at(const struct tl_view *view, int x, int y);
/* The node of the flame graph at a point, or UINT32_MAX. */
uint32_t tl_drawer_flame_at(const struct tl_view *view, int x, int y);
/* Where the flame graph is laid out; it reaches out of the body as far as it is scrolled. */
struct tl_rect tl_drawer_flame_area(const struct tl_view *view);
/* The node of what is selected on the timeline, or UINT32_MAX. */
uint32_t tl_drawer_flame_selected(const struct tl_view *view);

void tl_drawer_click(struct tl_view *view, int x, int y);

/* What the open panel says, lines of columns with tabs between; taken by the caller. NULL: nothing, or no memory. */
char *tl_drawer_text(const struct tl_view *view);

/* Selects a span and frames it, with a little of what is around it. */
void tl_view_frame_span(struct tl_view *view, uint32_t row, uint32_t span);

#endif
