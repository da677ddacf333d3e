/*
 * The viewer's state: what is shown, where it stands, what is selected; moved
 * by actions, drawn as a list of commands. Holds no window and draws no pixel,
 * so that a test (or `render`) drives it like a person does.
 *
 * Not thread-safe. Coordinates are device pixels from the window's top left.
 */
#ifndef TL_UI_VIEW_H
#define TL_UI_VIEW_H

#include "viewer/ui/drawer.h"
#include "viewer/ui/finding_list.h"
#include "viewer/ui/layout.h"
#include "viewer/ui/listing.h"
#include "viewer/ui/notes.h"
#include "viewer/ui/prompt.h"
#include "viewer/ui/rows.h"
#include "viewer/ui/theme.h"
#include "viewer/ui/timescale.h"
#include "viewer/ui/view_data.h"

#define TL_NONE UINT32_MAX

/* A span of a row; row TL_NONE: nothing. */
struct tl_spot {
	uint32_t row, span;
};

/* A place to come back to. */
struct tl_place {
	struct tl_timescale time;
	int scroll_y;
};

#define TL_HISTORY 128
#define TL_SCALE_MIN 0.5
#define TL_SCALE_MAX 4.0

enum tl_drag { TL_DRAG_NONE, TL_DRAG_PAN, TL_DRAG_MEASURE, TL_DRAG_OVERVIEW, TL_DRAG_PRESS };

/* What the ruler counts from. */
enum tl_ruler { TL_RULER_START, TL_RULER_CLOCK, TL_RULER_EVENT, TL_N_RULERS };

struct tl_view {
	struct tl_view_data data;
	const struct tl_theme *theme;
	double base_scale; /* of the display */
	double user_scale; /* times what the user likes */
	struct tl_layout layout;
	struct tl_row_list list;
	struct tl_arrangement arrangement;
	int gutter_px; /* that the names would like */
	struct tl_timescale time;
	int scroll_y, findings_scroll, details_scroll;
	int details_height; /* of what was drawn last: how far it can be scrolled */
	struct tl_finding_list finding_list;
	uint32_t *findings; /* its order: indices of the findings, by rule, worst first */
	size_t n_findings;
	uint32_t finding; /* selected: place in `findings`; TL_NONE */
	struct tl_spot selected, hovered;
	int64_t selected_ns; /* where it was pointed at */
	int mouse_x, mouse_y;
	bool mouse_inside;
	bool tip; /* what is under the pointer is told beside it */
	enum tl_drag drag;
	int drag_x, drag_y; /* where it began, then where it was last */
	bool measured;
	int64_t measure_from_ns, measure_to_ns;
	struct tl_prompt prompt;
	struct tl_notes notes;
	/* Keeps the notes after each change; NULL: nobody does. 0, or a code and `error`. */
	int (*keep_notes)(void *keeper, const struct tl_notes *notes, struct tl_error *error);
	void *keeper;
	enum tl_ruler ruler;
	int64_t ruler_ns; /* RULER_EVENT: its time */
	bool pointed;     /* somebody asked for a time, which is marked */
	int64_t pointed_ns;
	bool help, all_edges;
	struct tl_drawer drawer;
	struct tl_listing *sources; /* NULL: no code is shown */
	char *clipboard;            /* text to be handed over to others, taken by the window; NULL: none */
	bool dirty;                 /* the picture is not what was drawn last */
	bool quit;
	char note[320]; /* what is missing; "" : nothing */
	char said[200]; /* of the last command, in the status bar until the next input */
	struct tl_place history[TL_HISTORY];
	int n_history, at_history; /* places known, and the present one's */
	int last_move;             /* kind of the last change of place, to join those of one gesture */
};

/* 0 or TL_ENOMEM. `scale`: of the display, 1 at 96 dots an inch. */
int tl_view_init(struct tl_view *view, const struct tl_view_data *data, const struct tl_theme *theme, int width,
		 int height, double scale, struct tl_error *error);
void tl_view_finish(struct tl_view *view);

/*
 * More has been read, or all of it: shows `data` instead, at the place where the view stands,
 * with what is selected. Whoever has not moved yet sees the whole of what is there.
 * 0 or TL_ENOMEM; finish it then.
 */
int tl_view_reload(struct tl_view *view, const struct tl_view_data *data);

/* The window has another size or density. 0 or TL_ENOMEM. */
int tl_view_resize(struct tl_view *view, int width, int height, double scale);

/* The whole picture. */
void tl_view_draw(struct tl_view *view, struct tl_draw *draw);

/* ---- moves; each remembers the place before for undo ------------------------ */

void tl_view_fit(struct tl_view *view);
/* Shows [t0, t1). */
void tl_view_show(struct tl_view *view, int64_t t0_ns, int64_t t1_ns, double margin);
void tl_view_zoom(struct tl_view *view, int x, double factor);
void tl_view_pan(struct tl_view *view, int dx, int dy);
/* Puts a time into the middle. */
void tl_view_center(struct tl_view *view, int64_t time_ns);
void tl_view_undo(struct tl_view *view);
void tl_view_redo(struct tl_view *view);
/* Brings a time into the middle if it is out of sight. */
void tl_view_reveal(struct tl_view *view, int64_t time_ns);
/* Selects a span and scrolls it into sight. */
void tl_view_select(struct tl_view *view, struct tl_spot spot, int64_t time_ns);
/* The time that people look at: that which was asked for last, of the selection, or the middle. */
int64_t tl_view_here(const struct tl_view *view);
/* Selects a finding by its place in view->findings and goes there; out of range: nothing. */
void tl_view_go_finding(struct tl_view *view, size_t place);
/* The finding selected, or NULL. */
const struct tl_finding *tl_view_finding(const struct tl_view *view);
/* The row's rectangle in the window, though it may be scrolled out of sight; far above it when it is not shown. */
struct tl_rect tl_view_row_rect(const struct tl_view *view, uint32_t row);
struct tl_rect tl_view_item_rect(const struct tl_view *view, size_t item);
/* Height of the rows that do not scroll; 0 when they would leave too little room for the others. */
int tl_view_pinned_height(const struct tl_view *view);
/* The items in sight, one after the other: begin with SIZE_MAX; SIZE_MAX: no more. */
size_t tl_view_next_item(const struct tl_view *view, size_t item);
/* The item at `y` of the window, which is in the rows; SIZE_MAX: none. */
size_t tl_view_item_at(const struct tl_view *view, int y);
/* Makes the list of rows anew, after a change of the arrangement. 0, or TL_ENOMEM and the old list stays. */
int tl_view_relist(struct tl_view *view);
/* Shows a row although it is filtered out, hidden or folded away. */
void tl_view_unhide(struct tl_view *view, uint32_t row);
/* The name of a row's task, escaped. Returns `buffer`, of TL_TASK_LABEL bytes. */
char *tl_view_label(const struct tl_view *view, uint32_t row, char *buffer);
/* Scale of the interface now. */
double tl_view_scale(const struct tl_view *view);
int tl_view_px(const struct tl_view *view, double logical);
int tl_view_set_user_scale(struct tl_view *view, double scale);
/* Keeps every scroll position within its content. */
void tl_view_limit_scroll(struct tl_view *view);
/* Puts the open panel, or what the details say, into view->clipboard. */
void tl_view_copy(struct tl_view *view);
/* Folds the findings of a rule away, or unfolds them; by the place of its first. */
void tl_view_fold_rule(struct tl_view *view, uint32_t place);
int tl_view_finding_height(const struct tl_view *view);
/* Where the prompt stands while it is open, and the height of one of its lines. */
struct tl_rect tl_prompt_box(const struct tl_view *view);
int tl_prompt_line_height(const struct tl_view *view);
/* Over the names: what opens the keys, and what opens the filter. */
struct tl_rect tl_view_menu_rect(const struct tl_view *view);
struct tl_rect tl_view_filter_rect(const struct tl_view *view);

#endif
