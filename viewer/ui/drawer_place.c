/* Where things are in the drawer; pure, for painter and pointer alike. See drawer.h. */
#include <string.h>

#include "viewer/ui/view.h"
#include "viewer/ui/walk.h"

#define TAB_H 26
#define PAD 10

static int text_w(const struct tl_view *view, enum tl_font font, const char *text)
{
	return tl_fonts_width(view->data.fonts, font, text, (unsigned)strlen(text));
}

static int line_h(const struct tl_view *view, enum tl_font font)
{
	return view->data.fonts->line_height(view->data.fonts->data, font);
}

static struct tl_rect take(struct tl_rect *from, int h)
{
	struct tl_rect taken = *from;

	taken.h = h < from->h ? h : from->h;
	from->y += taken.h;
	from->h -= taken.h;
	return taken;
}

struct tl_drawer_places tl_drawer_place(const struct tl_view *view)
{
	struct tl_drawer_places places = {.body = view->layout.drawer};

	places.line_h = line_h(view, TL_FONT_TEXT) + tl_view_px(view, 4);
	places.tabs = take(&places.body, tl_view_px(view, TAB_H));
	places.about = take(&places.body, line_h(view, TL_FONT_SMALL) + tl_view_px(view, 8));
	places.heads = take(&places.body, view->drawer.panel == TL_PANEL_FLAME
						  ? 0
						  : line_h(view, TL_FONT_SMALL) + tl_view_px(view, 4));
	return places;
}

struct tl_rect tl_drawer_tab(const struct tl_view *view, enum tl_panel panel)
{
	struct tl_rect tabs = tl_drawer_place(view).tabs;
	int pad = tl_view_px(view, PAD), x = tabs.x, w = 0;

	for (unsigned i = 1; i <= (unsigned)panel; i++) {
		x += w;
		w = text_w(view, TL_FONT_TEXT, tl_panels[i]->title) + 2 * pad;
	}
	return tl_rect_cross((struct tl_rect){x, tabs.y, w, tabs.h}, tabs);
}

void tl_drawer_column(const struct tl_view *view, size_t column, int *x, int *w)
{
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	int pad = tl_view_px(view, PAD), fixed = 0, room = view->layout.drawer.w - 2 * pad, wide = 0;

	for (size_t i = 0; i < ops->n_columns; i++)
		fixed += ops->columns[i].width ? tl_view_px(view, ops->columns[i].width) : 0;
	/* In a narrow drawer all columns give way alike, and the one without a width keeps a quarter. */
	wide = fixed > room * 3 / 4 ? room * 3 / 4 : fixed;
	*x = view->layout.drawer.x + pad;
	for (size_t i = 0;; i++) {
		*w = ops->columns[i].width
			     ? (int)((int64_t)tl_view_px(view, ops->columns[i].width) * wide / (fixed ? fixed : 1))
			     : room - wide;
		if (i == column)
			break;
		*x += *w;
	}
}

size_t tl_drawer_row_at(const struct tl_view *view, int x, int y)
{
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	struct tl_drawer_places places = tl_drawer_place(view);
	size_t row;

	if (!ops->rows || !tl_rect_has(places.body, x, y))
		return SIZE_MAX;
	row = (size_t)(y - places.body.y + view->drawer.scroll) / (size_t)places.line_h;
	return row < ops->rows(view) ? row : SIZE_MAX;
}

struct tl_rect tl_drawer_flame_area(const struct tl_view *view)
{
	struct tl_rect area = tl_drawer_place(view).body;
	int pad = tl_view_px(view, PAD);

	area.x += pad;
	area.w -= 2 * pad;
	area.y -= view->drawer.scroll;
	return area;
}

struct seek {
	int x, y;
	uint32_t found;
};

static void seek(void *data, uint32_t node, struct tl_rect rect)
{
	struct seek *s = data;

	if (tl_rect_has(rect, s->x, s->y))
		s->found = node;
}

uint32_t tl_drawer_flame_at(const struct tl_view *view, int x, int y)
{
	struct tl_drawer_places places = tl_drawer_place(view);
	struct seek s = {x, y, TL_NONE};

	if (view->drawer.panel == TL_PANEL_FLAME && tl_rect_has(places.body, x, y))
		tl_flame_layout(&view->drawer.flame, view->drawer.flame_root, tl_drawer_flame_area(view), places.line_h,
				seek, &s);
	return s.found;
}

uint32_t tl_drawer_flame_selected(const struct tl_view *view)
{
	struct tl_span wait;

	if (!tl_view_wait(view, &wait))
		return TL_NONE;
	return tl_flame_find(&view->drawer.flame, view->data.symbols,
			     tl_task_process(view->data.model->rows.items[view->selected.row].task), wait.stack,
			     wait.reason);
}
