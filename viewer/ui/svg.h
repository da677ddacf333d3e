/*
 * A draw list as SVG: the same picture as the pixels, for reports and bug
 * tickets, with text as text that can be searched and copied. Whatever the
 * texts hold, the result is well-formed XML.
 */
#ifndef TL_UI_SVG_H
#define TL_UI_SVG_H

#include <stdio.h>

#include "viewer/ui/draw.h"

/* Writes the whole list; `scale` is that of the interface. 0 or TL_ENOMEM; errors of `out` are left for the caller. */
int tl_svg_write(const struct tl_draw *draw, int width, int height, double scale, FILE *out);

#endif
