/*
 * Where everything stands in the picture: the areas of the window, and the rows
 * one below the other. Pure; sizes are device pixels. Knows the model's rows,
 * and nothing of what is drawn into the areas.
 */
#ifndef TL_UI_LAYOUT_H
#define TL_UI_LAYOUT_H

#include "viewer/model/model.h"
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

#define TL_ITEM_HEADER UINT32_MAX

/* A line of the list of rows: a process, or a task. */
struct tl_row_item {
	uint32_t row;   /* of the model, or TL_ITEM_HEADER */
	uint32_t nonce; /* of the process */
	int y, h;       /* from the top of the first item */
};

struct tl_row_list {
	TL_VEC(struct tl_row_item) items;
	uint32_t *place; /* by row of the model: its item */
	int height;      /* of all */
};

/* Groups the rows by process, in order of appearance; headers only when there are several. 0 or TL_ENOMEM. */
int tl_row_list_make(struct tl_row_list *list, const struct tl_model *model, double scale);
void tl_row_list_finish(struct tl_row_list *list);
/* The item at `y` of the list (clamped to the ends); 0 when there is none. */
size_t tl_row_list_at(const struct tl_row_list *list, int64_t y);

/* Within an item: where a row's bar and its lane of regions are. */
struct tl_rect tl_row_bar(struct tl_rect row_rect, double scale);
struct tl_rect tl_row_lane(struct tl_rect row_rect, double scale, int lane);

#endif
