/*
 * Writes lines one below the other into a panel, or as plain text for the
 * clipboard: what is copied is what is shown, by the same code.
 */
#ifndef TL_UI_PEN_H
#define TL_UI_PEN_H

#include <stdio.h>

#include "viewer/ui/paint.h"

/* Where the next line goes. */
struct tl_pen {
	const struct tl_paint *paint;
	int x, y, w;
	struct tl_rect panel; /* what is not within it is not drawn */
	FILE *out;            /* not NULL: nothing is drawn, the text goes here */
};

/* One line, cut to the width; `text` is escaped. */
void tl_pen_line(struct tl_pen *pen, enum tl_font font, int indent, enum tl_color color, const char *text);
/* As many lines as it takes; escapes `raw`. A line break in it is one. */
void tl_pen_wrapped(struct tl_pen *pen, enum tl_font font, int indent, enum tl_color color, const char *raw);
/* Lines that belong together are joined, and wrapped anew; an empty line parts them. */
void tl_pen_paragraphs(struct tl_pen *pen, const char *raw);
/* Code: each line by itself. */
void tl_pen_verbatim(struct tl_pen *pen, const char *raw);
void tl_pen_head(struct tl_pen *pen, const char *text);
/* "label   value"; nothing when the value is empty. Escapes the value. */
void tl_pen_pair(struct tl_pen *pen, const char *label, const char *value);
void tl_pen_space(struct tl_pen *pen, double logical);
/* Would a line of this height be seen? */
bool tl_pen_in_sight(const struct tl_pen *pen, int h);

/* paint_legend.c: what is known of the trace, and what its bars mean. */
void tl_paint_legend(struct tl_pen *pen);
/* The last part of a path. */
const char *tl_base_name(const char *path);

#endif
