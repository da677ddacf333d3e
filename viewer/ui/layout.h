/*
 * Where everything stands in the picture: the areas of the window. Pure; sizes
 * are device pixels. Knows nothing of what is drawn into the areas.
 */
#ifndef TL_UI_LAYOUT_H
#define TL_UI_LAYOUT_H

#include "viewer/ui/draw.h"

/* Areas that do not fit have no width or no height. */
struct tl_layout {
	int width, height;
	double scale;
	struct tl_rect overview; /* beside it, over the gutter: `corner` */
	struct tl_rect corner;
	struct tl_rect note; /* what is missing from the trace */
	struct tl_rect ruler;
	struct tl_rect gutter; /* names of the rows */
	struct tl_rect rows;   /* the time area */
	struct tl_rect findings, details;
	struct tl_rect drawer; /* below the rows, when it is open */
	struct tl_rect status;
};

struct tl_layout_wish {
	int width, height;
	double scale;  /* of the interface: 1 at 96 dots an inch */
	int gutter_px; /* that the names would like */
	bool note;
	size_t findings; /* lines that the list would like */
	bool drawer;     /* it is open */
};

void tl_layout_make(struct tl_layout *layout, const struct tl_layout_wish *wish);

/* `logical` pixels at 96 dots an inch as device pixels, at least 1. */
int tl_layout_px(double scale, double logical);

#endif
