/* Folding, sorting, pinning, hiding; see arrange.h. */
#include "viewer/ui/arrange.h"

#include <stdio.h>
#include <string.h>

/* Says what was done, in the status bar. */
static void say(struct tl_view *view, const char *what, const char *how)
{
	snprintf(view->said, sizeof view->said, "%s%s", what, how);
	view->dirty = true;
}

void tl_view_fold(struct tl_view *view, size_t at)
{
	const struct tl_row_item *item = &view->list.items.items[at];

	if (at < view->list.items.n && item->row == TL_ITEM_HEADER &&
	    tl_arrangement_fold(&view->arrangement, item->group, !item->folded) == 0)
		tl_view_relist(view);
}

void tl_view_fold_selected(struct tl_view *view)
{
	uint32_t row = view->selected.row;
	size_t at;

	if (row == TL_NONE)
		return;
	at = view->list.place[row];
	if (at == TL_NO_PLACE) {
		tl_view_unhide(view, row);
		return;
	}
	while (at > 0 && view->list.items.items[at].row != TL_ITEM_HEADER)
		at--;
	tl_view_fold(view, at);
}

void tl_view_fold_all(struct tl_view *view)
{
	bool all = true;

	for (size_t i = 0; i < view->list.items.n; i++)
		all = all && (view->list.items.items[i].row != TL_ITEM_HEADER || view->list.items.items[i].folded);
	view->arrangement.folded.n = 0;
	for (size_t i = 0; !all && i < view->list.items.n; i++)
		if (view->list.items.items[i].row == TL_ITEM_HEADER &&
		    tl_vec_push(&view->arrangement.folded, view->list.items.items[i].group) != 0)
			break;
	tl_view_relist(view);
}

void tl_view_next_sort(struct tl_view *view)
{
	view->arrangement.sort = (view->arrangement.sort + 1) % TL_N_SORTS;
	if (tl_view_relist(view) == 0)
		say(view, "Tasks in order of ", tl_sort_text(view->arrangement.sort));
}

void tl_view_group_names(struct tl_view *view)
{
	view->arrangement.by_name = !view->arrangement.by_name;
	if (tl_view_relist(view) == 0)
		say(view, view->arrangement.by_name ? "Tasks of one name are grouped" : "Tasks are grouped by process",
		    "");
}

void tl_view_share_lanes(struct tl_view *view)
{
	view->arrangement.share_lanes = !view->arrangement.share_lanes;
	if (tl_view_relist(view) == 0)
		say(view,
		    view->arrangement.share_lanes ? "Tasks that live one after the other share a lane"
						  : "Each task has a lane of its own",
		    "");
}

static void mark(struct tl_view *view, uint8_t bit, bool on)
{
	uint8_t *marks = &view->arrangement.marks[view->selected.row];

	*marks = (uint8_t)(on ? *marks | bit : *marks & ~bit);
}

void tl_view_pin(struct tl_view *view)
{
	char label[TL_TASK_LABEL];
	bool on;

	if (view->selected.row == TL_NONE) {
		say(view, "Select a task first: click on its name", "");
		return;
	}
	on = !(view->arrangement.marks[view->selected.row] & TL_ROW_PINNED);
	mark(view, TL_ROW_PINNED, on);
	if (tl_view_relist(view) == 0)
		say(view, on ? "Stays at the top: " : "No longer at the top: ",
		    tl_view_label(view, view->selected.row, label));
}

void tl_view_hide(struct tl_view *view)
{
	char label[TL_TASK_LABEL];

	if (view->selected.row == TL_NONE) {
		say(view, "Select a task first: click on its name", "");
		return;
	}
	mark(view, TL_ROW_HIDDEN, true);
	mark(view, TL_ROW_FORCED | TL_ROW_PINNED, false);
	say(view, "Hidden (Shift X shows it again): ", tl_view_label(view, view->selected.row, label));
	view->selected = (struct tl_spot){TL_NONE, TL_NONE};
	tl_view_relist(view);
}

void tl_view_show_hidden(struct tl_view *view)
{
	for (size_t row = 0; row < view->data.model->rows.n; row++)
		view->arrangement.marks[row] &= (uint8_t)~TL_ROW_HIDDEN;
	tl_view_relist(view);
}

int tl_view_set_filter(struct tl_view *view, const char *text, struct tl_error *error)
{
	struct tl_arrangement *arrangement = &view->arrangement;
	int result = tl_filter_parse(&arrangement->filter, text, error);

	if (result != 0)
		return result;
	snprintf(arrangement->filter_text, sizeof arrangement->filter_text, "%s", text);
	for (size_t row = 0; row < view->data.model->rows.n; row++)
		arrangement->marks[row] &= (uint8_t)~TL_ROW_FORCED;
	if (tl_view_relist(view) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory for the list of rows");
	return 0;
}
