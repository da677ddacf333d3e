/* What lies under a point of the picture. Pure; see view.h for coordinates. */
#ifndef TL_UI_HIT_H
#define TL_UI_HIT_H

#include "viewer/ui/view.h"

enum tl_hit_kind {
	TL_HIT_NOTHING,
	TL_HIT_ROWS, /* the time area, where no task is */
	TL_HIT_SPAN,
	TL_HIT_FLAG,   /* a finding's sign in a row */
	TL_HIT_GUTTER, /* a row's name */
	TL_HIT_HEADER, /* of a group of rows */
	TL_HIT_MENU,   /* opens the keys */
	TL_HIT_FILTER, /* opens the filter */
	TL_HIT_OVERVIEW,
	TL_HIT_RULER,
	TL_HIT_FINDING,  /* a line of the list of findings */
	TL_HIT_RULE,     /* the line of a rule there */
	TL_HIT_FINDINGS, /* the list, elsewhere */
	TL_HIT_DETAILS,
	TL_HIT_DRAWER,
};

struct tl_hit {
	enum tl_hit_kind kind;
	struct tl_spot spot; /* SPAN, FLAG; GUTTER: the row only */
	int64_t time_ns;     /* under the point, where there is a time */
	size_t finding;      /* FLAG, FINDING, RULE (its first): place in view->findings */
	size_t item;         /* GUTTER, HEADER: of the list of rows */
};

/* The binding whose line of the help is at a point; SIZE_MAX: none. */
size_t tl_help_at(const struct tl_view *view, int x, int y);

struct tl_hit tl_hit_at(const struct tl_view *view, int x, int y);

/*
 * Signs in a row that would overlap are drawn as one: steps through these.
 * `next` begins as 0; false at the end.
 */
struct tl_flag_sign {
	size_t next;      /* flag to go on from */
	int x;            /* pixel column in the time area */
	uint32_t finding; /* the worst of them: place in the list of findings */
	unsigned severity;
	size_t n;
};

bool tl_flag_sign_next(const struct tl_view *view, const struct tl_row *row, struct tl_flag_sign *sign);
/* Size of a sign in pixels. */
int tl_flag_sign_size(const struct tl_view *view);

#endif
