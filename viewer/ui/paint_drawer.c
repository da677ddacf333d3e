/* The drawer below the rows: tabs, a line about the panel, and its table or flame graph. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "viewer/base/text.h"
#include "viewer/ui/paint.h"

#define PAD 10

static bool is_pointed_at(const struct tl_paint *paint, struct tl_rect rect)
{
	const struct tl_view *view = paint->view;

	return view->mouse_inside && view->drag == TL_DRAG_NONE && tl_rect_has(rect, view->mouse_x, view->mouse_y);
}

static void paint_tabs(const struct tl_paint *paint, struct tl_rect tabs)
{
	const struct tl_view *view = paint->view;
	int pad = tl_paint_px(paint, PAD), line = tl_paint_px(paint, 2);

	for (unsigned i = 1; i < TL_N_PANELS; i++) {
		struct tl_rect tab = tl_drawer_tab(view, (enum tl_panel)i);
		bool open = i == (unsigned)view->drawer.panel;

		if (open)
			tl_draw_rect(paint->draw, (struct tl_rect){tab.x, tab.y, tab.w, line},
				     paint->colors[TL_COLOR_ACCENT]);
		else if (is_pointed_at(paint, tab))
			tl_draw_rect(paint->draw, tab, paint->colors[TL_COLOR_HOVER]);
		tl_paint_text(paint, TL_FONT_TEXT, tab.x + pad, tab.y + tab.h / 2, tab.w - pad,
			      paint->colors[open ? TL_COLOR_TEXT : TL_COLOR_DIM], tl_panels[i]->title);
	}
	tl_draw_rect(paint->draw, (struct tl_rect){tabs.x, tabs.y + tabs.h - 1, tabs.w, 1},
		     paint->colors[TL_COLOR_GRID]);
}

static void paint_cell(const struct tl_paint *paint, size_t column, struct tl_rect line, enum tl_font font,
		       enum tl_color color, const char *text)
{
	const struct tl_panel_column *c = &tl_panels[paint->view->drawer.panel]->columns[column];
	int x, w, gap = tl_paint_px(paint, 8), text_w = 0;

	tl_drawer_column(paint->view, column, &x, &w);
	if (c->right) {
		text_w = tl_draw_text_width(paint->draw, font, text);
		x += text_w < w ? w - text_w : 0;
		gap = 0;
	}
	tl_paint_text(paint, font, x, line.y + line.h / 2, c->right && text_w < w ? text_w : w - gap,
		      paint->colors[color], text);
}

static void paint_row(const struct tl_paint *paint, size_t row, struct tl_rect line)
{
	const struct tl_view *view = paint->view;
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	int pad = tl_paint_px(paint, PAD);
	char text[TL_CELL];

	if (row % 2)
		tl_draw_rect(paint->draw, line, paint->colors[TL_COLOR_STRIPE]);
	if (ops->bar)
		tl_draw_rect(paint->draw,
			     (struct tl_rect){line.x + pad / 2, line.y + 1,
					      (int)(ops->bar(view, row) * (line.w - pad) + 0.5), line.h - 2},
			     tl_paint_fade(view->theme->looks[TL_LOOK_WAIT].color, 60));
	if (ops->is_selected(view, row)) {
		tl_draw_rect(paint->draw, line, tl_paint_fade(paint->colors[TL_COLOR_ACCENT], 40));
		tl_draw_rect(paint->draw, (struct tl_rect){line.x, line.y, tl_paint_px(paint, 3), line.h},
			     paint->colors[TL_COLOR_ACCENT]);
	} else if (is_pointed_at(paint, line)) {
		tl_draw_rect(paint->draw, line, paint->colors[TL_COLOR_HOVER]);
	}
	for (size_t i = 0; i < ops->n_columns; i++) {
		ops->cell(view, row, i, text);
		paint_cell(paint, i, line, TL_FONT_TEXT, TL_COLOR_TEXT, text);
	}
}

/* Returns the height of the whole table. */
static int paint_table(const struct tl_paint *paint, const struct tl_drawer_places *places)
{
	const struct tl_view *view = paint->view;
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	size_t n = ops->rows(view), first = (size_t)(view->drawer.scroll / places->line_h);
	int64_t height = (int64_t)n * places->line_h;

	for (size_t i = 0; i < ops->n_columns && n > 0; i++)
		paint_cell(paint, i, places->heads, TL_FONT_SMALL, TL_COLOR_DIM, ops->columns[i].head);
	tl_draw_clip(paint->draw, places->body);
	for (size_t row = first; row < n; row++) {
		int y = places->body.y + (int)((int64_t)row * places->line_h - view->drawer.scroll);

		if (y >= places->body.y + places->body.h)
			break;
		paint_row(paint, row, (struct tl_rect){places->body.x, y, places->body.w, places->line_h});
	}
	return height > 1000000000 ? 1000000000 : (int)height;
}

struct flame_paint {
	const struct tl_paint *paint;
	struct tl_rect body;
	uint32_t selected, pointed;
	struct tl_rect pointed_rect;
};

/* What was waited for has the colour of its wait; functions alternate, so that edges are seen. */
static uint32_t node_color(const struct tl_paint *paint, const struct tl_flame_node *node)
{
	const struct tl_theme *theme = paint->view->theme;

	if (node->leaf)
		return theme->looks[tl_look_of_reason(node->reason)].color;
	return tl_paint_fade(theme->looks[TL_LOOK_WAIT].color, node->depth % 2 ? 120 : 85);
}

static void paint_node(void *data, uint32_t at, struct tl_rect rect)
{
	struct flame_paint *flame = data;
	const struct tl_paint *paint = flame->paint;
	const struct tl_view *view = paint->view;
	const struct tl_flame_node *node = &view->drawer.flame.nodes.items[at];
	int pad = tl_paint_px(paint, 4);
	bool lit = flame->selected != TL_NONE && tl_flame_leads_to(&view->drawer.flame, at, flame->selected);
	struct tl_rect inner = {rect.x, rect.y, rect.w > 3 ? rect.w - 1 : rect.w, rect.h - 1};
	char name[400];

	if (rect.y + rect.h <= flame->body.y || rect.y >= flame->body.y + flame->body.h)
		return;
	tl_draw_rect(paint->draw, inner, node_color(paint, node));
	if (at != view->drawer.flame_root &&
	    node->depth < view->drawer.flame.nodes.items[view->drawer.flame_root].depth)
		tl_draw_rect(paint->draw, inner, tl_paint_fade(paint->colors[TL_COLOR_PANEL], 120));
	if (lit)
		tl_draw_frame(paint->draw, inner, tl_paint_px(paint, 2), paint->colors[TL_COLOR_ACCENT]);
	if (is_pointed_at(paint, tl_rect_cross(rect, flame->body))) {
		tl_draw_frame(paint->draw, inner, 1, paint->colors[TL_COLOR_TEXT]);
		flame->pointed = at;
		flame->pointed_rect = rect;
	}
	if (inner.w < tl_paint_px(paint, 24))
		return;
	tl_text_escape_to(name, sizeof name, node->name);
	tl_paint_text(paint, TL_FONT_SMALL, inner.x + pad, inner.y + inner.h / 2, inner.w - 2 * pad,
		      node->leaf ? view->theme->looks[tl_look_of_reason(node->reason)].text_color
				 : paint->colors[TL_COLOR_TEXT],
		      name);
}

/* What the pointed node is, in place of the line about the panel: no box hides the graph. */
static void flame_words(const struct tl_view *view, uint32_t at, char text[TL_CELL])
{
	const struct tl_flame *flame = &view->drawer.flame;
	const struct tl_flame_node *node = &flame->nodes.items[at];
	char name[200], file[160], time[TL_TIME_TEXT], longest[TL_TIME_TEXT];
	const char *slash = node->file ? strrchr(node->file, '/') : NULL;
	int n;

	tl_text_escape_to(name, sizeof name, node->name);
	tl_text_escape_to(file, sizeof file, slash ? slash + 1 : node->file);
	n = snprintf(text, TL_CELL, "%s: %s, %.1f %%, %" PRIu64 " waits, the longest %s", name,
		     tl_text_duration(time, node->ns),
		     flame->nodes.items[0].ns > 0 ? 100.0 * (double)node->ns / (double)flame->nodes.items[0].ns : 0.0,
		     node->n, tl_text_duration(longest, node->longest_ns));
	if (file[0] && n > 0 && n < TL_CELL)
		snprintf(text + n, (size_t)(TL_CELL - n), "   %s:%d", file, node->line);
}

static int paint_flame(const struct tl_paint *paint, const struct tl_drawer_places *places, char about[TL_CELL])
{
	const struct tl_view *view = paint->view;
	struct flame_paint flame = {paint, places->body, tl_drawer_flame_selected(view), TL_NONE, {0, 0, 0, 0}};
	int height;

	tl_draw_clip(paint->draw, places->body);
	height = tl_flame_layout(&view->drawer.flame, view->drawer.flame_root, tl_drawer_flame_area(view),
				 places->line_h, paint_node, &flame);
	if (flame.pointed != TL_NONE)
		flame_words(view, flame.pointed, about);
	return height;
}

int tl_paint_drawer(const struct tl_paint *paint)
{
	const struct tl_view *view = paint->view;
	struct tl_rect drawer = view->layout.drawer;
	struct tl_drawer_places places;
	char about[TL_CELL] = "";
	int height, pad = tl_paint_px(paint, PAD);

	if (view->drawer.panel == TL_PANEL_NONE || drawer.h == 0 || drawer.w == 0)
		return 0;
	places = tl_drawer_place(view);
	tl_draw_clip(paint->draw, drawer);
	tl_draw_rect(paint->draw, drawer, paint->colors[TL_COLOR_PANEL]);
	paint_tabs(paint, places.tabs);
	tl_draw_rect(paint->draw, (struct tl_rect){drawer.x, drawer.y, drawer.w, 1}, paint->colors[TL_COLOR_BORDER]);
	tl_panels[view->drawer.panel]->about(view, about);
	height = view->drawer.panel == TL_PANEL_FLAME ? paint_flame(paint, &places, about)
						      : paint_table(paint, &places);
	tl_paint_scrollbar(paint, places.body, height, view->drawer.scroll);
	tl_draw_clip(paint->draw, places.about);
	tl_paint_text(paint, TL_FONT_SMALL, places.about.x + pad, places.about.y + places.about.h / 2,
		      places.about.w - 2 * pad, paint->colors[TL_COLOR_DIM], about);
	return height;
}
