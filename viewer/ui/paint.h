/*
 * The painters: each writes one part of the picture into the draw list. They
 * read the view and change nothing in it. Only view.h is for others.
 */
#ifndef TL_UI_PAINT_H
#define TL_UI_PAINT_H

#include "viewer/ui/view.h"

struct tl_paint {
	const struct tl_view *view;
	struct tl_draw *draw;
	const uint32_t *colors; /* of the theme */
	double scale;
	int64_t *bounds;           /* columns + 1 */
	struct tl_column *columns; /* one row's, used again for each */
	struct tl_column *crowd;   /* a lane's, where several of its tasks live in a column; used again for each */
	size_t n_columns;
	size_t first; /* pixel column of the first of these: one of several tasks in a lane has only its own */
};

static inline int tl_paint_px(const struct tl_paint *paint, double logical)
{
	return tl_layout_px(paint->scale, logical);
}

/* `color` with another opacity, 0..255. */
static inline uint32_t tl_paint_fade(uint32_t color, unsigned alpha)
{
	return (color & 0xFFFFFFu) | alpha << 24;
}

/* How an edge looks, by enum tl_edge_kind: who created is dashed, so that colour does not tell it alone. */
static inline uint32_t tl_paint_edge_color(const struct tl_paint *paint, unsigned kind)
{
	return paint->colors[kind == TL_EDGE_CREATE ? TL_COLOR_EDGE_CREATE : TL_COLOR_EDGE];
}

static inline float tl_paint_edge_dash(const struct tl_paint *paint, unsigned kind)
{
	return kind == TL_EDGE_CREATE ? (float)paint->scale * 5 : 0;
}

/* Text centred on `y`. Returns its width. */
int tl_paint_text(const struct tl_paint *paint, enum tl_font font, int x, int y, int width, uint32_t color,
		  const char *text);

void tl_paint_grid(const struct tl_paint *paint);
void tl_paint_rows(const struct tl_paint *paint);
/* The part of the time area in which an item may draw: pinned rows cover the others. */
struct tl_rect tl_paint_clip(const struct tl_view *view, size_t item);
void tl_paint_name(const struct tl_paint *paint, size_t item, struct tl_rect rect);
void tl_paint_header(const struct tl_paint *paint, const struct tl_row_item *item, struct tl_rect rect);
void tl_paint_row_bars(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect rect);
/* The bars of columns that were looked at already: paint->columns. */
void tl_paint_columns(const struct tl_paint *paint, struct tl_rect rect);
void tl_paint_edges(const struct tl_paint *paint);
void tl_paint_flags(const struct tl_paint *paint);
void tl_paint_ruler(const struct tl_paint *paint);
void tl_paint_measure(const struct tl_paint *paint);
void tl_paint_overview(const struct tl_paint *paint);
void tl_paint_note(const struct tl_paint *paint);
void tl_paint_findings(const struct tl_paint *paint);
/* Returns the height of its whole content. */
int tl_paint_details(const struct tl_paint *paint);
/* What it shows as text, taken by the caller; NULL without memory. */
char *tl_details_text(const struct tl_view *view);
/* Returns the height of its whole content. */
int tl_paint_drawer(const struct tl_paint *paint);
void tl_paint_path(const struct tl_paint *paint);
/* A bar at the right edge that tells how much there is, and where one is. */
void tl_paint_scrollbar(const struct tl_paint *paint, struct tl_rect area, int64_t content, int scroll);
void tl_paint_status(const struct tl_paint *paint);
void tl_paint_tooltip(const struct tl_paint *paint);
void tl_paint_help(const struct tl_paint *paint);
void tl_paint_prompt(const struct tl_paint *paint);
void tl_paint_corner(const struct tl_paint *paint);
void tl_paint_notes(const struct tl_paint *paint);

/* What a span is, in a few words: "mutex queue_lock". Returns `buffer`. */
#define TL_SPAN_TEXT 256
char *tl_span_text(const struct tl_view *view, const struct tl_row *row, size_t span, char buffer[TL_SPAN_TEXT]);
/* "queue_lock (0x7f10)", "0x7f10", or "". Escaped. */
char *tl_object_text(const struct tl_view *view, uint32_t object, char buffer[TL_SPAN_TEXT]);
/* The same of what is waited for, by enum tl_reason: who waits for a task's end is told its name. */
char *tl_wait_text(const struct tl_view *view, unsigned reason, uint32_t object, char buffer[TL_SPAN_TEXT]);

#endif
