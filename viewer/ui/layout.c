/* Areas of the window; see layout.h. */
#include "viewer/ui/layout.h"

#include <math.h>
#include <string.h>

int tl_layout_px(double scale, double logical)
{
	int px = (int)lround(logical * scale);

	return px < 1 ? 1 : px;
}

static int clamp(int value, int low, int high)
{
	return value > high ? (high > 0 ? high : 0) : value < low ? low : value;
}

/* Takes a piece off a rectangle; never more than there is. */
static struct tl_rect take_bottom(struct tl_rect *from, int h)
{
	h = clamp(h, 0, from->h);
	from->h -= h;
	return (struct tl_rect){from->x, from->y + from->h, from->w, h};
}

static struct tl_rect take_top(struct tl_rect *from, int h)
{
	struct tl_rect taken = *from;

	taken.h = clamp(h, 0, from->h);
	from->y += taken.h;
	from->h -= taken.h;
	return taken;
}

static struct tl_rect take_left(struct tl_rect *from, int w)
{
	struct tl_rect taken = *from;

	taken.w = clamp(w, 0, from->w);
	from->x += taken.w;
	from->w -= taken.w;
	return taken;
}

static void place_side(struct tl_layout *layout, struct tl_rect *area, const struct tl_layout_wish *wish)
{
	double scale = wish->scale;
	int w = clamp(area->w * 27 / 100, tl_layout_px(scale, 300), tl_layout_px(scale, 440));
	struct tl_rect left = take_left(area, area->w - w), side = *area;
	int lines = tl_layout_px(scale, 40 + 38 * (double)(wish->findings < 100 ? wish->findings : 100));

	*area = left;
	layout->findings = take_top(&side, clamp(lines, tl_layout_px(scale, 78), side.h * 45 / 100));
	layout->details = side;
}

static void place_bottom(struct tl_layout *layout, struct tl_rect *area, const struct tl_layout_wish *wish)
{
	struct tl_rect bottom = take_bottom(area, clamp(area->h * 34 / 100, 0, tl_layout_px(wish->scale, 230)));

	layout->findings = take_left(&bottom, bottom.w * 42 / 100);
	layout->details = bottom;
}

void tl_layout_make(struct tl_layout *layout, const struct tl_layout_wish *wish)
{
	struct tl_rect area = {0, 0, wish->width > 0 ? wish->width : 0, wish->height > 0 ? wish->height : 0};
	double scale = wish->scale;
	struct tl_rect top;
	int gutter;

	memset(layout, 0, sizeof *layout);
	layout->width = area.w;
	layout->height = area.h;
	layout->scale = scale;
	layout->status = take_bottom(&area, tl_layout_px(scale, 24));
	if (area.w >= tl_layout_px(scale, 1000))
		place_side(layout, &area, wish);
	else if (!wish->drawer && area.h >= tl_layout_px(scale, 320) && area.w >= tl_layout_px(scale, 360))
		place_bottom(layout, &area, wish);
	if (wish->drawer)
		layout->drawer = take_bottom(&area, clamp(area.h * 42 / 100, 0, tl_layout_px(scale, 460)));
	top = take_top(&area, area.h > tl_layout_px(scale, 160) ? tl_layout_px(scale, 50) : 0);
	if (wish->note)
		layout->note = take_top(&area, tl_layout_px(scale, 25));
	gutter = clamp(wish->gutter_px, tl_layout_px(scale, 150), tl_layout_px(scale, 260));
	gutter = clamp(gutter, 0, area.w * 3 / 10);
	layout->corner = take_left(&top, gutter);
	layout->overview = top;
	layout->ruler = take_top(&area, tl_layout_px(scale, 28));
	layout->gutter = take_left(&area, gutter);
	layout->rows = area;
}
