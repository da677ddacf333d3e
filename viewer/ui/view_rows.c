/* The rows in the window: where they are, which are in sight, and another list of them; see view.h. */
#include "viewer/ui/view.h"

#define OUT_OF_SIGHT (-100000)

int tl_view_pinned_height(const struct tl_view *view)
{
	return view->list.pinned_h <= view->layout.rows.h * 2 / 3 ? view->list.pinned_h : 0;
}

struct tl_rect tl_view_item_rect(const struct tl_view *view, size_t at)
{
	const struct tl_row_item *item = &view->list.items.items[at];
	const struct tl_rect *rows = &view->layout.rows;
	bool stays = at < view->list.n_pinned && tl_view_pinned_height(view) > 0;

	return (struct tl_rect){rows->x, rows->y + item->y - (stays ? 0 : view->scroll_y), rows->w, item->h};
}

struct tl_rect tl_view_row_rect(const struct tl_view *view, uint32_t row)
{
	uint32_t place = view->list.place[row];

	if (place == TL_NO_PLACE)
		return (struct tl_rect){view->layout.rows.x, OUT_OF_SIGHT, view->layout.rows.w, 0};
	return tl_view_item_rect(view, place);
}

size_t tl_view_item_at(const struct tl_view *view, int y)
{
	int64_t into = (int64_t)y - view->layout.rows.y;

	if (into >= tl_view_pinned_height(view))
		into += view->scroll_y;
	if (into < 0 || into >= view->list.height || view->list.items.n == 0)
		return SIZE_MAX;
	return tl_row_list_at(&view->list, into);
}

size_t tl_view_next_item(const struct tl_view *view, size_t item)
{
	int pinned_h = tl_view_pinned_height(view);
	size_t n_pinned = pinned_h > 0 ? view->list.n_pinned : 0;

	item = item == SIZE_MAX ? 0 : item + 1;
	if (item == n_pinned) {
		item = tl_row_list_at(&view->list, (int64_t)view->scroll_y + pinned_h);
		item = item < n_pinned ? n_pinned : item;
	}
	if (item >= view->list.items.n || tl_view_item_rect(view, item).y >= view->layout.rows.y + view->layout.rows.h)
		return SIZE_MAX;
	return item;
}

int tl_view_relist(struct tl_view *view)
{
	uint32_t selected = view->selected.row;
	int before = selected != TL_NONE ? tl_view_row_rect(view, selected).y : OUT_OF_SIGHT, after;
	struct tl_row_list list;

	if (tl_row_list_make(&list, &view->data, &view->arrangement, tl_view_scale(view)) != 0)
		return TL_ENOMEM;
	tl_row_list_finish(&view->list);
	view->list = list;
	view->hovered = (struct tl_spot){TL_NONE, TL_NONE};
	/* What is selected stays where the eye has it. */
	after = selected != TL_NONE ? tl_view_row_rect(view, selected).y : OUT_OF_SIGHT;
	if (before >= view->layout.rows.y && before < view->layout.rows.y + view->layout.rows.h &&
	    after != OUT_OF_SIGHT)
		view->scroll_y += after - before;
	tl_view_limit_scroll(view);
	view->dirty = true;
	return 0;
}

void tl_view_unhide(struct tl_view *view, uint32_t row)
{
	uint32_t nonce = view->data.model->rows.items[row].nonce;

	if (view->list.place[row] != TL_NO_PLACE)
		return;
	view->arrangement.marks[row] |= TL_ROW_FORCED;
	/* It may be in a folded process, or in one of its folded names: these are few, and are opened. */
	for (size_t i = view->arrangement.folded.n; i-- > 0;)
		if (view->arrangement.folded.items[i] >> 32 == nonce)
			view->arrangement.folded.items[i] =
				view->arrangement.folded.items[--view->arrangement.folded.n];
	tl_view_relist(view);
}
