/*
 * Which rows stand where: tasks grouped by process and by name, filtered,
 * sorted, pinned, hidden, folded, or several short-lived ones in one lane.
 * Pure; sizes are device pixels. Knows the model's rows and their names, and
 * nothing of what is drawn into them.
 */
#ifndef TL_UI_ROWS_H
#define TL_UI_ROWS_H

#include "viewer/ui/draw.h"
#include "viewer/ui/filter.h"

enum tl_sort { TL_SORT_CREATION, TL_SORT_NAME, TL_SORT_BLOCKED, TL_SORT_FINDINGS, TL_N_SORTS };

/* "creation" and so on; never NULL. */
const char *tl_sort_text(enum tl_sort sort);

/* Of a row. */
#define TL_ROW_PINNED 1u
#define TL_ROW_HIDDEN 2u
#define TL_ROW_FORCED 4u /* shown whatever the filter says: somebody went there */

/* How people want the rows. `marks` and what hangs on it belong to it. */
struct tl_arrangement {
	enum tl_sort sort;
	bool by_name, share_lanes;
	struct tl_filter filter;
	char filter_text[TL_FILTER_TEXT]; /* of which it was made */
	uint8_t *marks;                   /* by row: TL_ROW_ */
	size_t n_marks;
	TL_VEC(uint64_t) folded; /* groups, by tl_row_item.group */
	int64_t *blocked_ns;     /* by row, when it has been asked for */
};

/* 0 or TL_ENOMEM. */
int tl_arrangement_init(struct tl_arrangement *arrangement, const struct tl_model *model);
/* The model has got more rows. 0 or TL_ENOMEM. */
int tl_arrangement_grow(struct tl_arrangement *arrangement, const struct tl_model *model);
void tl_arrangement_finish(struct tl_arrangement *arrangement);
bool tl_arrangement_is_folded(const struct tl_arrangement *arrangement, uint64_t group);
/* Folds a group, or unfolds it. 0 or TL_ENOMEM. */
int tl_arrangement_fold(struct tl_arrangement *arrangement, uint64_t group, bool folded);

#define TL_ITEM_HEADER UINT32_MAX
#define TL_NO_PLACE UINT32_MAX

/* A line of the list: a group's header, a task, or a lane of tasks one after the other. */
struct tl_row_item {
	uint32_t row;      /* of the model, the first of its lane; or TL_ITEM_HEADER */
	uint32_t nonce;    /* of the process */
	uint64_t group;    /* HEADER: nonce << 32, or with a hash of the name if it is a group of names */
	uint32_t first, n; /* its rows, in list->rows; HEADER: those of the group, even if it is folded */
	int y, h;          /* from the top of the first item */
	bool folded, is_name, pinned;
	uint8_t worst; /* highest severity + 1 of the findings flagged in its rows; 0: none, or an open header */
};

struct tl_lane_life;

struct tl_row_list {
	TL_VEC(struct tl_row_item) items;
	TL_VEC(uint32_t) rows;
	uint32_t *place;            /* by row of the model: its item, or TL_NO_PLACE */
	struct tl_lane_life *lives; /* by place in `rows`; NULL: no lane is shared */
	int height;                 /* of all */
	size_t n_pinned;            /* items that come first and do not scroll */
	int pinned_h;               /* of these */
	size_t shown;               /* rows of the model that meet the filter and are not hidden */
};

/* Of a row in a shared lane: when it begins and ends, and how long those before it in the lane were in each look. */
struct tl_lane_life {
	int64_t begin_ns, end_ns;
	int64_t before[TL_N_LOOKS];
};

/* Headers only when there are several processes, or names are grouped. 0 or TL_ENOMEM. */
int tl_row_list_make(struct tl_row_list *list, const struct tl_view_data *data, struct tl_arrangement *arrangement,
		     double scale);
/* Fills list->lives; for tl_row_list_make. 0 or -1. */
int tl_row_list_find_lives(struct tl_row_list *list, const struct tl_model *model);
void tl_row_list_finish(struct tl_row_list *list);
/* The item at `y` of the list (clamped to the ends); 0 when there is none. */
size_t tl_row_list_at(const struct tl_row_list *list, int64_t y);
/* The row of a lane that lives at `time_ns`, or the last one before it, or the first. */
uint32_t tl_row_list_row_at(const struct tl_row_list *list, const struct tl_row_item *item,
			    const struct tl_model *model, int64_t time_ns);
/* The same as a place in list->rows. */
uint32_t tl_row_list_lane_at(const struct tl_row_list *list, const struct tl_row_item *item,
			     const struct tl_model *model, int64_t time_ns);

/*
 * What a column [t0, t1) of a lane shows in which several of its tasks live: what most of their
 * time is. `at`: the place at which the one before was looked for, first item->first. False:
 * at most one task lives there (or t1 <= t0).
 */
bool tl_row_list_crowd(const struct tl_row_list *list, const struct tl_row_item *item, const struct tl_model *model,
		       int64_t t0_ns, int64_t t1_ns, uint32_t *at, struct tl_column *column);

/* Within an item: where a row's bar and its lane of regions are. */
struct tl_rect tl_row_bar(struct tl_rect row_rect, double scale);
struct tl_rect tl_row_lane(struct tl_rect row_rect, double scale, int lane);

/* A name without the number at its end: "worker-12", "fluffy [2674]". Returns its length. */
size_t tl_name_stem(const char *name);
/* As people order names: worker-2 before worker-10. */
int tl_name_compare(const char *a, const char *b);

#endif
