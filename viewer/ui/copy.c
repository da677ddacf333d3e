/* What Ctrl+C takes: the panel that is open, or the details of the selection, as text. */
#include <stdio.h>
#include <stdlib.h>

#include "viewer/ui/panels.h"

#define MOST_ROWS 10000

static void write_table(FILE *out, const struct tl_view *view, const struct tl_panel_ops *ops)
{
	size_t n = ops->rows(view);
	char text[TL_CELL];

	for (size_t i = 0; i < ops->n_columns; i++)
		fprintf(out, "%s%s", i ? "\t" : "", ops->columns[i].head);
	fputc('\n', out);
	for (size_t row = 0; row < n && row < MOST_ROWS; row++) {
		for (size_t i = 0; i < ops->n_columns; i++) {
			ops->cell(view, row, i, text);
			fprintf(out, "%s%s", i ? "\t" : "", text);
		}
		fputc('\n', out);
	}
	if (n > MOST_ROWS)
		fprintf(out, "... and %zu more\n", n - MOST_ROWS);
}

/* Each node under its parent, deeper by two spaces. */
static void write_flame(FILE *out, const struct tl_view *view)
{
	const struct tl_flame *flame = &view->drawer.flame;
	uint32_t at[TL_FLAME_DEPTH + 3] = {view->drawer.flame_root}, next[TL_FLAME_DEPTH + 3] = {0};
	char name[TL_CELL], time[TL_TIME_TEXT];
	size_t written = 0;
	int depth = 0;

	while (flame->done && depth >= 0 && written < MOST_ROWS) {
		const struct tl_flame_node *node = &flame->nodes.items[at[depth]];

		if (next[depth] == 0) {
			tl_text_escape_to(name, sizeof name, node->name);
			fprintf(out, "%*s%s\t%s\n", 2 * depth, "", name, tl_text_duration(time, node->ns));
			written++;
		}
		if (next[depth] >= node->n_children || depth + 1 >= TL_FLAME_DEPTH + 3) {
			depth--;
			continue;
		}
		at[depth + 1] = flame->order[node->first + next[depth]++];
		next[++depth] = 0;
	}
}

char *tl_drawer_text(const struct tl_view *view)
{
	const struct tl_panel_ops *ops = tl_panels[view->drawer.panel];
	char about[TL_CELL], *text = NULL;
	size_t size = 0;
	FILE *out;

	if (view->drawer.panel == TL_PANEL_NONE)
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	ops->about(view, about);
	fprintf(out, "%s\n%s\n", ops->title, about);
	if (ops->rows)
		write_table(out, view, ops);
	else
		write_flame(out, view);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

void tl_view_copy(struct tl_view *view)
{
	char *text = view->drawer.panel == TL_PANEL_NONE ? tl_details_text(view) : tl_drawer_text(view);

	if (!text)
		return;
	free(view->clipboard);
	view->clipboard = text;
}
