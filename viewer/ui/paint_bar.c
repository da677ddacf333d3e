/*
 * One row's states. Columns that look alike become one bar, so that the number
 * of commands follows the pixels; what is worse than the state that fills most
 * of a column, but shorter, keeps a strip at the bar's top.
 */
#include "viewer/ui/paint.h"

#include <stdio.h>

#include "viewer/base/text.h"
#include "viewer/ui/hit.h"

#define STRIP_H 4
#define LABEL_PX 34
#define TL_LABEL (TL_SPAN_TEXT + TL_TIME_TEXT + 4)

/* The worst look in a column that must not vanish behind the longer ones; NONE: none. */
static enum tl_look hidden_look(const struct tl_column *column)
{
	for (unsigned look = TL_LOOK_GAP; look >= TL_LOOK_LOCK; look--)
		if (column->looks & 1u << look)
			return look > column->look ? (enum tl_look)look : TL_LOOK_NONE;
	return TL_LOOK_NONE;
}

static int hatch_period(const struct tl_paint *paint, enum tl_look look)
{
	return tl_paint_px(paint, look == TL_LOOK_IDLE ? 4 : look == TL_LOOK_WAIT ? 9 : 6);
}

static void paint_fills(const struct tl_paint *paint, struct tl_rect bar)
{
	const struct tl_column *columns = paint->columns;

	for (size_t i = 0, j; i < paint->n_columns; i = j) {
		struct tl_rect rect = {bar.x + (int)(paint->first + i), bar.y, 0, bar.h};

		for (j = i + 1; j < paint->n_columns && columns[j].look == columns[i].look; j++)
			;
		rect.w = (int)(j - i);
		tl_theme_bar(paint->view->theme, paint->draw, rect, (enum tl_look)columns[i].look,
			     hatch_period(paint, (enum tl_look)columns[i].look));
	}
}

static void paint_strips(const struct tl_paint *paint, struct tl_rect bar)
{
	const struct tl_column *columns = paint->columns;
	int h = tl_paint_px(paint, STRIP_H);

	for (size_t i = 0, j; i < paint->n_columns; i = j) {
		enum tl_look look = hidden_look(&columns[i]);
		struct tl_rect rect = {bar.x + (int)(paint->first + i), bar.y, 0, h};

		for (j = i + 1; j < paint->n_columns && hidden_look(&columns[j]) == look; j++)
			;
		rect.w = (int)(j - i);
		if (look == TL_LOOK_NONE)
			continue;
		tl_draw_rect(paint->draw, rect, paint->view->theme->looks[look].color);
		if (look == TL_LOOK_GAP)
			tl_draw_hatch(paint->draw, rect, TL_HATCH_CROSS, 4,
				      paint->view->theme->looks[look].hatch_color);
	}
}

/* The longest of what can be said of a span that is at most `width` wide; "" when nothing is. */
static const char *fitting_label(const struct tl_paint *paint, const struct tl_row *row, size_t span, int width,
				 char label[TL_LABEL])
{
	char text[TL_SPAN_TEXT], time[TL_TIME_TEXT];
	const struct tl_span s = tl_row_span(row, span);
	const char *reason = tl_look_state(s.look) == TL_TASK_BLOCKED ? tl_reason_text(s.reason)
			     : s.look == TL_LOOK_GAP                  ? "unknown"
								      : NULL;

	tl_text_duration(time, tl_model_span_end(paint->view->data.model, row, span) - s.begin_ns);
	snprintf(label, TL_LABEL, "%s  %s", tl_span_text(paint->view, row, span, text), time);
	if (tl_draw_text_width(paint->draw, TL_FONT_SMALL, label) <= width)
		return label;
	if (reason) {
		snprintf(label, TL_LABEL, "%s  %s", reason, time);
		if (tl_draw_text_width(paint->draw, TL_FONT_SMALL, label) <= width)
			return label;
	}
	snprintf(label, TL_LABEL, "%s", reason ? reason : time);
	return tl_draw_text_width(paint->draw, TL_FONT_SMALL, label) <= width ? label : "";
}

static void paint_label(const struct tl_paint *paint, const struct tl_row *row, size_t span, struct tl_rect rect)
{
	const struct tl_look_style *style = &paint->view->theme->looks[tl_row_look(row, span)];
	int h = rect.h * style->height / 100, pad = tl_paint_px(paint, 5), sign = tl_flag_sign_size(paint->view);
	int x = rect.x - paint->view->layout.rows.x;
	char label[TL_LABEL];

	if (style->height < 60 || rect.w < tl_paint_px(paint, LABEL_PX))
		return;
	/* A finding's sign at the begin stands before the text, not on it. */
	if (tl_model_flag_worst(row, tl_timescale_time(&paint->view->time, x - sign),
				tl_timescale_time(&paint->view->time, x + sign))) {
		rect.x += sign * 3 / 4;
		rect.w -= sign * 3 / 4;
	}
	tl_paint_text(paint, TL_FONT_SMALL, rect.x + pad, rect.y + rect.h - h / 2 - 1, rect.w - 2 * pad,
		      style->text_color, fitting_label(paint, row, span, rect.w - 2 * pad, label));
}

/* Stretches of one span: a line at its begin, and what it is if there is room. */
static void paint_labels(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect bar)
{
	const struct tl_column *columns = paint->columns;

	for (size_t i = 0, j; i < paint->n_columns; i = j) {
		struct tl_rect rect = {bar.x + (int)(paint->first + i), bar.y, 0, bar.h};
		size_t span = columns[i].span;

		j = i + 1;
		if (span == UINT32_MAX || columns[i].changes > 1)
			continue;
		/* A column that ends one span and begins the next belongs to the next. */
		if (columns[i].changes == 1 && tl_row_begin(row, span) < paint->bounds[i])
			continue;
		while (j < paint->n_columns && columns[j].span == span && columns[j].changes == 0)
			j++;
		rect.w = (int)(j - i);
		if (rect.w < tl_paint_px(paint, 3))
			continue;
		if (columns[i].changes == 1 || i > 0) {
			enum tl_look look = (enum tl_look)tl_row_look(row, span);
			int h = (bar.h * paint->view->theme->looks[look].height + 50) / 100;

			if (look > TL_LOOK_CREATED)
				tl_draw_rect(paint->draw, (struct tl_rect){rect.x, bar.y + bar.h - h, 1, h},
					     tl_paint_fade(paint->colors[TL_COLOR_BACK], 150));
		}
		paint_label(paint, row, span, rect);
	}
}

/*
 * How the row ends: a cap for a task that exited, a fading tail for one that still
 * stands there, or whose wait only the end of its process cut off.
 */
static void paint_end(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect bar)
{
	const struct tl_view *view = paint->view;
	size_t wait = tl_row_last_wait(row);
	enum tl_look last = tl_row_look(row, row->spans.n - 1);
	const struct tl_look_style *style = &view->theme->looks[wait != TL_NO_SPAN ? tl_row_look(row, wait) : last];
	bool exited = last == TL_LOOK_EXITED && wait == TL_NO_SPAN;
	int x = bar.x + tl_timescale_column(&view->time, tl_row_exit(row, view->data.model->end_ns));
	int h = bar.h * style->height / 100, step = tl_paint_px(paint, 3);

	if (x < bar.x - 20 * step || x > bar.x + bar.w)
		return;
	if (exited) {
		/* In a lane of very short lives there would be nothing but caps. */
		if (paint->n_columns < (size_t)tl_paint_px(paint, 6))
			return;
		tl_draw_rect(paint->draw, (struct tl_rect){x, bar.y, tl_paint_px(paint, 2), bar.h},
			     paint->colors[TL_COLOR_DIM]);
		return;
	}
	if (last == TL_LOOK_GAP || last == TL_LOOK_CREATED)
		return;
	for (int i = 0; i < 8; i++)
		tl_draw_rect(paint->draw, (struct tl_rect){x + i * step, bar.y + bar.h - h, step - (i > 0), h},
			     tl_paint_fade(style->color, (unsigned)(210 - 26 * i)));
}

/* A task whose whole life is shorter than a few pixels still gets these. */
static void paint_short_life(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect bar)
{
	const struct tl_timescale *time = &paint->view->time;
	int64_t exit_ns = tl_row_exit(row, INT64_MAX);
	int x = tl_timescale_column(time, tl_row_begin(row, 0)), least = tl_paint_px(paint, 4);
	enum tl_look look;

	if (exit_ns == INT64_MAX || tl_timescale_column(time, exit_ns) - x >= least || x < (int)paint->first ||
	    (size_t)x >= paint->first + paint->n_columns)
		return;
	look = (enum tl_look)paint->columns[(size_t)x - paint->first].look;
	look = look > TL_LOOK_CREATED ? look : TL_LOOK_RUNNING;
	tl_theme_bar(paint->view->theme, paint->draw, (struct tl_rect){bar.x + x, bar.y, least, bar.h}, look,
		     hatch_period(paint, look));
}

void tl_paint_columns(const struct tl_paint *paint, struct tl_rect rect)
{
	struct tl_rect bar = tl_row_bar(rect, paint->scale);

	paint_fills(paint, bar);
	paint_strips(paint, bar);
}

void tl_paint_row_bars(const struct tl_paint *paint, const struct tl_row *row, struct tl_rect rect)
{
	struct tl_rect bar = tl_row_bar(rect, paint->scale);

	if (row->spans.n == 0)
		return;
	tl_model_columns(paint->view->data.model, row, paint->bounds, paint->n_columns, paint->columns);
	paint_short_life(paint, row, bar);
	paint_fills(paint, bar);
	paint_strips(paint, bar);
	paint_labels(paint, row, bar);
	paint_end(paint, row, bar);
}
