/*
 * Colours and patterns, as tables. Colour never carries a meaning alone: each
 * look differs in height and hatch too, each severity in shape. The hues are
 * apart for every common kind of colour blindness (after Okabe and Ito).
 */
#ifndef TL_UI_THEME_H
#define TL_UI_THEME_H

#include "viewer/model/model.h"
#include "viewer/ui/draw.h"

enum tl_color {
	TL_COLOR_BACK,
	TL_COLOR_STRIPE, /* every other row */
	TL_COLOR_PANEL,
	TL_COLOR_BORDER,
	TL_COLOR_GRID,
	TL_COLOR_GRID_MINOR,
	TL_COLOR_TEXT,
	TL_COLOR_DIM,    /* text of less weight */
	TL_COLOR_ACCENT, /* selection, window of the overview */
	TL_COLOR_HOVER,
	TL_COLOR_EDGE, /* unblock -> start */
	TL_COLOR_EDGE_CREATE,
	TL_COLOR_REGION,
	TL_COLOR_REGION_TEXT,
	TL_COLOR_MARK,
	TL_COLOR_NOTE, /* the note that something is missing */
	TL_COLOR_NOTE_TEXT,
	TL_COLOR_SHADE, /* over the picture, under the help */
	TL_COLOR_INFO,  /* the three severities, in the order of enum tl_severity */
	TL_COLOR_WARNING,
	TL_COLOR_ERROR,
	TL_COLOR_ON_SEVERITY, /* the sign within a severity's shape */
	TL_N_COLORS,
};

struct tl_look_style {
	uint32_t color, hatch_color, text_color;
	uint8_t hatch;  /* enum tl_hatch */
	uint8_t height; /* per cent of the bar */
};

struct tl_theme {
	const char *name;
	uint32_t colors[TL_N_COLORS];
	struct tl_look_style looks[TL_N_LOOKS];
};

extern const struct tl_theme tl_theme_dark, tl_theme_light;

/* "dark" or "light"; NULL for another name. */
const struct tl_theme *tl_theme_find(const char *name);

/* A look's bar into `rect`, which is the full height of a bar. */
void tl_theme_bar(const struct tl_theme *theme, struct tl_draw *draw, struct tl_rect rect, enum tl_look look,
		  int hatch_period);
/* A severity's shape, `size` px, centred. */
void tl_theme_severity(const struct tl_theme *theme, struct tl_draw *draw, float x, float y, float size,
		       enum tl_severity severity);

#endif
